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
    return end_of(counted(anchor, period, day_count=day_count, kind=DeadlineKind.INTERNAL)).isoformat()


def counted(anchor: str, period: str, *, day_count: str | None = None, kind: DeadlineKind) -> date:
    """The last day of a period that a diagram states. Raises ConflictError for what is no day, period or count."""
    try:
        begin, days = date.fromisoformat(anchor[:10]), DayCount(day_count or DayCount.CALENDAR)
        return count(begin, period, calendar=legal_calendar(), day_count=days, kind=kind).last_day
    except ValueError:
        sentence = N_("不能从“%(anchor)s”起算期间“%(period)s”：日期应如 2026-03-02，期间应如 P3D、P1M、P1Y。")
        raise ConflictError(sentence, anchor=anchor[:20], period=period[:20]) from None
