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
    """What counting asks of a legal calendar; `app.domain.calendars.LegalCalendar` answers it."""

    def is_working(self, day: date) -> bool: ...

    def missing_year(self, day: date) -> int | None:
        """The year whose notice the answer for that day waits for; None where it is settled."""
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
    waits_for: int | None
    """The first year whose notice is not known and may change the count."""

    @property
    def provisional(self) -> bool:
        return self.waits_for is not None

    @property
    def rolled(self) -> bool:
        return self.nominal_day != self.last_day

    @property
    def backwards(self) -> bool:
        """Counted before an event, not from one."""
        return self.days < 0 or self.months < 0

    @property
    def due_at(self) -> datetime:
        return end_of(self.last_day)


_PERIOD = re.compile(r"^(-?)P(?:(\d{1,2})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,3})D)?$")


def office_day(moment: datetime) -> date:
    return moment.astimezone(OFFICE_ZONE).date()


def end_of(day: date) -> datetime:
    """The last second of an office day."""
    return datetime.combine(day, time(23, 59, 59), OFFICE_ZONE)


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(0, 0), OFFICE_ZONE)


def parse_period(period: str) -> tuple[int, int]:
    """Months (of a year twelve) and days of an ISO duration in whole days, both negative when counted backwards.

    Raises ValueError.
    """
    match = _PERIOD.match(period)
    if match is None or period in ("P", "-P"):
        raise ValueError(f"not a period in years, months, weeks and days: {period!r}")
    sign, (years, months, weeks, days) = -1 if match[1] else 1, (int(part or 0) for part in match.groups()[1:])
    return sign * (12 * years + months), sign * (7 * weeks + days)


def add_months(day: date, months: int) -> date:
    """The corresponding day; the month's last day where there is none (民法典 202)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def count(
    anchor: date, period: str, *, calendar: Calendar, day_count: DayCount = DayCount.CALENDAR, kind: DeadlineKind
) -> Deadline:
    """The last day of a period that begins at `anchor`, forwards or backwards. The day of the anchor does not count.

    A last day of rest rolls to the next working day (民法典 203); counted before an event (“3天前”) to the preceding
    one, so that the other side never has less time than the text gives. A make-up working Saturday is a working day:
    nothing rolls off it. Months end on the corresponding day, or the month's last day where there is none (民法典 202).
    """
    months, days = parse_period(period)
    step = -1 if days < 0 or months < 0 else 1
    start = add_months(anchor, months)
    nominal = _working(start, abs(days), step, calendar) if day_count is DayCount.WORKING else start + timedelta(days)
    last = roll(nominal, calendar, step=step)
    first = start if day_count is DayCount.WORKING and days else nominal
    missing = (calendar.missing_year(day) for day in _span(first, last))
    waits_for = next((year for year in missing if year is not None), None)
    return Deadline(anchor, days, months, day_count, kind, nominal, last, waits_for)


def _working(start: date, days: int, step: int, calendar: Calendar) -> date:
    day = start
    while days:
        day += timedelta(days=step)
        days -= calendar.is_working(day)
    return day


def roll(day: date, calendar: Calendar, *, step: int = 1) -> date:
    """The day itself, or the nearest working day after it (`step` 1) or before it (-1)."""
    while not calendar.is_working(day):
        day += timedelta(days=step)
    return day


def _span(one: date, other: date) -> tuple[date, ...]:
    """Enough days between the two to meet every year and every December's end: its ends, and 31 December between."""
    first, last = min(one, other), max(one, other)
    ends = (date(year, 12, 31) for year in range(first.year, last.year + 1))
    return (first, *(day for day in ends if first <= day <= last), last)


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before."""
    sign, first, last = (1, start, end) if end >= start else (-1, end, start)
    days = (first + timedelta(days=n + 1) for n in range((last - first).days))
    return sign * sum(calendar.is_working(day) for day in days)


def soon_before(now: datetime, *, calendar: Calendar) -> datetime:
    """The instant before which a deadline counts as 临期: the start of the first working day beyond the limit."""
    day, left = office_day(now), SOON_WORKING_DAYS + 1
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    return start_of(day)


def lamp_of(due_at: datetime | None, *, now: datetime, calendar: Calendar, suspended: bool = False) -> tuple[Lamp, int]:
    """The lamp of a deadline and the working days left (or overdue, as a positive number).

    `suspended`: the clock stands (中止). What was overdue before stays so. `lamp_column` says the same in SQL.
    """
    if suspended and (due_at is None or now <= due_at):
        return Lamp.SUSPENDED, 0
    if due_at is None:
        return Lamp.NONE, 0
    left = working_days_between(office_day(now), office_day(due_at), calendar)
    if now > due_at:
        return Lamp.OVERDUE, max(1, -left)
    return (Lamp.SOON if left <= SOON_WORKING_DAYS else Lamp.NORMAL), left
