"""Deadlines as lists and heads show them: shape, word and number of working days."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import orjson
from sqlalchemy import ColumnElement, and_, case, literal, or_

from app.domain import counted, deadlines
from app.domain.counted import SUSPENDED_SINCE, Record
from app.domain.deadlines import lamp_of
from app.domain.errors import N_, Sentence
from app.domain.tasks import Lamp
from app.law.calendar import legal_calendar
from app.storage.models import Task


@dataclass(frozen=True, slots=True)
class LampView:
    lamp: Lamp
    days: int
    """Working days left, or overdue where the lamp is OVERDUE."""
    due_at: datetime | None
    explanation: str = ""
    """How it was counted, in one sentence; empty where a list does not say."""

    @property
    def suspended(self) -> bool:
        """The clock stands: there is a deadline, but it does not run."""
        return self.lamp is Lamp.SUSPENDED


def lamp_view(
    due_at: datetime | None, *, now: datetime, record: Record | None = None, suspended: bool = False
) -> LampView:
    """`record` is the task's deadline, for the sentence behind the lamp; it also says whether the clock stands.

    `suspended`: the same of a case as a whole.
    """
    stands = suspended or bool(record and SUSPENDED_SINCE in record)
    lamp, days = lamp_of(due_at, now=now, calendar=legal_calendar(), suspended=stands)
    return LampView(lamp, days, due_at, explanation_of(record))


def explanation_of(record: Record | None) -> str:
    """How a deadline was counted, what kind it is, and whether it waits for a notice."""
    return _explained(orjson.dumps(record)) if record else ""


@lru_cache(maxsize=4096)
def _explained(written: bytes) -> str:
    """Those who open their list all day long find the same deadlines in it."""
    record = orjson.loads(written)
    sentence, waits = counted.in_words(record), counted.provisional_in_words(record)
    return Sentence(N_("%(count)s%(waits)s。"), count=sentence, waits=waits) if waits else sentence


def soon_before(now: datetime) -> datetime:
    """The instant before which a deadline counts as 临期: the start of the first working day beyond the limit."""
    return deadlines.soon_before(now, calendar=legal_calendar())


def lamp_column(now: datetime) -> ColumnElement[str]:
    """The lamp of a task as a column, the same answer as `lamp_of`."""
    return case(
        (Task.due_at < now, literal(Lamp.OVERDUE.value)),
        (Task.deadline[SUSPENDED_SINCE].as_string().is_not(None), literal(Lamp.SUSPENDED.value)),
        (Task.due_at.is_(None), literal(Lamp.NONE.value)),
        (Task.due_at < soon_before(now), literal(Lamp.SOON.value)),
        else_=literal(Lamp.NORMAL.value),
    )


def has_lamp(lamp: Lamp, now: datetime) -> ColumnElement[bool]:
    """Criterion on Task: the same answer as `lamp_column`, as a stretch of the deadlines, so that an index finds it."""
    stands = Task.deadline[SUSPENDED_SINCE].as_string().is_not(None)
    match lamp:
        case Lamp.OVERDUE:
            return Task.due_at < now
        case Lamp.SUSPENDED:
            return and_(stands, or_(Task.due_at.is_(None), Task.due_at >= now))
        case Lamp.NONE:
            return and_(Task.due_at.is_(None), ~stands)
        case Lamp.SOON:
            return and_(Task.due_at >= now, Task.due_at < soon_before(now), ~stands)
    return and_(Task.due_at >= soon_before(now), ~stands)
