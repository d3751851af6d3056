"""Tables as files for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

_BOM = "\ufeff"
"""Without it the spreadsheets of the offices read UTF-8 as GBK."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file in UTF-8 with byte order mark. A cell that a spreadsheet would take for a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heading)
    writer.writerows([_as_text(cell) for cell in row] for row in rows)
    return (_BOM + out.getvalue()).encode()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
