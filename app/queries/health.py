"""Whether the parts of the system live, and its figures for the monitor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.domain.deadlines import office_day
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.queries import calendars
from app.storage import calendars as stored_calendar
from app.storage import file_orders, journal, notifications
from app.storage.models import IncidentRow, JournalCheck, OutboxRow, Proceeding, Task, TimerRow, WorkerBeat
from app.storage.outbox import OVER
from app.storage.transaction import ping
from app.storage.visibility import IS_OPEN

WORKER_SILENT = timedelta(seconds=90)
"""A worker that has not said anything for this long counts as dead."""


@dataclass(frozen=True, slots=True)
class WorkerState:
    seen_at: datetime | None
    alive: bool


def database_answers() -> bool:
    try:
        ping()
    except SQLAlchemyError:
        return False
    return True


def worker_state(now: datetime) -> WorkerState:
    """The youngest heartbeat of any worker."""
    seen_at = db.session.scalar(select(func.max(WorkerBeat.seen_at)))
    return WorkerState(seen_at, seen_at is not None and now - seen_at <= WORKER_SILENT)


@dataclass(frozen=True, slots=True)
class ClockState:
    behind: timedelta
    """How much less the clock shows than the last act."""
    sound: bool
    """Otherwise no timer fires."""


def clock_state(now: datetime) -> ClockState:
    behind = journal.behind(now)
    return ClockState(behind, behind <= journal.WENT_BACK)


@dataclass(frozen=True, slots=True)
class Figures:
    proceedings: Mapping[tuple[str, str], int]
    """By kind and status."""
    open_tasks: int
    late_tasks: int
    incidents: int
    timers_due: int
    years_missing: int
    """Years whose notice on days off should be known and is not."""
    provisional: int
    """Open steps whose deadline waits for such a notice."""
    outbox: Mapping[str, int]
    """By status; done rows are not counted."""
    deliveries: Mapping[str, int]
    """Messages to people outside, the same."""
    files: Mapping[str, int]
    """Files that are to be made, the same."""
    journal_breaks: int
    """Found by the last verification of the journal."""


def _timers_due(now: datetime) -> Any:
    """Timers that should have fired; those of a suspended proceeding wait with it."""
    return (
        select(func.count())
        .select_from(TimerRow)
        .join(Proceeding, Proceeding.id == TimerRow.proceeding_id)
        .where(TimerRow.due_at < now, Proceeding.suspended_at.is_(None))
    )


def figures(now: datetime) -> Figures:
    stored_calendar.look()  # nobody has asked who reads the figures, so nothing else has brought its version along
    by_kind = db.session.execute(
        select(Proceeding.kind, Proceeding.status, func.count()).group_by(Proceeding.kind, Proceeding.status)
    )
    outbox = db.session.execute(
        select(OutboxRow.status, func.count()).where(OutboxRow.status.not_in(OVER)).group_by(OutboxRow.status)
    )
    return Figures(
        proceedings={(ProceedingKind(kind).value, status.value): number for kind, status, number in by_kind},
        open_tasks=db.session.scalar(select(func.count()).select_from(Task).where(IS_OPEN)) or 0,
        late_tasks=db.session.scalar(select(func.count()).select_from(Task).where(IS_OPEN, Task.due_at < now)) or 0,
        incidents=db.session.scalar(select(func.count()).select_from(IncidentRow)) or 0,
        timers_due=db.session.scalar(_timers_due(now)) or 0,
        years_missing=len(calendars.missing_years(office_day(now))),
        provisional=calendars.provisional_tasks(None),
        outbox={"PENDING": 0, "DEAD": 0} | dict(outbox.all()),
        deliveries=notifications.queue(),
        files=file_orders.queue(),
        journal_breaks=db.session.scalar(_last_check()) or 0,
    )


def _last_check() -> Any:
    checks = select(JournalCheck.found).where(JournalCheck.done_at.is_not(None))
    return checks.order_by(JournalCheck.done_at.desc()).limit(1)
