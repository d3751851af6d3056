"""How a number of a case or paper is written: text of a county with the year and a serial in it, and nothing else."""

import re

_YEAR = re.compile(r"\{year\}")
_SERIAL = re.compile(r"\{serial(?::0(?P<width>[1-9])d)?\}")
LONGEST = 60


def is_format(text: object) -> bool:
    """Whether it holds `{year}` and `{serial}` (or `{serial:03d}`) once each, and no other braces.

    Serials begin anew each year, so that a format without the year would give a number twice.
    """
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST or not text.isprintable():
        return False
    rest, years = _YEAR.subn("", text)
    rest, serials = _SERIAL.subn("", rest)
    return years == serials == 1 and "{" not in rest and "}" not in rest


def number_of(format_: str, *, year: int, serial: int | str) -> str:
    """The number; a `serial` in words (still to be given) stands as it is."""

    def written(found: re.Match[str]) -> str:
        return serial if isinstance(serial, str) else str(serial).zfill(int(found["width"] or 0))

    return _SERIAL.sub(written, _YEAR.sub(str(year), format_))


def shape_of(format_: str) -> str:
    """What two formats have in common that may give the same number one day."""
    return _SERIAL.sub("{serial}", format_)


def reader_of(format_: str) -> re.Pattern[str]:
    """Reads a whole number of that format: groups `year` and `serial`."""
    before, after = (re.escape(part) for part in _SERIAL.split(_YEAR.sub("\0", format_))[:: _SERIAL.groups + 1])
    return re.compile(f"{before}(?P<serial>[0-9]+){after}".replace(re.escape("\0"), "(?P<year>[0-9]{4})"))
