"""Reading spreadsheets from anybody: the only place that does, in a process of its own with limits."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).with_name("sheet_rows.py")
PATIENCE = 15.0
"""Seconds for one file, by the clock on the wall."""
UNREADABLE = 3
"""What the program ends with for it (its own constant of that name)."""


class UnreadableSheetError(ValueError):
    """The file is no spreadsheet; its text says why."""


class VastSheetError(ValueError):
    """Reading it takes more time or memory than any table that people make."""


def rows_of(content: bytes, *, most: int, used_alone: bool) -> list[list[str]]:
    """The first rows of the first sheet, cells as a clerk would type them; `used_alone` leaves out empty rows and
    columns before the first cell.

    Raises UnreadableSheetError, VastSheetError.
    """
    command = [sys.executable, "-I", str(PROGRAM), str(most), "used" if used_alone else "whole"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise VastSheetError from None
    if done.returncode == UNREADABLE:
        raise UnreadableSheetError(done.stderr.decode("utf-8", "replace"))
    if done.returncode != 0:
        raise VastSheetError
    rows: list[list[str]] = json.loads(done.stdout)
    return rows
