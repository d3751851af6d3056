"""Regulation packs: a regulation with all its files goes out as one zip, and comes in as a draft or as a new county."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from app.documents import packs
from app.documents.packs import Pack
from app.domain import powers
from app.domain.actors import Actor
from app.domain.administrators import ADMINISTRATORS
from app.domain.comparisons import Comparison
from app.domain.definitions import Finding
from app.domain.errors import (
    N_,
    ConflictError,
    InvalidDefinitionError,
    InvalidFileError,
    NotAllowedError,
    NotFoundError,
)
from app.domain.roles import ROLES
from app.domain.switches import Switch
from app.engine.comparing import compare
from app.engine.sources import bpmn, properties_of, read_source
from app.extensions import db
from app.law.register import Register
from app.services import linting, organisation
from app.services.accounts import hash_password
from app.services.studio import candidates, contents, drafts
from app.storage import studio
from app.storage.models import Account, County, MemberUnit, Organ, Person, RoleAssignment
from app.storage.transaction import transaction

PEOPLE = "scenarios/people.yml"
"""Organs of the county and the invented people of its scenarios."""
_COUNTY = re.compile(r"[a-z][a-z0-9-]{1,30}")
_WORD = re.compile(r"\b[A-Z][A-Z0-9_]+\b")
_APART = frozenset(ADMINISTRATORS)
"""Roles that no pack may give anybody."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A pack that was read and looked through; nothing of it was kept."""

    pack: Pack
    findings: tuple[Finding, ...]
    comparison: Comparison
    """Against what the county has today."""
    new_county: bool
    people: int
    """Invented people in it."""
    rules: tuple[Switch, ...]
    """What the regulation leaves open, as its register has it."""


@dataclass(frozen=True, slots=True)
class Imported:
    draft_id: str
    county_id: str
    files: int
    accounts: int
    """New accounts; only for a new county in demo mode."""


def ensure_may(actor: Actor) -> None:
    """Raises NotAllowedError."""
    powers.ensure_may(actor, "packs", N_("只有流程管理者和系统管理员可以使用制度包。"))


# ---- out


def export_pack(regulation_id: str, *, actor: Actor) -> bytes:
    """A regulation of the owner's county with everything that it reaches, as it is in force today.

    Raises NotAllowedError, NotFoundError.
    """
    county_id = drafts.ensure_owner(actor)
    files = studio.files_of_county(county_id)
    county = db.session.get(County, county_id)
    name, register = _register_of(files, regulation_id)
    chosen = files_of_regulation(files, name, register)
    chosen.setdefault(PEOPLE, _people_of(county_id))
    return packs.write(described(chosen, register, county_name=county.name if county else county_id))


def _register_of(files: Mapping[str, bytes], regulation_id: str) -> tuple[str, Register]:
    for name, register in linting.registers_in(files).items():
        if register.id == regulation_id:
            return name, register
    raise NotFoundError


def files_of_regulation(files: Mapping[str, bytes], register_name: str, register: Register) -> dict[str, bytes]:
    """What a regulation reaches among a county's files: its releases, its scenarios, and the option lists it uses."""
    reached: dict[str, bytes] = {register_name: files[register_name]}
    for process in register.processes:
        reached |= linting.closure_of(process, register, register_name, files).files
    if (tables := linting.tables_of(register, files)) is not None:
        reached |= tables.files
    stems = {name.rpartition(".")[0] for name in reached if name.endswith((".bpmn", ".dmn"))}
    for name, content in files.items():
        room = name.split("/")
        if room[0] == "scenarios" and (len(room) == 2 or room[1] in stems):
            reached[name] = content
    options = reached.get(linting.OPTIONS_FILE, b"")
    reached[linting.OPTIONS_FILE] = lists_used(options, [c for n, c in reached.items() if n != linting.OPTIONS_FILE])
    return dict(sorted(reached.items()))


def described(files: Mapping[str, bytes], register: Register, *, county_name: str) -> Pack:
    """A pack of these files, with what whoever sets the county up needs to know."""
    people = _people_in(files)
    return Pack(
        regulation_id=register.id,
        title=register.title,
        document_no=register.document_no,
        county_id=register.county,
        county_name=county_name,
        files=files,
        roles=roles_needed(files, register),
        organs=tuple(str(organ["name"]) for organ in people.get("organs") or ()),
        switches=dict(register.switches),
    )


def from_folder(files: Mapping[str, bytes]) -> Pack:
    """A pack of files that lie in a folder. Raises InvalidFileError: not exactly one register."""
    registers = linting.registers_in(files)
    if len(registers) != 1:
        raise InvalidFileError(N_("制度包中应有且只有一份条款登记（*.law.yml）。"))
    register = next(iter(registers.values()))
    county = _people_in(files).get("county") or {}
    return described(files, register, county_name=str(county.get("name", register.county)))


def made_of(folder: Path) -> bytes:
    """A pack of the files in a folder that is laid out like one. Raises InvalidFileError."""
    return packs.write(from_folder(packs.files_in(folder)))


def roles_needed(files: Mapping[str, bytes], register: Register) -> tuple[str, ...]:
    """Roles that steps are addressed to or that open procedures, in the order of the role list."""
    named = {role for kind in register.procedures for role in kind.openers}
    for name, content in files.items():
        if name.endswith(".bpmn"):
            named |= {
                properties_of(task).get("candidateRole", "") for task in read_source(content).iter(bpmn("userTask"))
            }
    return tuple(role for role in ROLES if role in named)


def _people_in(files: Mapping[str, bytes]) -> dict[str, Any]:
    return organisation.checked(files[PEOPLE], name=PEOPLE) if PEOPLE in files else {}


def _people_of(county_id: str) -> bytes:
    """The county and its organs, and of its people those who are invented: nobody real leaves in a pack."""
    county = db.session.get(County, county_id)
    organs = db.session.scalars(select(Organ).where(Organ.county_id == county_id).order_by(Organ.id))
    said = {
        "county": {"id": county_id, "name": county.name, "name_en": county.name_en} if county else {"id": county_id},
        "organs": [
            {"code": organ.code, "name": organ.name, "short": organ.short_name, "kind": organ.kind} for organ in organs
        ],
        "members": [{"organ": _code(organ_id)} for organ_id in _members_of(county_id)],
        "people": list(_invented_in(county_id)),
    }
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False).encode()


def _members_of(county_id: str) -> Iterable[str]:
    query = select(MemberUnit.organ_id).where(MemberUnit.county_id == county_id, MemberUnit.valid_to.is_(None))
    return db.session.scalars(query.order_by(MemberUnit.position))


def _invented_in(county_id: str) -> Iterator[dict[str, Any]]:
    query = select(Person).join(Account, Account.person_id == Person.id)
    people = db.session.scalars(query.where(Person.county_id == county_id, Account.demo).order_by(Person.id)).all()
    held: dict[str, list[dict[str, str]]] = {}
    roles = select(RoleAssignment).where(RoleAssignment.person_id.in_([person.id for person in people]))
    for role in db.session.scalars(roles.order_by(RoleAssignment.role)):
        where = {"organ": _code(role.organ_id)} if role.organ_id else {}
        held.setdefault(role.person_id, []).append({"role": role.role, **where})
    for person in people:
        yield {
            "username": person.id,
            "name": person.name,
            **({"organ": _code(person.organ_id)} if person.organ_id else {}),
            "position": person.position,
            "roles": held.get(person.id, []),
            "person_category": person.person_category,
            "leading_cadre": person.leading_cadre,
        }


def _code(organ_id: str) -> str:
    return organ_id.partition(".")[2]


# ---- option lists: blocks of a file that keep their comments


def blocks_of(options: bytes) -> dict[str, str]:
    """Every list of an options file as it is written, by name; what stands before the first one under an empty name."""
    found: dict[str, str] = {"": ""}
    name = ""
    for line in options.decode().splitlines(keepends=True):
        if begins := re.match(r"([A-Za-z_]\w*):", line):
            name = begins[1]
        found[name] = found.get(name, "") + line
    return found


def lists_used(options: bytes, contents_: Iterable[bytes]) -> bytes:
    """The lists that these files name."""
    named = {word for content in contents_ for word in _WORD.findall(content.decode("utf-8", errors="ignore"))}
    kept = [text for name, text in blocks_of(options).items() if not name or name in named]
    return "".join(kept).encode()


def lists_joined(own: bytes, given: bytes) -> bytes:
    """A county's lists with those of a pack in their place, or behind them where they are new."""
    blocks = blocks_of(own)
    for name, text in blocks_of(given).items():
        if name:
            blocks[name] = text if text.endswith("\n") else f"{text}\n"
    return "".join(text if text.endswith("\n") or not text else f"{text}\n" for text in blocks.values()).encode()


# ---- in


def look_at(data: bytes, *, actor: Actor, changed_by_hand: bool = False) -> Looked:
    """Read a pack: what it needs, what is wrong with it, and how it differs from what its county has.

    With `changed_by_hand` its files may be others than its manifest says.

    Raises NotAllowedError, InvalidFileError, InvalidDefinitionError: it cannot be read.
    """
    ensure_may(actor)
    pack = read(data, changed_by_hand=changed_by_hand)
    county_id = _county_for(pack, actor)
    current = studio.files_of_county(county_id) if county_id is not None else {}
    candidate = candidate_of(pack, current)
    home = county_id or pack.county_id
    lost = contents.lost_in(current, _touched(candidate, pack))
    clauses, numbers = candidates.clauses_beside(home), candidates.numbers_beside(home)
    found = (*lost, *linting.findings_of_set(candidate, county_id=home, clauses=clauses, numbers=numbers))
    comparison = compare({name: current[name] for name in pack.files if name in current}, _touched(candidate, pack))
    people = _people_in(pack.files).get("people") or ()
    rules = (rule for register in linting.registers_in(pack.files).values() for rule in register.rules.values())
    return Looked(pack, found, comparison, new_county=county_id is None, people=len(people), rules=tuple(rules))


def findings_of(pack: Pack) -> tuple[Finding, ...]:
    """What the linter says of a pack by itself, in a system that has no other regulation."""
    return linting.findings_of_set(pack.files, county_id=pack.county_id)


def read(data: bytes, *, changed_by_hand: bool = False) -> Pack:
    """A pack with every file in its canonical form. Raises InvalidFileError, InvalidDefinitionError."""
    pack = packs.read(data, changed_by_hand=changed_by_hand)
    files = {name: contents.canonical(name, content) for name, content in pack.files.items()}
    registers = linting.registers_in(files)
    if len(registers) != 1 or linting.OPTIONS_FILE not in files:
        raise InvalidFileError(N_("制度包中应有且只有一份条款登记（*.law.yml），并有 options.yml。"))
    register = next(iter(registers.values()))
    _ensure_of_one_county(files, register, pack)
    county_name = pack.county_name or str((_people_in(files).get("county") or {}).get("name", register.county))
    return described(files, register, county_name=county_name)


def _ensure_of_one_county(files: Mapping[str, bytes], register: Register, pack: Pack) -> None:
    if not _COUNTY.fullmatch(register.county) or pack.county_id != register.county:
        raise InvalidFileError(N_("制度包写的县与条款登记的县不一致，或者县的标识不是小写英文。"))
    people = _people_in(files)
    county = people.get("county")
    if people and (not isinstance(county, Mapping) or county.get("id") != register.county):
        raise InvalidFileError(N_("制度包的 people.yml 应写明同一个县（county）。"))
    for person in people.get("people") or ():
        roles = {role["role"] for role in person.get("roles") or ()}
        if not str(person["username"]).startswith(f"{register.county}.") or roles & _APART:
            raise InvalidFileError(
                N_("制度包中的人员“%(name)s”账号须以县的标识开头，且不能是管理员。"), name=person["username"]
            )


def _county_for(pack: Pack, actor: Actor) -> str | None:
    """The county whose files the pack is laid over; None for a county that there is not yet. Raises NotAllowedError."""
    if actor.county_id is not None:
        return actor.county_id
    if db.session.get(County, pack.county_id) is not None:
        raise NotAllowedError(N_("本系统已有该县，制度包由该县的流程管理者导入。"))
    return None


def candidate_of(pack: Pack, current: Mapping[str, bytes]) -> dict[str, bytes]:
    """The county's files with the pack laid over them; its other regulations and lists stay."""
    files = {**current, **pack.files}
    if linting.OPTIONS_FILE in current:
        files[linting.OPTIONS_FILE] = lists_joined(current[linting.OPTIONS_FILE], pack.files[linting.OPTIONS_FILE])
    return dict(sorted(files.items()))


def _touched(candidate: Mapping[str, bytes], pack: Pack) -> dict[str, bytes]:
    return {name: candidate[name] for name in pack.files}


def import_pack(
    data: bytes,
    *,
    actor: Actor,
    now: datetime,
    demo_password: str | None = None,
    draft_id: str = "",
    changed_by_hand: bool = False,
    accept_losses: bool = False,
) -> Imported:
    """Make a draft of a pack: in the owner's county, or (a system administrator) in a new county with its organs.

    Publishing it takes what every draft takes: findings mended, scenarios run, an owner who did not import it. With
    `demo_password` a new county gets the pack's invented people with that password. `changed_by_hand`: its files may be
    others than its manifest says; `accept_losses`: what another tool dropped from them is given up.

    Raises NotAllowedError, InvalidFileError, InvalidDefinitionError, ConflictError (nothing new): nothing changed.
    """
    ensure_may(actor)
    pack = read(data, changed_by_hand=changed_by_hand)
    hashed = hash_password(demo_password) if demo_password else ""
    with transaction():
        own = _county_for(pack, actor)
        accounts = 0 if own is not None else _set_up(pack, hashed=hashed, now=now)
        county_id = own or pack.county_id
        current = studio.files_of_county(county_id)
        candidate = candidate_of(pack, current)
        changed = {name: candidate[name] for name in pack.files if current.get(name) != candidate[name]}
        if not changed:
            raise ConflictError(N_("制度包与本县现行内容没有差别。"))
        if not accept_losses and (lost := contents.lost_in(current, changed)):
            raise InvalidDefinitionError(lost)
        title = f"{pack.title} {pack.document_no}"[:100]
        draft = drafts.new_draft(county_id, title, actor=actor, now=now, id_=draft_id)
        for name, content in changed.items():
            drafts.put(draft, name, content, base=0, automatic=False, actor=actor, now=now)
        return Imported(draft.id, county_id, len(changed), accounts)


def _set_up(pack: Pack, *, hashed: str, now: datetime) -> int:
    """The new county with its organs, and in demo mode its people. Raises ConflictError: a username is taken."""
    people = _people_in(pack.files)
    said = {
        "county": {"id": pack.county_id, "name": pack.county_name, **(people.get("county") or {})},
        "organs": people.get("organs") or (),
        "members": people.get("members") or (),
        "people": (people.get("people") or ()) if hashed else (),
    }
    if any(db.session.get(Account, person["username"]) is not None for person in said["people"]):
        raise ConflictError(N_("制度包中的账号已经存在。"))
    return organisation.bring_in(said, name=PEOPLE, hashed=hashed, demo=True, now=now)
