"""Our form fields in the real browser, every one by keyboard; the console stays clean."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.e2e.form_desk import ORGANS, PDF, PEOPLE, SUBJECTS, Desk, desk, needs_bundle, site
from tests.e2e.sight import PHONE, resize, wide
from tests.forms.builders import CLAUSES
from tests.forms.builders import field as form_field

__all__ = ["desk", "site"]

pytestmark = [pytest.mark.browser, needs_bundle]


MONTHS = ("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月")


def test_a_person_is_found_by_two_characters_and_taken_by_keyboard(desk: Desk) -> None:
    desk.open(form_field("person", "x", label="承办人", required=True))
    box = desk.page.get_by_role("combobox", name="承办人")
    box.focus()

    desk.page.keyboard.type("陈")
    expect(desk.page.get_by_text("再输入一个字开始查找")).to_be_visible()
    desk.page.keyboard.type("小")
    expect(desk.page.get_by_role("option")).to_have_text(["陈小明（县司法局）"])
    desk.page.keyboard.press("Enter")

    expect(box).to_have_value("陈小明（县司法局）")
    assert desk.submit() == {"x": "p1"}


def test_a_person_is_also_found_by_the_organ_and_may_be_cleared(desk: Desk) -> None:
    desk.open(form_field("person", "x", label="承办人"), data={"x": "p2"})
    box = desk.page.get_by_role("combobox", name="承办人")
    expect(box).to_have_value("王敏（联席办）")

    box.fill("县监")
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowUp")
    desk.page.keyboard.press("Enter")
    expect(box).to_have_value("陈立（县监委）")
    box.fill("")
    desk.page.keyboard.press("Tab")

    assert desk.submit() == {"x": None}


@pytest.mark.parametrize(("type_", "source"), [("multi-organ", "organs"), ("multi-person", "persons")])
def test_several_are_chosen_as_chips_and_removed_by_keyboard(desk: Desk, type_: str, source: str) -> None:
    desk.open(form_field(type_, "x", label="对象", required=True))
    desk.page.get_by_role("combobox", name="对象").focus()

    for _ in range(3):
        desk.page.keyboard.press("ArrowDown")
        desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".wz-chip")).to_have_count(3)
    desk.page.keyboard.press("Backspace")
    desk.page.locator(".wz-chip button").first.focus()
    desk.page.keyboard.press("Enter")

    second = (ORGANS if source == "organs" else PEOPLE)[1]["value"]
    assert desk.submit() == {"x": [second]}


@pytest.mark.parametrize(("type_", "given", "kept"), [("organ", "民政", "a.1"), ("case-ref", "K-1", "K-1")])
def test_organs_and_cases_are_picked_alike(desk: Desk, type_: str, given: str, kept: str) -> None:
    desk.open(form_field(type_, "x", label="对象"))
    desk.page.get_by_role("combobox", name="对象").focus()

    desk.page.keyboard.type(given)
    desk.page.keyboard.press("Enter")

    assert desk.submit() == {"x": kept}


def test_money_is_typed_in_yuan_and_kept_in_fen(desk: Desk) -> None:
    desk.open(form_field("money", "x", label="金额", required=True))
    box = desk.page.get_by_label("金额")
    box.focus()

    desk.page.keyboard.type("80000.5")
    desk.page.keyboard.press("Tab")

    expect(box).to_have_value("80,000.50")
    expect(desk.page.locator(".wz-capitals")).to_have_text("捌万元伍角")
    assert desk.submit() == {"x": 8_000_050}


FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("."), ord("9") + 1)}
"""As a Chinese input method types digits."""
BEGUN = {"subjects": [{"kind": "RED", "name": "甲"}, {"name": "乙"}], "y": "12号"}


def test_an_identity_number_is_checked_at_its_field_and_a_sealed_one_stands_masked(desk: Desk) -> None:
    kept = f"110105********002X#{'0' * 32}"
    desk.open(form_field("identity-number", "x", label="身份证号码"), data={"x": kept})
    box = desk.page.get_by_role("textbox", name="身份证号码")

    expect(box).to_have_value("110105********002X")
    assert desk.submit() == {"x": kept}
    desk.open(form_field("identity-number", "x", label="身份证号码"), data={"x": kept})
    desk.page.get_by_role("button", name="重新填写").click()
    for wrong in ("110105194912310021", "11010519490230002X", "1101051949"):
        box.fill(wrong)
        assert desk.submit() is None
        assert desk.errors() == ["“身份证号码”不是有效的18位公民身份号码，请核对出生日期和最后一位校验码。"]
    box.fill("11010519491231002x")
    assert desk.submit() == {"x": "11010519491231002x"}


def test_what_is_no_amount_stays_as_typed_and_is_refused(desk: Desk) -> None:
    desk.open(form_field("money", "x", label="金额", validate={"min": 0}))
    box = desk.page.get_by_label("金额")

    box.fill("八万")
    assert desk.submit() is None
    expect(box).to_have_value("八万")
    assert desk.errors() == ["“金额”应为金额，如 8000 或者 8000.50。"]
    box.fill("-1")
    assert desk.submit() is None
    assert desk.errors() == ["“金额”不能小于0。"]


@pytest.mark.parametrize(
    "typed", ["2026-11-22", "2026/11/22", "2026年11月22日", "20261122", "2026.11.22".translate(FULL_WIDTH)]
)
def test_a_date_is_typed_in_any_common_way(desk: Desk, typed: str) -> None:
    desk.open(form_field("datetime", "x", label="日期", subtype="date"))
    box = desk.page.get_by_label("日期")
    expect(box).to_have_attribute("placeholder", "年-月-日")
    box.focus()

    desk.page.keyboard.type(typed)
    desk.page.keyboard.press("Tab")

    expect(box).to_have_value("2026-11-22")
    assert desk.submit() == {"x": "2026-11-22"}


def test_the_calendar_begins_at_the_day_that_was_chosen_and_not_at_today(desk: Desk) -> None:
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    chosen = today.replace(day=20 if today.day == 10 else 10)
    desk.open(form_field("datetime", "x", label="日期", subtype="date"), data={"x": chosen.isoformat()})
    desk.page.get_by_label("日期").focus()

    desk.page.keyboard.press("ArrowDown")
    expect(desk.page.locator(".flatpickr-calendar.open")).to_contain_text(MONTHS[today.month - 1])
    desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("Enter")

    after = chosen + timedelta(days=1)
    expect(desk.page.get_by_label("日期")).to_have_value(after.isoformat())
    assert desk.submit() == {"x": after.isoformat()}


def test_a_date_time_is_the_offices_wherever_the_browser_is(desk: Desk) -> None:
    desk.open(form_field("datetime", "x", label="时间", subtype="datetime"), data={"x": "2026-11-22T01:05:00+00:00"})
    box = desk.page.get_by_label("时间")
    expect(box).to_have_value("2026-11-22 09:05")

    box.fill("2026-11-22 14:30")

    assert desk.submit() == {"x": "2026-11-22T14:30:00+08:00"}


def test_a_date_that_does_not_exist_is_refused_and_kept(desk: Desk) -> None:
    desk.open(form_field("datetime", "x", label="日期", subtype="date"))

    desk.page.get_by_label("日期").fill("2026-02-30")

    assert desk.submit() is None
    assert desk.errors() == ["“日期”应为有效的日期，如 2026-11-23。"]
    expect(desk.page.get_by_label("日期")).to_have_value("2026-02-30")


def test_a_signature_names_the_signer_and_is_given_with_the_space_bar(desk: Desk) -> None:
    desk.open(form_field("signature", "x", label="负责人签字", required=True))
    box = desk.page.get_by_role("checkbox", name="负责人签字")

    assert desk.submit() is None
    assert desk.errors() == ["请本人签字确认“负责人签字”。"]
    expect(desk.page.get_by_text("签字人：陈立")).to_be_visible()
    box.focus()
    desk.page.keyboard.press("Space")

    assert desk.submit() == {"x": True}


def test_choices_keep_codes_numbers_and_yes_or_no(desk: Desk) -> None:
    desk.open(
        form_field("radio", "paid", label="已付", required=True, properties={"options": "YES_NO"}),
        form_field("select", "level", label="级别", properties={"options": "LEVEL"}),
        form_field("checklist", "colours", label="颜色", properties={"options": "COLOUR"}),
    )

    desk.page.get_by_role("radio", name="是").focus()
    desk.page.keyboard.press("Space")
    desk.page.keyboard.press("ArrowRight")
    desk.page.get_by_label("级别").focus()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowDown")
    for name in ("绿", "红"):
        desk.page.get_by_role("checkbox", name=name).focus()
        desk.page.keyboard.press("Space")

    assert desk.submit() == {"paid": False, "level": 2, "colours": ["RED", "GREEN"]}


def test_a_long_list_is_searched_by_keyboard_and_what_was_chosen_stands_as_chips(desk: Desk) -> None:
    desk.open(form_field("checklist", "basis", label="依据条款", required=True, properties={"options": "CLAUSES"}))
    box, chips = desk.page.get_by_role("combobox", name="依据条款"), desk.page.locator(".wz-chip span")
    assert desk.submit() is None
    assert desk.errors() == ["请选择“依据条款”。"]

    box.focus()
    desk.page.keyboard.press("ArrowDown")
    expect(desk.page.locator(".wz-heading")).to_have_text(["第一条", "第二条", "第三条"])
    expect(desk.page.get_by_role("option")).to_have_count(len(CLAUSES))
    desk.page.keyboard.type("第三条 事由32")
    expect(desk.page.get_by_role("option")).to_have_text(["第三条第（2）项 事由32"])
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.type("事由11")
    desk.page.keyboard.press("Enter")
    expect(chips).to_have_text(["第一条第（1）项 事由11", "第三条第（2）项 事由32"])
    desk.page.keyboard.type("没有")
    expect(desk.page.get_by_text("没有符合的选项")).to_be_visible()
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Backspace")

    expect(chips).to_have_count(1)
    assert desk.submit() == {"basis": ["1(1)"]}


def test_a_table_is_filled_row_by_row_by_keyboard(desk: Desk) -> None:
    desk.open(SUBJECTS)
    keys = desk.page.keyboard
    desk.page.get_by_label("第 1 行 类别").focus()

    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type("甲")
    keys.press("Tab")
    keys.type("民政")
    keys.press("Enter")
    keys.press("Tab")
    keys.type("12.3")
    keys.press("Tab")
    keys.press("Space")
    desk.page.get_by_role("button", name="添加一行").focus()
    keys.press("Enter")
    expect(desk.page.get_by_label("第 2 行 类别")).to_be_focused()
    desk.page.get_by_role("button", name="添加一行").click()
    expect(desk.page.get_by_role("button", name="添加一行")).to_be_disabled()
    desk.page.get_by_role("button", name="删除第 3 行").focus()
    keys.press("Enter")
    expect(desk.page.get_by_role("button", name="添加一行")).to_be_focused()

    row = {"kind": "RED", "name": "甲", "organ": "a.1", "amount": 1230, "done": True}
    assert desk.submit() == {"subjects": [row, {}]}


def test_a_wrong_cell_is_named_with_its_row(desk: Desk) -> None:
    desk.open(SUBJECTS)

    desk.page.get_by_label("第 1 行 金额").fill("-5")

    assert desk.submit() is None
    assert desk.errors() == ["第 1 行：请选择“类别”。", "第 1 行：请填写“姓名”。", "第 1 行：“金额”不能小于0。"]
    expect(desk.page.get_by_label("第 1 行 姓名")).to_have_attribute("aria-invalid", "true")
    expect(desk.page.get_by_label("第 1 行 单位")).not_to_have_attribute("aria-invalid", "true")


def test_what_a_form_begins_with_is_judged_on_submitting_and_the_wrong_cell_is_led_to(desk: Desk) -> None:
    desk.open(SUBJECTS, form_field("textfield", "y", label="文号", validate={"minLength": 5}), data=BEGUN)
    expect(desk.page.get_by_label("第 2 行 类别")).to_be_visible()
    assert desk.errors() == []

    assert desk.submit() is None

    assert desk.errors() == ["第 2 行：请选择“类别”。", "“文号”至少 5 个字。"]
    expect(desk.page.get_by_label("第 2 行 类别")).to_be_focused()


def test_a_wide_table_shows_its_rows_as_cards(desk: Desk) -> None:
    columns = [{"key": f"c{n}", "type": "text", "label": f"第{n}列"} for n in range(8)]
    desk.open(form_field("table", "t", label="宽表", columns=columns, minRows=1))

    expect(desk.page.get_by_role("group", name="第 1 行")).to_be_visible()
    desk.page.get_by_label("第 1 行 第7列").fill("末")

    assert desk.submit() == {"t": [{"c7": "末"}]}


def test_on_a_phone_the_rows_of_any_table_are_cards_and_nothing_sticks_out(desk: Desk) -> None:
    kinds = ("longtext", "text", "date")
    columns = [{"key": f"c{n}", "type": kind, "label": f"第{n}列"} for n, kind in enumerate(kinds)]
    desk.open(form_field("table", "t", label="措施", columns=columns, minRows=1))
    expect(desk.page.get_by_role("columnheader", name="第0列")).to_be_visible()

    resize(desk.page, PHONE)

    expect(desk.page.get_by_role("group", name="第 1 行")).to_be_visible()
    desk.page.get_by_label("第 1 行 第1列").fill("法规股")
    assert wide(desk.page) == 0
    assert desk.submit() == {"t": [{"c1": "法规股"}]}


def test_a_computed_value_follows_the_answers(desk: Desk) -> None:
    desk.open(
        form_field("datetime", "filed_on", label="报送日期", subtype="date"),
        form_field(
            "computed",
            "on_time",
            label="按期",
            expression="if filed_on = null then null else date(filed_on) <= date(case.filing_due)",
        ),
        form_field("textarea", "why", label="逾期原因", required=True, conditional={"hide": "=not(on_time = false)"}),
        context={"case": {"filing_due": "2026-11-20T18:00:00+08:00"}},
    )
    expect(desk.page.locator(".wz-computed")).to_have_text("填写后显示")
    expect(desk.page.get_by_label("逾期原因")).to_have_count(0)

    desk.page.get_by_label("报送日期").fill("2026-11-21")
    expect(desk.page.locator(".wz-computed")).to_have_text("否")
    desk.page.get_by_label("逾期原因").fill("材料不全")

    assert desk.submit() == {"filed_on": "2026-11-21", "on_time": False, "why": "材料不全"}


def test_a_field_behind_a_hidden_field_is_hidden_too(desk: Desk) -> None:
    desk.open(
        form_field("select", "a", label="甲", properties={"options": "COLOUR"}),
        form_field("textfield", "b", label="乙", conditional={"hide": '=not(a = "RED")'}),
        form_field("textfield", "c", label="丙", conditional={"hide": "=b = null"}),
        form_field("textfield", "d", label="丁", required=True, conditional={"hide": "=c = null"}),
        data={"a": "RED", "b": "1", "c": "2"},
    )
    expect(desk.page.get_by_label("丁")).to_be_visible()

    desk.page.get_by_label("甲").select_option(label="蓝")

    for label in "乙丙丁":
        expect(desk.page.get_by_label(label)).to_have_count(0)
    assert desk.submit()["a"] == "BLUE"


def test_a_field_may_be_required_under_a_condition(desk: Desk) -> None:
    desk.open(
        form_field("number", "n", label="数"),
        form_field("textfield", "x", label="理由", properties={"required_if": "n != null and n > 100"}),
        data={"n": 101},
    )

    assert desk.submit() is None
    assert desk.errors() == ["请填写“理由”。"]


def test_papers_are_uploaded_at_once_and_a_refusal_is_told(desk: Desk) -> None:
    taken: list[tuple[bytes, str]] = []

    def take(body: bytes, token: str) -> tuple[HTTPStatus, dict[str, Any]]:
        taken.append((body, token))
        if b"virus" in body:
            return HTTPStatus.OK, {"detail": "不接受这种文件，请上传 PDF 或图片。"}
        return HTTPStatus.CREATED, {"id": f"f{len(taken)}", "file_name": "判决书.pdf", "size": 3}

    desk.site.uploads = take
    desk.open(form_field("multi-attachment", "x", label="附件", required=True))
    desk.page.get_by_label("附件").set_input_files(PDF)
    expect(desk.page.get_by_role("link", name="判决书.pdf")).to_have_attribute("href", "/attachments/f1")
    desk.page.get_by_label("附件").set_input_files({"name": "b.exe", "mimeType": "x/y", "buffer": b"virus"})
    expect(desk.page.get_by_text("“b.exe”未能上传：不接受这种文件，请上传 PDF 或图片。")).to_be_visible()

    assert desk.submit() == {"x": ["f1"]}
    assert taken[0][1] == "token-1"


def test_a_paper_keeps_its_name_when_the_page_comes_back_and_can_be_removed_by_keyboard(desk: Desk) -> None:
    desk.site.uploads = lambda _body, _token: (HTTPStatus.CREATED, {"id": "f7", "file_name": "送达回证.pdf"})
    desk.open(form_field("attachment", "x", label="附件"))
    desk.page.get_by_label("附件").set_input_files({"name": "送达回证.pdf", "mimeType": "x/y", "buffer": b"1"})
    expect(desk.page.get_by_role("link", name="送达回证.pdf")).to_be_visible()

    desk.open(form_field("attachment", "x", label="附件"), data={"x": ["f7"]})
    expect(desk.page.get_by_role("link", name="送达回证.pdf")).to_be_visible()
    desk.page.get_by_role("button", name="移除“送达回证.pdf”").focus()
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_label("附件")).to_be_focused()

    assert desk.submit() == {"x": []}
