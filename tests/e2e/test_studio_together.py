"""Two owners at one file, and work that outlives a session: nothing is overwritten silently."""

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import editors_desk
from tests.e2e.conftest import PASSWORD
from tests.e2e.pages import DIST
from tests.e2e.sight import photograph
from tests.e2e.studio_desk import (
    ASK_FOR_COMPANY,
    SAVED,
    TYPE_AND_LOOK,
    Studio,
    choose,
    fields_of,
    looking_away,
    name_of,
    saved,
    signed_in,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "formeditor.js").exists(), reason="the editors' bundles are not built"),
]
studio, quiet_console = editors_desk.studio, editors_desk.quiet_console


def test_two_owners_see_each_other_and_choose_between_their_versions(studio: Studio) -> None:
    mine, theirs = studio.page("recovery.bpmn"), studio.page("recovery.bpmn", second=True)
    for page in (mine, theirs):  # though nobody has saved anything
        expect(page.locator("[data-note=writers]")).to_contain_text("也打开了这个文件")
    looking_away(mine, theirs)
    choose(theirs, "C_recovery_person")
    theirs.get_by_label("名称", exact=True).fill("逐人追偿")
    saved(theirs)
    choose(mine, "C_recovery_person")
    mine.get_by_label("名称", exact=True).fill("分别追偿")
    mine.keyboard.press("Control+s")

    banner = mine.locator("[data-conflict]")
    expect(banner).to_contain_text("许建国")
    banner.get_by_text("比较两个版本").click()
    expect(banner.locator("pre").first).to_contain_text("分别追偿")
    expect(banner.locator("pre").last).to_contain_text("逐人追偿")
    photograph(mine, "studio-conflict")
    assert "逐人追偿" in studio.file("recovery.bpmn")
    banner.get_by_role("button", name="保留我的").click()
    expect(mine.locator(SAVED)).to_contain_text("已保存")
    assert "分别追偿" in studio.file("recovery.bpmn")
    expect(mine.locator("[data-conflict]")).to_have_count(0)
    theirs.evaluate(ASK_FOR_COMPANY, "OWN")
    expect(theirs.locator("[data-note=chosen]")).to_contain_text("保留了自己的版本")
    choose(theirs, "C_recovery_person")
    theirs.get_by_label("名称", exact=True).fill("各自追偿")
    theirs.keyboard.press("Control+s")
    theirs.locator("[data-conflict]").get_by_role("button", name="采用对方的").click()
    expect(theirs.locator("[data-conflict]")).to_have_count(0)
    assert "分别追偿" in theirs.evaluate("() => document.querySelector('#desk').wenzeDrawing.read()")


def test_what_is_being_typed_while_the_version_of_another_arrives_is_not_lost(studio: Studio) -> None:
    name, field = "filing/legal_review.form", "Field_review_opinion"
    mine, theirs = studio.page(name), studio.page(name, second=True)
    looking_away(mine)
    before = next(one["label"] for one in fields_of(json.loads(studio.file(name))) if one["id"] == field)
    name_of(theirs, field, before).fill("另一人的名称")
    saved(theirs)
    name_of(mine, field, before).focus()

    mine.evaluate(TYPE_AND_LOOK, "正在输入的名称")

    banner = mine.locator("[data-conflict]")
    banner.get_by_text("比较两个版本").click()
    expect(banner.locator("pre").first).to_contain_text("正在输入的名称")
    banner.get_by_role("button", name="采用对方的").click()
    expect(mine.locator("[data-conflict]")).to_have_count(0)
    assert "另一人的名称" in mine.evaluate("() => document.querySelector('#desk').wenzeSheet.read()")


def test_work_outlives_a_session_that_ended(studio: Studio, browser: Browser) -> None:
    context = signed_in(browser, studio.live, "jinzhai.owner")
    page = context.new_page()
    page.goto(f"{studio.live.address}/studio/drafts/{studio.draft_id}/edit/referral.bpmn")
    page.wait_for_selector("#desk[data-ready=true]")
    context.clear_cookies()
    choose(page, "T_referral")
    page.get_by_label("名称", exact=True).fill("移送有权机关办理")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-note=signed-out]")).to_contain_text("登录已过期")
    assert "移送有权机关办理" not in studio.file("referral.bpmn")

    with context.expect_page() as opened:
        page.get_by_role("link", name="重新登录").click()
    again = opened.value
    again.get_by_label("账号").fill("jinzhai.owner")
    again.get_by_label("密码").fill(PASSWORD)
    again.get_by_role("button", name="登录", exact=True).click()
    again.wait_for_load_state()
    page.evaluate("() => dispatchEvent(new Event('focus'))")
    expect(page.locator(SAVED)).to_contain_text("已保存")
    assert "移送有权机关办理" in studio.file("referral.bpmn")
    context.close()
