"""What a member of staff does all day, by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import day_desk
from tests.e2e.conftest import PASSWORD
from tests.e2e.day import Day, told

pytestmark = pytest.mark.browser
county, day = day_desk.county, day_desk.day

OFFICER = "jmo.officer"


def test_from_signing_in_to_the_next_item_no_hand_leaves_the_keyboard(day: Day) -> None:
    page = day.at(OFFICER)
    page.context.clear_cookies()
    page.goto(f"{day.address}/sign-in")
    keys = page.keyboard
    day.tab_to("input[name=username]")
    keys.type(day.stage.actor(OFFICER).username)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/inbox/todo*")
    day.tab_to("a[href*='/inbox/pool']")
    keys.press("Enter")
    page.wait_for_url("**/inbox/pool*")
    keys.press("/")
    keys.type(day.number("check"))
    keys.press("Enter")
    page.wait_for_url("**q=*")
    keys.press("j")
    keys.press("Enter")
    page.wait_for_url("**/tasks/**")
    step = page.url
    page.wait_for_selector("form[data-ready]")
    keys.press("e")  # takes it
    page.wait_for_selector("#submit")
    page.wait_for_selector("form[data-ready]")
    keys.press("e")
    day.tab_to("#form-root input[type=radio]")
    keys.press("Space")
    expect(page.get_by_role("radio", name="受理")).to_be_checked()
    day.tab_to(".fjs-form-field-datetime input")
    keys.type(day.stage.world.now.date().isoformat())
    day.tab_to("#form-root [role=combobox]")
    expect(page.locator("#form-root [role=combobox] + .phrases")).to_have_count(0)
    keys.type(day.name_of(OFFICER))
    page.wait_for_selector("[role=option]")
    keys.press("ArrowDown")
    keys.press("Enter")
    keys.press("Control+Enter")
    page.wait_for_selector(".told, #confirm")
    if page.locator("#confirm").count():
        keys.press("Control+Enter")
    told(page, "已提交")

    assert page.url != step
    expect(page.locator("main")).to_be_visible()
    day.tab_to("main a, main button, main input")


def test_a_step_is_found_opened_and_its_mistakes_are_told_by_keyboard_alone(day: Day) -> None:
    page = day.at(OFFICER, "/inbox/pool?q=" + day.number("check"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".rows .subj a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/**")
    page.keyboard.press("e")
    page.wait_for_selector("#submit")
    page.wait_for_selector("form[data-ready]")
    page.keyboard.press("a")
    page.wait_for_function("document.activeElement.closest('details.verb')")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.wait_for_function("document.activeElement.closest('#form-root')")

    page.keyboard.press("Control+Enter")
    expect(page.locator("#error-summary")).to_be_visible()
    expect(page).to_have_title(re.compile("^错误："))
    page.locator("#error-summary a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.closest('#form-root')")
