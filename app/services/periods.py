"""中止, 恢复 and 延期: what stops the clock of a case, lets it go on, or gives one step more time."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import or_, select

from app.domain.actors import Actor
from app.domain.counted import SUSPENDED_SINCE, Record, due_at, extended, last_day, shifted
from app.domain.deadlines import end_of, office_day, roll
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotFoundError
from app.domain.handling import given
from app.domain.history import Act
from app.domain.periods import ensure_extendable, ensure_extension, ensure_leads
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import TaskStatus
from app.engine import run
from app.extensions import db
from app.law.calendar import legal_calendar
from app.services.command import Command
from app.services.open_steps import ensure_still_open
from app.services.recounting import moved_meanwhile
from app.storage.models import Proceeding, Suspension, Task
from app.storage.proceedings import ensure_not_suspended, get_for_update, get_task_for_update
from app.storage.tasks import roles_at_work
from app.storage.transaction import transaction
from app.storage.visibility import visible_proceedings


def suspend_case(key: str, *, reason: str, basis: str, actor: Actor, now: datetime) -> None:
    """中止: from now on no deadline of the case runs, no timer fires, no step is completed, no message comes in.

    What was due before fires first. Drafts can still be saved, steps taken and handed on. `key` is the number or id.
    Raises NotFoundError, NotAllowedError, ConflictError, InvalidAnswersError: nothing was changed.
    """
    with transaction():
        command = held_by_leader(key, actor, now)
        proceeding = command.proceeding
        if proceeding.suspended_at is not None:
            raise ConflictError(N_("本件已经中止。"))
        reason, basis = given(reason), given(basis, N_("请填写依据。"), at="basis")
        details = {"reason": reason, "basis": basis}
        command.tell(Act.SUSPENDED, proceeding.title, details=details)
        command.record(command.move(run.fire_due), act="suspend", object_="", payload=details)
        db.session.flush()
        if proceeding.status is not ProceedingStatus.RUNNING:
            raise ConflictError(N_("本件已经办结，不能中止。"))
        proceeding.suspended_at = now
        for task in _open_tasks(proceeding):
            if task.due_at is not None and task.due_at > now:
                task.deadline = {**task.deadline, SUSPENDED_SINCE: office_day(now).isoformat()}
                task.due_at = None
        row = Suspension(id=uuid4().hex, proceeding_id=proceeding.id, since=now, reason=reason, basis=basis)
        row.begun_by, row.begun_by_name = actor.person_id, actor.name
        db.session.add(row)


def resume_case(key: str, *, reason: str, actor: Actor, now: datetime) -> int:
    """恢复: deadlines and timers go on, later by the days that the clock stood. Returns those days.

    Days are natural days of the offices; a last day that lands on a day of rest rolls. What counts is the calendar of
    the day on which the case goes on, notices that came meanwhile included. Raises like `suspend_case`.
    """
    with transaction():
        command = held_by_leader(key, actor, now)
        proceeding = command.proceeding
        if proceeding.suspended_at is None:
            raise ConflictError(N_("本件没有中止，不需要恢复。"))
        reason, since = given(reason), office_day(proceeding.suspended_at)
        days = (office_day(now) - since).days
        moved = _let_tasks_go_on(proceeding, days, since=since, until=office_day(now))
        timers = _timers_of(proceeding)
        dues = {task_id: moved.get(due) or _later(due, days) for task_id, due in timers.items()}
        _move_filing_due(command, timers, dues)
        _close_suspension(proceeding, actor, reason, days=days, now=now)
        proceeding.suspended_at = None
        details = {"reason": reason, "days": days}
        command.tell(Act.RESUMED, proceeding.title, details=details)
        command.record(command.move(run.reschedule, dues), act="resume", object_="", payload=details)
        return days


def extend_task(
    task_id: str, *, period: str = "", until: date | None = None, reason: str, actor: Actor, now: datetime
) -> date:
    """延期: give one open step until a later day; a period (ISO) counts from its present last day. Returns the new day.

    A regulation's own deadline is never extended, a statute's only as far as the statute allows. Timers that wait for
    the old end of the step wait for the new one. Raises like `suspend_case`.
    """
    with transaction():
        task, file = get_task_for_update(task_id)
        command = Command(file, actor=actor, now=now)
        _ensure_visible(file.proceeding.id, actor)
        return give_more_time(command, task, period=period, until=until, reason=reason, actor=actor)


def give_more_time(
    command: Command, task: Task, *, period: str = "", until: date | None, reason: str, actor: Actor
) -> date:
    """The act itself, inside a transaction; also the answer to somebody's request for it."""
    now = command.now
    ensure_still_open(task)
    ensure_not_suspended(command.proceeding)
    ensure_leads(actor, frozenset({task.candidate_role}))
    ensure_extendable(task.deadline, today=office_day(now))
    reason = given(reason)
    longer = _longer(task.deadline, period, until, reason=reason, actor=actor, now=now)
    ensure_extension(task.deadline, longer, calendar=legal_calendar())
    _record_extension(command, task, longer, reason=reason)
    task.deadline, task.due_at = longer, due_at(longer)
    return last_day(longer)


def _longer(
    record: Record, period: str, until: date | None, *, reason: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    try:
        return extended(
            record, calendar=legal_calendar(), period=period, until=until, reason=reason, by=actor.name, at=now
        )
    except ValueError:
        unclear = N_("请填写新的届满日（如 2026-11-23）或者延长的期间（如 P5D）。")
        raise InvalidAnswersError({"until": [unclear]}) from None


def _record_extension(command: Command, task: Task, longer: Record, *, reason: str) -> None:
    before, after = due_at(task.deadline), due_at(longer)
    details = {"reason": reason, "old_day": task.deadline["last_day"], "new_day": longer["last_day"]}
    command.tell(Act.EXTENDED, task.name, task=task, clauses=tuple(task.clauses), details=details)
    waiting = command.proceeding.waiting.get("timers", {})
    dues = {task_id: after for task_id, text in waiting.items() if datetime.fromisoformat(text) == before}
    if not dues:
        command.write_evidence(act="extend", object_=task.id, payload=details)
        return
    command.record(command.move(run.reschedule, dues), act="extend", object_=task.id, payload=details)


def held_by_leader(key: str, actor: Actor, now: datetime) -> Command:
    """A command on the locked case, for who may know of it and answers for its time."""
    kinds = (ProceedingKind.CASE, ProceedingKind.PROCEDURE)
    query = select(Proceeding.id).where(
        or_(Proceeding.id == key, Proceeding.number == key), Proceeding.kind.in_(kinds), visible_proceedings(actor)
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    command = Command(get_for_update(found), actor=actor, now=now)
    if command.proceeding.status is not ProceedingStatus.RUNNING:
        raise ConflictError(N_("本件已经办结。"))
    ensure_leads(actor, roles_at_work(command.proceeding.id))
    return command


def _ensure_visible(proceeding_id: str, actor: Actor) -> None:
    query = select(Proceeding.id).where(Proceeding.id == proceeding_id, visible_proceedings(actor))
    if db.session.scalars(query).one_or_none() is None:
        raise NotFoundError


def _open_tasks(proceeding: Proceeding) -> list[Task]:
    query = select(Task).where(Task.proceeding_id == proceeding.id, Task.status == TaskStatus.OPEN).order_by(Task.id)
    return list(db.session.scalars(query))


def _let_tasks_go_on(proceeding: Proceeding, days: int, *, since: date, until: date) -> dict[datetime, datetime]:
    """Give the open steps their deadlines back; returns old and new instants."""
    moved = {}
    for task in _open_tasks(proceeding):
        if SUSPENDED_SINCE not in task.deadline:
            continue
        record = {name: value for name, value in task.deadline.items() if name != SUSPENDED_SINCE}
        longer = shifted(record, days, calendar=legal_calendar(), since=since, until=until) if days else record
        moved[due_at(record)] = due_at(longer)
        task.deadline, task.due_at = longer, due_at(longer)
    return moved


def _timers_of(proceeding: Proceeding) -> dict[str, datetime]:
    """Waiting timers with their instants, as the notices that came during the suspension have moved them."""
    moved = moved_meanwhile(proceeding)
    dues = ((id_, datetime.fromisoformat(text)) for id_, text in proceeding.waiting.get("timers", {}).items())
    return {id_: moved.get(due, due) for id_, due in dues}


def _later(due: datetime, days: int) -> datetime:
    """So many days later. What ends with an office day ends with a working day afterwards too."""
    later = due + timedelta(days=days)
    day = office_day(later)
    return end_of(roll(day, legal_calendar())) if days and due == end_of(office_day(due)) else later


def _move_filing_due(command: Command, timers: Mapping[str, datetime], dues: Mapping[str, datetime]) -> None:
    """The filing period of a case that still runs ends later too."""
    case = command.file.case
    if case is None or case.filing_due is None:
        return
    end = end_of(case.filing_due)
    moved = next((dues[task_id] for task_id, due in timers.items() if due == end), None)
    if moved is not None:
        case.filing_due = office_day(moved)


def _close_suspension(proceeding: Proceeding, actor: Actor, reason: str, *, days: int, now: datetime) -> None:
    query = select(Suspension).where(Suspension.proceeding_id == proceeding.id, Suspension.ended_at.is_(None))
    row = db.session.scalars(query).one()
    row.ended_at, row.end_reason, row.days = now, reason, days
    row.ended_by, row.ended_by_name = actor.person_id, actor.name
