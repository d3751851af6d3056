"""A notice on days off came: what was counted without it is counted again, and every moved day is told."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.calendars import LegalCalendar
from app.domain.counted import due_at, last_day, recounted, with_recount
from app.domain.errors import N_
from app.domain.history import Act
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.engine import run
from app.extensions import db
from app.services.command import Command
from app.services.dates import dates_of
from app.storage.models import Case, Proceeding, Task
from app.storage.proceedings import get_for_update

MOVED = "moved"
"""In what a suspended proceeding waits for: instants that a notice has moved meanwhile, the old one -> the new one."""
AFFECTED_SPAN = timedelta(days=60)
"""A filing period that touches a day ends at most this much later: period, appeal period and the longest holiday."""


def affected(after: LegalCalendar, *, since: date) -> list[str]:
    """Ids of running proceedings with something that the calendar may count differently, in one order for all."""
    tasks = select(Task.proceeding_id, Task.deadline).where(Task.status == TaskStatus.OPEN)
    found = {
        proceeding_id
        for proceeding_id, record in db.session.execute(tasks)
        if record and recounted(record, after) != {**record, "changes": list(record.get("changes", ()))}
    }
    cases = (
        select(Case.proceeding_id)
        .join(Proceeding, Proceeding.id == Case.proceeding_id)
        .where(Proceeding.status == ProceedingStatus.RUNNING)
        .where((Case.filing_due >= since) | (Case.effective_date >= since - AFFECTED_SPAN))
    )
    return sorted(found | set(db.session.scalars(cases)))


def recount(
    ids: Iterable[str],
    *,
    before: LegalCalendar,
    after: LegalCalendar,
    year: int,
    actor: Actor | None,
    now: datetime,
) -> int:
    """Count the deadlines of these proceedings again, inside the open transaction. Returns how many days moved."""
    return sum(_recount_one(proceeding_id, before, after, year, actor, now) for proceeding_id in ids)


def _recount_one(
    proceeding_id: str, before: LegalCalendar, after: LegalCalendar, year: int, actor: Actor | None, now: datetime
) -> int:
    command = Command(get_for_update(proceeding_id), actor=actor, now=now)
    moved = {**_recount_tasks(command, after, year), **_recount_case(command, before, after, year)}
    _move_timers(command, moved)
    return len(moved)


def _recount_tasks(command: Command, after: LegalCalendar, year: int) -> dict[datetime, datetime]:
    """Old and new instants of the deadlines that moved."""
    query = select(Task).where(Task.proceeding_id == command.proceeding.id, Task.status == TaskStatus.OPEN)
    moved = {}
    for task in db.session.scalars(query.order_by(Task.id)):
        if not task.deadline:
            continue
        old, new = task.deadline, recounted(task.deadline, after)
        if last_day(new) != last_day(old):
            new = with_recount(new, old, year=year, at=command.now)
            moved[due_at(old)] = due_at(new)
            details = {"old_day": old["last_day"], "new_day": new["last_day"], "year": year}
            command.tell(Act.RECOUNTED, task.name, task=task, clauses=tuple(task.clauses), details=details)
        task.deadline = new
        if task.due_at is not None:  # a suspended step has none until it goes on
            task.due_at = due_at(new)
    return moved


def _recount_case(command: Command, before: LegalCalendar, after: LegalCalendar, year: int) -> dict[datetime, datetime]:
    """The case's own dates: when its document takes effect, and until when it must be filed."""
    case = command.file.case
    if case is None or case.served_date is None or (case.filing_due is None and case.effective_date is None):
        return {}
    stated = case.effective_date
    if not command.facts[""].get("effective_date"):  # a person's correction stands; what was computed does not
        case.effective_date = None
    old, new = dates_of(command, before), dates_of(command, after)
    case.effective_date = stated
    if stated != old.effective_date or new == old:
        return {}
    case.effective_date = new.effective_date
    if case.filing_due is not None and case.filing_due == old.filing_due and new.filing_due is not None:
        if new.filing_due != old.filing_due:
            details = {"old_day": case.filing_due.isoformat(), "new_day": new.filing_due.isoformat(), "year": year}
            command.tell(Act.RECOUNTED, N_("报送备案期限"), details=details, by_system=command.actor is None)
        case.filing_due = new.filing_due
    pairs = ((old.instants[name], new.instants[name]) for name in old.instants if name.endswith("_at"))
    return {
        datetime.fromisoformat(one): datetime.fromisoformat(other)
        for one, other in pairs
        if one and other and one != other
    }


def _move_timers(command: Command, moved: dict[datetime, datetime]) -> None:
    """Timers that wait for an instant that moved wait for the new one; a suspended proceeding's from its resumption."""
    proceeding = command.proceeding
    waiting = proceeding.waiting.get("timers", {}) if proceeding.suspended_at is None else {}
    if proceeding.suspended_at is not None and moved:
        _remember(proceeding, moved)
    instants = {task_id: datetime.fromisoformat(text) for task_id, text in waiting.items()}
    dues = {task_id: moved[instant] for task_id, instant in instants.items() if instant in moved}
    payload = {"moved": sorted([one.isoformat(), other.isoformat()] for one, other in moved.items())}
    if not dues:
        command.write_evidence(act="recount", object_="", payload=payload)
        return
    command.record(command.move(run.reschedule, dues), act="recount", object_="", payload=payload)


def _remember(proceeding: Proceeding, moved: Mapping[datetime, datetime]) -> None:
    """Keep what moved for a suspended proceeding, whose timers stand: an instant that moves twice is followed."""
    told = {one.isoformat(): other.isoformat() for one, other in moved.items()}
    before: dict[str, str] = proceeding.waiting.get(MOVED, {})
    followed = {one: told.get(other, other) for one, other in before.items()}
    proceeding.waiting = {**proceeding.waiting, MOVED: {**told, **followed}}


def moved_meanwhile(proceeding: Proceeding) -> dict[datetime, datetime]:
    """Old and new instants of what notices moved while the proceeding was suspended; forgotten by asking."""
    waiting = dict(proceeding.waiting)
    moved = waiting.pop(MOVED, {})
    proceeding.waiting = waiting
    return {datetime.fromisoformat(one): datetime.fromisoformat(other) for one, other in moved.items()}
