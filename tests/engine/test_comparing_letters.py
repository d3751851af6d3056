"""Two versions of a paper's Word template, compared in words: what was changed and where it stands."""

from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from app.domain.comparisons import Mark
from app.engine.comparing import compare
from config import ROOT

NAME = "letters/notice.docx"


def paper(edit: Callable[[Any], Any] = lambda document: None) -> bytes:
    document, out = docx.Document(), BytesIO()
    document.core_properties.title = "告知书"
    for text in ("{{ case.number }}", "现将有关情况告知如下：", "特此告知。"):
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "单位", "{{ organ.name }}"
    document.sections[0].header.paragraphs[0].text = "内部资料"
    edit(document)
    document.save(out)
    return out.getvalue()


def told(edit: Callable[[Any], Any]) -> list[str]:
    comparison = compare({NAME: paper()}, {NAME: paper(edit)})
    assert dict(comparison.files) == {NAME: Mark.CHANGED}
    return [str(change.sentence) for change in comparison.changes]


def put(place: Callable[[Any], Any], text: str) -> Callable[[Any], Any]:
    return lambda document: setattr(place(document), "text", text)


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (put(lambda d: d.paragraphs[1], "现告知如下："), "第2段：文字由“现将有关情况告知如下：”改为“现告知如下：”"),
        (
            put(lambda d: d.tables[0].cell(0, 1), "{{ organ.short }}"),
            "第1个表格第1行第2格：文字由“{{ organ.name }}”改为“{{ organ.short }}”",
        ),
        (
            put(lambda d: d.sections[0].header.paragraphs[0], "秘密"),
            "页眉第1段：文字由“内部资料”改为“秘密”",
        ),
        (lambda d: d.add_paragraph("附：清单"), "新增第4段“附：清单”"),
        (lambda d: d.paragraphs[2]._p.getparent().remove(d.paragraphs[2]._p), "删除第3段“特此告知。”"),
        (lambda d: setattr(d.core_properties, "title", "通知书"), "文书模板：标题由“告知书”改为“通知书”"),
        (lambda d: setattr(d.paragraphs[1].runs[0], "bold", True), "第2段：排版有改动"),
        (lambda d: setattr(d.styles["Normal"].font, "bold", True), "文书模板：其他内容有改动"),
    ],
)
def test_each_part_of_a_template_is_told_by_its_place(edit: Callable[[Any], Any], line: str) -> None:
    assert told(edit) == [line]


def test_a_field_and_the_pages_are_told() -> None:
    def number_pages(document: Any) -> None:
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        document.paragraphs[2]._p.append(field)
        document.sections[0].left_margin = Mm(30)

    lines = told(number_pages)

    assert lines[0] == "第3段：域定为“PAGE”"
    assert "页边距由" in lines[1]
    assert "left 30.0 mm" in lines[1]


def test_what_word_writes_anew_with_every_save_is_no_difference() -> None:
    def saved_again(document: Any) -> None:
        document.core_properties.revision = 7
        for paragraph in document.paragraphs:
            paragraph._p.set(qn("w:rsidR"), "00AB12CD")

    comparison = compare({NAME: paper()}, {NAME: paper(saved_again)})

    assert comparison.changes == ()


def test_the_templates_of_the_counties_can_be_compared() -> None:
    files = sorted((ROOT / "forms" / "letters").glob("*.docx"))[:6]

    for one, other in pairwise(files):
        comparison = compare({NAME: one.read_bytes()}, {NAME: other.read_bytes()})

        assert len(comparison.changes) > 1
