"""Organs, people and roles, looked up in few statements."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select, union_all

from app.extensions import db
from app.storage.models import Account, Attachment, MemberUnit, Organ, Person, RoleAssignment


class Holder(NamedTuple):
    """A role that somebody holds. A tuple, because every command makes one of each in the county."""

    person_id: str
    role: str
    organ_id: str | None
    organ_name: str | None


def organ_names(ids: Iterable[str]) -> Mapping[str, str]:
    wanted = {value for value in ids if value}
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.execute(select(Organ.id, Organ.name).where(Organ.id.in_(wanted)))}


def organs_of(county_id: str) -> list[tuple[str, str]]:
    """Id and name of every organ of a county."""
    query = select(Organ.id, Organ.name).where(Organ.county_id == county_id).order_by(Organ.code)
    return [(id_, name) for id_, name in db.session.execute(query)]


def people_names(ids: Iterable[str]) -> Mapping[str, str]:
    wanted = {value for value in ids if value}
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))}


def names_of(ids: Iterable[str]) -> Mapping[str, str]:
    """Names of organs and people, file names of papers, in one statement; ids of different kinds never collide."""
    wanted = sorted({value for value in ids if value})
    if not wanted:
        return {}
    query = union_all(
        select(Organ.id, Organ.name).where(Organ.id.in_(wanted)),
        select(Person.id, Person.name).where(Person.id.in_(wanted)),
        select(Attachment.id, Attachment.file_name).where(Attachment.id.in_(wanted)),
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def member_units(county_id: str, *, on: date) -> list[str]:
    """Organ ids of the joint meeting's members on a day, in list order."""
    query = (
        select(MemberUnit.organ_id)
        .where(
            MemberUnit.county_id == county_id,
            or_(MemberUnit.valid_from.is_(None), MemberUnit.valid_from <= on),
            or_(MemberUnit.valid_to.is_(None), MemberUnit.valid_to >= on),
        )
        .order_by(MemberUnit.position)
    )
    return list(db.session.scalars(query))


def holders_of(county_id: str, roles: Iterable[str]) -> list[Holder]:
    """Enabled people who hold one of the roles in the county."""
    query = (
        select(RoleAssignment.person_id, RoleAssignment.role, RoleAssignment.organ_id, Organ.name)
        .outerjoin(Organ, Organ.id == RoleAssignment.organ_id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .join(Account, Account.person_id == Person.id)
        .where(Person.county_id == county_id, Account.enabled, RoleAssignment.role.in_(sorted(set(roles))))
    )
    return [Holder(*row) for row in db.session.execute(query)]


def existing(table: type[Organ] | type[Person], ids: Iterable[str], *, county_id: str) -> dict[str, str]:
    """Names of those of the ids that are organs (or people) of the county."""
    wanted = sorted({value for value in ids if value})
    if not wanted:
        return {}
    query = select(table.id, table.name).where(table.id.in_(wanted), table.county_id == county_id)
    return {row.id: row.name for row in db.session.execute(query)}
