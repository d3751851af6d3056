"""Who holds what, as the administrators' services ask for it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from app.domain.administrators import ADMINISTRATORS
from app.domain.errors import N_, InvalidAnswersError
from app.extensions import db
from app.storage import journal, organisation
from app.storage.models import Account, GrantRequest, JournalLine, JournalPurge, Person, RoleAssignment

SESSION_ID = 16
"""Letters of a session's digest by which it is named on pages."""
JOURNAL = "accounts"
"""The chain of the journal that tells of people, accounts and roles."""
_ID = re.compile(r"[a-z][a-z0-9._-]{1,40}")


def ensure_filled(values: Mapping[str, str], *, ids: tuple[str, ...]) -> None:
    """Raises InvalidAnswersError by field for what is empty or too long, and for ids of other signs than ours."""
    problems = {
        name: [N_("请填写，不超过100字。")] for name, text in values.items() if not 0 < len(text.strip()) <= 100
    }
    for name in ids:
        if not _ID.fullmatch(values[name]):
            problems[name] = [N_("只用小写字母、数字、点和短横，以字母开头，2至41位。")]
    if problems:
        raise InvalidAnswersError(problems)


def roles_held(person_id: str) -> set[str]:
    return set(db.session.scalars(select(RoleAssignment.role).where(RoleAssignment.person_id == person_id)))


def holds(person_id: str, role: str, organ_id: str | None) -> bool:
    query = select(RoleAssignment.id).where(
        RoleAssignment.person_id == person_id,
        RoleAssignment.role == role,
        RoleAssignment.organ_id.is_not_distinct_from(organ_id),
    )
    return db.session.scalars(query).first() is not None


def is_bound(key: str, *, besides: str) -> bool:
    """Whether another account is bound to this identity."""
    query = select(Account.username).where(Account.oidc_subject == key, Account.username != besides)
    return db.session.scalars(query).first() is not None


def hold_all(role: str) -> int:
    """How many hold a role; nobody else takes it from one of them until the commit."""
    query = select(RoleAssignment.id).where(RoleAssignment.role == role).order_by(RoleAssignment.id).with_for_update()
    return len(db.session.scalars(query).all())


def has_administrator() -> bool:
    """Whether one of the three exists."""
    query = select(RoleAssignment.id).where(RoleAssignment.role.in_(ADMINISTRATORS)).limit(1)
    return db.session.scalars(query).first() is not None


def is_proposed(person_id: str) -> bool:
    """Whether an administrator's role waits for confirmation for this person."""
    query = select(GrantRequest.id).where(GrantRequest.person_id == person_id, GrantRequest.decided_at.is_(None))
    return db.session.scalars(query).first() is not None


def record_administrator(person_id: str, role: str, *, organ_id: str | None, by: str, now: datetime) -> None:
    """One of the three roles that the person holds from now on; the journal tells it of each of them."""
    organisation.record_role(person_id, role, organ_id=organ_id)
    journal.write_administrative(JOURNAL, actor=by, act="grant", object_=person_id, payload={"role": role}, now=now)


def told_of_roles() -> dict[tuple[str, str], tuple[int, bool]] | None:
    """What the journal says last of each role, by person and digest of what was said: where, and whether it was
    granted.

    None where first lines of it were purged.
    """
    if db.session.scalar(select(exists().where(JournalPurge.scope == JOURNAL))):
        return None
    columns = (JournalLine.object, JournalLine.payload_digest, JournalLine.position, JournalLine.act)
    lines = (
        select(*columns)
        .where(JournalLine.scope == JOURNAL, JournalLine.act.in_(("grant", "revoke")))
        .order_by(JournalLine.position)
    )
    return {(object_, digest): (place, act == "grant") for object_, digest, place, act in db.session.execute(lines)}


def roles_with_origin() -> Any:
    """Every role with its holder's name, and whether his account was `brought` by a file or by the first set-up."""
    brings = (JournalLine.scope == JOURNAL, JournalLine.act.in_(("import", "set up")))
    brought = exists().where(Account.person_id == Person.id, Account.created_at == JournalLine.at, *brings)
    columns = (RoleAssignment.person_id, RoleAssignment.role, RoleAssignment.organ_id, Person.name)
    query = select(*columns, brought.label("brought")).join(Person, Person.id == RoleAssignment.person_id)
    return db.session.execute(query.order_by(RoleAssignment.id))
