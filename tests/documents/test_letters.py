"""The language of templates: what it can say, what it cannot, and what values cannot do to a paper."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
import pytest

from app.documents.letters.filling import fill
from app.documents.letters.sheets import blocks_of
from app.documents.letters.templates import findings_of, paths_in
from app.domain.wording import Worded, money_in_chinese
from tests.pace import is_quick

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
KNOWN: dict[str, Any] = {"case": {"matter": None, "amount": None, "on": None}, "items": [{"title": None}]}


def template(*paragraphs: str) -> bytes:
    paper, out = docx.Document(), BytesIO()
    for text in paragraphs:
        paper.add_paragraph(text)
    paper.save(out)
    return out.getvalue()


def said(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(BytesIO(content)).paragraphs]


def findings(content: bytes) -> list[str]:
    return [str(finding) for finding in findings_of(content, KNOWN, file="letters/x.docx")]


def test_days_and_amounts_are_written_in_digits_and_in_chinese() -> None:
    case = {"on": Worded("2026年11月22日", "2026-11-22"), "amount": Worded("8,000.50 元", 800050)}

    paper = fill(
        template("{{ case.on }} {{ case.on|chinese_day }}", "{{ case.amount|money }} {{ case.amount|money_words }}"),
        {"case": case},
        now=NOW,
    )

    assert said(paper) == ["2026年11月22日 二〇二六年十一月二十二日", "8,000.50 捌仟元伍角整"]


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (100, "壹元整"),
        (100_05, "壹佰元零伍分"),
        (10_0001_00, "壹拾万零壹元整"),
        (1_0000_0000_00, "壹亿元整"),
        (1_0203_0405_06, "壹亿零贰佰零叁万零肆佰零伍元零陆分"),
        (-50, "负伍角整"),
    ],
)
def test_money_in_words_cannot_be_altered(fen: int, words: str) -> None:
    assert money_in_chinese(fen) == words


def test_lists_loops_and_conditions_make_paragraphs() -> None:
    content = template("{%p for item in items %}", "{{ loop.index }}. {{ item.title }}", "{%p endfor %}")

    paper = fill(content, {"items": [{"title": "甲"}, {"title": "乙"}]}, now=NOW)

    assert said(paper) == ["1. 甲", "2. 乙"]
    assert paths_in(content) == ("items", "items.title")


def test_the_same_values_give_the_same_bytes() -> None:
    content = template("{{ case.matter }}")

    assert fill(content, {"case": {"matter": "甲"}}, now=NOW) == fill(content, {"case": {"matter": "甲"}}, now=NOW)


@pytest.mark.parametrize(
    "value",
    [
        "{{ 7*7 }}",
        "{% for x in y %}",
        "</w:t></w:r></w:p><w:p>",
        "&lt;b&gt; & <script>",
        "{_{ x }_}",
        "\u202e驳不\u2066",
        "a\x00b\x07c\x0bd\ufffe",
    ],
)
def test_what_a_person_typed_is_only_text(value: str) -> None:
    paper = fill(template("前{{ case.matter }}后"), {"case": {"matter": value}}, now=NOW)

    (text,) = said(paper)
    assert text.startswith("前")
    assert text.endswith("后")
    assert not set(text) & set("\u202e\u2066\x00\x07\x0b\ufffe")


def test_a_long_answer_is_cut_and_its_lines_become_paragraphs() -> None:
    paper = fill(template("{{ case.matter }}"), {"case": {"matter": "　一\n\n  二\n" + "长" * 50_000}}, now=NOW)

    first, second, third = said(paper)
    assert (first, second) == ("一", "二")
    assert len(third) < 20_001


@pytest.mark.parametrize(
    "marks",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ case.items() }}",
        "{{ 'a' * 99999999 }}",
        "{{ case['__class__'] }}",
        "{% for x in range(9) %}{% endfor %}",
        "{% set x = 1 %}",
        "{% include 'other' %}",
        "{% import 'os' as os %}",
        "{% macro m() %}{% endmacro %}",
        "{{ case.matter|attr('x') }}",
        "{{ case.matter|replace('a', 'b') }}",
        "{{ self }}{{ x is defined }}",
        "{% for a in items %}" * 5 + "{% endfor %}" * 5,
        "{{ case.matter",
        "{% if case.matter %}",
    ],
)
def test_marks_that_could_run_something_are_refused(marks: str) -> None:
    assert findings(template("好", marks))


FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def with_mark_in(place: str, marks: str) -> bytes:
    """A template whose body is plain, with marks where a reader hardly looks: in a footnote, or what the file says of
    itself."""
    said = f"<w:p><w:r><w:t>{marks}</w:t></w:r></w:p>"
    note = f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:id="1">{said}</w:footnote></w:footnotes>'
    kind = f'<Override PartName="/word/footnotes.xml" ContentType="{FOOTNOTES}"/></Types>'
    leads = f'<Relationship Id="r99" Type="{RELATION}" Target="footnotes.xml"/></Relationships>'
    says = f"<dc:{place}>{marks}</dc:{place}></cp:coreProperties>"
    changes = {
        "[Content_Types].xml": ("</Types>", kind),
        "word/_rels/document.xml.rels": ("</Relationships>", leads),
    }
    if place != "footnote":
        changes = {"docProps/core.xml": ("</cp:coreProperties>", says)}
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(template("好"))) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            old, new = changes.get(name, ("", ""))
            content = source.read(name).decode("latin-1")
            target.writestr(name, (content.replace(old, new) if old else content).encode("latin-1"))
        if place == "footnote":
            target.writestr("word/footnotes.xml", note)
    return out.getvalue()


def test_a_mark_in_the_code_of_a_field_is_found_with_its_place() -> None:
    code = "<w:r><w:instrText> MERGEFIELD {{ case.nothing }} </w:instrText></w:r>"
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(template("好"))) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(b"</w:p>", f"{code}</w:p>".encode(), 1)
            target.writestr(name, content)

    (found,) = findings(out.getvalue())

    assert "第1段" in found


@pytest.mark.parametrize("place", ["footnote", "identifier", "language"])
@pytest.mark.parametrize("marks", ["{{ 7 * 191 }}", "{% for a in 'aaaa' %}x{% endfor %}", "{{ case.nothing }}", "{{"])
def test_marks_are_refused_wherever_they_would_be_filled_in(place: str, marks: str) -> None:
    assert findings(with_mark_in(place, marks))


@pytest.mark.parametrize(
    "marks",
    [
        "{" * 100_000,
        "{%" * 60_000,
        "{{ " * 40_000,
        "{%-" * 20_000,
        "{% if case.on %}" * 3_000 + "{% endif %}" * 3_000,
        "{% if " + "not " * 5_000 + "case.on %}{% endif %}",
        "{% if case.on" + " and case.on" * 5_000 + " %}{% endif %}",
        "{{ " + "9" * 100_000 + " }}",
        "{{ case.on" + "|line" * 5_000 + " }}",
        "{{ case" + ".on" * 5_000 + " }}",
        "{{ " + "(" * 5_000 + "case.on" + ")" * 5_000 + " }}",
        "{{ " + "-" * 5_000 + "case.on }}",
    ],
    ids=range(12),
)
def test_marks_without_end_are_refused_soon(marks: str) -> None:
    content = template(marks)

    assert findings(content)
    assert is_quick(lambda: findings(content), within=2)


def test_a_footnote_is_filled_in_like_the_text_above_it() -> None:
    content = with_mark_in("footnote", "{{ case.matter }}")

    paper = fill(content, {"case": {"matter": "<住房>"}}, now=NOW)

    assert paths_in(content) == ("case.matter",)
    assert "&lt;住房&gt;" in zipfile.ZipFile(BytesIO(paper)).read("word/footnotes.xml").decode()


def test_an_unknown_field_is_named_with_its_place_and_the_nearest_one() -> None:
    paper = docx.Document()
    paper.add_paragraph("标题")
    paper.add_table(2, 2).cell(1, 1).text = "{{ case.mattr }}"
    out = BytesIO()
    paper.save(out)

    (finding,) = findings(out.getvalue())

    assert "第1个表格第2行第2格“{{ case.mattr }}”中的字段“case.mattr”不存在，是不是“case.matter”？" in finding


def test_a_file_with_a_macro_or_that_is_no_document_is_refused() -> None:
    macro = BytesIO(template("x"))
    with zipfile.ZipFile(macro, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")

    assert "宏" in findings(macro.getvalue())[0]
    assert findings(b"PK\x03\x04 nothing")
    assert findings(b"")


def test_a_paper_is_shown_block_by_block() -> None:
    paper = docx.Document()
    paper.add_paragraph("标题").alignment = 1
    table = paper.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "并"
    table.cell(1, 1).text = "二"
    out = BytesIO()
    paper.save(out)

    title, grid = blocks_of(out.getvalue())

    assert (title.text, title.align) == ("标题", "center")
    assert [[(cell.text, cell.span) for cell in row] for row in grid.rows] == [[("并", 2)], [("", 1), ("二", 1)]]
    assert blocks_of(b"no archive") == ()
