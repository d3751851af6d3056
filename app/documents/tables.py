"""Tables as files for a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_BOM = "\ufeff"
"""Without it the spreadsheets of the offices read UTF-8 as GBK."""
_FORMULA = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\x00-\x1f]*[=+\-@＝＋－\uff20|;\"]|[\t\r\n\x00]")
"""How a cell begins that some spreadsheet takes for a formula, blanks and marks without width before it included."""


def csv_of(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file in UTF-8 with byte order mark. A cell that a spreadsheet would take for a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heading)
    writer.writerows([_as_text(cell) for cell in row] for row in rows)
    return (_BOM + out.getvalue()).encode()


def _as_text(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def xlsx_of(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The same as a workbook with one sheet; every cell is typed as text, so that none is taken for a formula."""
    from xlsxwriter import Workbook  # noqa: PLC0415  (loads much, which few requests need)

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        widths = [len(word) for word in heading]
        for column, word in enumerate(heading):
            sheet.write_string(0, column, word, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, wrapped)
                widths[column] = max(widths[column], len(cell))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(60, 2 * width + 3))  # characters of Chinese are two wide
        sheet.freeze_panes(1, 0)
    return out.getvalue()
