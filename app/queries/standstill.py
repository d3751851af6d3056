"""Why nothing can be done with a proceeding, and whom to ask: it is suspended, or over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.proceedings import ProceedingStatus
from app.domain.roles import ROLES
from app.extensions import db
from app.queries.heads import Head
from app.queries.names import people_names
from app.storage.models import HistoryEntry, Suspension
from app.storage.organisation import holders_of

ASKED = {
    True: ("jmo.director", "registry.officer", "manager"),
    False: ("archivist", "jmo.director", "registry.officer"),
}
"""Who knows more of one that is suspended (True) or over (False): the first role that somebody holds."""


@dataclass(frozen=True, slots=True)
class Standstill:
    suspended: bool
    since: datetime | None
    reason: str
    basis: str
    by: str
    """Who decided it, by name; empty where the procedure came to its end by itself."""
    contact_role: str
    """Label of the role of the people to ask (message id)."""
    contacts: tuple[str, ...]


def standstill_of(head: Head, *, county_id: str) -> Standstill | None:
    """None while it runs."""
    if head.status is ProceedingStatus.RUNNING and head.suspended_since is None:
        return None
    suspended = head.status is ProceedingStatus.RUNNING
    role, contacts = _contacts(county_id, suspended=suspended)
    told = _suspension(head.id) if suspended else _end(head)
    return Standstill(suspended=suspended, contact_role=role, contacts=contacts, **told)


def _suspension(proceeding_id: str) -> dict[str, Any]:
    query = (
        select(Suspension).where(Suspension.proceeding_id == proceeding_id).order_by(Suspension.since.desc()).limit(1)
    )
    row = db.session.scalars(query).one_or_none()
    if row is None:
        return {"since": None, "reason": "", "basis": "", "by": ""}
    return {"since": row.since, "reason": row.reason, "basis": row.basis, "by": row.begun_by_name}


def _end(head: Head) -> dict[str, Any]:
    """The last line that a person wrote before the end says who brought it about, and why."""
    query = (
        select(HistoryEntry)
        .where(HistoryEntry.proceeding_id == head.id, HistoryEntry.person_id.is_not(None))
        .order_by(HistoryEntry.position.desc())
        .limit(1)
    )
    line = db.session.scalars(query).one_or_none()
    by = line.person_name if line else ""
    reason = str(line.details.get("reason") or "") if line else ""
    outcome = "" if head.outcome.isascii() and head.outcome.isupper() else head.outcome  # a code without words
    return {"since": head.closed_at, "reason": outcome or reason, "basis": "", "by": by}


def _contacts(county_id: str, *, suspended: bool) -> tuple[str, tuple[str, ...]]:
    roles = ASKED[suspended]
    holders = holders_of(county_id, roles)
    for role in roles:
        people = people_names(holder.person_id for holder in holders if holder.role == role)
        if people:
            return ROLES[role].label, tuple(sorted(people.values()))
    return "", ()
