"""The shipped templates measured against GB/T 9704-2012, and against what their author writes."""

import re
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from app import yamlfiles
from authoring.letters.__main__ import letters
from config import ROOT

FOLDER = ROOT / "forms" / "letters"
TEMPLATES = sorted(FOLDER.glob("*.docx"))
MILLIMETRE = 36_000
"""EMU."""


def opened(path: Path) -> docx.document.Document:
    return docx.Document(BytesIO(path.read_bytes()))


def names(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_page_margins_and_grid_are_those_of_the_norm(path: Path) -> None:
    section = opened(path).sections[0]

    measured = {
        "page": (section.page_width, section.page_height),
        "top": section.top_margin,
        "left": section.left_margin,
        "area": (
            section.page_width - section.left_margin - section.right_margin,
            section.page_height - section.top_margin - section.bottom_margin,
        ),
    }
    grid = section._sectPr.find(qn("w:docGrid"))

    assert {name: _millimetres(value) for name, value in measured.items()} == {
        "page": (210, 297),
        "top": 37,
        "left": 28,
        "area": (156, 225),
    }
    assert round(225 / 25.4 * 1440 / int(grid.get(qn("w:linePitch")))) == 22
    assert grid.get(qn("w:type")) == "lines"


def _millimetres(value: int | tuple[int, ...]) -> float | tuple[float, ...]:
    return tuple(map(_millimetres, value)) if isinstance(value, tuple) else round(value / MILLIMETRE, 1)


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_text_is_fangsong_of_16_points_28_characters_a_line(path: Path) -> None:
    normal = opened(path).styles["Normal"]
    fonts = normal.element.rPr.find(qn("w:rFonts"))
    closer = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20

    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert normal.font.size.pt == 16
    assert int(156 / 25.4 * 72 / (16 + closer)) == 28
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(225 / 25.4 * 72 / 22, abs=0.1)


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_the_title_is_xiaobiaosong_of_22_points_in_the_middle(path: Path) -> None:
    titles = [p for p in opened(path).paragraphs if p.runs and p.runs[0].font.size and p.runs[0].font.size.pt == 22]

    (title,) = titles
    assert title.runs[0]._element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "方正小标宋简体"
    assert title.alignment == 1


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_page_numbers_are_songti_of_14_points_between_dashes_on_the_outer_side(path: Path) -> None:
    section = opened(path).sections[0]

    for footer, side in ((section.footer, 2), (section.even_page_footer, 0)):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "— 1 —"
        assert paragraph.alignment == side
        assert {run.font.size.pt for run in paragraph.runs} == {14}
        assert {run._element.rPr.find(qn("w:rFonts")).get(qn("w:ascii")) for run in paragraph.runs} == {"宋体"}
        assert "PAGE" in paragraph._p.xml


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_tables_are_as_wide_as_the_type_area_and_rows_are_never_torn(path: Path) -> None:
    for table in opened(path).tables:
        assert sum(column.width for column in table.columns) / MILLIMETRE == pytest.approx(156, abs=0.5)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_numbers_stand_in_the_brackets_of_the_norm() -> None:
    formats = [
        format_
        for path in (ROOT / "processes").glob("*.law.yml")
        for format_ in yamlfiles.read(path.read_text("utf-8"))["number_formats"].values()
    ]

    assert [text for text in formats if not re.fullmatch(r"\S+〔\{year\}〕\{serial:0\d+d\}号", text)] == []


def test_what_is_shipped_is_what_its_author_writes() -> None:
    written = {name: build().bytes() for name, build in letters().items()}

    assert {path.stem for path in TEMPLATES} == set(written)
    assert [name for name, content in written.items() if (FOLDER / f"{name}.docx").read_bytes() != content] == []
