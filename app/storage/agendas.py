"""Cases that wait for a joint meeting, as the meeting that wants them on its agenda sees them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from app.storage.models import AgendaItem, Case, Proceeding, SubscriptionRow
from app.storage.surroundings import facts_column

POOL_MESSAGE = "AgendaDecided"
"""A case that waits for this message is in the pool (待议池)."""


@dataclass(frozen=True, slots=True)
class PoolCase:
    proceeding: Proceeding
    case: Case
    facts: dict[str, Any]
    """Those without scope."""
    scheduled: int
    """How many items the asking meeting has on its agenda already."""


def pool_cases(numbers: Collection[str], *, county_id: str, meeting_id: str) -> dict[str, PoolCase]:
    """Those of the case numbers that are in the county's pool, locked, so that one meeting alone takes each."""
    scheduled = select(func.count()).where(AgendaItem.meeting_id == meeting_id).scalar_subquery()
    rows = db.session.execute(
        select(Proceeding, Case, facts_column(Proceeding.__table__.c.id), scheduled)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .join(SubscriptionRow, SubscriptionRow.proceeding_id == Proceeding.id)
        .where(
            Proceeding.number.in_(list(numbers)),
            Proceeding.county_id == county_id,
            SubscriptionRow.message == POOL_MESSAGE,
        )
        .order_by(Proceeding.id)
        .with_for_update(of=Case)
    )
    return {
        proceeding.number: PoolCase(
            proceeding, case, {name: value for scope, name, value in facts or () if not scope}, items
        )
        for proceeding, case, facts, items in rows
    }
