"""The rows of a spreadsheet's first sheet. A program of its own: `python -I sheet_rows.py ROWS WHERE` reads the file
from its input and writes the rows as JSON; `WHERE` is `whole`, or `used` to leave out what is empty before the first
cell.

A spreadsheet comes from anybody. Its reader lays out every cell between the first and the last one, so that two cells
in a file of a kilobyte ask for terabytes: here it may crash or swell without taking the product along. It imports
nothing of ours, so that it starts in a moment.
"""

import json
import resource
import sys
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, load_workbook

MEMORY, SECONDS = 768 << 20, 3
"""Bytes of address space, seconds of processor time."""
MOST_COLUMNS = 500
UNREADABLE = 3
"""How the program ends for a file that is no spreadsheet; the reason is on its error output."""


def main(rows: int, where: str) -> int:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    try:
        sheet = load_workbook(sys.stdin.buffer).get_sheet_by_index(0)
        found = sheet.to_python(skip_empty_area=where == "used", nrows=rows)
    except (CalamineError, IndexError) as error:
        sys.stderr.write(str(error)[:200])
        return UNREADABLE
    json.dump([[_typed(cell) for cell in row[:MOST_COLUMNS]] for row in found], sys.stdout)
    return 0


def _typed(cell: Any) -> str:
    """As a clerk would type it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
