"""Cases that wait for a joint meeting, as the meeting that wants them on its agenda sees them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, update

from app.extensions import db
from app.storage.models import AgendaItem, AgendaItemCase, Case, Proceeding, SubscriptionRow
from app.storage.surroundings import facts_column

POOL_MESSAGE = "AgendaDecided"
"""A case that waits for this message is in the pool (待议池)."""
LEAD_MESSAGE = "LeadDecided"
"""A case that waits for this message follows the leading case of its series."""


@dataclass(frozen=True, slots=True)
class PoolCase:
    proceeding: Proceeding
    case: Case
    facts: dict[str, Any]
    """Those without scope."""
    scheduled: int
    """How many items the asking meeting has on its agenda already."""


def pool_cases(numbers: Collection[str], *, county_id: str, meeting_id: str) -> dict[str, PoolCase]:
    """Those of the case numbers, and the cases of their series, that are in the county's pool.

    They are locked, so that one meeting alone takes each.
    """
    chosen = Proceeding.number.in_(list(numbers))
    series = (
        select(Case.series_id)
        .join(Proceeding, Proceeding.id == Case.proceeding_id)
        .where(chosen, Proceeding.county_id == county_id, Case.series_id.is_not(None))
        .correlate(None)
    )
    scheduled = select(func.count()).where(AgendaItem.meeting_id == meeting_id).scalar_subquery()
    rows = db.session.execute(
        select(Proceeding, Case, facts_column(Proceeding.__table__.c.id), scheduled)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .join(SubscriptionRow, SubscriptionRow.proceeding_id == Proceeding.id)
        .where(
            or_(chosen, Case.series_id.in_(series)),
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


def followers_on(item_ids: Collection[str]) -> dict[str, str]:
    """Id -> number of the cases of a series that go with the leading cases of agenda items."""
    query = select(Proceeding.id, Proceeding.number).join(AgendaItemCase, AgendaItemCase.case_id == Proceeding.id)
    rows = db.session.execute(query.where(AgendaItemCase.item_id.in_(list(item_ids))))
    return {row.id: row.number for row in rows}


def waiting_followers(lead_id: str) -> list[Proceeding]:
    """Cases of a series that wait for the result of the leading case, the oldest first."""
    query = (
        select(Proceeding)
        .join(AgendaItemCase, AgendaItemCase.case_id == Proceeding.id)
        .join(SubscriptionRow, SubscriptionRow.proceeding_id == Proceeding.id)
        .where(AgendaItemCase.follows == lead_id, SubscriptionRow.message == LEAD_MESSAGE)
        .order_by(Proceeding.opened_at, Proceeding.number)
        .distinct()
    )
    return list(db.session.scalars(query))


def follow(case_ids: Collection[str], lead_id: str | None) -> None:
    """Let cases of a series follow another leading case, or none."""
    mine = update(AgendaItemCase).where(AgendaItemCase.case_id.in_(list(case_ids)))
    db.session.execute(mine.values(follows=lead_id))
