"""The legal calendar: days off and make-up working days of the State Council's yearly notices, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

SATURDAY = 5
_UNSETTLED_FROM = (12, 28)
"""The notice of the following year has moved days from here on (2018-12-29 and -31, 2022-12-31)."""


class DayKind(StrEnum):
    HOLIDAY = "HOLIDAY"
    MAKE_UP_WORKDAY = "MAKE_UP_WORKDAY"
    """A Saturday or Sunday on which offices work: a last day that falls on it does not roll."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that is not what its day of the week says, or a weekend inside a holiday."""

    day: date
    kind: DayKind
    name: str
    """Of the holiday; for a make-up day, of the holiday that it makes up for."""


@dataclass(frozen=True, slots=True)
class LegalCalendar:
    """Days as offices count them. A year without a notice has weekends only, and every count in it is provisional."""

    years: frozenset[int]
    """Years whose notice is known."""
    days: Mapping[date, CalendarDay] = field(default_factory=dict)
    version: int = 0
    """Grows with every import; 0 is what the product was delivered with."""

    def covers(self, day: date) -> bool:
        """Whether every notice that speaks of the day is known. The last days of December wait for the next one."""
        if day.year not in self.years:
            return False
        return (day.month, day.day) < _UNSETTLED_FROM or day.year + 1 in self.years

    def missing_year(self, day: date) -> int | None:
        """The year whose notice the day waits for; None where it is known."""
        if self.covers(day):
            return None
        return day.year if day.year not in self.years else day.year + 1

    def is_working(self, day: date) -> bool:
        special = self.days.get(day)
        if special is not None:
            return special.kind is DayKind.MAKE_UP_WORKDAY
        return day.weekday() < SATURDAY


@dataclass(frozen=True, slots=True)
class Notice:
    """One yearly notice: the days it names, some of them in the December before."""

    year: int
    source: str
    """What to cite, e.g. the number of the notice."""
    days: tuple[CalendarDay, ...]


def with_notice(calendar: LegalCalendar, notice: Notice, *, replaced: frozenset[date]) -> LegalCalendar:
    """The calendar after an import. `replaced` are the days of the notice that it takes the place of."""
    kept = {day: special for day, special in calendar.days.items() if day not in replaced}
    return LegalCalendar(
        years=calendar.years | {notice.year},
        days=kept | {special.day: special for special in notice.days},
        version=calendar.version + 1,
    )
