"""The lists in the real browser: they stay true, lead straight to a case, and are found again where they were left."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import update

from app.domain.tasks import TaskStatus
from app.extensions import db
from app.services import searching
from app.storage.models import Task
from tests.e2e.live_server import LiveServer
from tests.e2e.sight import PHONE, resize, wide
from tests.web.in_browser import context, live, sign_in
from tests.web.world import World, add_tasks

__all__ = ["context", "live"]

pytestmark = pytest.mark.browser


def test_a_list_stays_true_and_is_found_again_where_it_was_left(
    app: Flask, world: World, live: LiveServer, context: BrowserContext
) -> None:
    with app.app_context():
        add_tasks(60)
        searching.catch_up()
    page = context.new_page()
    sign_in(page, live, "north.reporter")
    page.goto(f"{live.address}/inbox/todo?order=arrived")

    page.get_by_label("全选本页").check()
    expect(page.get_by_text("已选 50 件")).to_be_visible()
    page.get_by_label("全选本页").uncheck()
    with app.app_context():
        db.session.execute(update(Task).where(Task.name == "整改事项059").values(status=TaskStatus.WITHDRAWN))
        db.session.commit()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-count=todo]")).to_have_text("60")
    expect(page).to_have_title("待办（60） · 问责")

    page.evaluate("window.scrollTo(0, 700)")
    page.locator(".rows .subj a").nth(25).click()
    page.wait_for_url("**/tasks/**")
    page.go_back()
    page.wait_for_url("**/inbox/todo?order=arrived")
    expect(page.locator(".rows .subj a").nth(25)).to_be_in_viewport()

    page.keyboard.press("Control+k")
    page.keyboard.type("0021")
    expect(page.locator("#jump-list li")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{world.case_id}")


def test_a_long_name_of_a_step_takes_the_line_and_not_a_corner_of_it(
    world: World, live: LiveServer, context: BrowserContext
) -> None:
    page = context.new_page()
    sign_in(page, live, "north.reporter")
    page.goto(f"{live.address}/tasks/{world.tasks['T_draft']}")
    name = page.locator(".work > .list .c > span").first
    expect(page.locator(".work > .list .c .lamp").first).to_be_visible()

    name.evaluate("node => { node.textContent = 'Exchange accountability information with court and procuratorate'; }")

    lines = name.evaluate("node => node.getBoundingClientRect().height / parseFloat(getComputedStyle(node).lineHeight)")
    assert round(lines) <= 2


def test_a_wide_proposal_is_scrolled_by_itself_on_a_phone(
    world: World, live: LiveServer, context: BrowserContext
) -> None:
    page = context.new_page()
    sign_in(page, live, "north.reporter")
    page.goto(f"{live.address}/tasks/{world.tasks['T_draft']}")
    resize(page, PHONE)

    page.locator(".formcol").evaluate(
        "node => node.insertAdjacentHTML('beforeend', `<section class='proposal'><table class='grid'><tbody><tr>"
        "<td class='nowrap'>${'不可断行的内容'.repeat(20)}</td></tr></tbody></table></section>`)"
    )

    expect(page.locator(".proposal .nowrap")).to_be_visible()
    assert wide(page) == 0
