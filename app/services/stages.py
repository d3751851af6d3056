"""Which point of the stepper a proceeding has come to: where a step opens, or a wait for a message or a day begins;
and which it has passed."""

from collections.abc import Iterator
from datetime import datetime

from app.domain.advance import Advance, Subscription, WaitingTimer
from app.law.register import Register
from app.storage.models import Proceeding


def reach(proceeding: Proceeding, register: Register, *, advance: Advance, now: datetime) -> None:
    """Name the stage, and keep when it was reached first. To be called before the advance is recorded.

    A step that somebody has to do says more than a wait beside it. A stage that was passed without a rest was reached
    as well, though nobody ever stood there.
    """
    for taken in advance.steps:
        _keep(proceeding, register.stage_of(taken.process_key, taken.step_id), now)
    for place in (*_begun(proceeding, advance), *advance.opened):
        stage = register.stage_of(place.process_key, place.step_id)
        if stage:
            proceeding.stage = stage
            _keep(proceeding, stage, now)


def _keep(proceeding: Proceeding, stage: str | None, now: datetime) -> None:
    reached = proceeding.waiting.get("stages", {})
    if stage and stage not in reached:
        proceeding.waiting = {**proceeding.waiting, "stages": {**reached, stage: now.isoformat()}}


def _begun(proceeding: Proceeding, advance: Advance) -> Iterator[Subscription | WaitingTimer]:
    """Waits that were not there before this advance."""
    messages, timers = proceeding.waiting.get("subscriptions", ()), proceeding.waiting.get("timers", {})
    yield from (row for row in advance.subscriptions if f"{row.task_id}/{row.message}" not in messages)
    yield from (timer for timer in advance.timers if timer.task_id not in timers)
