"""Organs, people, accounts and roles: made here and nowhere else, and looked up in few statements."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select, union_all

from app.extensions import db
from app.storage.models import Account, Attachment, County, MemberUnit, Organ, Person, RoleAssignment

ORGAN_KIND = "ADMIN_ORGAN"
"""Of an organ of which nothing else is said."""


class Holder(NamedTuple):
    """A role that somebody holds. A tuple, because every command makes one of each in the county."""

    person_id: str
    role: str
    organ_id: str | None
    organ_name: str | None


def record_county(county_id: str, *, name: str, name_en: str = "") -> None:
    """A county without organs."""
    db.session.add(County(id=county_id, name=name, name_en=name_en or name))
    db.session.flush()


def record_organ(
    county_id: str,
    *,
    code: str,
    name: str,
    short_name: str = "",
    kind: str = ORGAN_KIND,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Organ:
    """An organ of a county."""
    organ = Organ(
        id=f"{county_id}.{code}",
        county_id=county_id,
        code=code,
        name=name,
        short_name=short_name or name,
        kind=kind,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    db.session.add(organ)
    db.session.flush()
    return organ


def record_person(
    person_id: str,
    *,
    name: str,
    county_id: str | None = None,
    organ_id: str | None = None,
    position: str = "",
    person_category: str = "",
    leading_cadre: bool = False,
) -> None:
    """A person without account and role."""
    db.session.add(
        Person(
            id=person_id,
            county_id=county_id,
            organ_id=organ_id,
            name=name,
            position=position,
            person_category=person_category,
            leading_cadre=leading_cadre,
        )
    )
    db.session.flush()


def record_account(
    username: str,
    password_hash: str,
    *,
    now: datetime,
    person_id: str = "",
    enabled: bool = True,
    demo: bool = False,
    must_change: bool = False,
    ages: bool = False,
) -> Account:
    """The account of a person, of the same id unless said. With `ages` the age of its password counts from now on."""
    account = Account(
        username=username,
        person_id=person_id or username,
        password_hash=password_hash,
        enabled=enabled,
        demo=demo,
        created_at=now,
        must_change=must_change,
        password_set_at=now if ages else None,
    )
    db.session.add(account)
    return account


def record_role(person_id: str, role: str, *, organ_id: str | None) -> None:
    """A role that the person holds from now on."""
    db.session.add(RoleAssignment(person_id=person_id, role=role, organ_id=organ_id))


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
