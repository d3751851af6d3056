"""The task page in the real browser: nothing is lost, keys do what they say, and everybody can use it."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app.extensions import db
from app.storage.models import Session, TaskDraft
from tests.e2e.live_server import LiveServer
from tests.e2e.pages import DIST
from tests.e2e.sight import photograph, sticking_out, violations, wide
from tests.web.in_browser import SCREEN, context, fill_sign_in, live, sign_in
from tests.web.legal_step import add_legal_step
from tests.web.world import World

__all__ = ["context", "live"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not (DIST / "form.js").exists(), reason="the form bundle is not built"),
]


@pytest.fixture
def step(app: Flask, world: World) -> str:
    return add_legal_step(app, world)


def open_step(page: Page, live: LiveServer, task: str) -> None:
    page.goto(f"{live.address}/tasks/{task}")
    page.wait_for_selector("form[data-ready]")


def opinion(page: Page) -> Any:
    return page.get_by_label("审批意见", exact=False).first


def test_what_was_typed_outlives_the_session(app: Flask, live: LiveServer, context: BrowserContext, step: str) -> None:
    page = context.new_page()
    sign_in(page, live, "north.leader")
    open_step(page, live, step)
    with app.app_context():
        db.session.query(Session).delete()
        db.session.commit()

    opinion(page).fill("会话过期之后写的")
    banner = page.get_by_role("alert").filter(has_text="登录已过期")
    expect(banner).to_be_visible()
    expect(page.locator("#saved .ic:visible use")).to_have_attribute("href", re.compile("#warn$"))
    photograph(page, "signed-out")
    with context.expect_page() as opened:
        banner.get_by_role("link", name="在新窗口重新登录").click()
    fill_sign_in(opened.value, "north.leader")
    expect(opened.value.locator("h1")).to_have_text("已重新登录")
    opened.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(banner).to_be_hidden()
    expect(page.locator("#saved")).to_contain_text("已自动保存")
    expect(opinion(page)).to_have_value("会话过期之后写的")
    with app.app_context():
        assert db.session.query(TaskDraft).one().data["head_opinion"] == "会话过期之后写的"


def test_a_second_window_is_compared_and_nothing_is_written_over(
    app: Flask, live: LiveServer, context: BrowserContext, step: str
) -> None:
    one, two = context.new_page(), context.new_page()
    sign_in(one, live, "north.leader")
    for page in (one, two):
        open_step(page, live, step)

    opinion(one).fill("第一个窗口")
    expect(one.locator("#saved")).to_contain_text("已自动保存")
    two.bring_to_front()
    opinion(two).fill("第二个窗口")
    banner = two.locator("#kept-changed")
    expect(banner).to_be_visible()
    photograph(two, "changed")
    expect(banner.locator("tbody tr")).to_contain_text(["审批意见第二个窗口第一个窗口"])
    two.reload()
    two.wait_for_selector("form[data-ready]")
    expect(opinion(two)).to_have_value("第一个窗口")
    two.get_by_role("button", name="恢复这些内容").click()
    two.wait_for_selector("form[data-ready]")

    expect(opinion(two)).to_have_value("第二个窗口")
    with app.app_context():
        assert db.session.query(TaskDraft).one().data["head_opinion"] == "第二个窗口"


def test_what_somebody_left_unfinished_is_taken_over_beside_what_one_has_typed_oneself(
    app: Flask, live: LiveServer, context: BrowserContext, step: str
) -> None:
    with app.app_context():
        begun = {"head_opinion": "主任写的", "head_decision": "APPROVED"}
        draft = {"task_id": step, "person_id": "north.director", "data": begun, "saved_at": datetime.now(UTC)}
        db.session.add(TaskDraft(**draft))
        db.session.commit()
    page = context.new_page()
    sign_in(page, live, "north.leader")
    open_step(page, live, step)
    expect(page.locator(".left")).to_contain_text("主任写的")

    opinion(page).fill("我自己写的")
    page.get_by_role("button", name="接着这些内容写").click()
    expect(page.locator(".told")).to_contain_text("已转入您的草稿")
    page.wait_for_selector("form[data-ready]")

    expect(opinion(page)).to_have_value("我自己写的")
    with app.app_context():
        assert db.session.get_one(TaskDraft, (step, "north.leader")).data["head_decision"] == "APPROVED"


def test_keys_phrases_and_refusals_work_without_a_mouse_and_with_an_input_method(
    live: LiveServer, context: BrowserContext, step: str
) -> None:
    page = context.new_page()
    sign_in(page, live, "north.leader")
    open_step(page, live, step)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    photograph(page, "keys")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(page.get_by_text("没有可退回的环节")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.wait_for_function("document.activeElement.closest('#form-root')")
    text = opinion(page)
    text.focus()
    page.keyboard.type("j?")
    expect(text).to_have_value("j?")
    expect(page.locator("#keys-help")).to_be_hidden()
    before = page.url
    compose = """(area) => {
      area.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      const enter = { key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true, cancelable: true };
      area.dispatchEvent(new KeyboardEvent('keydown', enter));
      area.dispatchEvent(new CompositionEvent('compositionend', { data: '立案', bubbles: true }));
    }"""
    text.evaluate(compose)
    assert page.url == before
    expect(text).to_have_value("j?")

    text.fill("")
    page.locator("details.phrases summary").first.click()
    photograph(page, "phrases")
    page.get_by_role("button", name="同意立案。", exact=True).click()
    expect(text).to_have_value("同意立案。")
    page.keyboard.press("Control+Enter")

    summary = page.locator("#error-summary")
    expect(summary).to_be_visible()
    expect(summary).to_contain_text("处需要修改")
    expect(page).to_have_title(re.compile("^错误："))


def test_a_decision_is_read_again_and_going_back_keeps_everything(
    live: LiveServer, context: BrowserContext, step: str
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, live, "north.leader")
    open_step(page, live, step)
    page.get_by_role("radio", name="批准立案").check()
    opinion(page).fill("同意立案，请依法办理。")
    page.get_by_label("立案日期").first.fill("2026-11-20")
    page.get_by_role("checkbox").last.check()
    page.locator("#submit").click()

    expect(page.locator("h1")).to_have_text("提交前核对")
    expect(page.locator("main")).to_contain_text("立案决定书")
    photograph(page, "check-390")
    assert wide(page) == 0
    assert violations(page) == []
    page.set_viewport_size(SCREEN)
    photograph(page, "check")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="返回修改").click()
    page.wait_for_selector("form[data-ready]")

    expect(opinion(page)).to_have_value("同意立案，请依法办理。")
    expect(page.get_by_role("radio", name="批准立案")).to_be_checked()
    expect(page.locator("#kept-here")).to_be_hidden()


def test_on_paper_stand_the_case_and_the_answers_and_no_navigation(
    live: LiveServer, context: BrowserContext, world: World
) -> None:
    page = context.new_page()
    sign_in(page, live, "north.reporter")
    page.goto(f"{live.address}/tasks/{world.tasks['T_register']}")
    page.emulate_media(media="print")
    photograph(page, "print")

    for shown in (".casehead .title", ".answers", "aside.ctx h2"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (".top", ".work > .list", ".actbar", ".skip"):
        expect(page.locator(hidden).first).to_be_hidden()


@pytest.mark.parametrize("who", ["reporter", "officer", "rule_admin"])
def test_every_page_is_usable_by_everybody(
    live: LiveServer, context: BrowserContext, world: World, who: str, step: str
) -> None:
    page = context.new_page()
    sign_in(page, live, f"north.{who}")
    wrong: list[str] = []

    for address in addresses(world, who):
        page.set_viewport_size(SCREEN)
        answer = page.goto(f"{live.address}{address}")
        assert answer is not None
        assert answer.status == 200, address
        if page.locator("#task-form").count():
            page.wait_for_selector("form[data-ready]")
        wrong += [f"{address}: {found}" for found in violations(page)]
        for width in (683, 390):  # the screen at 200 %, and a phone
            page.set_viewport_size({"width": width, "height": 844})
            photograph(page, f"{who}{address}-{width}")
            if over := wide(page):
                wrong.append(f"{address}: {over} px too wide at {width} px: {sticking_out(page)}")

        page.set_viewport_size(SCREEN)
        photograph(page, f"{who}{address}")

    assert wrong == []


def addresses(world: World, who: str) -> list[str]:
    """Every kind of page once, by somebody who has work there."""
    case = f"/cases/{world.case_id}"
    tasks = {step: f"/tasks/{id_}" for step, id_ in world.tasks.items()}
    return {
        "reporter": [
            *(f"/inbox/{box}" for box in ("todo", "pool", "notices", "done", "mine")),
            *(tasks[step] for step in ("T_draft", "T_register", "T_supplement")),
            "/cases",
            "/procedures",
            *(f"/me/{page}" for page in ("phrases", "settings", "deputies")),
            f"/search?q={quote('听证')}",
        ],
        "officer": [tasks["T_check"], case, "/meetings", f"/meetings/{world.meeting_id}", "/ledger", "/calendar"]
        + [f"{case}/{part}" for part in ("opinions", "outline", "dossier")]
        + ["/supervision"],
        "rule_admin": ["/rules", "/regulations", "/regulations/north-2020"],
    }[who]
