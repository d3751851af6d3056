"""The security policy as rows, kept as long as the database shows the same mark."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.security_rules import LIMITS, SecurityRules
from app.extensions import db
from app.storage import marks
from app.storage.models import OrganisationMark, SecurityRule
from app.storage.upsert import upsert


def current() -> SecurityRules:
    """The policy in force, read in one statement."""
    rows = db.session.execute(
        select(OrganisationMark.mark, SecurityRule.name, SecurityRule.value)
        .select_from(OrganisationMark)
        .outerjoin(SecurityRule, SecurityRule.name.is_not(None))
    ).all()
    kept = marks.under(rows[0][0]) if rows else {}
    return keep(kept, [(name, value) for _, name, value in rows])


def keep(kept: marks.Kept, rows: Iterable[Sequence[Any]]) -> SecurityRules:
    """The policy from names and values as they were read, kept under the mark that was read with them."""
    rules = SecurityRules({name: int(value) for name, value in rows if name in LIMITS})
    kept[SecurityRules] = rules
    return rules


def kept() -> SecurityRules:
    """The same, without a statement of its own right after a reading of the mark, such as that of a session."""
    _, known = marks.latest()
    found: SecurityRules | None = known.get(SecurityRules)
    return found if found is not None else current()


def set_rule(name: str, value: int, *, by: str, now: datetime) -> None:
    upsert(SecurityRule, [{"name": name, "value": str(value), "set_by": by, "set_at": now}], keys=["name"])
