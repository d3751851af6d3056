"""What a tried procedure shows: who may do its steps, what was told. Not for screens of cases: filtered by nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.roles import ROLES, Reach
from app.extensions import db
from app.queries.open_steps import OpenStep
from app.storage.models import HistoryEntry, Organ, OutboxRow, Person, RoleAssignment, Task
from app.storage.organisation import holders_of


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the play and the roles that the person holds."""

    id: str
    name: str
    organ: str
    roles: tuple[str, ...]
    """Labels (message ids)."""
    role_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the history."""

    at: datetime
    act: str
    name: str
    process_key: str
    step_id: str
    person: str
    clauses: tuple[str, ...]
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message or notice that left a proceeding."""

    kind: str
    name: str
    payload: Mapping[str, Any]
    status: str
    due_at: datetime
    error: str


def people_of(county_id: str) -> list[Somebody]:
    """Everybody of a county with their roles, in the order of the role list."""
    rows = db.session.execute(
        select(Person.id, Person.name, Organ.short_name, RoleAssignment.role)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .outerjoin(Organ, Organ.id == Person.organ_id)
        .where(Person.county_id == county_id)
    ).all()
    held: dict[str, set[str]] = {}
    for id_, _, _, role in rows:
        held.setdefault(id_, set()).add(role)
    order = list(ROLES)
    people = {
        id_: Somebody(
            id=id_,
            name=name,
            organ=organ or "",
            roles=tuple(ROLES[role].label for role in order if role in held[id_]),
            role_ids=tuple(role for role in order if role in held[id_]),
        )
        for id_, name, organ, _ in rows
    }
    return sorted(people.values(), key=lambda one: (order.index(one.role_ids[0]) if one.role_ids else 0, one.id))


def performers_of(step: OpenStep) -> list[str]:
    """Ids of the people who may do a step: its holder or the named person, else whoever holds the role there."""
    chosen = step.assignee or step.person
    if chosen is not None:
        return [chosen]
    holders = holders_of(step.county_id, [step.role])
    return sorted(
        {
            holder.person_id
            for holder in holders
            if step.organ in (None, holder.organ_id) and holder.person_id not in step.excluded
        }
    )


def overseer_of(county_id: str) -> str | None:
    """Somebody who sees every proceeding of the county; None where nobody does."""
    wide = {role.id for role in ROLES.values() if role.reach is Reach.COUNTY}
    return min((holder.person_id for holder in holders_of(county_id, wide)), default=None)


def told_of(proceeding_id: str) -> list[Told]:
    """The story so far, oldest line first."""
    query = select(HistoryEntry).where(HistoryEntry.proceeding_id == proceeding_id).order_by(HistoryEntry.position)
    return [
        Told(
            at=row.at,
            act=str(row.act),
            name=row.name,
            process_key=row.process_key,
            step_id=row.step_id,
            person=row.person_name or "",
            clauses=tuple(row.clauses),
            details=row.details,
        )
        for row in db.session.scalars(query)
    ]


def sent_by(proceeding_id: str) -> list[Sent]:
    """What left the proceeding, oldest first; what only tells people outside is left out."""
    query = (
        select(OutboxRow)
        .where(OutboxRow.proceeding_id == proceeding_id, OutboxRow.kind.in_(("MESSAGE", "NOTICE")))
        .order_by(OutboxRow.created_at)
    )
    return [
        Sent(row.kind, row.name, row.payload, row.status, row.due_at, row.last_error or "")
        for row in db.session.scalars(query)
    ]


def deadlines_of(task_ids: list[str]) -> dict[str, datetime]:
    """When open steps are due, by task."""
    query = select(Task.id, Task.due_at).where(Task.id.in_(task_ids), Task.due_at.is_not(None))
    return {id_: due for id_, due in db.session.execute(query) if due is not None}
