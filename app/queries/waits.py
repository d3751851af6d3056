"""What a proceeding waits for without asking anybody: the events on its own way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

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
    messages = select(SubscriptionRow.step_id, SubscriptionRow.since).where(
        SubscriptionRow.proceeding_id == proceeding_id
    )
    found = {
        (step_id, None): since for step_id, since in db.session.execute(messages.order_by(SubscriptionRow.since.desc()))
    }
    timers = select(TimerRow.step_id, TimerRow.due_at).where(TimerRow.proceeding_id == proceeding_id)
    found |= dict.fromkeys(db.session.execute(timers.order_by(TimerRow.due_at)))
    known = places_of(release_id)
    waits = [
        Wait(known[step_id].name, since, until)
        for (step_id, until), since in found.items()
        if step_id in known and known[step_id].kind in WAITS
    ]
    return tuple(sorted(waits, key=lambda wait: (wait.until is not None, wait.until or wait.since)))
