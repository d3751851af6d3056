"""Operations that count a period on the legal calendar, for what a diagram waits for."""

from datetime import date
from typing import TYPE_CHECKING

from app.domain.deadlines import DayCount, DeadlineKind, count, end_of
from app.domain.errors import N_, ConflictError
from app.law.calendar import legal_calendar
from app.services.operations.registry import operation

if TYPE_CHECKING:
    from app.services.command import Command


@operation("dates/last_day", result="date", repeatable=True, anchor="date", period="string", day_count="string")
def last_day(command: "Command", *, anchor: str | None, period: str, day_count: str | None) -> str:
    """The end of the last day of a period as ISO text; a last day of rest rolls forward. The anchor does not count."""
    if not anchor:
        raise ConflictError(N_("没有起算日，无法计算期限。"))
    counted = count(
        date.fromisoformat(anchor[:10]),
        period,
        calendar=legal_calendar(),
        day_count=DayCount(day_count or "CALENDAR"),
        kind=DeadlineKind.INTERNAL,
    )
    return end_of(counted.last_day).isoformat()
