"""A day as clerks and courts write it: 2026-03-05, 2026/3/5, 2026.3.5 or 2026年3月5日, in digits of either width."""

import re
import unicodedata
from datetime import date

WRITTEN_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
"""Pattern with year, month and day as groups, for what a day is a part of."""
_WHOLE = re.compile(WRITTEN_DAY)


def read_day(text: str) -> date | None:
    """The day that a text names; None where it names none, such as the 31st of a short month."""
    found = _WHOLE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
