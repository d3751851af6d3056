"""Deadlines as lists and heads show them: shape, word and number of working days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, literal

from app.domain.deadlines import lamp_of, office_day, start_of
from app.domain.tasks import SOON_WORKING_DAYS, Lamp
from app.law.calendar import legal_calendar
from app.storage.models import Task


@dataclass(frozen=True, slots=True)
class LampView:
    lamp: Lamp
    days: int
    """Working days left, or overdue where the lamp is OVERDUE."""
    due_at: datetime | None


def lamp_view(due_at: datetime | None, *, now: datetime) -> LampView:
    lamp, days = lamp_of(due_at, now=now, calendar=legal_calendar())
    return LampView(lamp, days, due_at)


def soon_before(now: datetime) -> datetime:
    """The instant before which a deadline counts as 临期: the start of the first working day beyond the limit."""
    calendar, day, left = legal_calendar(), office_day(now), SOON_WORKING_DAYS + 1
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    return start_of(day)


def lamp_column(now: datetime) -> ColumnElement[str]:
    """The lamp of a task as a column, the same answer as `lamp_of`."""
    return case(
        (Task.due_at.is_(None), literal(Lamp.NONE.value)),
        (Task.due_at < now, literal(Lamp.OVERDUE.value)),
        (Task.due_at < soon_before(now), literal(Lamp.SOON.value)),
        else_=literal(Lamp.NORMAL.value),
    )
