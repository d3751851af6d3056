"""The demo accounts, as the sign-in page of a demonstration lists them."""

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select

from app.domain.roles import ROLES
from app.extensions import db
from app.storage.models import Account, County, Organ, Person, RoleAssignment


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    name: str
    organ: str
    roles: tuple[str, ...]
    """Labels of the roles held (message ids)."""


@dataclass(frozen=True, slots=True)
class DemoCounty:
    county: str
    """Empty for the administrators, who belong to no county."""
    accounts: tuple[DemoAccount, ...]


def demo_accounts() -> tuple[DemoCounty, ...]:
    """All enabled demo accounts by county, in the order of the role list."""
    rows = db.session.execute(
        select(Account.username, Person.name, Organ.short_name, County.id, County.name, RoleAssignment.role)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Organ, Organ.id == Person.organ_id)
        .outerjoin(County, County.id == Person.county_id)
        .outerjoin(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(Account.demo, Account.enabled)
    ).all()
    order = {role: index for index, role in enumerate(ROLES)}
    counties = {"": ""} | {row[3]: row[4] for row in rows if row[3]}
    held: dict[tuple[str, str, str, str], list[str]] = {}
    for username, name, organ, county, _, role in rows:
        held.setdefault((county or "", username, name, organ or ""), []).append(role or "")
    accounts = sorted(
        held.items(), key=lambda item: (not item[0][0], item[0][0], min(order.get(r, 99) for r in item[1]), item[0][1])
    )
    return tuple(
        DemoCounty(counties[county], tuple(_account(key, roles) for key, roles in group))
        for county, group in groupby(accounts, key=lambda item: item[0][0])
    )


def _account(key: tuple[str, str, str, str], roles: list[str]) -> DemoAccount:
    _, username, name, organ = key
    labels = tuple(role.label for role in ROLES.values() if role.id in roles)
    return DemoAccount(username, name, organ, labels)
