"""The small forms beside a step, wrongly filled in: each refusal stands at its field, and nothing typed is lost."""

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.extensions import db
from app.storage.models import Session, Task
from tests.e2e.live_server import LiveServer
from tests.e2e.sight import photograph, violations
from tests.web.counties import PASSWORD
from tests.web.in_browser import context, live
from tests.web.legal_step import add_legal_step
from tests.web.world import World

__all__ = ["context", "live"]

pytestmark = pytest.mark.browser

WRITTEN = "是否已与原案承办人核对？😀\n2026.11.23 之前答复"


@pytest.fixture
def page(app: Flask, world: World, live: LiveServer, context: BrowserContext) -> Page:
    """The step of its holder."""
    page = context.new_page()
    page.goto(f"{live.address}/sign-in?next=/tasks/{add_legal_step(app, world)}")
    sign_in(page)
    page.wait_for_url("**/tasks/**")
    return page


def sign_in(page: Page) -> None:
    page.get_by_label("账号").fill("north.leader")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def asking(page: Page) -> Locator:
    """The form of 加签 / 征求意见, opened."""
    menu = page.locator("details.menu", has=page.locator(".verbs"))
    menu.locator("> summary").click()
    menu.locator("details.verb > summary", has_text="加签").click()
    return menu.locator("form", has=page.locator("#ask-question"))


def filled(form: Locator, question: str) -> Locator:
    form.get_by_text("征求意见：不影响提交").click()
    form.locator("#ask-person").select_option(index=2)
    form.locator("#ask-question").fill(question)
    return form


def send(form: Locator) -> None:
    form.get_by_role("button", name="发送").click()


def test_a_refusal_stands_at_its_field_and_the_other_fields_keep_what_was_chosen(page: Page) -> None:
    form = filled(asking(page), "   ")
    chosen = form.locator("#ask-person").input_value()

    send(form)

    question = page.locator("#ask-question")
    expect(page.locator(".told.bad")).to_have_text("请写明要征求意见的问题。")
    expect(question).to_be_focused()
    expect(question).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#refused-question")).to_have_text("请写明要征求意见的问题。")
    assert page.locator("#ask-person").input_value() == chosen
    assert page.locator("input[name=kind][value=OPINION]").is_checked()
    photograph(page, "small-form-refused")
    assert violations(page) == []
    question.fill(WRITTEN)
    send(form)
    expect(page.locator(".told")).to_have_text("已征求意见。")
    expect(page.locator("#ask-question")).to_have_value("")
    expect(page.locator("#ask-question")).to_be_hidden()


def test_what_was_typed_outlives_the_end_of_the_session(page: Page, app: Flask) -> None:
    form = filled(asking(page), WRITTEN)
    step = page.url
    with app.app_context():
        db.session.query(Session).delete()
        db.session.commit()

    send(form)
    page.wait_for_url(re.compile("/sign-in"))
    sign_in(page)
    page.wait_for_url(step)

    expect(page.locator("#ask-question")).to_be_visible()
    expect(page.locator("#ask-question")).to_have_value(WRITTEN)


def test_signing_out_leaves_nothing_to_be_filled_in(page: Page) -> None:
    page.locator("details.who summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("/sign-in"))

    sign_in(page)
    page.wait_for_url("**/inbox/**")

    expect(page.locator("details.who")).not_to_have_attribute("open", "")
    assert page.evaluate("sessionStorage.getItem('wenze:entered')") is None


def test_what_was_typed_is_shown_where_its_form_is_gone(page: Page, app: Flask) -> None:
    form = filled(asking(page), WRITTEN)
    with app.app_context():
        db.session.get_one(Task, page.url.rsplit("/", 1)[-1]).status = "WITHDRAWN"
        db.session.commit()

    send(form)

    expect(page.locator(".typed")).to_contain_text("是否已与原案承办人核对？😀")
    photograph(page, "small-form-gone")


def test_a_pasted_text_that_is_too_long_is_kept_whole_and_said_to_be(page: Page) -> None:
    form = filled(asking(page), "字" * 512)
    question = page.locator("#ask-question")

    send(form)

    assert len(question.input_value()) == 512
    expect(form.get_by_text("超出 12 个字，请删减")).to_be_visible()
    assert page.url.endswith(re.findall("[0-9a-f]{32}", page.url)[0])
    photograph(page, "small-form-long")
    question.fill("字" * 490)
    expect(form.get_by_text("还可以写 10 个字")).to_be_visible()
