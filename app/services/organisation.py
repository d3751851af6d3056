"""Counties, organs, people and accounts from a file that an office can read: repeating an import changes nothing."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from app import yamlfiles
from app.domain.administrators import ADMINISTRATORS
from app.domain.errors import N_, InvalidFileError
from app.domain.roles import ROLES
from app.extensions import db
from app.services.accounts import hash_password
from app.services.organisation_shape import flaw_in
from app.storage import journal
from app.storage import organisation as rows
from app.storage.administration import record_administrator
from app.storage.models import Account, County, MemberUnit, Organ
from app.storage.transaction import transaction


def import_file(path: Path, *, password: str, demo: bool, now: datetime) -> int:
    """Create what the file names and does not exist yet; every new account gets the password. Returns new accounts.

    Raises InvalidFileError with the place of what is wrong; nothing was changed.
    """
    data = checked(path.read_bytes(), name=path.name)
    hashed = hash_password(password)
    with transaction():
        return bring_in(data, name=path.name, hashed=hashed, demo=demo, now=now)


def bring_in(data: Mapping[str, Any], *, name: str, hashed: str, demo: bool, now: datetime) -> int:
    """The same inside a transaction of the caller's, from what a file says that was checked."""
    county = data.get("county")
    county_id = county["id"] if county else None
    if county and db.session.get(County, county_id) is None:
        rows.record_county(str(county_id), name=county["name"], name_en=county.get("name_en") or "")
    for organ in data.get("organs") or ():
        _keep_organ(organ, str(county_id))
    for position, member in enumerate(data.get("members") or ()):
        _keep_member(member, str(county_id), position)
    added = sum(_keep_person(person, county_id, hashed, demo=demo, now=now) for person in data.get("people") or ())
    if added:
        journal.write_administrative(
            "accounts", actor="system", act="import", object_=name, payload={"added": added}, now=now
        )
    return added


def checked(content: bytes, *, name: str) -> dict[str, Any]:
    """What an organisation file says. Raises InvalidFileError with the place of what is wrong."""
    try:
        data = yamlfiles.read(content) or {}
        if (flaw := flaw_in(data)) is not None:
            place, why = flaw
            raise InvalidFileError(N_("机构文件%(name)s：%(place)s%(why)s。"), name=name, place=place, why=why)
        _check(data, name)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise InvalidFileError(N_("机构文件%(name)s无法读取：%(why)s"), name=name, why=str(error)) from error
    return dict(data)


def _check(data: Mapping[str, Any], name: str) -> None:
    """Raises InvalidFileError for a role that the role list does not have or an organ that the file does not name."""
    codes = {organ["code"] for organ in data.get("organs") or ()}
    for person, role in _roles(data):
        if role["role"] not in ROLES:
            raise InvalidFileError(
                N_("%(name)s：%(person)s的岗位“%(role)s”不在岗位表中。"),
                name=name,
                person=person["username"],
                role=role["role"],
            )
        organ = role.get("organ") or person.get("organ")
        if organ and organ not in codes:
            raise InvalidFileError(N_("%(name)s：没有机构“%(organ)s”。"), name=name, organ=organ)


def _roles(data: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for person in data.get("people") or ():
        for role in person.get("roles") or ():
            yield person, role


def _keep_organ(data: Mapping[str, Any], county_id: str) -> None:
    if db.session.get(Organ, f"{county_id}.{data['code']}") is None:
        rows.record_organ(
            county_id,
            code=data["code"],
            name=data["name"],
            short_name=data.get("short") or "",
            kind=data.get("kind") or rows.ORGAN_KIND,
            valid_from=_day(data.get("valid_from")),
            valid_to=_day(data.get("valid_to")),
        )


def _keep_member(data: Mapping[str, Any], county_id: str, position: int) -> None:
    organ_id = f"{county_id}.{data['organ']}"
    if db.session.get(MemberUnit, organ_id) is None:
        db.session.add(
            MemberUnit(
                organ_id=organ_id,
                county_id=county_id,
                position=position,
                valid_from=_day(data.get("valid_from")),
                valid_to=_day(data.get("valid_to")),
            )
        )


def _keep_person(data: Mapping[str, Any], county_id: str | None, hashed: str, *, demo: bool, now: datetime) -> bool:
    username = data["username"]
    if db.session.get(Account, username) is not None:
        return False
    organ = f"{county_id}.{data['organ']}" if data.get("organ") else None
    rows.record_person(
        username,
        name=data["name"],
        county_id=county_id,
        organ_id=organ,
        position=data.get("position") or "",
        person_category=data.get("person_category") or "",
        leading_cadre=bool(data.get("leading_cadre")),
    )
    for role in data.get("roles") or ():
        own = f"{county_id}.{role['organ']}" if role.get("organ") else organ
        if role["role"] in ADMINISTRATORS:
            record_administrator(username, role["role"], organ_id=own, by="system", now=now)
        else:
            rows.record_role(username, role["role"], organ_id=own)
    rows.record_account(username, hashed, now=now, demo=demo)
    return True


def _day(value: Any) -> date | None:
    return None if value is None else value if isinstance(value, date) else date.fromisoformat(str(value))
