"""What a sentence or another field must not take from somebody: the click under way, the text under way."""

import pytest
from playwright.sync_api import expect

from tests.e2e.form_desk import Desk, desk, needs_bundle, site
from tests.forms.builders import field as form_field

__all__ = ["desk", "site"]

pytestmark = [pytest.mark.browser, needs_bundle]


def test_a_sentence_that_appears_takes_no_click_away(desk: Desk) -> None:
    desk.open(
        form_field("textfield", "a", label="文号", required=True),
        form_field("radio", "b", label="已付", required=True, properties={"options": "YES_NO"}),
        form_field("textfield", "c", label="备注"),
    )
    desk.page.get_by_label("文号").focus()

    desk.page.get_by_role("radio", name="否").click()

    expect(desk.page.get_by_role("radio", name="否")).to_be_checked()
    expect(desk.page.locator(".fjs-form-field-error li")).to_have_text(["请填写“文号”。"])


def test_going_through_the_boxes_of_a_field_does_not_leave_it(desk: Desk) -> None:
    desk.open(form_field("checklist", "a", label="颜色", required=True, properties={"options": "COLOUR"}))
    desk.page.get_by_role("checkbox", name="红").focus()

    desk.page.keyboard.press("Tab")
    assert desk.errors() == []

    desk.page.get_by_role("checkbox", name="蓝").click()
    expect(desk.page.get_by_role("checkbox", name="蓝")).to_be_checked()
    assert desk.submit() == {"a": ["BLUE"]}


def test_a_text_under_way_survives_a_change_elsewhere(desk: Desk) -> None:
    desk.open(
        form_field("textfield", "a", label="文号"),
        form_field("textarea", "b", label="理由"),
        form_field("computed", "c", label="有文号", expression="a != null"),
    )

    desk.page.get_by_label("文号", exact=True).fill("12号")
    desk.page.get_by_label("理由").fill("事实清楚")
    expect(desk.page.locator(".wz-computed")).to_have_text("是")

    assert desk.submit() == {"a": "12号", "b": "事实清楚", "c": True}


def test_an_autosave_leaves_the_field_that_somebody_types_in(desk: Desk) -> None:
    desk.open(form_field("datetime", "a", label="日期", subtype="date", required=True))
    desk.page.get_by_label("日期").focus()
    desk.page.keyboard.type("2026-1")

    desk.page.evaluate("() => document.querySelector('#task-form').dispatchEvent(new CustomEvent('wenze:collect'))")
    desk.page.keyboard.type("1-22")

    assert desk.errors() == []
    assert desk.submit() == {"a": "2026-11-22"}
