"""Lists for machines: newest first, each page going on where the one before ended, so that nothing is missed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries.follows import followed_by
from app.queries.inbox import LIGHT, Box, criterion, matches, started_by
from app.queries.lamps import LampView, lamp_view
from app.queries.names import element_label, organ_names
from app.storage.models import Case, Organ, Proceeding, Task
from app.storage.visibility import known_proceedings

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of a page."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters; empty means all."""

    number: str = ""
    text: str = ""
    role: str = ""
    organ: str = ""
    lead_organ: str = ""
    step: str = ""
    status: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    items: tuple[Item, ...]
    total: int
    """Over all pages."""
    end: Place | None
    """Where the next page goes on; None on the last page."""


@dataclass(frozen=True, slots=True)
class ProceedingLine:
    id: str
    kind: ProceedingKind
    number: str
    title: str
    status: str
    stage: str
    lead_organ: str
    regulation: str | None
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskLine:
    id: str | None
    """None where the line is about a proceeding as a whole."""
    name: str
    element: str
    process_key: str
    step_id: str
    status: str
    role: str
    organ: str | None
    assignee: str | None
    opened_at: datetime
    completed_at: datetime | None
    lamp: LampView
    lead_organ: str
    proceeding: ProceedingLine


def list_tasks(
    actor: Actor, box: Box, *, wanted: Wanted, after: Place | None, limit: int, now: datetime
) -> Listed[TaskLine]:
    """One page of 待办, 待领, 已办, or of 我发起 (lines without a task)."""
    if box is Box.MINE:
        found = _listed(_narrowed(_proceedings().where(started_by(actor)), wanted), Proceeding.opened_at, after, limit)
        return Listed(tuple(_started_line(*row) for row in found.items), found.total, found.end)
    query = _narrowed(_tasks().where(criterion(actor, box)), wanted, Task.name)
    for column, value in ((Task.candidate_role, wanted.role), (Task.candidate_organ, wanted.organ)):
        if value:
            query = query.where(column == value)
    if wanted.step:
        query = query.where(or_(Task.step_id == wanted.step, Task.name == wanted.step))
    found = _listed(query, Task.completed_at if box is Box.DONE else Task.opened_at, after, limit)
    organs = organ_names(actor.county_id)
    return Listed(tuple(_task_line(*row, organs=organs, now=now) for row in found.items), found.total, found.end)


def list_proceedings(
    actor: Actor, kind: ProceedingKind, *, wanted: Wanted, after: Place | None, limit: int
) -> Listed[ProceedingLine]:
    """One page of the cases or meetings that the actor may see."""
    query = _chosen(_proceedings().where(Proceeding.kind == kind, known_proceedings(actor)), wanted)
    found = _listed(query, Proceeding.opened_at, after, limit)
    return Listed(tuple(_line(*row) for row in found.items), found.total, found.end)


def list_followed(actor: Actor, *, wanted: Wanted, after: Place | None, limit: int) -> Listed[ProceedingLine]:
    """One page of what the actor follows, of whatever kind."""
    found = _listed(_chosen(_proceedings().where(followed_by(actor)), wanted), Proceeding.opened_at, after, limit)
    return Listed(tuple(_line(*row) for row in found.items), found.total, found.end)


def _chosen(query: Select[Any], wanted: Wanted) -> Select[Any]:
    """Narrowed by what holds for proceedings only."""
    query = _narrowed(query, wanted)
    for column, value in ((Proceeding.status, wanted.status), (Proceeding.stage, wanted.stage)):
        if value:
            query = query.where(column == value)
    return query


def _tasks() -> Any:
    return (
        select(Task, Proceeding, Case.regulation_id, Organ.name)
        .join(Proceeding, Proceeding.id == Task.proceeding_id)
        .outerjoin(Case, Case.proceeding_id == Task.proceeding_id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .options(*LIGHT)
    )


def _proceedings() -> Any:
    return (
        select(Proceeding, Case.regulation_id, Organ.name)
        .outerjoin(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .options(*LIGHT)
    )


def _narrowed(query: Select[Any], wanted: Wanted, *searched: Any) -> Select[Any]:
    if wanted.number:
        query = query.where(Proceeding.number == wanted.number)
    if wanted.lead_organ:
        query = query.where(Case.lead_organ_id == wanted.lead_organ)
    return query.where(matches(wanted.text, *searched)) if wanted.text else query


def _listed(query: Select[Any], moment: Any, after: Place | None, limit: int) -> Listed[Any]:
    """The page of rows after a place, and the count of all; the first entity of a row is the one listed."""
    id_ = query.column_descriptions[0]["entity"].id
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(id_).subquery())) or 0
    page = query if after is None else query.where(_beyond(after, moment, id_))
    rows = db.session.execute(page.order_by(moment.desc(), id_).limit(limit + 1)).all()
    shown = rows[:limit]
    end = Place(getattr(shown[-1][0], moment.key), shown[-1][0].id) if len(rows) > limit else None
    return Listed(tuple(tuple(row) for row in shown), total, end)


def _beyond(place: Place, moment: Any, id_: Any) -> ColumnElement[bool]:
    return or_(moment < place.at, and_(moment == place.at, id_ > place.id))


def _line(proceeding: Proceeding, regulation: str | None, organ: str | None) -> ProceedingLine:
    return ProceedingLine(
        id=proceeding.id,
        kind=proceeding.kind,
        number=proceeding.number,
        title=proceeding.title,
        status=proceeding.status,
        stage=proceeding.stage,
        lead_organ=organ or "",
        regulation=regulation,
        opened_at=proceeding.opened_at,
        closed_at=proceeding.closed_at,
    )


def _started_line(proceeding: Proceeding, regulation: str | None, organ: str | None) -> TaskLine:
    return TaskLine(
        id=None,
        name="",
        element="",
        process_key=proceeding.process_key,
        step_id="",
        status=proceeding.status,
        role="",
        organ=None,
        assignee=None,
        opened_at=proceeding.opened_at,
        completed_at=proceeding.closed_at,
        lamp=lamp_view(None, now=proceeding.opened_at),
        lead_organ=organ or "",
        proceeding=_line(proceeding, regulation, organ),
    )


def _lamp_of(task: Task, now: datetime) -> LampView:
    is_open = task.status is TaskStatus.OPEN
    return lamp_view(task.due_at if is_open else None, now=now, record=task.deadline if is_open else None)


def _task_line(
    task: Task,
    proceeding: Proceeding,
    regulation: str | None,
    organ: str | None,
    *,
    organs: Mapping[str, str],
    now: datetime,
) -> TaskLine:
    return TaskLine(
        id=task.id,
        name=task.name,
        element=element_label(task.element, organs),
        process_key=task.process_key,
        step_id=task.step_id,
        status=task.status,
        role=task.candidate_role,
        organ=task.candidate_organ,
        assignee=task.assignee_id,
        opened_at=task.opened_at,
        completed_at=task.completed_at,
        lamp=_lamp_of(task, now),
        lead_organ=organ or "",
        proceeding=_line(proceeding, regulation, organ),
    )
