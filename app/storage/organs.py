"""Organs that were dissolved (撤并), and who goes on with what they left."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select, update

from app.domain.actors import Grant
from app.domain.organs import last_heir, predecessors
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage.models import Case, MemberUnit, Organ, Person, Proceeding, RoleAssignment, Task

_OPEN = Task.status == TaskStatus.OPEN


class Left(NamedTuple):
    """What is in an organ."""

    people: int
    roles: int
    steps: int
    """Open ones that are addressed to it."""
    cases: int
    """Running ones that it leads."""
    seated: bool
    """Whether it has a seat in the joint meeting."""


NOTHING = Left(0, 0, 0, 0, seated=False)


def any_dissolved() -> ColumnElement[bool]:
    """Criterion: there is an organ that another one goes on with."""
    rows = Organ.__table__.c
    return exists().where(rows.successor_id.is_not(None))


def successors() -> dict[str, str]:
    """By dissolved organ: who goes on."""
    query = select(Organ.id, Organ.successor_id).where(Organ.successor_id.is_not(None))
    return {organ_id: str(heir) for organ_id, heir in db.session.execute(query)}


def inherited(grants: Collection[Grant]) -> frozenset[Grant]:
    """The same roles, each with the organs that its organ goes on with."""
    before = predecessors(successors())
    return frozenset(replace(grant, before=before.get(grant.organ_id or "", frozenset())) for grant in grants)


def heir_of(organ_id: str | None) -> str | None:
    """The organ itself, or who goes on with what it left."""
    return None if organ_id is None else last_heir(organ_id, successors())


def lock(organ_ids: Collection[str]) -> dict[str, Organ]:
    """Those that there are, by id, locked in the order of their ids: who ends two of them the other way round waits.
    Rows that only name them may be written meanwhile."""
    query = select(Organ).where(Organ.id.in_(sorted(organ_ids))).order_by(Organ.id)
    return {organ.id: organ for organ in db.session.scalars(query.with_for_update(key_share=True))}


def lasting(organ_ids: Collection[str]) -> list[str]:
    """Those of the organs that were not dissolved."""
    query = select(Organ.id).where(Organ.id.in_(sorted(organ_ids)), Organ.successor_id.is_(None))
    return list(db.session.scalars(query.order_by(Organ.id)))


def left_in(*, on: date, only: str | None = None) -> Mapping[str, Left]:
    """By organ what is in it, in five statements whatever their number; those in which nothing is are left out.

    A seat counts on the day `on`. With `only` of that organ alone.
    """
    running = select(Proceeding.id).where(Proceeding.status == ProceedingStatus.RUNNING)
    seats = or_(MemberUnit.valid_to.is_(None), MemberUnit.valid_to >= on)
    people, roles = _count(Person.organ_id, only), _count(RoleAssignment.organ_id, only)
    steps = _count(Task.candidate_organ, only, _OPEN)
    cases = _count(Case.lead_organ_id, only, Case.proceeding_id.in_(running))
    seated = _count(MemberUnit.organ_id, only, seats)
    return {
        organ: Left(
            people.get(organ, 0), roles.get(organ, 0), steps.get(organ, 0), cases.get(organ, 0), seated=organ in seated
        )
        for organ in {*people, *roles, *steps, *cases, *seated}
    }


def _count(organ: Any, only: str | None, *criteria: ColumnElement[bool]) -> dict[str, int]:
    query = select(organ, func.count()).where(organ.is_not(None), *criteria).group_by(organ)
    rows = db.session.execute(query.where(organ == only) if only else query).all()
    return {row[0]: row[1] for row in rows}


def pass_steps(organ_id: str, *, heir: str) -> int:
    """Address the open steps of an organ to another one; returns how many. Whoever holds one keeps it until the worker
    finds that he has no right to it any more."""
    moved = update(Task).where(Task.candidate_organ == organ_id, _OPEN).values(candidate_organ=heir)
    return _changed(moved)


def end_seat(organ_id: str, *, last_day: date) -> int:
    """Its seat in the joint meeting ends with that day."""
    lasts = or_(MemberUnit.valid_to.is_(None), MemberUnit.valid_to > last_day)
    return _changed(update(MemberUnit).where(MemberUnit.organ_id == organ_id, lasts).values(valid_to=last_day))


def _changed(statement: Any) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
