"""运维: what technical administrators see: numbers and steps of every county, and nothing of the business."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select

from app.domain.actors import Actor
from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import N_, NotFoundError
from app.domain.interventions import InterventionKind, InterventionStatus, ensure_may_operate, may_operate
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries.drawings import places_of, process_name
from app.queries.health import WORKER_SILENT, clock_state
from app.storage import file_orders, notifications, unfit_holders
from app.storage.models import (
    County,
    Delivery,
    FileOrder,
    IncidentRow,
    Intervention,
    OutboxRow,
    Proceeding,
    SubscriptionRow,
    Task,
    TimerRow,
    WorkerBeat,
)
from app.storage.outbox import DEAD, PENDING
from app.storage.releases import files_of

MOST = 100
"""Lines of a list that the page shows."""
LATE = timedelta(minutes=10)
"""A timer that should have fired so long ago is stuck."""
IDLE = N_("没有任何待办和等待")
OVERDUE = N_("定时到期而没有执行")
NOBODY = N_("没有人担任办理岗位")
"""Why a proceeding does not go on."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A proceeding that somebody technical should look at."""

    proceeding_id: str
    number: str
    county: str
    process: str
    """Name of the process (message id)."""
    step: str
    """Name of the step (message id); empty where it is the proceeding as a whole."""
    since: datetime
    sentence: str = ""
    """Why it does not go on, with what it says about the business left out (message id)."""
    technical: str = ""
    """Of a held step: the kind of failure."""
    engine_task_id: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    id: str
    number: str
    """Of the proceeding that it is about; empty where it is about none."""
    kind: str
    name: str
    attempts: int
    error: str
    """The kind of failure; what follows might tell an address."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UnmadeFile:
    """A PDF or package whose tries ran out."""

    id: str
    number: str
    kind: str
    """PDF or ARCHIVE."""
    attempts: int
    error: str
    """The kind of failure; a refusal's own sentence may name a paper."""
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class Worker:
    name: str
    seen_at: datetime
    alive: bool


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    """Message id."""
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class InterventionLine:
    id: str
    proceeding_id: str
    number: str
    kind: InterventionKind
    status: InterventionStatus
    from_name: str
    to_name: str
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    note: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Operations:
    incidents: tuple[Stuck, ...]
    stuck: tuple[Stuck, ...]
    """Wait for nothing, for an instant that has passed, or for somebody whom the county has not."""
    suspended: tuple[Stuck, ...]
    letters: tuple[Letter, ...]
    files: tuple[UnmadeFile, ...]
    workers: tuple[Worker, ...]
    queues: tuple[Queue, ...]
    asked: tuple[InterventionLine, ...]
    decided: tuple[InterventionLine, ...]
    clock_behind: timedelta
    """How much less the clock shows than the last act."""

    @property
    def sound(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.incidents or self.stuck or self.letters or self.files or self.asked)


def operations(actor: Actor, *, now: datetime) -> Operations:
    """Raises NotFoundError for everybody but technical administrators."""
    ensure_may_operate(actor)
    return Operations(
        incidents=_incidents(),
        stuck=_stuck(now),
        suspended=_suspended(),
        letters=_letters(),
        files=_files(),
        workers=_workers(now),
        queues=_queues(now),
        asked=_interventions(actor, Intervention.status == InterventionStatus.ASKED),
        decided=_interventions(actor, Intervention.status != InterventionStatus.ASKED),
        clock_behind=clock_state(now).behind,
    )


_HEAD = (Proceeding.id, Proceeding.number, County.name.label("county"), Proceeding.release_id, Proceeding.process_key)
_RUNNING = Proceeding.status == ProceedingStatus.RUNNING


def _heads(*columns: Any) -> Any:
    return select(*_HEAD, *columns).join(County, County.id == Proceeding.county_id).limit(MOST)


def _line(row: Any, *, step: str, since: datetime, **more: str) -> Stuck:
    process = process_name(row.release_id, row.process_key)
    return Stuck(row.id, row.number, row.county, process, step, since, **more)


def _incidents() -> tuple[Stuck, ...]:
    query = _heads(IncidentRow).join(IncidentRow, IncidentRow.proceeding_id == Proceeding.id)
    return tuple(
        _line(
            row,
            step=row.IncidentRow.name,
            since=row.IncidentRow.since,
            sentence=without_business(row.IncidentRow.sentence, row.IncidentRow.values),
            technical=row.IncidentRow.detail.partition(":")[0][:80],
            engine_task_id=row.IncidentRow.engine_task_id,
        )
        for row in db.session.execute(query.order_by(IncidentRow.since, IncidentRow.engine_task_id))
    )


def without_business(sentence: str, values: Mapping[str, Any]) -> str:
    """Why a step is held; what was filled in there is left out, it may be a name."""
    return sentence % dict.fromkeys(values, "…") if values else sentence


def _stuck(now: datetime) -> tuple[Stuck, ...]:
    """Running ones that wait for nobody and nothing, whose instant has passed, or whose step nobody can do."""
    awaits = [
        exists(select(table.proceeding_id).where(table.proceeding_id == Proceeding.id).correlate(Proceeding))
        for table in (TimerRow, SubscriptionRow, IncidentRow)
    ]
    is_open = (Task.proceeding_id == Proceeding.id, Task.status == TaskStatus.OPEN)
    awaits.append(exists(select(Task.id).where(*is_open).correlate(Proceeding)))
    idle = _heads(Proceeding.updated_at, Proceeding.opened_at).where(_RUNNING, ~or_(*awaits))
    found = [
        _line(row, step="", since=row.updated_at or row.opened_at, sentence=IDLE)
        for row in db.session.execute(idle.order_by(Proceeding.opened_at))
    ]
    late = _heads(TimerRow.step_id, TimerRow.due_at).join(TimerRow, TimerRow.proceeding_id == Proceeding.id)
    late = late.where(TimerRow.due_at < now - LATE, Proceeding.suspended_at.is_(None))
    for row in db.session.execute(late.order_by(TimerRow.due_at)):
        place = places_of(row.release_id).get(row.step_id)
        found.append(_line(row, step=place.name if place else row.step_id, since=row.due_at, sentence=OVERDUE))
    return (*found, *_of_nobody(now))


def _of_nobody(now: datetime) -> Iterator[Stuck]:
    tasks = unfit_holders.of_nobody(today=now.astimezone(OFFICE_ZONE).date(), most=MOST)
    heads = _heads().where(_RUNNING, Proceeding.id.in_([task.proceeding_id for task in tasks]))
    rows = {row.id: row for row in db.session.execute(heads)} if tasks else {}
    for task in tasks:
        if (row := rows.get(task.proceeding_id)) is not None:
            yield _line(row, step=task.name, since=task.opened_at, sentence=NOBODY)


def _suspended() -> tuple[Stuck, ...]:
    query = _heads(Proceeding.suspended_at).where(_RUNNING, Proceeding.suspended_at.is_not(None))
    rows = db.session.execute(query.order_by(Proceeding.suspended_at))
    return tuple(_line(row, step="", since=row.suspended_at) for row in rows)


def _letters() -> tuple[Letter, ...]:
    outbox = select(OutboxRow, Proceeding.number).join(Proceeding, Proceeding.id == OutboxRow.proceeding_id)
    deliveries = select(Delivery, Proceeding.number).outerjoin(Proceeding, Proceeding.id == Delivery.proceeding_id)
    found = [
        _letter(row, number, row.name)
        for row, number in db.session.execute(outbox.where(OutboxRow.status == DEAD).limit(MOST))
    ]
    found += [
        _letter(row, number or "", row.channel)
        for row, number in db.session.execute(deliveries.where(Delivery.status == DEAD).limit(MOST))
    ]
    return tuple(sorted(found, key=lambda letter: (letter.created_at, letter.id)))


def _letter(row: OutboxRow | Delivery, number: str, name: str) -> Letter:
    error = (row.last_error or "").partition(":")[0][:80]
    return Letter(row.id, number, row.kind, name, row.attempts, error, row.created_at)


def _files() -> tuple[UnmadeFile, ...]:
    query = select(FileOrder, Proceeding.number).join(Proceeding, Proceeding.id == FileOrder.proceeding_id)
    rows = db.session.execute(
        query.where(FileOrder.status == file_orders.DEAD).order_by(FileOrder.ordered_at, FileOrder.id).limit(MOST)
    )
    return tuple(
        UnmadeFile(row.id, number, row.kind, row.attempts, _kind_of(row.last_error), row.ordered_at)
        for row, number in rows
    )


def _kind_of(error: str | None) -> str:
    """The name of an exception; nothing of a sentence, which may name a paper or a person."""
    kind, told, _ = (error or "").partition(":")
    return kind[:80] if told and kind.isascii() else ""


def _workers(now: datetime) -> tuple[Worker, ...]:
    rows = db.session.scalars(select(WorkerBeat).order_by(WorkerBeat.seen_at.desc()).limit(MOST))
    return tuple(Worker(row.worker, row.seen_at, now - row.seen_at <= WORKER_SILENT) for row in rows)


def _queues(now: datetime) -> tuple[Queue, ...]:
    outbox = select(OutboxRow.status, func.count()).where(OutboxRow.status.in_((PENDING, DEAD)))
    by_status = {row[0]: row[1] for row in db.session.execute(outbox.group_by(OutboxRow.status))}
    outside, files = notifications.queue(), file_orders.queue()
    timers = select(func.count()).select_from(TimerRow).join(Proceeding, Proceeding.id == TimerRow.proceeding_id)
    due = db.session.scalar(timers.where(TimerRow.due_at < now, Proceeding.suspended_at.is_(None))) or 0
    unsearched = select(func.count()).where(Proceeding.searched_length < Proceeding.history_length)
    return (
        Queue(N_("程序之间的消息"), by_status.get(PENDING, 0), by_status.get(DEAD, 0)),
        Queue(N_("对外通知"), outside.get(PENDING, 0), outside.get(DEAD, 0)),
        Queue(N_("待制作的文件"), files.get(PENDING, 0), files.get(DEAD, 0)),
        Queue(N_("到期的定时"), due, 0),
        Queue(N_("待编入检索"), db.session.scalar(unsearched) or 0, 0),
    )


def _interventions(actor: Actor, *where: ColumnElement[bool]) -> tuple[InterventionLine, ...]:
    query = select(Intervention, Proceeding.number).join(Proceeding, Proceeding.id == Intervention.proceeding_id)
    rows = db.session.execute(query.where(*where).order_by(Intervention.asked_at.desc(), Intervention.id).limit(MOST))
    return tuple(_intervention(row, number, actor) for row, number in rows)


def _intervention(row: Intervention, number: str, actor: Actor) -> InterventionLine:
    return InterventionLine(
        id=row.id,
        proceeding_id=row.proceeding_id,
        number=number,
        kind=row.kind,
        status=row.status,
        from_name=row.from_name,
        to_name=row.to_name,
        reason=row.reason,
        asked_by=row.asked_by_name,
        asked_at=row.asked_at,
        decided_by=row.decided_by_name,
        decided_at=row.decided_at,
        note=row.note,
        mine=row.asked_by == actor.person_id,
    )


@dataclass(frozen=True, slots=True)
class OperatedProceeding:
    """A proceeding as a technical administrator sees it: no title, no organ, no person."""

    id: str
    number: str
    county: str
    kind: ProceedingKind
    process: str
    process_key: str
    release_id: str
    status: ProceedingStatus
    suspended: bool
    interventions: tuple[InterventionLine, ...]


def operated(actor: Actor, key: str) -> OperatedProceeding:
    """By id or number. Raises NotFoundError."""
    if not may_operate(actor):
        raise NotFoundError
    query = select(Proceeding, County.name).join(County, County.id == Proceeding.county_id)
    row = db.session.execute(query.where(or_(Proceeding.id == key, Proceeding.number == key))).one_or_none()
    if row is None:
        raise NotFoundError
    proceeding, county = row
    return OperatedProceeding(
        id=proceeding.id,
        number=proceeding.number,
        county=county,
        kind=proceeding.kind,
        process=process_name(proceeding.release_id, proceeding.process_key),
        process_key=proceeding.process_key,
        release_id=proceeding.release_id,
        status=proceeding.status,
        suspended=proceeding.suspended_at is not None,
        interventions=_interventions(actor, Intervention.proceeding_id == proceeding.id),
    )


def drawings_for(actor: Actor, proceeding_id: str, processes: Sequence[str]) -> dict[str, str]:
    """The diagrams in which a proceeding stands, by process, the main one first. Raises NotFoundError."""
    page = operated(actor, proceeding_id)
    files = files_of(page.release_id)
    keys = dict.fromkeys((page.process_key, *processes))
    return {key: files[f"{key}.bpmn"].decode() for key in keys if f"{key}.bpmn" in files}
