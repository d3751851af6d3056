"""待议池: the cases that wait for a joint meeting."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.extensions import db
from app.queries.choices import POOL_MESSAGE
from app.storage.models import Case, Organ, Proceeding, SubscriptionRow
from app.storage.visibility import visible_proceedings


@dataclass(frozen=True, slots=True)
class PoolCase:
    id: str
    number: str
    title: str
    organ: str
    since: datetime
    days: int
    """Calendar days in the pool."""
    on_agenda: str
    """Number of the meeting that has it on its agenda."""
    suspended: bool
    """No meeting takes it up before it is resumed."""


def pool_of(actor: Actor, *, now: datetime) -> tuple[PoolCase, ...]:
    """Cases that wait for a joint meeting, the longest waiting first."""
    on_agenda = select(Proceeding.number).where(Proceeding.id == Case.on_agenda).correlate(Case).scalar_subquery()
    rows = db.session.execute(
        select(
            *(Proceeding.id, Proceeding.number, Proceeding.title, Organ.name, SubscriptionRow.since, on_agenda),
            Proceeding.suspended_at.is_not(None),
        )
        .join(SubscriptionRow, SubscriptionRow.proceeding_id == Proceeding.id)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(SubscriptionRow.message == POOL_MESSAGE, visible_proceedings(actor))
        .order_by(SubscriptionRow.since, Proceeding.number)
    )
    today = office_day(now)
    return tuple(
        PoolCase(key, number, title, organ or "", since, (today - office_day(since)).days, meeting or "", stands)
        for key, number, title, organ, since, meeting, stands in rows
    )
