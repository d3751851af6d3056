"""The workbench: fixed boxes with exact counts, filters and pages. A long list takes no more statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, union_all
from sqlalchemy.orm import defer

from app.domain.actors import Actor
from app.domain.notifications import DECISION
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import Lamp, TaskStatus
from app.extensions import db
from app.queries.box_lines import COLUMNS, Line, line_of
from app.queries.boxes import (
    OF_TASKS,
    Box,
    Facets,
    Filters,
    Order,
    as_kept,
    box_counts,
    counted,
    criterion,
    facets_of,
    matches,
    narrowed,
    narrowed_to,
    not_excluded,
    notices_for,
    number_of,
    of_proceedings,
    of_task,
    started_by,
    wrong_boxes,
)
from app.queries.lamps import LampView, lamp_view
from app.queries.names import element_label, organ_names
from app.storage.models import Case, Notice, Organ, Person, Proceeding, Task
from app.storage.prepared import Frozen
from app.storage.visibility import pool_parts

__all__ = [
    "LIGHT",
    "PER_PAGE",
    "Box",
    "Filters",
    "Inbox",
    "Order",
    "Part",
    "Row",
    "box_counts",
    "criterion",
    "inbox",
    "left_in",
    "matches",
    "notices_for",
    "part_of",
    "shown_in",
    "started_by",
    "task_row",
    "wrong_boxes",
]

PER_PAGE = 50
MOST_EXPORTED = 10_000
"""Rows of a list that is taken along."""
COUNTED = frozenset({Box.TODO, Box.POOL})
"""Boxes whose numbers by step, deadline and organ are what lies in them."""
UNFILTERED = Filters()
SORTED = 1_000
"""Tasks that are sorted sooner than read in an order that an index has."""
LIGHT = (defer(Proceeding.state), defer(Proceeding.waiting))
"""Lists have no use for the engine's state."""


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
    organ_id: str = ""
    """Of the lead organ, for the filter; tasks only."""
    sender: str = ""
    """Who acted last in the proceeding."""
    sender_id: str = ""
    updated_at: datetime | None = None
    text: str = ""
    """Of a notice: what its sender added."""


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


def inbox(actor: Actor, box: Box, *, filters: Filters, page: int = 1, per_page: int = PER_PAGE, now: datetime) -> Inbox:
    """One page of a box, with the counts of all boxes and what the filters may be set to."""
    counts, by_facet, mark = counted(actor, box)
    if box is Box.NOTICES:
        rows, total, facets = _notices(actor, filters, page, per_page)
    elif box not in OF_TASKS:
        rows, total, facets = _proceedings(actor, box, filters, page, per_page)
    else:
        organs = organ_names(actor.county_id, mark=mark)
        facets = facets_of(by_facet, organs=organs, now=now)
        known = counts[box] if not filters.narrowed else None
        if filters.of_task_alone and box in COUNTED:
            known = known if known is not None else number_of(filters, facets, by_facet)
        part = Part(filters, offset=(page - 1) * per_page, limit=per_page)
        rows, total = _tasks(actor, box, part, organs, known=known, now=now)
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


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows of a box are shown."""

    filters: Filters = UNFILTERED
    offset: int = 0
    limit: int = PER_PAGE

    @property
    def order(self) -> Order:
        return self.filters.order


def _tasks(
    actor: Actor, box: Box, part: Part, organs: Mapping[str, str], *, known: int | None, now: datetime
) -> tuple[tuple[Row, ...], int]:
    """Some rows of a box, and how many the filters leave; `known` where that was counted before."""
    total = left_in(actor, box, part.filters, now=now) if known is None else known
    found = part_of(actor, box, part, now=now, of=total)
    return tuple(task_row(line, organs, now) for line in found), total


def left_in(actor: Actor, box: Box, filters: Filters, *, now: datetime) -> int:
    """How many tasks of a box the filters leave."""
    if filters.of_task_alone:
        query = select(func.count()).select_from(Task).where(criterion(actor, box), *of_task(filters, now))
    else:
        chosen = narrowed(_with_names(select(Task.id)).where(criterion(actor, box)), filters, now)
        query = select(func.count()).select_from(chosen.subquery())
    return db.session.scalar(query) or 0


def order_of(box: Box, order: Order = Order.DUE, *, of: Any = Task) -> tuple[Any, ...]:
    """`of`: whatever has the columns of a task."""
    if order is Order.UPDATED:
        return (Proceeding.updated_at.desc(), of.id)
    if box is Box.DONE:
        return (of.completed_at.desc(), of.id.desc())
    if order is Order.ARRIVED:
        return (of.opened_at.desc(), of.id.desc())
    return (of.due_at.asc().nulls_last(), of.opened_at, of.id)


def part_of(actor: Actor, box: Box, part: Part, *, now: datetime, of: int) -> list[Line]:
    """Some lines of a box that has `of` of them: of thousands of tasks only those shown are joined with the rest."""
    if box in COUNTED and not part.offset and not part.filters.narrowed and part.order is not Order.UPDATED:
        first = _first_lines(db.engine.dialect.name, as_kept(actor), box, part)
        return [line_of(row) for row in first.rows()] if first is not None else []
    query = _lines_of(actor, box, part, now=now, of=of)
    return [line_of(row) for row in db.session.execute(query)] if query is not None else []


@lru_cache(maxsize=512)
def _first_lines(dialect: str, actor: Actor, box: Box, part: Part) -> Frozen | None:
    """What everybody opens all day, the top of his own boxes: neither the hour nor a filter changes that question."""
    assert dialect == db.engine.dialect.name
    query = _lines_of(actor, box, part, now=datetime.min.replace(tzinfo=UTC), of=0)
    return Frozen(query, db.engine.dialect) if query is not None else None


def _lines_of(actor: Actor, box: Box, part: Part, *, now: datetime, of: int) -> Select[Any] | None:
    shown = shown_in(actor, box, part, now=now, of=of)
    if shown is None:
        return None
    query: Select[Any] = _with_names(select(*COLUMNS).select_from(Task))
    query = query.outerjoin(Person, Person.id == Proceeding.updated_by).where(Task.id.in_(shown))
    return query.order_by(*order_of(box, part.order))


def shown_in(actor: Actor, box: Box, part: Part, *, now: datetime, of: int) -> Select[Any] | None:
    """Ids of some tasks of a box; None where the actor has no such box.

    A pool is made of parts that each lie in an index in the order shown: of each only the first are read.
    """
    if not part.filters.of_task_alone:
        return _found_in(actor, box, part, now=now, of=of)
    columns = (Task.id, Task.due_at, Task.opened_at, Task.completed_at)
    asked, ordered, last = of_task(part.filters, now), order_of(box, part.order), part.offset + part.limit
    firsts = []
    for each, of_one_organ in parts(actor, box):
        order = (_organ_in(part.order), *ordered) if of_one_organ else ordered
        firsts.append(select(*columns).where(each, *asked).order_by(*order).limit(last))
    if not firsts:
        return None
    together = union_all(*(select(first.subquery()) for first in firsts)).subquery()
    merged = order_of(box, part.order, of=together.c)
    shown = select(together.c.id).order_by(*merged).offset(part.offset).limit(part.limit)
    return select(shown.subquery().c.id)


def _found_in(actor: Actor, box: Box, part: Part, *, now: datetime, of: int) -> Select[Any]:
    """The same where proceedings say what is left, or in which order: what is found is sorted, but no more than that.

    A long box in the order of the last move is read from the proceedings that moved last.
    """
    query = narrowed(_with_names(select(Task.id)).where(criterion(actor, box)), part.filters, now)
    if part.order is Order.UPDATED and of > SORTED and not part.filters.narrowed:
        query = query.where(Task.proceeding_id.in_(_moved_last(actor, box, part.offset + part.limit)))
    shown = query.order_by(*order_of(box, part.order)).offset(part.offset).limit(part.limit)
    return select(shown.subquery().c.id)


def _moved_last(actor: Actor, box: Box, number: int) -> Select[Any]:
    """So many proceedings with a task in the box, those that moved last: no task shown lies in any other."""
    has_one = select(Task.id).where(Task.proceeding_id == Proceeding.id, criterion(actor, box))
    moved = (
        select(Proceeding.id)
        .where(Proceeding.county_id == actor.county_id, exists(has_one.correlate(Proceeding)))
        .order_by(Proceeding.updated_at.desc())
        .limit(number)
    )
    return select(moved.subquery().c.id)


def parts(actor: Actor, box: Box) -> list[tuple[ColumnElement[bool], bool]]:
    """Criteria that together make up a box, and whether all its tasks name the same organ; no task lies in two."""
    if box is Box.POOL:
        found = pool_parts(actor)
        return [(and_(part, not_excluded(actor)), part is not found[-1]) for part in found]
    return [(criterion(actor, box), False)]


def _organ_in(order: Order) -> ColumnElement[Any]:
    """Where all tasks have the same organ, or none, this changes no order: PostgreSQL does not see by itself that its
    index, which has the organ before the deadline, lies in the order asked for where the organ is null."""
    return Task.candidate_organ.desc() if order is Order.ARRIVED else Task.candidate_organ.asc()


def _with_names(query: Any) -> Any:
    """Tasks joined with their proceeding, its lead organ and who acted last in it."""
    return (
        query.join(Proceeding, Proceeding.id == Task.proceeding_id)
        .outerjoin(Case, Case.proceeding_id == Task.proceeding_id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
    )


def task_row(line: Line, organs: Mapping[str, str], now: datetime) -> Row:
    task, proceeding, organ, sender = line
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
        organ_id=task.lead_organ_id or "",
        sender=sender or "",
        sender_id=proceeding.updated_by or "",
        updated_at=proceeding.updated_at,
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
    query = narrowed_to(query, filters)
    if filters.text:  # whoever sees no file does not find out its words either
        query = query.where((Notice.kind != DECISION) | Proceeding.number.contains(filters.text, autoescape=True))
    found = db.session.execute(query.limit(per_page).offset((page - 1) * per_page)).all()
    rows = tuple(
        _plain_row(proceeding, organ, step=notice.kind, at=notice.created_at, notice=notice)
        for notice, proceeding, organ, _ in found
    )
    return rows, found[0][3] if found else 0, Facets(dict.fromkeys(Lamp, 0))


def _proceedings(
    actor: Actor, box: Box, filters: Filters, page: int, per_page: int
) -> tuple[tuple[Row, ...], int, Facets]:
    """Rows of 我发起, 办结 and 我的关注: running ones first, the newest on top; or those that moved last."""
    moved = Proceeding.updated_at.desc()
    order = (Proceeding.status != ProceedingStatus.RUNNING, Proceeding.opened_at.desc(), Proceeding.id)
    query = (
        select(Proceeding, Organ.name, func.count().over(), Person.name)
        .outerjoin(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .outerjoin(Person, Person.id == Proceeding.updated_by)
        .where(of_proceedings(actor, box))
        .order_by(*((moved, Proceeding.id) if filters.order is Order.UPDATED else order))
        .options(*LIGHT)
    )
    query = narrowed_to(query, filters)
    found = db.session.execute(query.limit(per_page).offset((page - 1) * per_page)).all()
    rows = tuple(
        _plain_row(
            row,
            organ,
            step=row.stage,
            at=(row.closed_at or row.opened_at) if box is Box.CLOSED else row.opened_at,
            notice=None,
            sender=sender or "",
        )
        for row, organ, _, sender in found
    )
    return rows, found[0][2] if found else 0, Facets(dict.fromkeys(Lamp, 0))


def _plain_row(
    proceeding: Proceeding, organ: str | None, *, step: str, at: datetime, notice: Notice | None, sender: str = ""
) -> Row:
    of_decision = notice is not None and notice.kind == DECISION  # who reads it sees no file
    return Row(
        task_id=None,
        notice_id=notice.id if notice else None,
        proceeding_id=proceeding.id,
        proceeding_kind=proceeding.kind,
        number=proceeding.number,
        title=notice.text if notice is not None and of_decision else proceeding.title,
        step=step,
        element="",
        organ="" if of_decision else organ or "",
        at=at,
        unread=notice is not None and notice.read_at is None,
        lamp=LampView(Lamp.NONE, 0, None),
        release_id=proceeding.release_id,
        status=proceeding.status,
        sender=sender,
        sender_id=proceeding.updated_by or "",
        updated_at=proceeding.updated_at,
        text=notice.text if notice and not of_decision else "",
    )
