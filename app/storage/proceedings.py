"""Proceedings: fetched under their lock, and written from an advance by `record_advance` alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, inspect, select, update
from sqlalchemy.orm import aliased

from app.domain.advance import Advance
from app.domain.errors import N_, ConflictError, NotFoundError
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage import subscriptions, surroundings
from app.storage.loading import columns_of, known, lock_of
from app.storage.models import (
    Case,
    CaseSubject,
    IncidentRow,
    Meeting,
    OutboxRow,
    Procedure,
    Proceeding,
    Task,
    TaskDraft,
    TimerRow,
)
from app.storage.prepared import Prepared
from app.storage.surroundings import Surroundings, facts_by_scope


@dataclass(frozen=True, slots=True)
class File:
    """A proceeding under its lock, with the core facts of its kind."""

    proceeding: Proceeding
    case: Case | None
    meeting: Meeting | None
    procedure: Procedure | None = None
    about: "About | None" = None
    """What a further procedure is about, without its lock."""


@dataclass(frozen=True, slots=True)
class About:
    """The case that a further procedure is about, its facts by scope and name, and the subject if it is about one."""

    file: File
    facts: Mapping[str, Mapping[str, Any]]
    subject: CaseSubject | None
    fact_rows: Sequence[Any] = ()
    """The facts as they came."""


def get_for_update(proceeding_id: str) -> File:
    """Raises NotFoundError. Everything that belongs to the proceeding is locked until the commit."""
    (proceeding,) = _BY_ID.rows(proceeding_id)
    return _file_of(proceeding)


def get_case_for_update(proceeding_id: str) -> File:
    """The same of a proceeding that is a case, in one statement."""
    proceeding, case = _WITH_CASE.rows(proceeding_id)
    return File(proceeding, case, None)


def get_file(proceeding_id: str) -> File:
    """The same without the lock, for what is only read. Raises NotFoundError."""
    proceeding = db.session.get(Proceeding, proceeding_id)
    if proceeding is None:
        raise NotFoundError
    return _file_of(proceeding)


def _file_of(proceeding: Proceeding) -> File:
    query = _core(db.session.get_bind().dialect.name, proceeding.kind)
    found = db.session.execute(query, {"id": proceeding.id}, execution_options=_AFRESH).one()
    return _as_file(proceeding, found)


_Parent, _ParentCase = aliased(Proceeding), aliased(Case)
# Their columns are made on first use, and two threads that do so at once get two sets that do not know each other.
_ = inspect(_Parent).selectable.c, inspect(_ParentCase).selectable.c


def _built_once(query: Select[Any]) -> Select[Any]:
    """A statement that is kept, with the key under which SQLAlchemy keeps its text: it would make one at each run."""
    key = query._generate_cache_key()
    setattr(query, "_generate_cache_key", lambda: key)  # noqa: B010  (the library's own name, asked of each statement)
    return query


@cache
def _core(_dialect: str, kind: ProceedingKind) -> Select[Any]:
    return _built_once(_core_of(kind))


def _core_of(kind: ProceedingKind) -> Select[Any]:
    """The core facts of a proceeding, and what it is about: the columns that `_as_file` reads.

    Statements of every command are built once for each kind of database: building one takes longer than answering it.
    """
    if kind is not ProceedingKind.PROCEDURE:
        core: type[Case | Meeting] = Case if kind is ProceedingKind.CASE else Meeting
        joined = select(core).select_from(Proceeding).outerjoin(core, core.proceeding_id == Proceeding.id)
        return joined.where(Proceeding.id == bindparam("id"))
    parent_facts = surroundings.facts_column(Procedure.__table__.c.parent_id)
    return (
        select(Case, Meeting, Procedure, _Parent, _ParentCase, CaseSubject, parent_facts)
        .select_from(Proceeding)
        .outerjoin(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Meeting, Meeting.proceeding_id == Proceeding.id)
        .outerjoin(Procedure, Procedure.proceeding_id == Proceeding.id)
        .outerjoin(_Parent, _Parent.id == Procedure.parent_id)
        .outerjoin(_ParentCase, _ParentCase.proceeding_id == Procedure.parent_id)
        .outerjoin(CaseSubject, CaseSubject.id == Procedure.subject_id)
        .where(Proceeding.id == bindparam("id"))
    )


def _as_file(proceeding: Proceeding, found: Sequence[Any]) -> File:
    if proceeding.kind is ProceedingKind.CASE:
        return File(proceeding, found[0], None)
    if proceeding.kind is ProceedingKind.MEETING:
        return File(proceeding, None, found[0])
    case, meeting, procedure, parent, parent_case, subject, stated = found
    if parent is None:
        return File(proceeding, case, meeting, procedure, None)
    about = About(File(parent, parent_case, None), facts_by_scope(stated), subject, stated or ())
    return File(proceeding, case, meeting, procedure, about)


@dataclass(frozen=True, slots=True)
class HeldTask:
    """A task under its proceeding's lock, with what a command on it must know."""

    task: Task
    file: File
    drafts: bool
    """Whether anybody has saved a draft of it."""
    surroundings: Surroundings


def get_task_for_update(task_id: str) -> tuple[Task, File]:
    """A task with its proceeding locked. Raises NotFoundError."""
    held = hold_task(task_id)
    return held.task, held.file


Asks = Callable[[Proceeding, Task], bool]
"""Whether a step makes papers, and so asks for the past besides."""


def hold_task(task_id: str, *, asks: Asks | None = None) -> HeldTask:
    """A task with its proceeding locked, and what surrounds it, in two statements. Raises NotFoundError."""
    proceeding, task = _WITH_TASK.rows(task_id)
    offices = surroundings.kept_offices(proceeding.county_id)
    wanted = _Wanted(with_offices=offices is None, with_past=asks is not None and asks(proceeding, task))
    values = {"id": proceeding.id, "task": task_id}
    if proceeding.kind is ProceedingKind.PROCEDURE:
        query = _around(db.session.get_bind().dialect.name, wanted)
        found: Sequence[Any] = db.session.execute(query, values, execution_options=_AFRESH).one()
        core, rest = found[:_CORE_OF_PROCEDURE], found[_CORE_OF_PROCEDURE:]
    else:
        kind = _CORES[proceeding.kind]
        (found,) = _around_core(proceeding.kind, wanted).rows(values)
        width = len(columns_of(kind))
        core, rest = [known(kind, found[:width])], found[width:]
    drafts, *surrounding = rest
    file, past = _as_file(proceeding, core), None
    if wanted.with_past:
        *surrounding, papers, subjects = surrounding
        past = surroundings.past_of(papers, subjects)
    return HeldTask(task, file, drafts, surroundings.of(proceeding, surrounding, kept=offices, past=past))


_AFRESH = {"populate_existing": True}
_CORES: dict[ProceedingKind, type[Case | Meeting]] = {ProceedingKind.CASE: Case, ProceedingKind.MEETING: Meeting}


_CORE_OF_PROCEDURE = 7
"""Columns and objects that `_core_of` reads of a further procedure."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a statement reads beside the core facts."""

    with_offices: bool
    """Those of the county, where this process does not know them."""
    with_past: bool


@cache
def _around(_dialect: str, wanted: _Wanted) -> Select[Any]:
    """The core facts of a further procedure, whether the task has a draft, and what surrounds a command."""
    subjects_of = Procedure.__table__.c.parent_id
    return _built_once(_core_of(ProceedingKind.PROCEDURE).add_columns(*_beside(wanted, subjects_of)))


def _beside(wanted: _Wanted, subjects_of: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    rows = Proceeding.__table__.c
    drafts = exists().where(TaskDraft.task_id == bindparam("task"))
    past = surroundings.past_columns(rows.id, subjects_of) if wanted.with_past else ()
    return (drafts, *surroundings.columns(rows.id, rows.county_id, with_offices=wanted.with_offices), *past)


@cache
def _around_core(kind: ProceedingKind, wanted: _Wanted) -> Prepared:
    """The same for a case or meeting."""
    core, rows = _CORES[kind].__table__, Proceeding.__table__
    return Prepared(
        lambda _dialect: (
            select(*columns_of(_CORES[kind]), *_beside(wanted, rows.c.id))
            .select_from(rows.outerjoin(core, core.c.proceeding_id == rows.c.id))
            .where(rows.c.id == bindparam("id"))
        )
    )


_PROCEEDING, _TASK, _CASE = (table.__table__.c for table in (Proceeding, Task, Case))
_BY_ID = lock_of(_PROCEEDING.id == bindparam("id"))
_WITH_CASE = lock_of(_CASE.proceeding_id == _PROCEEDING.id, _PROCEEDING.id == bindparam("id"), more=(Case,))
_WITH_TASK = lock_of(_PROCEEDING.id == _TASK.proceeding_id, _TASK.id == bindparam("id"), more=(Task,))


def record_advance(
    proceeding: Proceeding,
    advance: Advance,
    *,
    tasks: Sequence[Task],
    outbox: Sequence[OutboxRow],
    now: datetime,
) -> None:
    """Make the tables say what the engine says: the single writer of state, tasks, timers, subscriptions and incidents.

    `tasks` are the rows of `advance.opened`, where the session is to write them. Only differences against
    `proceeding.waiting` are written.
    """
    if advance.requests or not advance.state:
        raise ValueError("an advance that waits for operations is never saved")
    ensure_not_suspended(proceeding)
    proceeding.state = advance.state
    if advance.completed and proceeding.status is ProceedingStatus.RUNNING:
        proceeding.status = ProceedingStatus.CLOSED
        proceeding.closed_at = now
    db.session.add_all(tasks)
    db.session.add_all(outbox)
    _withdraw(advance, now)
    waiting = dict(proceeding.waiting)
    _write_timers(proceeding, advance, waiting)
    subscriptions.write(proceeding, advance, waiting, at=now)
    _write_incidents(proceeding, advance, waiting, now)
    proceeding.waiting = waiting


def ensure_not_suspended(proceeding: Proceeding) -> None:
    """Raises ConflictError: a suspended proceeding moves for nobody until it is resumed."""
    if proceeding.suspended_at is not None:
        raise ConflictError(N_("本件已中止，恢复后才能继续办理。已填写的内容可以先保存草稿。"))


def _withdraw(advance: Advance, now: datetime) -> None:
    withdrawn = [task.id for task in advance.closed if not task.completed]
    if withdrawn:
        db.session.execute(
            update(Task)
            .where(Task.id.in_(withdrawn), Task.status == TaskStatus.OPEN)
            .values(status=TaskStatus.WITHDRAWN, completed_at=now)
        )
        db.session.execute(delete(TaskDraft).where(TaskDraft.task_id.in_(withdrawn)))  # nobody can see them any more


def _write_timers(proceeding: Proceeding, advance: Advance, waiting: dict[str, Any]) -> None:
    then, now = waiting.get("timers", {}), {timer.task_id: timer.due_at.isoformat() for timer in advance.timers}
    if then == now:
        return
    changed = {timer.task_id: timer for timer in advance.timers if then.get(timer.task_id) != now[timer.task_id]}
    gone = [task_id for task_id in then if task_id not in now or task_id in changed]
    if gone:
        db.session.execute(delete(TimerRow).where(TimerRow.engine_task_id.in_(gone)))
    db.session.add_all(
        TimerRow(engine_task_id=timer.task_id, proceeding_id=proceeding.id, step_id=timer.step_id, due_at=timer.due_at)
        for timer in changed.values()
    )
    waiting["timers"] = now


def _write_incidents(proceeding: Proceeding, advance: Advance, waiting: dict[str, Any], at: datetime) -> None:
    then, now = set(waiting.get("incidents", ())), {incident.task_id for incident in advance.incidents}
    if then == now:
        return
    if then - now:
        db.session.execute(delete(IncidentRow).where(IncidentRow.engine_task_id.in_(then - now)))
    db.session.add_all(
        IncidentRow(
            engine_task_id=incident.task_id,
            proceeding_id=proceeding.id,
            process_key=incident.process_key,
            step_id=incident.step_id,
            name=incident.name,
            sentence=incident.sentence,
            values=dict(incident.values),
            detail=incident.detail,
            since=at,
        )
        for incident in advance.incidents
        if incident.task_id not in then
    )
    waiting["incidents"] = sorted(now)
