"""What a browser gets to show, and how a submission reads afterwards."""

from app.forms.presentation import TableText, describe, mentions, schema_for_browser
from tests.forms.builders import OPTIONS, content, field, form_of

GROUP = {
    "type": "group",
    "id": "Group_1",
    "label": "处理",
    "properties": {"label_en": "Handling"},
    "components": [
        field("select", "colour", label="颜色", properties={"options": "COLOUR", "label_en": "Colour"}),
        field("radio", "paid", label="已付", properties={"options": "YES_NO"}),
        field("money", "amount", label="金额"),
        field("datetime", "day", label="日期", subtype="date", dateLabel="日期", properties={"label_en": "Day"}),
        field("datetime", "at", label="时间", subtype="datetime"),
        field("multi-organ", "organs", label="单位"),
        field("signature", "signed", label="签字"),
        field("multi-attachment", "papers", label="附件"),
        field(
            "table",
            "rows",
            label="明细",
            columns=[
                {"key": "who", "type": "person", "label": "人员", "label_en": "Person"},
                {"key": "colour", "type": "select", "label": "颜色", "options": "COLOUR"},
                {"key": "amount", "type": "money", "label": "金额"},
                {"key": "done", "type": "checkbox", "label": "完成"},
            ],
        ),
        field("textarea", "note", label="说明"),
    ],
}
FORM = form_of(GROUP)
DATA = {
    "colour": "RED",
    "paid": False,
    "amount": 800_000_50,
    "day": "2026-11-22",
    "at": "2026-11-22T01:05:00+00:00",
    "organs": ["a.x", "a.y"],
    "signed": {"name": "陈立", "at": "2026-11-22T09:30:00+08:00"},
    "papers": ["f1"],
    "rows": [{"who": "p1", "colour": "BLUE", "amount": 500, "done": True}, {"who": "p2"}],
    "note": None,
}
NAMES = {"a.x": "县局", "a.y": "县府", "f1": "判决书.pdf", "p1": "甲"}


def test_a_submission_reads_in_words() -> None:
    rows = {row.name: row for row in describe(FORM, DATA, options=OPTIONS, locale="zh", names=NAMES)}

    assert {name: row.text for name, row in rows.items() if name != "rows"} == {
        "colour": "红",
        "paid": "否",
        "amount": "800,000.50 元",
        "day": "2026年11月22日",
        "at": "2026年11月22日 09:05",
        "organs": "县局、县府",
        "signed": "陈立 2026年11月22日 09:30",
        "papers": "判决书.pdf",
        "note": "",
    }
    assert rows["rows"].table == TableText(
        headings=("人员", "颜色", "金额", "完成"), rows=(("甲", "蓝", "5 元", "是"), ("p2", "", "", ""))
    )
    assert rows["papers"].attachments == ("f1",)
    assert {row.section for row in rows.values()} == {"处理"}


def test_a_submission_reads_in_english() -> None:
    rows = {row.name: row for row in describe(FORM, DATA, options=OPTIONS, locale="en", names=NAMES)}

    assert (rows["colour"].label, rows["colour"].text, rows["colour"].section) == ("Colour", "Red", "Handling")
    assert (rows["day"].label, rows["day"].text) == ("Day", "22 Nov 2026")


def test_the_ids_that_need_names_are_known_beforehand() -> None:
    assert mentions(FORM, DATA) == {
        "organs": frozenset({"a.x", "a.y"}),
        "persons": frozenset({"p1", "p2"}),
        "attachments": frozenset({"f1"}),
    }


def test_a_code_that_left_the_list_still_reads_as_its_code() -> None:
    [row] = describe(FORM, {"colour": "PINK"}, options=OPTIONS, locale="zh", names={})

    assert row.text == "PINK"


def test_the_browser_gets_labels_and_options_of_its_language() -> None:
    chinese = schema_for_browser(FORM, OPTIONS, "zh")["components"][0]
    english = schema_for_browser(FORM, OPTIONS, "en")["components"][0]

    colours = [part["components"][0] for part in (chinese, english)]
    assert [part["label"] for part in colours] == ["颜色", "Colour"]
    assert [part["values"][0] for part in colours] == [
        {"value": "RED", "label": "红"},
        {"value": "RED", "label": "Red"},
    ]
    assert english["label"] == "Handling"
    assert english["components"][3]["dateLabel"] == "Day"
    assert english["components"][8]["columns"][0]["label"] == "Person"
    assert chinese["components"][8]["columns"][1]["values"][1] == {"value": "BLUE", "label": "蓝"}


def test_each_browser_gets_its_own_copy() -> None:
    first = schema_for_browser(FORM, OPTIONS, "zh")
    first["components"].clear()

    assert schema_for_browser(FORM, OPTIONS, "zh")["components"]
    assert content(GROUP)
