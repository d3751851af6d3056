"""What can be done with a step besides submitting it, and what was done so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from app.domain.access import Verb, can, is_candidate
from app.domain.actors import Actor
from app.domain.counted import last_day
from app.domain.deadlines import office_day
from app.domain.errors import ConflictError, DomainError
from app.domain.handling import RequestStatus, SheetColour, SheetStatus, SideKind, SideStatus, ensure_not_urged_today
from app.domain.periods import ensure_extendable, leads, may_supervise
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries.heads import Head, get_proceeding, is_visible
from app.queries.names import element_label, organ_names, people_names
from app.queries.tasks import Colleague, colleagues_of, get_task
from app.storage import withheld
from app.storage.handling import opened_last
from app.storage.models import ExtensionRequest, Proceeding, SideTask, SupervisionSheet, Task
from app.storage.tasks import facts_of, roles_at_work

Beside = TypeVar("Beside", SideTask, ExtensionRequest, SupervisionSheet)


@dataclass(frozen=True, slots=True)
class SideView:
    """A question beside a step, with its answer once it was given."""

    id: str
    kind: SideKind
    status: SideStatus
    person: str
    question: str
    asked_by: str
    asked_at: datetime
    opinion: str
    ended_at: datetime | None
    may_answer: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class RequestView:
    id: str
    status: RequestStatus
    until: date
    reason: str
    requested_by: str
    requested_at: datetime
    decided_by: str
    decision_reason: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class SheetView:
    """A 督办单."""

    id: str
    colour: SheetColour
    status: SheetStatus
    demand: str
    term: date
    late: bool
    """Its day has passed and it is not closed."""
    issued_by: str
    issued_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    closing_note: str
    closed_by: str
    may_answer: bool
    may_close: bool


@dataclass(frozen=True, slots=True)
class Handling:
    """One open step: what the actor may do beside submitting it, and what lies beside it."""

    task_id: str
    name: str
    element: str
    holder: str
    unseen: bool
    """The actor holds it and sees it for the first time."""
    may_return: bool
    may_delegate: bool
    may_ask: bool
    may_request: bool
    """延期申请 can be made."""
    earliest: date | None
    """The first day that a request may name."""
    may_urge: bool
    urged_at: datetime | None
    may_supervise: bool
    colleagues: tuple[Colleague, ...]
    """To whom it can be delegated."""
    owner: str
    """Who gets it back from the delegate; empty where it is not delegated."""
    may_hand_back: bool
    may_recall: bool
    asked: tuple[SideView, ...]
    requests: tuple[RequestView, ...]
    sheets: tuple[SheetView, ...]


@dataclass(frozen=True, slots=True)
class HandlingPage:
    """督促与协办 of a proceeding."""

    head: Head
    steps: tuple[Handling, ...]
    may_revoke: bool


def handling_of(actor: Actor, task_id: str, *, now: datetime) -> Handling:
    """Of one step that is the actor's business. Raises NotFoundError."""
    task = get_task(actor, task_id)
    return _handlings(actor, [task], now=now)[0]


def handling_page(actor: Actor, proceeding_id: str, *, now: datetime, locale: str) -> HandlingPage:
    """All open steps of a proceeding that the actor may see as a whole. Raises NotFoundError."""
    kind = db.session.scalar(select(Proceeding.kind).where(Proceeding.id == proceeding_id))
    found = get_proceeding(actor, proceeding_id, kind or ProceedingKind.CASE, locale=locale)
    query = select(Task).where(Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN)
    tasks = withheld.shown(db.session.scalars(query.order_by(Task.opened_at, Task.id)), actor.person_id)
    running = found.proceeding.status is ProceedingStatus.RUNNING and found.proceeding.suspended_at is None
    leading = any(leads(actor, role) for role in roles_at_work(proceeding_id))
    return HandlingPage(
        head=found.head,
        steps=tuple(_handlings(actor, tasks, now=now)),
        may_revoke=running and leading and found.proceeding.kind is not ProceedingKind.MEETING,
    )


def opened_again(actor: Actor, task_id: str) -> str:
    """Where the work on a step that was taken back goes on: the id of the same step, opened last."""
    return opened_last(get_task(actor, task_id))


def _handlings(actor: Actor, tasks: Sequence[Task], *, now: datetime) -> list[Handling]:
    ids = [task.id for task in tasks]
    people = people_names([id_ for task in tasks for id_ in (task.assignee_id, task.owner_id)])
    organs = organ_names(actor.county_id)
    stopped = {id_ for id_ in {task.proceeding_id for task in tasks} if _is_suspended(id_)}
    asked = _by_task(SideTask, SideTask.asked_at, ids)
    requests = _by_task(ExtensionRequest, ExtensionRequest.requested_at, ids)
    sheets = _by_task(SupervisionSheet, SupervisionSheet.issued_at, ids)

    def one(task: Task) -> Handling:
        facts = facts_of(task)
        is_open = task.status is TaskStatus.OPEN
        mine = is_open and can(actor, Verb.ASK, facts)
        visible = is_visible(actor, task.proceeding_id)
        return Handling(
            task_id=task.id,
            name=task.name,
            element=element_label(task.element, organs),
            holder=people.get(task.assignee_id or "", ""),
            unseen=is_open and task.seen_at is None and task.assignee_id == actor.person_id,
            may_return=is_open and can(actor, Verb.RETURN, facts),
            may_delegate=is_open and can(actor, Verb.DELEGATE, facts),
            may_ask=mine,
            may_request=mine and _may_request(task, requests.get(task.id, ()), now=now),
            earliest=last_day(task.deadline) + timedelta(days=1) if task.deadline else None,
            may_urge=is_open and visible and task.proceeding_id not in stopped and _may_urge(actor, task, now=now),
            urged_at=task.urged_at,
            may_supervise=is_open
            and visible
            and task.assignee_id != actor.person_id
            and may_supervise(actor, task.candidate_role),
            colleagues=colleagues_of(actor, task) if mine else (),
            owner=people.get(task.owner_id or "", ""),
            may_hand_back=is_open and task.owner_id is not None and task.assignee_id == actor.person_id,
            may_recall=is_open and task.owner_id == actor.person_id,
            asked=tuple(side_view(actor, row, task) for row in asked.get(task.id, ())),
            requests=tuple(_request(actor, row, task) for row in requests.get(task.id, ())),
            sheets=tuple(sheet_view(actor, row, task, now=now) for row in sheets.get(task.id, ())),
        )

    return [one(task) for task in tasks]


def _is_suspended(proceeding_id: str) -> bool:
    """Nobody is urged to do what 中止 keeps him from doing. The page around it has read the row already."""
    return db.session.get_one(Proceeding, proceeding_id).suspended_at is not None


def _by_task(table: type[Beside], order: Any, ids: Sequence[str]) -> dict[str, list[Beside]]:
    found: dict[str, list[Beside]] = {}
    for row in db.session.scalars(select(table).where(table.task_id.in_(ids)).order_by(order)):
        found.setdefault(row.task_id, []).append(row)
    return found


def _may_urge(actor: Actor, task: Task, *, now: datetime) -> bool:
    try:
        ensure_not_urged_today(task.urged_at, now=now)
    except ConflictError:
        return False
    return actor.person_id not in (task.assignee_id, task.candidate_person)


def _may_request(task: Task, requests: Sequence[ExtensionRequest], *, now: datetime) -> bool:
    today = office_day(now)
    try:
        ensure_extendable(task.deadline, today=today)
    except DomainError:
        return False
    waiting = any(row.status is RequestStatus.REQUESTED for row in requests)
    return not waiting and today <= last_day(task.deadline)


def side_view(actor: Actor, row: SideTask, task: Task) -> SideView:
    """One question as the actor sees it."""
    waits = row.status is SideStatus.OPEN and task.status is TaskStatus.OPEN and row.kind is not SideKind.DELEGATION
    return SideView(
        id=row.id,
        kind=row.kind,
        status=row.status,
        person=row.person_name,
        question=row.question,
        asked_by=row.asked_by_name,
        asked_at=row.asked_at,
        opinion=row.opinion,
        ended_at=row.ended_at,
        may_answer=waits and row.person_id == actor.person_id,
        may_withdraw=waits and actor.person_id in (row.asked_by, task.assignee_id),
    )


def _request(actor: Actor, row: ExtensionRequest, task: Task) -> RequestView:
    waits = row.status is RequestStatus.REQUESTED and task.status is TaskStatus.OPEN
    return RequestView(
        id=row.id,
        status=row.status,
        until=row.until,
        reason=row.reason,
        requested_by=row.requested_by_name,
        requested_at=row.requested_at,
        decided_by=row.decided_by_name,
        decision_reason=row.decision_reason,
        may_decide=waits and leads(actor, task.candidate_role) and row.requested_by != actor.person_id,
    )


def sheet_view(actor: Actor, row: SupervisionSheet, task: Task, *, now: datetime) -> SheetView:
    """One sheet as the actor sees it."""
    open_ = row.status is not SheetStatus.CLOSED
    responsible = actor.person_id in (task.assignee_id, task.completed_by) or is_candidate(actor, facts_of(task))
    supervises = row.issued_by == actor.person_id or may_supervise(actor, task.candidate_role)
    settled = row.status is SheetStatus.ANSWERED or task.status is not TaskStatus.OPEN
    return SheetView(
        id=row.id,
        colour=row.colour,
        status=row.status,
        demand=row.demand,
        term=row.term,
        late=open_ and office_day(now) > row.term,
        issued_by=row.issued_by_name,
        issued_at=row.issued_at,
        answer=row.answer,
        answered_by=row.answered_by_name,
        answered_at=row.answered_at,
        closing_note=row.closing_note,
        closed_by=row.closed_by_name,
        may_answer=open_ and responsible,
        may_close=open_ and supervises and settled,
    )


def is_unseen(actor: Actor, task_id: str) -> bool:
    """Whether the actor holds an open step that he has not opened before."""
    mine = (Task.id == task_id, Task.assignee_id == actor.person_id)
    waits = (Task.status == TaskStatus.OPEN, Task.seen_at.is_(None))
    return db.session.scalars(select(Task.id).where(*mine, *waits)).one_or_none() is not None
