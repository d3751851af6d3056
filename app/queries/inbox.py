"""The workbench: fixed boxes with exact counts, filters and pages. Four statements however long the list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select, union_all
from sqlalchemy.orm import defer

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import Lamp, TaskStatus
from app.extensions import db
from app.queries.lamps import LampView, lamp_column, lamp_view, soon_before
from app.queries.names import element_label, organ_names
from app.storage import tallies
from app.storage.models import Case, Notice, Organ, Proceeding, Task
from app.storage.visibility import (
    claimable_tasks,
    done_and_left,
    known_proceedings,
    my_done_tasks,
    my_notices,
    my_open_tasks,
    pool_parts,
)

PER_PAGE = 50
LIGHT = (defer(Proceeding.state), defer(Proceeding.waiting))
"""Lists have no use for the engine's state."""


class Box(StrEnum):
    TODO = "todo"
    NOTICES = "notices"
    POOL = "pool"
    DONE = "done"
    MINE = "mine"


class Order(StrEnum):
    DUE = "due"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address bar asks for; empty means all."""

    lamp: Lamp | None = None
    step: str = ""
    organ: str = ""
    text: str = ""
    order: Order = Order.DUE
    read: bool = False
    """待阅 only: those already read."""

    @property
    def narrowed(self) -> bool:
        return bool(self.lamp or self.step or self.organ or self.text)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a box. `task_id` or `notice_id` says what it is; with neither it is a proceeding."""

    task_id: str | None
    notice_id: str | None
    proceeding_id: str
    proceeding_kind: ProceedingKind
    number: str
    title: str
    step: str
    """Name of the step, kind of the notice, or key of the stage."""
    element: str
    organ: str
    at: datetime
    """Arrival, completion or opening, as the box has it."""
    unread: bool
    lamp: LampView
    release_id: str
    status: str


@dataclass(frozen=True, slots=True)
class Inbox:
    box: Box
    counts: Mapping[Box, int]
    lamps: Mapping[Lamp, int]
    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int
    steps: tuple[str, ...]
    organs: tuple[tuple[str, str], ...]


def not_excluded(actor: Actor) -> ColumnElement[bool]:
    """Four eyes: the ids of excluded people are kept as a JSON list of strings."""
    return ~cast(Task.excluded_people, String).contains(f'"{actor.person_id}"', autoescape=True)


def notices_for(actor: Actor) -> ColumnElement[bool]:
    """Notices to the actor or to a role that he holds, of what he may see."""
    return my_notices(actor)


def criterion(actor: Actor, box: Box) -> ColumnElement[bool]:
    """Which rows lie in a box of tasks."""
    if box is Box.TODO:
        return my_open_tasks(actor)
    if box is Box.POOL:
        return and_(claimable_tasks(actor), not_excluded(actor))
    return my_done_tasks(actor)


def started_by(actor: Actor) -> ColumnElement[bool]:
    return and_(Proceeding.opened_by == actor.person_id, known_proceedings(actor))


def wrong_boxes() -> list[str]:
    """Boxes whose count is not what the tasks say; none in a sound database."""
    return tallies.differences()


@dataclass(frozen=True, slots=True)
class Facets:
    """What a box contains, before filters."""

    lamps: Mapping[Lamp, int]
    steps: tuple[str, ...] = ()
    organs: tuple[tuple[str, str], ...] = ()


def box_counts(actor: Actor) -> dict[Box, int]:
    """How many things lie in each box; two statements, the same however full they are."""
    return _counted(actor)[0]


def _counted(actor: Actor, box: Box | None = None) -> tuple[dict[Box, int], Counter[tuple[str, str]]]:
    """How many lie in each box, and in `box` by facet and value."""
    boxes = {
        Box.TODO: {tallies.todo_of(actor): 1},
        Box.POOL: tallies.pool_of(actor),
        Box.DONE: {tallies.done_of(actor): 1},
    }
    shown = boxes.get(box, {}) if box else {}
    found = tallies.read([holder for signs in boxes.values() for holder in signs], whole=shown)
    counts = dict.fromkeys(Box, 0)
    for name, signs in boxes.items():
        for holder, sign in signs.items():
            steps = (number for (facet, _), number in found.get(holder, {}).items() if facet == tallies.STEP)
            counts[name] += sign * sum(steps)
    facets: Counter[tuple[str, str]] = Counter()
    for holder, sign in shown.items():
        for key, number in found.get(holder, {}).items():
            facets[key] += sign * number
    unread = select(func.count()).select_from(Notice).where(notices_for(actor), Notice.read_at.is_(None))
    started = select(func.count()).select_from(Proceeding).where(started_by(actor))
    left = select(func.count()).select_from(Task).where(done_and_left(actor))
    columns = (query.scalar_subquery() for query in (unread, started, left))
    counts[Box.NOTICES], counts[Box.MINE], gone = db.session.execute(select(*columns)).one()
    counts[Box.DONE] -= gone
    return counts, facets


def inbox(actor: Actor, box: Box, *, filters: Filters, page: int = 1, per_page: int = PER_PAGE, now: datetime) -> Inbox:
    """One page of a box, with the counts of all boxes and what the filters may be set to."""
    counts, counted = _counted(actor, box)
    if box is Box.NOTICES:
        rows, total, facets = _notices(actor, filters, page, per_page)
    elif box is Box.MINE:
        rows, total, facets = _started(actor, filters, page, per_page)
    else:
        organs = organ_names(actor.county_id)
        facets = facets_of(counted, organs=organs, now=now)
        offset = (page - 1) * per_page
        rows, left = _tasks(actor, box, filters, organs, offset=offset, limit=per_page, now=now)
        total = counts[box] if left is None else left
    return Inbox(
        box=box,
        counts=counts,
        lamps=facets.lamps,
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // per_page)),
        steps=facets.steps,
        organs=facets.organs,
    )


def facets_of(counted: Mapping[tuple[str, str], int], *, organs: Mapping[str, str], now: datetime) -> Facets:
    """Lamps with their numbers, and which steps and lead organs there are."""
    lamps, soon = dict.fromkeys(Lamp, 0), soon_before(now)
    for (facet, value), number in counted.items():
        if facet == tallies.DUE:
            lamps[_lamp(value, now=now, soon=soon)] += number
    present = {key for key, number in counted.items() if number > 0}
    found = sorted(value for facet, value in present if facet == tallies.ORGAN and value)
    return Facets(
        lamps=lamps,
        steps=tuple(sorted(value for facet, value in present if facet == tallies.STEP)),
        organs=tuple((organ, organs.get(organ, organ)) for organ in found),
    )


def _lamp(due: str, *, now: datetime, soon: datetime) -> Lamp:
    """The lamp of a deadline as it is counted (UTC without an offset, empty for none): the answer of `lamp_column`."""
    if not due:
        return Lamp.NONE
    at = datetime.fromisoformat(due).replace(tzinfo=UTC)
    return Lamp.OVERDUE if at < now else Lamp.SOON if at < soon else Lamp.NORMAL


def _tasks(
    actor: Actor, box: Box, filters: Filters, organs: Mapping[str, str], *, offset: int, limit: int, now: datetime
) -> tuple[tuple[Row, ...], int | None]:
    """Some rows of a box, and how many the filters leave; None where nothing is filtered."""
    total = None
    if filters.narrowed:
        query = task_rows(criterion(actor, box), filters, now).add_columns(func.count().over())
        order = order_of(box, filters.order)
        found = db.session.execute(query.order_by(*order).offset(offset).limit(limit)).all()
        total = found[0][3] if found else 0
    else:
        found = part_of(actor, box, order=filters.order, offset=offset, limit=limit, now=now)
    return tuple(task_row(row[0], row[1], row[2], organs, now) for row in found), total


def order_of(box: Box, order: Order = Order.DUE, *, of: Any = Task) -> tuple[Any, ...]:
    """`of`: whatever has the columns of a task."""
    if box is Box.DONE:
        return (of.completed_at.desc(), of.id)
    if order is Order.ARRIVED:
        return (of.opened_at.desc(), of.id)
    return (of.due_at.asc().nulls_last(), of.opened_at, of.id)


def part_of(
    actor: Actor, box: Box, *, order: Order = Order.DUE, offset: int = 0, limit: int, now: datetime
) -> Sequence[Any]:
    """Some rows of a long box: of thousands of tasks only those shown are joined with their proceedings."""
    shown = shown_in(actor, box, order=order, offset=offset, limit=limit)
    if shown is None:
        return ()
    return db.session.execute(task_rows(Task.id.in_(shown), Filters(), now).order_by(*order_of(box, order))).all()


def shown_in(actor: Actor, box: Box, *, order: Order, offset: int, limit: int) -> Select[Any] | None:
    """Ids of some tasks of a box; None where the actor has no such box.

    A pool is made of parts that each lie in an index in the order shown: of each only the first are read.
    """
    columns = (Task.id, Task.due_at, Task.opened_at, Task.completed_at)
    ordered = order_of(box, order)
    firsts = [select(*columns).where(part).order_by(*ordered).limit(offset + limit) for part in parts(actor, box)]
    if not firsts:
        return None
    together = union_all(*(select(first.subquery()) for first in firsts)).subquery()
    shown = select(together.c.id).order_by(*order_of(box, order, of=together.c)).offset(offset).limit(limit)
    return select(shown.subquery().c.id)


def parts(actor: Actor, box: Box) -> list[ColumnElement[bool]]:
    """Criteria that together make up a box; no task lies in two of them."""
    if box is Box.POOL:
        return [and_(part, not_excluded(actor)) for part in pool_parts(actor)]
    return [criterion(actor, box)]


def task_rows(where: ColumnElement[bool], filters: Filters, now: datetime) -> Any:
    """Tasks with their proceeding and lead organ."""
    query: Any = (
        select(Task, Proceeding, Organ.name)
        .join(Proceeding, Proceeding.id == Task.proceeding_id)
        .outerjoin(Case, Case.proceeding_id == Task.proceeding_id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(where)
        .options(*LIGHT)
    )
    if filters.lamp:
        query = query.where(lamp_column(now) == filters.lamp.value)
    if filters.step:
        query = query.where(Task.name == filters.step)
    if filters.organ:
        query = query.where(Case.lead_organ_id == filters.organ)
    return query.where(matches(filters.text, Task.name)) if filters.text else query


def matches(text: str, *more: Any) -> ColumnElement[bool]:
    """Number, title or organ contains the text."""
    columns = (Proceeding.number, Proceeding.title, Organ.name, *more)
    return or_(*(column.contains(text, autoescape=True) for column in columns))


def task_row(task: Task, proceeding: Proceeding, organ: str | None, organs: Mapping[str, str], now: datetime) -> Row:
    is_open = task.status is TaskStatus.OPEN
    return Row(
        task_id=task.id,
        notice_id=None,
        proceeding_id=proceeding.id,
        proceeding_kind=proceeding.kind,
        number=proceeding.number,
        title=proceeding.title,
        step=task.name,
        element=element_label(task.element, organs),
        organ=organ or "",
        at=task.opened_at if is_open else task.completed_at or task.opened_at,
        unread=is_open and task.assignee_id is None,
        lamp=lamp_view(task.due_at if is_open else None, now=now, record=task.deadline if is_open else None),
        release_id=proceeding.release_id,
        status=task.status,
    )


def _notices(actor: Actor, filters: Filters, page: int, per_page: int) -> tuple[tuple[Row, ...], int, Facets]:
    query = (
        select(Notice, Proceeding, Organ.name, func.count().over())
        .join(Proceeding, Proceeding.id == Notice.proceeding_id)
        .outerjoin(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(notices_for(actor), Notice.read_at.is_not(None) if filters.read else Notice.read_at.is_(None))
        .order_by(Notice.created_at.desc(), Notice.id)
        .options(*LIGHT)
    )
    if filters.text:
        query = query.where(matches(filters.text))
    found = db.session.execute(query.limit(per_page).offset((page - 1) * per_page)).all()
    rows = tuple(
        _plain_row(proceeding, organ, step=notice.kind, at=notice.created_at, notice=notice)
        for notice, proceeding, organ, _ in found
    )
    return rows, found[0][3] if found else 0, Facets(dict.fromkeys(Lamp, 0))


def _started(actor: Actor, filters: Filters, page: int, per_page: int) -> tuple[tuple[Row, ...], int, Facets]:
    query = (
        select(Proceeding, Organ.name, func.count().over())
        .outerjoin(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(started_by(actor))
        .order_by(Proceeding.status != ProceedingStatus.RUNNING, Proceeding.opened_at.desc(), Proceeding.id)
        .options(*LIGHT)
    )
    if filters.text:
        query = query.where(matches(filters.text))
    found = db.session.execute(query.limit(per_page).offset((page - 1) * per_page)).all()
    rows = tuple(_plain_row(row, organ, step=row.stage, at=row.opened_at, notice=None) for row, organ, _ in found)
    return rows, found[0][2] if found else 0, Facets(dict.fromkeys(Lamp, 0))


def _plain_row(proceeding: Proceeding, organ: str | None, *, step: str, at: datetime, notice: Notice | None) -> Row:
    return Row(
        task_id=None,
        notice_id=notice.id if notice else None,
        proceeding_id=proceeding.id,
        proceeding_kind=proceeding.kind,
        number=proceeding.number,
        title=proceeding.title,
        step=step,
        element="",
        organ=organ or "",
        at=at,
        unread=notice is not None and notice.read_at is None,
        lamp=LampView(Lamp.NONE, 0, None),
        release_id=proceeding.release_id,
        status=proceeding.status,
    )
