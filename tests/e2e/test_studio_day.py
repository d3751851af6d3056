"""A process owner's day: from a step drawn with the mouse in the process of Jinzhai to the manager's diagram."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from app.extensions import db
from app.scenarios.performance import Performance
from app.storage import journal
from app.storage.models import Proceeding
from tests.e2e.browser_hands import BrowserHands
from tests.e2e.conftest import PASSWORD
from tests.e2e.live_server import LiveServer, serving
from tests.e2e.pages import DIST
from tests.e2e.scenes import perform, stage_of
from tests.e2e.studio_hands import PATIENCE_MS, StudioHands, worker
from tests.keepers import end_keepers

NOW = datetime(2026, 2, 10, 1, tzinfo=UTC)
OUT = {"scope_decision": "OUT", "scope_reason": "裁判结果不属败诉。", "departure_reason": "裁判结果不属败诉。"}
DRAFT, DIAGRAM, FORM, STEP = "适用范围由主任复核", "登记与确认适用范围", "适用范围复核意见", "复核适用范围"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not (DIST / "modeler.js").exists(), reason="the bundles are not built"),
]


@pytest.fixture
def live(county: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    with serving(county, now=NOW, monkeypatch=monkeypatch) as served, worker(county, lambda: served.now):
        yield served
    end_keepers()


def case(stage: Performance, name: str) -> None:
    """Registered, and waiting for its scope to be confirmed."""
    answers = {"T_register": {"case_type": "OTHER_LOSS"}}
    perform(stage, {"open": name, "published": "C13", "answers": answers}, {"do": "jinzhai-intake/T_register"})


def test_an_owner_adds_a_step_and_cases_take_it_from_their_version_on(
    county: Flask, live: LiveServer, browser: Browser
) -> None:
    with county.app_context():
        stage = stage_of("jinzhai", begins="2026-02-10")
        case(stage, "old")
        db.session.rollback()
    owner = StudioHands(browser, live.address, "jinzhai.owner", password=PASSWORD)
    opens_a_draft_with_a_form(owner)
    draws_the_step(owner)
    mends_what_was_found(owner)
    tries_it(owner)
    hands_it_in(owner)
    second = StudioHands(browser, live.address, "jinzhai.owner2", password=PASSWORD)
    another_publishes(second, owner.page.url)
    with county.app_context():
        case(stage, "new")
        perform(stage, {"do": "jinzhai-intake/T_scope", "of": "new", "then": {"open": "jinzhai-intake/T_scope_review"}})
        stage.world.hands = hands = BrowserHands(browser, live, password=PASSWORD)
        manager = StudioHands(browser, live.address, "jinzhai.manager", password=PASSWORD)
        watches_both(manager)
        passes_the_step(stage)
        finishes_as_it_began(stage)
        assert journal.broken_links() == []
        hands.close()
    for one in (owner, second, manager):
        assert one.faults == []
        one.close()


def opens_a_draft_with_a_form(owner: StudioHands) -> None:
    page = owner.opens("流程设计")
    owner.shows("studio")
    page.get_by_label("要改什么").fill(DRAFT)
    page.get_by_role("button", name="新开改动稿").click()
    page.get_by_text("新建表单", exact=True).first.click()
    form = page.locator("form", has=page.locator("#f-form-key"))
    form.get_by_label("名称").fill(FORM)
    form.get_by_label("标识").fill("jinzhai-case/scope_review")
    form.get_by_role("button", name="新建表单").click()
    owner.looks_well("draft")
    page.get_by_role("link", name=FORM).first.click()
    owner.at_desk()
    owner.shows("form")


def draws_the_step(owner: StudioHands) -> None:
    page = owner.page
    page.get_by_role("link", name=DRAFT).click()
    page.locator("summary", has_text="流程图").click()
    page.get_by_role("link", name=DIAGRAM, exact=True).click()
    owner.at_desk()
    owner.shows("diagram")
    owner.finds("确认适用范围")
    owner.shows("found")
    owner.scrolls(400)
    task, gate = owner.middle("T_scope"), owner.middle("G_lead")
    owner.makes_room(((task[0] + gate[0]) / 2 + 10, task[1] + 60), by=160)
    task, gate = owner.middle("T_scope"), owner.middle("G_lead")
    owner.drops_task(((task[0] + gate[0]) / 2 + 15, task[1]), STEP)
    page.get_by_label("标识", exact=True).fill("T_review")
    owner.saves()


def mends_what_was_found(owner: StudioHands) -> None:
    """A form, a role, an id of its own: each finding stands at the shape and in the list, and a click leads there."""
    page, found = owner.page, owner.page.locator("#desk-finds tr")
    expect(found.filter(has_text="没有指定表单")).to_be_visible(timeout=PATIENCE_MS)
    expect(found.filter(has_text="没有指定办理角色")).to_be_visible(timeout=PATIENCE_MS)
    expect(found.filter(has_text="T_review 已在流程 filing-report 中使用")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".wz-lint.bad").first).to_be_visible(timeout=PATIENCE_MS)
    owner.looks_well("findings")
    found.filter(has_text="没有指定办理角色").get_by_role("button").click()
    expect(page.locator("#desk-element .mono")).to_have_text("T_review")
    page.get_by_label("标识", exact=True).fill("T_scope_review")
    page.get_by_label("表单", exact=True).select_option("jinzhai-case/scope_review")
    page.get_by_label("办理角色").select_option("jmo.director")
    page.get_by_label("时长", exact=True).fill("P2D")
    page.get_by_label("期限种类").select_option("internal")
    page.get_by_label("怎样计日").select_option("WORKING")
    owner.saves()
    expect(page.locator("#desk-finds")).to_contain_text("没有发现问题", timeout=PATIENCE_MS)
    owner.shows("mended")


def tries_it(owner: StudioHands) -> None:
    """Played as the officers until the new step, done as the director, kept as a scenario of the draft."""
    page = owner.page
    page.get_by_role("link", name="试运行", exact=True).click()
    page.get_by_role("button", name="开始", exact=True).click()
    page.wait_for_url("**/studio/tryouts/*")
    page.get_by_label("示例文书").select_option("C13")
    page.get_by_role("button", name="开立").first.click()
    page.locator("summary", has_text="自动往前办").click()
    page.get_by_label(re.compile("直到打开环节")).fill("jinzhai-intake/T_scope_review")
    page.get_by_role("button", name="用常用答案办理").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(STEP, timeout=PATIENCE_MS)
    page.wait_for_selector("form[data-ready]")
    expect(page.get_by_label("以谁的身份办理").locator("option:checked")).to_contain_text("主任")
    page.get_by_role("textbox", name="意见").fill("属于追责范围。")
    page.wait_for_selector(".viewer[data-ready] .tok-now")
    owner.looks_well("play")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(STEP, timeout=PATIENCE_MS)
    page.locator("summary", has_text="保存为情景").click()
    page.get_by_label("演示什么").fill("主任复核适用范围后报送备案")
    page.get_by_label("文件名").fill("scope_reviewed")
    page.get_by_role("button", name="复演一遍并保存").click()
    page.wait_for_url("**/scenarios")
    owner.shows("scenarios")


def hands_it_in(owner: StudioHands) -> None:
    page = owner.tab("对比")
    owner.shows("compare")
    owner.tab("审批")
    page.get_by_label("改了什么、为什么改").fill("适用范围由经办确认后，由主任复核。")
    owner.looks_well("approval")
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_text("等待没有参与编写的另一位流程管理者审批")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="审批发布")).to_have_count(0)


def another_publishes(second: StudioHands, address: str) -> None:
    """The scenarios that end before the new step were not mended: the second owner says why that is well."""
    page = second.page
    page.goto(address)
    second.shows("second")
    page.get_by_role("button", name="审批发布").click()
    expect(page.get_by_text("写明不运行也发布的理由").first).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_label(re.compile("仍要发布的理由")).fill("新环节由新情景演示，其余情景随后更新。")
    page.get_by_role("button", name="审批发布").click()
    expect(page.get_by_text("已发布。新开的案件按新版本办理")).to_be_visible(timeout=PATIENCE_MS)
    second.looks_well("published")


def watches_both(manager: StudioHands) -> None:
    """Each version on its own drawing: the new step stands on the new one only, and the case in it."""
    page = manager.opens("概览")
    page.get_by_role("link", name="流程状态", exact=True).click()
    page.get_by_role("link", name="败诉案件过错责任追究").first.click()
    page.wait_for_selector("#status-diagram[data-ready]")  # before that a choice waits for its button
    for version, step, other in (("第2版", "T_scope_review", "T_scope"), ("第1版", "T_scope", "T_scope_review")):
        picker = page.get_by_label("版本")
        value = picker.locator("option", has_text=version).get_attribute("value")
        picker.select_option(value)
        page.wait_for_url(f"**release={value}*")
        page.wait_for_selector("#status-diagram[data-ready]")
        expect(page.locator(".wz-count")).to_have_text(["1"], timeout=PATIENCE_MS)
        page.locator("#status-diagram").get_by_text("登记与确认范围").first.click()
        expect(stands(page, step)).to_have_count(1, timeout=PATIENCE_MS)
        expect(stands(page, other)).to_have_count(0)
        manager.shows(f"status-{step}")


def stands(page: Page, step: str) -> Locator:
    """The badge of a step on the diagram that is shown."""
    return page.locator(f'.djs-overlays[data-container-id="{step}"] .wz-count', has_text="1")


def passes_the_step(stage: Performance) -> None:
    """The new case: in the browser, by the director, on to the report."""
    act = {"do": "jinzhai-intake/T_scope_review", "of": "new", "by": "jmo.director"}
    perform(stage, {**act, "answers": {"opinion": "属于追责范围。"}, "then": {"open": "filing-report/T_draft"}})


def finishes_as_it_began(stage: Performance) -> None:
    """The old case: closed at once, it never meets the step."""
    done = {"status": "CLOSED", "outcome": "OUT_OF_SCOPE", "never": ["jinzhai-intake/T_scope_review"]}
    perform(stage, {"do": "jinzhai-intake/T_scope", "of": "old", "answers": OUT, "then": done})
    old, new = (db.session.get_one(Proceeding, stage.world.proceedings[name]) for name in ("old", "new"))
    assert old.release_id != new.release_id
