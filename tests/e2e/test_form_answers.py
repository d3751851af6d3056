"""What the form says and sends: refusals at their fields, changes, both languages."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.form_desk import SUBJECTS, Desk, desk, needs_bundle, site
from tests.e2e.pages import DIST
from tests.forms.builders import field as form_field

__all__ = ["desk", "site"]

pytestmark = [pytest.mark.browser, needs_bundle]


def test_required_fields_are_asked_in_the_servers_words_and_the_first_gets_the_focus(desk: Desk) -> None:
    desk.open(
        form_field("textfield", "a", label="案号/文号", required=True, validate={"minLength": 3}),
        form_field("textarea", "b", label="理由", required=True),
        form_field("radio", "c", label="意见", required=True, properties={"options": "COLOUR"}),
    )

    assert desk.submit() is None

    assert desk.errors() == ["请填写“案号/文号”。", "请填写“理由”。", "请选择“意见”。"]
    expect(desk.page.get_by_label("案号/文号")).to_be_focused()
    desk.page.keyboard.type("短")
    desk.page.keyboard.press("Tab")
    assert desk.errors()[0] == "“案号/文号”至少 3 个字。"


REFUSED = {
    "doc_no": ["该文号已登记。"],
    "subjects[1].name": ["第 2 行：姓名与身份不符。"],
    "gone": ["不再存在的字段。"],
}


def test_the_servers_sentences_stand_at_their_fields_and_nothing_is_lost(desk: Desk) -> None:
    rows = [{"kind": "RED", "name": "甲"}, {"kind": "BLUE", "name": "乙"}]
    desk.open(
        form_field("textfield", "doc_no", label="文号", required=True),
        form_field("textfield", "other", label="其他"),
        SUBJECTS,
        data={"doc_no": "12号", "other": "保留", "subjects": rows},
        errors=REFUSED,
    )

    assert desk.errors() == ["该文号已登记。", "第 2 行：姓名与身份不符。"]
    expect(desk.page.get_by_label("其他")).to_have_value("保留")
    expect(desk.page.get_by_label("第 2 行 姓名")).to_have_attribute("aria-invalid", "true")
    expect(desk.page.get_by_label("第 1 行 姓名")).not_to_have_attribute("aria-invalid", "true")
    desk.page.get_by_label("其他").fill("改了")
    assert desk.errors() == ["该文号已登记。", "第 2 行：姓名与身份不符。"]


def test_the_summary_leads_to_the_field_and_the_cell(desk: Desk) -> None:
    rows = [{"kind": "RED", "name": "甲"}, {"kind": "BLUE", "name": "乙"}]
    desk.open(form_field("textfield", "doc_no", label="文号"), SUBJECTS, data={"subjects": rows}, errors=REFUSED)

    desk.page.get_by_role("link", name="subjects[1].name").click()
    expect(desk.page.get_by_label("第 2 行 姓名")).to_be_focused()
    desk.page.get_by_role("link", name="doc_no").click()
    expect(desk.page.get_by_label("文号")).to_be_focused()


def test_a_servers_sentence_leaves_when_the_answer_changes(desk: Desk) -> None:
    desk.open(form_field("textfield", "doc_no", label="文号"), data={"doc_no": "12号"}, errors={"doc_no": ["已登记。"]})
    assert desk.errors() == ["已登记。"]

    desk.page.get_by_label("文号").fill("13号")
    desk.page.keyboard.press("Tab")

    assert desk.errors() == []
    assert desk.submit() == {"doc_no": "13号"}


def test_enter_in_a_line_submits_nothing(desk: Desk) -> None:
    desk.open(form_field("textfield", "a", label="甲"), form_field("textfield", "b", label="乙"))

    desk.page.get_by_label("甲").fill("一")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_timeout(200)

    assert desk.site.posted == []
    assert desk.page.url.endswith("/form")


def test_the_page_hears_of_changes_and_may_read_the_answers(desk: Desk) -> None:
    desk.open(form_field("textfield", "a", label="甲"), form_field("money", "b", label="乙"))
    desk.page.evaluate(
        "() => { window.heard = 0;"
        " document.querySelector('#task-form').addEventListener('wenze:change', () => heard++); }"
    )

    desk.page.get_by_label("甲").fill("一")
    desk.page.evaluate("() => document.querySelector('#task-form').dispatchEvent(new CustomEvent('wenze:collect'))")

    assert desk.page.evaluate("() => JSON.parse(document.querySelector('#task-form').elements.data.value).a") == "一"
    assert desk.page.evaluate("() => wenzeForm.data()") == {"a": "一", "b": None}
    assert desk.page.evaluate("() => heard") > 0


def test_a_form_in_english_speaks_english(desk: Desk) -> None:
    desk.open(
        form_field("textfield", "a", label="案号", required=True, properties={"label_en": "Case number"}),
        form_field("person", "b", label="人员", properties={"label_en": "Person"}),
        locale="en",
    )

    assert desk.submit() is None
    assert desk.errors() == ["Enter “Case number”."]
    assert re.search("[一-鿿]", desk.page.locator("#form-root").inner_text()) is None


def test_every_sentence_of_ours_has_its_english() -> None:
    source = "".join(path.read_text() for path in (DIST.parents[2] / "frontend" / "form").rglob("*.*js*"))
    said = set(re.findall(r"(?:translate|say)\(\s*'([^']*[一-鿿][^']*)'", source))
    words = (DIST.parents[2] / "frontend" / "form" / "words.mjs").read_text().split("const ENGLISH")[1]

    assert {text for text in said if f"'{text}':" not in words} == set()


def test_the_bpmn_io_mark_stays_visible(desk: Desk) -> None:
    desk.open(form_field("textfield", "a", label="甲"))

    expect(desk.page.locator(".fjs-powered-by-link, .fjs-powered-by a").first).to_be_visible()
