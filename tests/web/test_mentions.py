"""An @ in a remark offers names: of those only who may read the case, by keyboard, and without script as plain text."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select

from app.extensions import db
from app.storage.models import Notice, Person
from tests.e2e.live_server import LiveServer
from tests.e2e.sight import photograph, violations
from tests.web.in_browser import context, live, sign_in
from tests.web.pages import Browser
from tests.web.world import World

__all__ = ["context", "live"]

SignIn = Callable[[str], Browser]


def offered(signed_in: SignIn, world: World, begun: str, *, who: str = "north.officer") -> dict[str, str]:
    answer = signed_in(who).client.get(f"/proceedings/{world.case_id}/mentions?q={begun}")
    assert answer.status_code == 200
    return {one["name"]: one["post"] for one in answer.get_json()}


def test_names_are_offered_of_those_only_who_may_read_the_case(signed_in: SignIn, world: World) -> None:
    everybody = offered(signed_in, world, "")

    assert "何静" in everybody
    assert "李工" not in everybody  # the responsible person reads his own part only
    assert offered(signed_in, world, "李工") == {}


def test_what_was_typed_narrows_the_names_and_is_taken_as_it_stands(signed_in: SignIn, world: World) -> None:
    assert list(offered(signed_in, world, "静")) == ["何静"]
    assert offered(signed_in, world, "何静")["何静"]
    assert offered(signed_in, world, "%") == {}
    assert offered(signed_in, world, "_") == {}


def test_oneself_is_not_offered(app: Flask, signed_in: SignIn, world: World) -> None:
    with app.app_context():
        own = db.session.get_one(Person, "north.reporter").name

    assert own not in offered(signed_in, world, own, who="north.reporter")


def test_who_may_not_read_the_case_is_offered_nobody(signed_in: SignIn, world: World) -> None:
    answer = signed_in("north.subject").client.get(f"/proceedings/{world.case_id}/mentions?q=")

    assert answer.status_code == 404


# ---- in the browser


def remark_of(page: Page, live: LiveServer, world: World) -> Locator:
    sign_in(page, live, "north.officer")
    page.goto(f"{live.address}/cases/{world.case_id}")
    area = page.locator("#remark-text")
    area.click()
    return area


@pytest.mark.browser
def test_a_colleague_is_named_by_keyboard_and_told(
    app: Flask, world: World, live: LiveServer, context: BrowserContext
) -> None:
    page = context.new_page()
    area = remark_of(page, live, world)
    choices = page.get_by_role("listbox", name="可以提到的人")

    page.keyboard.type("第二段请 @何")
    expect(choices.get_by_role("option")).to_have_count(1)
    expect(choices.get_by_role("option", selected=True)).to_contain_text("何静")
    expect(area).to_have_attribute("aria-activedescendant", "mentions-0-0")
    expect(page.locator(".remark [role=status]")).to_contain_text("1 人可选")
    photograph(page, "mention-offered")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(area).to_have_value("第二段请 @何静 ")
    expect(choices).to_be_hidden()
    page.keyboard.type("核对")
    page.get_by_role("button", name="发表").click()

    expect(page.locator("#comments .said")).to_have_text("第二段请 @何静 核对")
    with app.app_context():
        assert db.session.scalars(select(Notice.person_id).where(Notice.kind == "COMMENT")).all() == ["north.reporter"]


@pytest.mark.browser
def test_escape_an_address_and_an_input_method_leave_the_text_alone(
    world: World, live: LiveServer, context: BrowserContext
) -> None:
    page = context.new_page()
    area = remark_of(page, live, world)
    choices = page.locator(".remark [role=listbox]")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/mentions" in request.url else None)

    page.keyboard.type("发到 a@")
    area.evaluate("""area => {
      area.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));
      area.setRangeText(' @he', area.value.length, area.value.length, 'end');
      area.dispatchEvent(new InputEvent('input', {bubbles: true, isComposing: true}));
    }""")
    page.keyboard.press("Home")
    page.keyboard.press("End")
    assert asked == []
    area.evaluate("""area => {
      area.setRangeText('何', area.value.length - 2, area.value.length, 'end');
      area.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true, data: '何'}));
    }""")
    expect(choices).to_be_visible()
    page.keyboard.press("Escape")
    expect(choices).to_be_hidden()
    page.keyboard.press("Enter")

    expect(area).to_have_value("发到 a@ @何\n")
