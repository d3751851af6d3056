"""What a proceeding waits for without asking anybody: the events on its own way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.queries.drawings import places_of
from app.queries.flows import WAITS
from app.storage.models import SubscriptionRow, TimerRow


@dataclass(frozen=True, slots=True)
class Wait:
    name: str
    """Of the event, as the diagram has it."""
    since: datetime | None
    """None for an instant that is waited for: nobody notes when that began."""
    until: datetime | None
    """The instant that is waited for; None where something has to happen."""


def waits_of(proceeding_id: str, release_id: str) -> tuple[Wait, ...]:
    """The oldest first, instants last. Events on a step's border go on beside the step and are not among them."""
    since = func.min(SubscriptionRow.since)
    messages = select(SubscriptionRow.step_id, since).where(SubscriptionRow.proceeding_id == proceeding_id)
    timers = select(TimerRow.step_id, TimerRow.due_at).where(TimerRow.proceeding_id == proceeding_id).distinct()
    known = {id_: place for id_, place in places_of(release_id).items() if place.kind in WAITS}
    return (
        *(
            Wait(known[id_].name, began, None)
            for id_, began in db.session.execute(messages.group_by(SubscriptionRow.step_id).order_by(since))
            if id_ in known
        ),
        *(
            Wait(known[id_].name, None, due)
            for id_, due in db.session.execute(timers.order_by(TimerRow.due_at))
            if id_ in known
        ),
    )
