"""Yearly notices on days off: those that the product is delivered with, and files of later ones.

The calendar in force is rows (`storage.calendars`); where nobody has stored any, what is built in applies.
"""

from collections.abc import Callable
from datetime import date
from functools import cache

from chinese_calendar import constants

from app.domain.calendars import CalendarDay, DayKind, LegalCalendar, Notice

BUILT_IN = "chinesecalendar"
"""Source of the notices that the product is delivered with."""
DECEMBER = 12


@cache
def built_in() -> tuple[Notice, ...]:
    """All yearly notices that the library knows, the oldest first."""
    found: dict[int, list[CalendarDay]] = {}
    for days, kind in ((constants.holidays, DayKind.HOLIDAY), (constants.workdays, DayKind.MAKE_UP_WORKDAY)):
        for day, name in days.items():
            found.setdefault(_notice_year(day, name), []).append(CalendarDay(day, kind, _chinese(name)))
    return tuple(
        Notice(year, BUILT_IN, tuple(sorted(days, key=lambda special: special.day)))
        for year, days in sorted(found.items())
    )


def _notice_year(day: date, name: str) -> int:
    """New Year's days in December stand in the notice of the year that begins."""
    return day.year + 1 if day.month == DECEMBER and name == constants.Holiday.new_years_day.value else day.year


def _chinese(name: str) -> str:
    return str(constants.Holiday(name).chinese)


@cache
def built_in_calendar() -> LegalCalendar:
    """The calendar of a product that nobody has told of a later notice."""
    notices = built_in()
    return LegalCalendar(
        years=frozenset(notice.year for notice in notices),
        days={special.day: special for notice in notices for special in notice.days},
    )


_newer: list[Callable[[LegalCalendar], LegalCalendar]] = [lambda known: known]


def use(newer: Callable[[LegalCalendar], LegalCalendar]) -> None:
    """Called once by the application factory: what finds the stored calendar, given the one that is built in."""
    _newer[0] = newer


def legal_calendar() -> LegalCalendar:
    """The calendar as it is now: a value, so whoever counts twice in one act counts alike."""
    return _newer[0](built_in_calendar())
