"""What the server takes from somebody who fills a form, and with which sentence it refuses the rest."""

from typing import Any

import pytest

from app.domain.errors import InvalidAnswersError
from app.forms.answers import attachments_in, unknown_names
from tests.forms.builders import Known, answer, field, form_of

OPTIONAL = {
    "textfield": {},
    "textarea": {},
    "number": {},
    "money": {},
    "datetime": {"subtype": "date"},
    "checkbox": {},
    "signature": {},
    "radio": {"properties": {"options": "COLOUR"}},
    "select": {"properties": {"options": "COLOUR"}},
    "checklist": {"properties": {"options": "COLOUR"}},
    "person": {},
    "multi-person": {},
    "organ": {},
    "multi-organ": {},
    "case-ref": {},
    "multi-case-ref": {},
    "attachment": {},
    "multi-attachment": {},
    "table": {"columns": [{"key": "name", "type": "text", "label": "名称"}]},
}


def refused(form: Any, raw: Any, **more: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidAnswersError) as caught:
        answer(form, raw, **more)
    return caught.value.fields


def one(type_: str, **more: Any) -> Any:
    return form_of(field(type_, "x", **more))


KNOWN = Known(persons=["p1", "p2"], organs=["a.x", "a.y"], cases=["K-1"])


@pytest.mark.parametrize(
    ("type_", "more", "given", "kept"),
    [
        ("textfield", {}, "  甲\n乙  ", "甲 乙"),
        ("textfield", {}, "e\u0301", "é"),
        ("textarea", {}, "一\r\n二", "一\n二"),
        ("number", {}, 3.0, 3),
        ("number", {"decimalDigits": 2}, 1.25, 1.25),
        ("money", {}, 805, 805),
        ("datetime", {"subtype": "date"}, "2026-11-22", "2026-11-22"),
        ("datetime", {"subtype": "datetime"}, "2026-11-22T09:05", "2026-11-22T09:05:00+08:00"),
        ("datetime", {"subtype": "datetime"}, "2026-11-22T01:05Z", "2026-11-22T09:05:00+08:00"),
        ("datetime", {"subtype": "time"}, "09:05", "09:05"),
        ("checkbox", {}, True, True),
        ("radio", {"properties": {"options": "YES_NO"}}, False, False),
        ("select", {"properties": {"options": "COLOUR"}}, "RED", "RED"),
        ("select", {"properties": {"options": "LEVEL"}}, 2, 2),
        ("select", {"values": [{"value": "A", "label": "甲"}]}, "A", "A"),
        ("checklist", {"properties": {"options": "COLOUR"}}, ["GREEN", "RED", "RED"], ["RED", "GREEN"]),
        ("person", {}, "p1", "p1"),
        ("multi-person", {}, ["p2", "p1", "p2"], ["p2", "p1"]),
        ("organ", {}, "a.x", "a.x"),
        ("multi-organ", {}, ["a.x"], ["a.x"]),
        ("case-ref", {}, "K-1", "K-1"),
        ("multi-case-ref", {}, ["K-1"], ["K-1"]),
        ("attachment", {}, ["f1"], ["f1"]),
        ("attachment", {}, "f1", ["f1"]),
        ("multi-attachment", {}, ["f1", "f2"], ["f1", "f2"]),
    ],
)
def test_a_fitting_answer_is_kept_in_its_plain_form(type_: str, more: dict[str, Any], given: Any, kept: Any) -> None:
    data = answer(one(type_, **more), {"x": given}, choices=KNOWN)

    assert data == {"x": kept}
    assert type(data["x"]) is type(kept)


@pytest.mark.parametrize(
    ("type_", "more", "given", "sentence"),
    [
        ("textfield", {}, 5, "“内容”应为文字。"),
        ("textfield", {}, "a\u202eb", "“内容”含有不可见的控制字符，请删除后重新填写。"),
        ("textfield", {}, "a\x00b", "“内容”含有不可见的控制字符，请删除后重新填写。"),
        ("textfield", {}, "\ud800", "“内容”含有不可见的控制字符，请删除后重新填写。"),
        ("textfield", {"validate": {"minLength": 3}}, "甲乙", "“内容”至少 3 个字。"),
        ("textfield", {"validate": {"maxLength": 2}}, "甲乙丙", "“内容”最多 2 个字，现有 3 个字。"),
        ("textfield", {"validate": {"pattern": "^1[0-9]{10}$"}}, "123", "“内容”的格式不正确，应如 13800001234。"),
        ("textarea", {}, "长" * 20_001, "“内容”最多 20000 个字，现有 20001 个字。"),
        ("number", {}, "3", "“内容”应为数字，如 12 或者 3.5。"),
        ("number", {}, True, "“内容”应为数字，如 12 或者 3.5。"),
        ("number", {}, float("nan"), "“内容”应为数字，如 12 或者 3.5。"),
        ("number", {}, 10**30, "“内容”的数字过大。"),
        ("number", {"decimalDigits": 0}, 1.5, "“内容”应为整数，如 12。"),
        ("number", {"decimalDigits": 1}, 1.25, "“内容”最多 1 位小数。"),
        ("number", {"validate": {"min": 0}}, -1, "“内容”不能小于0。"),
        ("number", {"validate": {"max": 100}}, 101, "“内容”不能大于100。"),
        ("money", {}, -1, "“内容”不能小于0。"),
        ("money", {}, 1.5, "“内容”以分为单位，应为整数，如 800050。"),
        ("money", {"validate": {"max": 100_050}}, 100_051, "“内容”不能大于1,000.50。"),
        ("datetime", {"subtype": "date"}, "2026-02-30", "“内容”应为有效的日期，如 2026-11-23。"),
        ("datetime", {"subtype": "date"}, "20261122", "“内容”应为有效的日期，如 2026-11-23。"),
        ("datetime", {"subtype": "date"}, "0001-01-01", "“内容”应为有效的日期，如 2026-11-23。"),
        ("datetime", {"subtype": "datetime"}, "2026-11-22", "“内容”应为有效的日期和时间，如 2026-11-23 09:30。"),
        ("datetime", {"subtype": "time"}, "25:00", "“内容”应为有效的时间，如 09:30。"),
        ("checkbox", {}, "yes", "“内容”应为是或否。"),
        ("radio", {"properties": {"options": "YES_NO"}}, 1, "“内容”的选项无效，请重新选择。"),
        ("radio", {"properties": {"options": "YES_NO"}}, "true", "“内容”的选项无效，请重新选择。"),
        ("select", {"properties": {"options": "LEVEL"}}, True, "“内容”的选项无效，请重新选择。"),
        ("select", {"properties": {"options": "COLOUR"}}, ["RED"], "“内容”的选项无效，请重新选择。"),
        ("checklist", {"properties": {"options": "COLOUR"}}, ["BLACK"], "“内容”的选项无效，请重新选择。"),
        ("checklist", {"properties": {"options": "COLOUR"}}, {"RED": 1}, "“内容”的选项无效，请重新选择。"),
        ("person", {}, {"id": "p1"}, "“内容”的选择无效，请重新选择。"),
        ("person", {}, "p9", "“内容”中有不能选择的对象，请重新选择。"),
        ("multi-organ", {}, ["a.x", "b.x"], "“内容”中有不能选择的对象，请重新选择。"),
        ("multi-person", {}, [["p1"]], "“内容”的选择无效，请重新选择。"),
        ("attachment", {}, ["f1", "f2"], "“内容”最多 1 项。"),
        ("table", OPTIONAL["table"], "row", "“内容”应为表格。"),
        ("table", OPTIONAL["table"], ["row"], "“内容”应为表格。"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_in_chinese(
    type_: str, more: dict[str, Any], given: Any, sentence: str
) -> None:
    errors = refused(one(type_, **more), {"x": given}, choices=KNOWN)

    assert errors == {"x": [sentence]}


@pytest.mark.parametrize(("type_", "more"), OPTIONAL.items())
@pytest.mark.parametrize("empty", [None, "", "missing"])
def test_a_field_that_may_stay_empty_is_kept_as_null(type_: str, more: dict[str, Any], empty: Any) -> None:
    raw = {} if empty == "missing" else {"x": empty}

    assert answer(one(type_, **more), raw) == {"x": None}


@pytest.mark.parametrize(
    ("type_", "sentence"),
    [
        ("textfield", "请填写“案号/文号”。"),
        ("textarea", "请填写“案号/文号”。"),
        ("number", "请填写“案号/文号”。"),
        ("money", "请填写“案号/文号”。"),
        ("table", "请填写“案号/文号”。"),
        ("datetime", "请选择“案号/文号”。"),
        ("select", "请选择“案号/文号”。"),
        ("checklist", "请选择“案号/文号”。"),
        ("multi-organ", "请选择“案号/文号”。"),
        ("multi-attachment", "请上传“案号/文号”。"),
        ("checkbox", "请勾选“案号/文号”。"),
        ("signature", "请本人签字确认“案号/文号”。"),
    ],
)
def test_a_required_field_asks_for_its_answer_by_its_label(type_: str, sentence: str) -> None:
    form = one(type_, label="案号/文号", required=True, **OPTIONAL[type_])

    assert refused(form, {}) == {"x": [sentence]}


@pytest.mark.parametrize("blank", ["   ", "\u3000"])
def test_blanks_do_not_answer_a_required_field(blank: str) -> None:
    assert refused(one("textfield", required=True), {"x": blank}) == {"x": ["请填写“内容”。"]}


@pytest.mark.parametrize("type_", ["checkbox", "signature"])
def test_an_unticked_box_does_not_answer_a_required_field(type_: str) -> None:
    assert list(refused(one(type_, required=True), {"x": False})) == ["x"]


def test_a_no_answers_a_required_question() -> None:
    form = one("radio", required=True, properties={"options": "YES_NO"})

    assert answer(form, {"x": False}) == {"x": False}


def test_a_signature_becomes_the_signers_name_and_time() -> None:
    data = answer(one("signature", required=True), {"x": True}, signer="陈立")

    assert data == {"x": {"name": "陈立", "at": "2026-11-22T09:30:00+08:00"}}


def test_nobody_can_send_a_finished_signature() -> None:
    forged = {"x": {"name": "县长", "at": "2020-01-01T00:00:00+08:00"}}

    assert list(refused(one("signature", required=True), forged, signer="陈立")) == ["x"]


CONDITIONAL = form_of(
    field("radio", "kind", label="种类", required=True, properties={"options": "COLOUR"}),
    field("textfield", "reason", label="理由", required=True, conditional={"hide": '=not(kind = "RED")'}),
    field("textfield", "detail", label="细节", required=True, conditional={"hide": "=reason = null"}),
    {
        "type": "group",
        "id": "Group_1",
        "label": "一组",
        "conditional": {"hide": '=kind = "BLUE"'},
        "components": [field("number", "count", label="数量", required=True)],
    },
)


def test_a_hidden_field_is_neither_asked_nor_kept() -> None:
    data = answer(CONDITIONAL, {"kind": "BLUE", "reason": 5, "detail": "留下的", "count": "许多"})

    assert data == {"kind": "BLUE"}


def test_a_field_behind_a_hidden_field_is_hidden_too() -> None:
    data = answer(CONDITIONAL, {"kind": "GREEN", "reason": "旧的理由", "detail": "旧的细节", "count": 1})

    assert data == {"kind": "GREEN", "count": 1}


def test_a_shown_field_is_asked() -> None:
    errors = refused(CONDITIONAL, {"kind": "RED", "reason": "有"})

    assert errors == {"detail": ["请填写“细节”。"], "count": ["请填写“数量”。"]}


def test_errors_come_in_the_order_of_the_form() -> None:
    errors = refused(CONDITIONAL, {"kind": "RED", "count": "x"})

    assert list(errors) == ["reason", "count"]


def test_conditions_read_the_case_and_take_unstated_facts_for_null() -> None:
    form = form_of(field("textfield", "x", required=True, conditional={"hide": "=case.amount = null"}))

    assert answer(form, {}, context={"case": {}}) == {}
    assert answer(form, {}) == {}
    assert list(refused(form, {}, context={"case": {"amount": 5}})) == ["x"]


def test_a_field_may_be_required_under_a_condition() -> None:
    form = form_of(
        field("number", "amount"),
        field("textfield", "x", properties={"required_if": "amount != null and amount > 100"}),
    )

    assert answer(form, {"amount": 100}) == {"amount": 100, "x": None}
    assert list(refused(form, {"amount": 101})) == ["x"]


def test_a_computed_field_is_computed_here_whatever_was_sent() -> None:
    form = form_of(
        field("datetime", "filed_on", subtype="date"),
        {
            "type": "computed",
            "id": "Field_on_time",
            "key": "on_time",
            "label": "按期",
            "expression": "if filed_on = null then null else date(filed_on) <= date(case.filing_due)",
        },
        field("textfield", "why", required=True, conditional={"hide": "=not(on_time = false)"}),
    )
    context = {"case": {"filing_due": "2026-11-20"}}

    early = answer(form, {"filed_on": "2026-11-20", "on_time": False, "why": "晚了"}, context=context)
    late = refused(form, {"filed_on": "2026-11-21", "on_time": True}, context=context)

    assert early == {"filed_on": "2026-11-20", "on_time": True}
    assert list(late) == ["why"]


def test_today_is_the_offices_day_of_the_moment_given() -> None:
    form = form_of({"type": "computed", "id": "Field_day", "key": "day", "label": "今天", "expression": "today()"})

    assert answer(form, {}) == {"day": "2026-11-22"}


def test_an_expression_that_fails_is_told_and_nothing_is_taken() -> None:
    form = form_of(field("textfield", "x", label="理由", conditional={"hide": "=nobody_knows = 1"}))

    [sentence] = refused(form, {"x": "有"})["x"]

    assert sentence.startswith("“理由”的条件或算式无法计算（`nobody_knows` 不存在或尚无内容。）")


def test_conditions_that_hide_each_other_in_a_circle_come_to_an_end() -> None:
    form = form_of(
        field("textfield", "a", conditional={"hide": "=b = null"}),
        field("textfield", "b", conditional={"hide": "=a != null"}),
    )

    assert set(answer(form, {"a": "1", "b": "1"})) <= {"a", "b"}


@pytest.mark.parametrize("lock", ["disabled", "readonly"])
def test_a_locked_field_takes_no_answer(lock: str) -> None:
    form = form_of(field("textfield", "x", required=True, **{lock: True}))

    assert answer(form, {"x": "改了"}) == {}


SUBJECTS = form_of(
    field(
        "table",
        "subjects",
        label="责任对象",
        required=True,
        minRows=1,
        maxRows=3,
        columns=[
            {"key": "kind", "type": "select", "label": "类别", "required": True, "options": "COLOUR"},
            {"key": "name", "type": "text", "label": "姓名", "required": True},
            {"key": "person", "type": "person", "label": "人员", "source": "case_subjects"},
            {"key": "amount", "type": "money", "label": "金额"},
            {"key": "on", "type": "date", "label": "日期"},
            {"key": "at", "type": "datetime", "label": "时间"},
            {"key": "done", "type": "checkbox", "label": "完成"},
        ],
    )
)


def test_table_rows_are_loaded_cell_by_cell() -> None:
    row = {"kind": "RED", "name": " 甲 ", "person": "s1", "amount": 5, "on": "2026-01-02", "at": "2026-01-02T03:04"}

    data = answer(SUBJECTS, {"subjects": [row | {"hacked": 1}, {}]}, choices=Known(case_subjects=["s1"]))

    assert data["subjects"] == [row | {"name": "甲", "at": "2026-01-02T03:04:00+08:00", "done": None}]


def test_wrong_cells_are_told_with_row_and_column() -> None:
    rows = [
        {"kind": "RED", "name": "甲"},
        {"kind": "GREY", "amount": -5},
        {"kind": "RED", "name": "丙", "person": "s9"},
    ]

    errors = refused(SUBJECTS, {"subjects": rows}, choices=Known(case_subjects=["s1"]))

    assert errors == {
        "subjects[1].kind": ["第 2 行：“类别”的选项无效，请重新选择。"],
        "subjects[1].amount": ["第 2 行：“金额”不能小于0。"],
        "subjects[1].name": ["第 2 行：请填写“姓名”。"],
    }
    errors = refused(SUBJECTS, {"subjects": [rows[0], rows[2]]}, choices=Known(case_subjects=["s1"]))
    assert errors == {"subjects[1].person": ["第 2 行：“人员”中有不能选择的对象，请重新选择。"]}


def test_a_table_has_its_least_and_most_rows() -> None:
    rows = [{"kind": "RED", "name": str(n)} for n in range(4)]

    assert refused(SUBJECTS, {"subjects": rows}) == {"subjects": ["“责任对象”最多 3 行。"]}
    assert refused(SUBJECTS, {"subjects": [{}]}) == {"subjects": ["请填写“责任对象”。"]}


def test_names_that_the_form_does_not_ask_are_left_out_and_can_be_listed() -> None:
    raw = {"x": "有", "status": "CLOSED", "__proto__": {}}

    assert answer(one("textfield"), raw) == {"x": "有"}
    assert unknown_names(one("textfield"), raw) == ("__proto__", "status")


@pytest.mark.parametrize("raw", [None, [], "text", 3])
def test_a_submission_that_is_no_object_is_refused(raw: Any) -> None:
    assert refused(one("textfield"), raw) == {"": ["提交的内容无法识别，请刷新页面后重试。"]}


def test_deeply_nested_values_are_refused_by_their_type() -> None:
    value: Any = "end"
    for _ in range(500):
        value = [value]

    for type_, more in OPTIONAL.items():
        assert list(refused(one(type_, **more), {"x": value})) == ["x"], type_


def test_a_refusal_keeps_its_message_id_for_other_languages() -> None:
    [sentence] = refused(one("textfield", label="案号", required=True), {})["x"]

    assert sentence == "请填写“案号”。"
    assert getattr(sentence, "id", None) == "请填写“%(label)s”。"
    assert getattr(sentence, "values", None) == {"label": "案号"}


def test_the_papers_of_a_submission_are_listed_by_field() -> None:
    form = form_of(field("attachment", "a"), field("multi-attachment", "b"), field("textfield", "c"))

    assert attachments_in(form, {"a": ["1"], "b": None, "c": "2"}) == {"a": ["1"]}
