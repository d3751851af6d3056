"""The layout of official papers by GB/T 9704-2012, drawn with python-docx.

A4; margins 37 mm above and 28 mm left around a type area of 156 mm by 225 mm; 22 lines of 28 characters; text 仿宋 3号
(16 pt), title 小标宋 2号 (22 pt), headings 黑体 and 楷体 3号, the foot of the paper and page numbers 4号 (14 pt).
"""

import math
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from authoring.letters.typefaces import FANGSONG, HEITI, SONGTI, XIAOBIAOSONG, name_fonts, set_font, set_type

TWO, THREE, FOUR, SMALL = Pt(22), Pt(16), Pt(14), Pt(12)
LINES, CHARACTERS = 22, 28
HEIGHT, WIDTH = Mm(225), Mm(156)
LINE = Emu(int(HEIGHT / LINES))
CHARACTER = Emu(int(WIDTH / CHARACTERS))
CLOSER = math.floor((CHARACTER.pt - THREE.pt) * 20)
"""Twentieths of a point between characters of 16 pt, so that 28 of them fill the line."""
RED = RGBColor(0xFF, 0, 0)
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Letter:
    """One template, written from the top downwards."""

    def __init__(self, title: str) -> None:
        self.document = docx.Document()
        self._page()
        self._text()
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = title, "", ""

    # ---- page and type

    def _page(self) -> None:
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.left_margin = Mm(37), Mm(28)
        section.right_margin, section.bottom_margin = Mm(210 - 28 - 156), Mm(297 - 37 - 225)
        section.header_distance, section.footer_distance = Mm(15), Mm(24)
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is None:
            grid = OxmlElement("w:docGrid")
            section._sectPr.append(grid)
        grid.set(qn("w:type"), "lines")  # characters are set by their spacing: programs differ on grids of characters
        grid.set(qn("w:linePitch"), str(round(LINE.pt * 20)))
        self.document.settings.odd_and_even_pages_header_footer = True
        _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
        _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)

    def _text(self) -> None:
        normal = self.document.styles["Normal"]
        set_font(normal.element.get_or_add_rPr(), FANGSONG)
        normal.font.size = THREE
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(CLOSER))
        normal.element.get_or_add_rPr().append(spacing)
        form = normal.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        name_fonts(self.document)

    # ---- parts of a paper

    def head(self, organ: str, number: str = "") -> "Letter":
        """发文机关标志, 发文字号 and the red line."""
        mark = self._paragraph(organ, font=XIAOBIAOSONG, size=Pt(26), align=WD_ALIGN_PARAGRAPH.CENTER, colour=RED)
        mark.paragraph_format.line_spacing = Pt(40)
        mark.paragraph_format.space_before = Mm(20)
        _leave_grid(mark)
        if number:
            line = self._paragraph(number, align=WD_ALIGN_PARAGRAPH.CENTER)
            line.paragraph_format.space_before = LINE
        rule = self._paragraph("", size=Pt(4))
        rule.paragraph_format.line_spacing = Pt(8)
        _border(rule, "bottom", size=8, colour="FF0000")
        return self

    def title(self, text: str, *, below: bool = True) -> "Letter":
        """标题: below the red line after an empty line, or at the top of a paper without head."""
        title = self._paragraph(text, font=XIAOBIAOSONG, size=TWO, align=WD_ALIGN_PARAGRAPH.CENTER)
        title.paragraph_format.line_spacing = Pt(36)
        title.paragraph_format.space_before = LINE if below else Pt(0)
        title.paragraph_format.space_after = Emu(int(LINE / 2))
        title.paragraph_format.keep_with_next = True
        _leave_grid(title)
        return self

    def number(self, text: str, *, align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.RIGHT) -> "Letter":
        """A number outside of a head: on a form or receipt."""
        self._paragraph(text, align=align)
        return self

    def to(self, text: str) -> "Letter":
        """主送机关, from the left edge."""
        self._paragraph(text)
        return self

    def say(self, *texts: str) -> "Letter":
        """正文: each paragraph begins two characters in."""
        for text in texts:
            _indent(self._paragraph(text, align=WD_ALIGN_PARAGRAPH.JUSTIFY), first=200)
        return self

    def heading(self, text: str) -> "Letter":
        """一、 in 黑体."""
        paragraph = self._paragraph(text, font=HEITI)
        _indent(paragraph, first=200)
        paragraph.paragraph_format.keep_with_next = True
        return self

    def say_if(self, field: str, text: str) -> "Letter":
        """A paragraph that stands only where a field was answered."""
        return self.mark(f"{{%p if {field} %}}").say(text).mark("{%p endif %}")

    def mark(self, text: str) -> "Letter":
        """A line that only carries a mark of the template ({%p … %}): it is not there in the paper."""
        self._paragraph(text)
        return self

    def sign(self, organ: str, day: str) -> "Letter":
        """署名 and 成文日期: the date ends four characters before the edge, the organ stands above it. They never stand
        on a page without text: the paragraph before goes with them."""
        self._keep_last_text()
        for text, right, before in ((organ, 200, LINE), (day, 400, Pt(0))):
            paragraph = self._paragraph(text, align=WD_ALIGN_PARAGRAPH.RIGHT)
            paragraph.paragraph_format.space_before = before
            paragraph.paragraph_format.keep_with_next = text == organ
            _indent(paragraph, right=right)
        return self

    def table(
        self, rows: Sequence[Sequence[str]], widths: Sequence[float], *, header: bool = False, small: bool = False
    ) -> Any:
        """A table as wide as the type area. `widths` are shares; a row with fewer cells lets its last one span.

        `small` is for forms of many lines that are one page: 小四 instead of 四号.
        """
        table = self.document.add_table(len(rows), len(widths))
        table.style, table.autofit, table.alignment = "Table Grid", False, WD_TABLE_ALIGNMENT.CENTER
        total = sum(widths)
        sizes = [Emu(int(WIDTH * width / total)) for width in widths]
        for column, size in zip(table.columns, sizes, strict=True):
            column.width = size
        for number, texts in enumerate(rows):
            cells = table.rows[number].cells
            for cell, size in zip(cells, sizes, strict=True):
                cell.width = size
            for place, text in enumerate(texts):
                cell = cells[place]
                if place == len(texts) - 1 and len(texts) < len(widths):
                    cell = cell.merge(cells[-1])
                centred = (header and number == 0) or (place % 2 == 0 and len(texts) > 1)
                _write_cell(cell, text, centred=centred, size=SMALL if small else FOUR)
            _keep_row(table.rows[number], header=header and number == 0, least=Pt(22) if small else Pt(27))
        return table

    def foot(self, issuer: str, day: str, *, copies: str = "", copied_if: str = "") -> "Letter":
        """版记: copies and printing, between lines, in 4号.

        Without copies, or where `copied_if` does not hold, there is no line of them: they go to organs, and the file in
        which the paper lies anyway is none.
        """
        for paragraph in self.document.paragraphs[-1:]:
            paragraph.paragraph_format.keep_with_next = True
        gap = self._paragraph("", size=FOUR)
        gap.paragraph_format.line_spacing, gap.paragraph_format.keep_with_next = Pt(16), True
        _leave_grid(gap)
        rows = [(f"抄送：{copies}",), (issuer, f"{day}印发")] if copies else [(issuer, f"{day}印发")]
        if copied_if:
            rows = [(f"{{%tr if {copied_if} %}}",), *rows, ("{%tr else %}",), rows[-1], ("{%tr endif %}",)]
        table = self.document.add_table(len(rows), 2)
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
            for cell, share in zip(row.cells, (0.62, 0.38), strict=True):
                cell.width = Emu(int(WIDTH * share))
            _keep_row(row, least=Pt(27))
            _foot_row(row, texts, below_copies=number > 0 and rows[number - 1][0].startswith("抄送"))
        _float_to_bottom(table)
        end = self._paragraph("", size=Pt(1))  # a document may not end with a table
        end.paragraph_format.line_spacing = Pt(1)
        _leave_grid(end)  # on the grid it would take a whole line, and sometimes a page
        return self

    def _keep_last_text(self) -> None:
        """The last paragraph that surely stands in the paper, and those after it that may not, keep with the next."""
        optional = False
        for element in reversed(self.document.element.body):
            if element.tag == qn("w:sectPr"):
                continue
            if element.tag != qn("w:p"):
                return
            paragraph = Paragraph(element, self.document)
            paragraph.paragraph_format.keep_with_next = True
            if paragraph.text.startswith("{%p"):
                optional = "end" in paragraph.text
            elif not optional:
                return

    def bytes(self) -> bytes:
        """The file; the same bytes for the same contents."""
        _slim(self.document)
        out = BytesIO()
        self.document.save(out)
        settled = BytesIO()
        with zipfile.ZipFile(out) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in source.infolist():
                info = zipfile.ZipInfo(entry.filename, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(info, source.read(entry.filename))
        return settled.getvalue()

    def _paragraph(
        self,
        text: str,
        *,
        font: str = FANGSONG,
        size: Length = THREE,
        align: WD_ALIGN_PARAGRAPH | None = None,
        colour: RGBColor | None = None,
    ) -> Paragraph:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        run = paragraph.add_run(text)
        set_type(run, font, size)
        if colour is not None:
            run.font.color.rgb = colour
        return paragraph


_KEPT_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "TableGrid", "Header", "Footer"}
_KEPT_PARTS = ("styles", "fontTable", "settings", "footer", "header")


def _slim(document: Any) -> None:
    """Without the library's own samples: its styles, theme, thumbnail and settings for the web."""
    links, own = document.part.package.rels, document.part.rels
    for key in [key for key, link in links.items() if link.reltype.endswith("thumbnail")]:
        del links[key]
    for key in [key for key, link in own.items() if link.reltype.rsplit("/", 1)[-1] not in _KEPT_PARTS]:
        del own[key]
    styles = document.styles.element
    unused = [style for style in styles.findall(qn("w:style")) if style.get(qn("w:styleId")) not in _KEPT_STYLES]
    for element in [*unused, *styles.findall(qn("w:latentStyles"))]:
        styles.remove(element)
    for fonts in styles.iter(qn("w:rFonts")):
        for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{name}"), None)


def _indent(paragraph: Paragraph, *, first: int = 0, right: int = 0) -> None:
    """Hundredths of a character."""
    properties = paragraph._p.get_or_add_pPr()
    indent = properties.find(qn("w:ind"))
    if indent is None:
        indent = OxmlElement("w:ind")
        properties.append(indent)
    width = CHARACTER.pt * 20 / 100
    if first:
        indent.set(qn("w:firstLineChars"), str(first))
        indent.set(qn("w:firstLine"), str(round(first * width)))
    if right:
        indent.set(qn("w:rightChars"), str(right))
        indent.set(qn("w:right"), str(round(right * width)))


def _leave_grid(paragraph: Paragraph) -> None:
    """A line larger than the grid's stands by itself instead of taking two, a smaller one closer to the next."""
    properties = paragraph._p.get_or_add_pPr()
    mark = OxmlElement("w:snapToGrid")
    mark.set(qn("w:val"), "0")
    properties.insert_element_before(mark, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _border(paragraph: Paragraph, side: str, *, size: int, colour: str) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = OxmlElement("w:pBdr")
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(size)), ("space", "1"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)


def _page_number(paragraph: Paragraph, align: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 — in 4号宋体, one character from the outer edge."""
    paragraph.alignment = align
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    indent = paragraph.paragraph_format
    indent.left_indent, indent.right_indent = (FOUR, None) if align == WD_ALIGN_PARAGRAPH.LEFT else (None, FOUR)
    for kind, text in (
        ("", "— "),
        ("begin", ""),
        ("instr", " PAGE "),
        ("separate", ""),
        ("", "1"),
        ("end", ""),
        ("", " —"),
    ):
        run = paragraph.add_run("" if kind else text)
        set_type(run, SONGTI, FOUR)
        if kind == "instr":
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = text
            run._element.append(instruction)
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)


def _write_cell(cell: Any, text: str, *, centred: bool, size: Pt) -> None:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Pt(20) if size == FOUR else Pt(16)
        _leave_grid(paragraph)  # else every line of a table is as high as one of the text
        set_type(paragraph.add_run(line), FANGSONG, size)
    cell.vertical_alignment = 1


def _keep_row(row: Any, *, header: bool = False, least: Pt) -> None:
    """A row is never torn apart; a heading row stands on every page. A row is a little higher than its line."""
    properties = row._tr.get_or_add_trPr()
    for name in ("cantSplit", *(("tblHeader",) if header else ())):
        properties.append(OxmlElement(f"w:{name}"))
    row.height = least


def _foot_row(row: Any, texts: Sequence[str], *, below_copies: bool) -> None:
    if len(texts) == 1:
        cell = row.cells[0].merge(row.cells[1])
        _foot_cell(cell, texts[0], top=6, bottom=4)
        cell.paragraphs[0].paragraph_format.keep_with_next = True  # its two rows stay on one page
        return
    sides = (WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT)
    for cell, text, align in zip(row.cells, texts, sides, strict=True):
        _foot_cell(cell, text, top=0 if below_copies else 6, bottom=6, align=align)


def _foot_cell(
    cell: Any, text: str, *, top: int, bottom: int, align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT
) -> None:
    """Lines in eighths of a point: outer ones 0.35 mm, inner ones 0.25 mm by the norm."""
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.line_spacing = Pt(22)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = FOUR
    set_type(paragraph.add_run(text), FANGSONG, FOUR)
    borders = OxmlElement("w:tcBorders")
    for side, size in (("top", top), ("bottom", bottom)):
        if size:
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", "000000")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)


def _float_to_bottom(table: Any) -> None:
    """版记 stands at the lower edge of the type area of the last page."""
    place = OxmlElement("w:tblpPr")
    values = {"horzAnchor": "margin", "vertAnchor": "margin", "tblpXSpec": "center", "tblpYSpec": "bottom"}
    for name, value in values.items():
        place.set(qn(f"w:{name}"), value)
    table._tbl.tblPr.insert(1, place)
