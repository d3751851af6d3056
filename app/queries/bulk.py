"""What is chosen in a list for one act on all of it: the steps behind the ticks, and who could take them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import or_, select

from app.domain.actors import Actor
from app.extensions import db
from app.queries.boxes import Box, criterion
from app.queries.inbox import LIGHT
from app.queries.names import element_label, organ_names
from app.queries.tasks import Colleague, colleagues_of
from app.storage.models import Person, Proceeding, Task
from app.storage.visibility import IS_OPEN, known_proceedings, visible_proceedings

MOST = 100
"""Rows at a time."""


class Act(StrEnum):
    CLAIM = "claim"
    TRANSFER = "transfer"
    URGE = "urge"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One step."""

    task_id: str
    number: str
    title: str
    step: str
    element: str
    """Which one of a repeated step."""
    holder: str
    """Who has it; empty while it waits for a role."""


def chosen(actor: Actor, act: Act, items: Sequence[str]) -> tuple[Chosen, ...]:
    """The steps behind the ticks: tasks, or for 催办 the open steps of proceedings that others have to do."""
    wanted = list(dict.fromkeys(items))[:MOST]
    if not wanted:
        return ()
    query = (
        select(Task, Proceeding, Person.name)
        .join(Proceeding, Proceeding.id == Task.proceeding_id)
        .outerjoin(Person, Person.id == Task.assignee_id)
        .order_by(Proceeding.number, Task.opened_at, Task.id)
        .options(*LIGHT)
    )
    if act is Act.URGE:
        others = or_(Task.assignee_id.is_(None), Task.assignee_id != actor.person_id)
        query = query.where(Task.proceeding_id.in_(wanted), IS_OPEN, others, visible_proceedings(actor))
    else:
        mine = or_(criterion(actor, Box.TODO), criterion(actor, Box.POOL), known_proceedings(actor))
        query = query.where(Task.id.in_(wanted), Task.county_id == actor.county_id, mine)
    organs = organ_names(actor.county_id)
    return tuple(
        Chosen(
            task_id=task.id,
            number=proceeding.number,
            title=proceeding.title,
            step=task.name,
            element=element_label(task.element, organs),
            holder=holder or "",
        )
        for task, proceeding, holder in db.session.execute(query.limit(MOST))
    )


def nothing_to_urge(actor: Actor, items: Sequence[str], rows: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """The ticked proceedings in which no step waits for somebody else, so that the result names each of them."""
    wanted = list(dict.fromkeys(items))[:MOST]
    query = (
        select(Proceeding)
        .where(Proceeding.id.in_(wanted), visible_proceedings(actor))
        .order_by(Proceeding.number)
        .options(*LIGHT)
    )
    named = {row.number for row in rows}
    idle = (one for one in db.session.scalars(query) if one.number not in named)
    return tuple(Chosen("", one.number, one.title, "", "", "") for one in idle)


def takers(actor: Actor, items: Sequence[str]) -> tuple[Colleague, ...]:
    """Who could take at least one of the actor's steps; whether he may take each is asked when it is handed over."""
    tasks = db.session.scalars(select(Task).where(Task.id.in_(list(items)[:MOST]), criterion(actor, Box.TODO)))
    by_place = {(task.candidate_role, task.candidate_organ): task for task in tasks}
    found = {one.person_id: one for task in by_place.values() for one in colleagues_of(actor, task)}
    return tuple(sorted(found.values(), key=lambda one: (one.name, one.person_id)))
