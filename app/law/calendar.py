"""Working days of the State Council's yearly notices, from chinesecalendar; other years are provisional."""

from datetime import date
from functools import cache

import chinese_calendar

SATURDAY = 5


class LegalCalendar:
    """Statutory holidays and make-up working days. A year without a notice counts weekends only, and says so."""

    first_year = 2004

    def __init__(self) -> None:
        self._last_year: int = max(day.year for day in chinese_calendar.holidays)

    def covers(self, day: date) -> bool:
        return self.first_year <= day.year <= self._last_year

    def is_working(self, day: date) -> bool:
        if self.covers(day):
            working: bool = chinese_calendar.is_workday(day)
            return working
        return day.weekday() < SATURDAY


@cache
def legal_calendar() -> LegalCalendar:
    return LegalCalendar()
