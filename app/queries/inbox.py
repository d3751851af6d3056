"""The workbench: fixed boxes with exact counts, filters and pages. Four statements however long the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, union_all
from sqlalchemy.orm import defer

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import Lamp, TaskStatus
from app.extensions import db
from app.queries.boxes import (
    OF_TASKS,
    Box,
    Facets,
    Filters,
    Order,
    box_counts,
    counted,
    criterion,
    facets_of,
    matches,
    narrowed,
    narrowed_to,
    not_excluded,
    notices_for,
    of_proceedings,
    started_by,
    wrong_boxes,
)
from app.queries.lamps import LampView, lamp_view
from app.queries.names import element_label, organ_names
from app.storage.models import Case, Notice, Organ, Person, Proceeding, Task
from app.storage.visibility import pool_parts

__all__ = [
    "LIGHT",
    "PER_PAGE",
    "Box",
    "Filters",
    "Inbox",
    "Order",
    "Row",
    "box_counts",
    "criterion",
    "inbox",
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
    counts, by_facet = counted(actor, box)
    if box is Box.NOTICES:
        rows, total, facets = _notices(actor, filters, page, per_page)
    elif box not in OF_TASKS:
        rows, total, facets = _proceedings(actor, box, filters, page, per_page)
    else:
        organs = organ_names(actor.county_id)
        facets = facets_of(by_facet, organs=organs, now=now)
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


def _tasks(
    actor: Actor, box: Box, filters: Filters, organs: Mapping[str, str], *, offset: int, limit: int, now: datetime
) -> tuple[tuple[Row, ...], int | None]:
    """Some rows of a box, and how many the filters leave; None where nothing is filtered."""
    total = None
    if filters.narrowed or filters.order is Order.UPDATED:
        query = task_rows(criterion(actor, box), filters, now).add_columns(func.count().over())
        order = order_of(box, filters.order)
        found = db.session.execute(query.order_by(*order).offset(offset).limit(limit)).all()
        total = found[0][4] if found else 0
    else:
        found = part_of(actor, box, order=filters.order, offset=offset, limit=limit, now=now)
    return tuple(task_row(row[0], row[1], row[2], organs, now, sender=row[3] or "") for row in found), total


def order_of(box: Box, order: Order = Order.DUE, *, of: Any = Task) -> tuple[Any, ...]:
    """`of`: whatever has the columns of a task."""
    if order is Order.UPDATED:
        return (Proceeding.updated_at.desc().nulls_last(), of.id)
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
    """Tasks with their proceeding, its lead organ and who acted last in it."""
    query = (
        select(Task, Proceeding, Organ.name, Person.name)
        .join(Proceeding, Proceeding.id == Task.proceeding_id)
        .outerjoin(Case, Case.proceeding_id == Task.proceeding_id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .outerjoin(Person, Person.id == Proceeding.updated_by)
        .where(where)
        .options(*LIGHT)
    )
    return narrowed(query, filters, now)


def task_row(
    task: Task,
    proceeding: Proceeding,
    organ: str | None,
    organs: Mapping[str, str],
    now: datetime,
    *,
    sender: str = "",
) -> Row:
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
        sender=sender,
        sender_id=proceeding.updated_by or "",
        updated_at=proceeding.updated_at or task.opened_at,
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
    moved = func.coalesce(Proceeding.updated_at, Proceeding.opened_at).desc()
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
        sender=sender,
        sender_id=proceeding.updated_by or "",
        updated_at=proceeding.updated_at or proceeding.opened_at,
        text=notice.text if notice else "",
    )
