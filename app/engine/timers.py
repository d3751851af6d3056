"""Instants and spans of timers, as ISO 8601 text. The office's calendar is Asia/Shanghai; every instant is aware."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import N_, DomainError

OFFICE = ZoneInfo("Asia/Shanghai")

_SPAN = re.compile(
    r"P(?=\d|T\d)(?:(?P<years>\d{1,2})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?")
_CYCLE = re.compile(r"R(?P<count>\d{0,3})/(?:(?P<start>\d{4}-[^/]+)/)?(?P<span>P[^/]+)")


class TimerError(DomainError):
    sentence = N_("定时设置无效：%(text)s")


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar span: months are counted on the calendar, the rest is exact."""

    months: int
    exact: timedelta

    def after(self, instant: datetime) -> datetime:
        """The instant this span later. The 31st plus a month is the last day of a shorter month."""
        local = instant.astimezone(OFFICE)
        year, month = divmod(local.year * 12 + local.month - 1 + self.months, 12)
        day = min(local.day, monthrange(year, month + 1)[1])
        return local.replace(year=year, month=month + 1, day=day) + self.exact


@dataclass(frozen=True, slots=True)
class Cycle:
    count: int
    """How often it fires; -1 means without end."""
    start: datetime | None
    span: Span


def as_expression(text: str) -> str:
    """What a timer says, as FEEL: ISO 8601 without quotes, as other programs write it, is a constant."""
    bare = _SPAN.fullmatch(text) or _CYCLE.fullmatch(text) or _DATE.fullmatch(text)
    return f'"{text}"' if bare else text


def read_span(text: object) -> Span:
    """`P10D`, `P1M`, `PT36H` ... Raises TimerError for anything else, for nothing at all and for a negative span."""
    found = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise TimerError(text=text)
    parts = {name: int(value or 0) for name, value in found.groupdict().items()}
    months = parts.pop("years") * 12 + parts.pop("months")
    span = Span(months=months, exact=timedelta(**parts))
    if not months and not span.exact:
        raise TimerError(text=text)
    return span


def read_instant(text: object) -> datetime:
    """`2026-12-01`, `2026-12-01T09:00:00+08:00`; without an offset it is the office's wall clock."""
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        raise TimerError(text=text) from None
    return instant if instant.tzinfo else datetime.combine(instant.date(), instant.time() or time(), OFFICE)


def read_cycle(text: object) -> Cycle:
    """`R/P60D`, `R3/P1D`, `R3/2026-12-01T09:00:00+08:00/P1D`."""
    found = _CYCLE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise TimerError(text=text)
    start = read_instant(found["start"]) if found["start"] else None
    return Cycle(count=int(found["count"]) if found["count"] else -1, start=start, span=read_span(found["span"]))
