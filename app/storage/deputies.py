"""Who stands in for whom (代理), as rows."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.domain.actors import Grant
from app.domain.roles import ROLES, Side
from app.extensions import db
from app.storage.models import Account, Deputy, Person, RoleAssignment


def is_one(person_id: Any, today: Any) -> ColumnElement[bool]:
    """Criterion: the person of the column stands in for somebody on that day."""
    rows = Deputy.__table__.c
    return exists().where(
        rows.deputy_id == person_id, rows.since <= today, rows.until >= today, rows.ended_at.is_(None)
    )


def _in_force(today: date) -> ColumnElement[bool]:
    return and_(Deputy.since <= today, Deputy.until >= today, Deputy.ended_at.is_(None))


def grants_of(person_id: str, *, today: date) -> frozenset[Grant]:
    """The roles in which the person stands in for others today; a subject answers for himself alone."""
    query = (
        select(Deputy.roles, RoleAssignment.role, RoleAssignment.organ_id, Person.id, Person.name)
        .join(Person, Person.id == Deputy.principal_id)
        .join(RoleAssignment, RoleAssignment.person_id == Deputy.principal_id)
        .join(Account, and_(Account.person_id == Deputy.principal_id, Account.enabled))
        .where(Deputy.deputy_id == person_id, _in_force(today))
    )
    return frozenset(
        Grant(role, organ, principal, name)
        for roles, role, organ, principal, name in db.session.execute(query)
        if (not roles or role in roles) and role in ROLES and ROLES[role].side not in _PERSONAL
    )


_PERSONAL = (Side.SUBJECT, Side.ADMINISTRATION)
"""Roles in which nobody can be stood in for."""


def around(person_ids: Sequence[str]) -> Sequence[Deputy]:
    """Every arrangement of these people, as principal or deputy, the newest first."""
    mine = or_(Deputy.principal_id.in_(person_ids), Deputy.deputy_id.in_(person_ids))
    return db.session.scalars(select(Deputy).where(mine).order_by(Deputy.since.desc(), Deputy.id)).all()


def hold(principal_id: str) -> None:
    """Arrangements of one principal are made one after the other, until the commit."""
    db.session.execute(select(Person.id).where(Person.id == principal_id).with_for_update(key_share=True))


def overlapping(principal_id: str, *, since: date, until: date) -> Deputy | None:
    """An arrangement of the principal that is in force on one of the days."""
    query = select(Deputy).where(
        Deputy.principal_id == principal_id, Deputy.since <= until, Deputy.until >= since, Deputy.ended_at.is_(None)
    )
    return db.session.scalars(query.limit(1)).one_or_none()


def roles_held(person_id: str) -> list[tuple[str, str | None]]:
    query = select(RoleAssignment.role, RoleAssignment.organ_id).where(RoleAssignment.person_id == person_id)
    return [(role, organ) for role, organ in db.session.execute(query)]
