"""Periods of law and how they are counted: the start day is excluded, a last day of rest rolls forward.

Sources: 民法典 201, 203; 民事诉讼法 85; working days only where a text says so. Days are days of Asia/Shanghai.
"""

import calendar as gregorian
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from app.domain.tasks import SOON_WORKING_DAYS, Lamp

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")


class DayCount(StrEnum):
    CALENDAR = "CALENDAR"
    WORKING = "WORKING"


class DeadlineKind(StrEnum):
    REGULATION = "regulation"
    STATUTE = "statute"
    INTERNAL = "internal"


class Calendar(Protocol):
    def is_working(self, day: date) -> bool: ...

    def covers(self, day: date) -> bool:
        """Whether the yearly notice for that day's year is known; otherwise every answer is provisional."""
        ...


@dataclass(frozen=True, slots=True)
class Deadline:
    """A counted period. `last_day` is inclusive: the act is in time until that day ends."""

    anchor: date
    days: int
    months: int
    day_count: DayCount
    kind: DeadlineKind
    nominal_day: date
    """The last day before rest days are considered."""
    last_day: date
    provisional: bool

    @property
    def rolled(self) -> bool:
        return self.nominal_day != self.last_day

    @property
    def due_at(self) -> datetime:
        return end_of(self.last_day)


_PERIOD = re.compile(r"^(-?)P(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,3})D)?$")


def office_day(moment: datetime) -> date:
    return moment.astimezone(OFFICE_ZONE).date()


def end_of(day: date) -> datetime:
    """The last second of an office day."""
    return datetime.combine(day, time(23, 59, 59), OFFICE_ZONE)


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(0, 0), OFFICE_ZONE)


def parse_period(period: str) -> tuple[int, int]:
    """Months and days of an ISO duration in whole days, both negative when counted backwards. Raises ValueError."""
    match = _PERIOD.match(period)
    if match is None or period in ("P", "-P"):
        raise ValueError(f"not a period in months, weeks and days: {period!r}")
    sign = -1 if match[1] else 1
    return sign * int(match[2] or 0), sign * (7 * int(match[3] or 0) + int(match[4] or 0))


def add_months(day: date, months: int) -> date:
    """The corresponding day; the month's last day where there is none (民法典 202)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def count(
    anchor: date, period: str, *, calendar: Calendar, day_count: DayCount = DayCount.CALENDAR, kind: DeadlineKind
) -> Deadline:
    """The last day of a period that begins at `anchor`, forwards or backwards.

    Forwards a last day of rest rolls to the next working day; backwards (“3 days before”) to the preceding one.
    """
    months, days = parse_period(period)
    nominal = add_months(anchor, months)
    step = -1 if days < 0 or months < 0 else 1
    if day_count is DayCount.WORKING:
        remaining = abs(days)
        while remaining:
            nominal += timedelta(days=step)
            remaining -= calendar.is_working(nominal)
    else:
        nominal += timedelta(days=days)
    last = nominal
    while not calendar.is_working(last):
        last += timedelta(days=step)
    return Deadline(anchor, days, months, day_count, kind, nominal, last, provisional=not calendar.covers(last))


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before."""
    sign, first, last = (1, start, end) if end >= start else (-1, end, start)
    days = (first + timedelta(days=n + 1) for n in range((last - first).days))
    return sign * sum(calendar.is_working(day) for day in days)


def lamp_of(due_at: datetime | None, *, now: datetime, calendar: Calendar) -> tuple[Lamp, int]:
    """The lamp of a deadline and the working days left (or overdue, as a positive number)."""
    if due_at is None:
        return Lamp.NONE, 0
    left = working_days_between(office_day(now), office_day(due_at), calendar)
    if now > due_at:
        return Lamp.OVERDUE, max(1, -left)
    return (Lamp.SOON if left <= SOON_WORKING_DAYS else Lamp.NORMAL), left
