"""Messages and notices on their way: claimed one at a time, passed over while another worker holds them."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select

from app.extensions import db
from app.storage.models import OutboxRow, Proceeding, SubscriptionRow

MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=2)
PENDING, DONE, DEAD, DISCARDED = "PENDING", "DONE", "DEAD", "DISCARDED"
OVER = (DONE, DISCARDED)
"""Nothing more will happen to these: delivered, or given up by a person."""


def claim_due(now: datetime) -> OutboxRow | None:
    """The oldest row that is due, locked until the commit."""
    query = (
        select(OutboxRow)
        .where(OutboxRow.status == PENDING, OutboxRow.due_at <= now, ~_for_a_suspended_one())
        .order_by(OutboxRow.due_at, OutboxRow.created_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return db.session.scalars(query).one_or_none()


def _for_a_suspended_one() -> ColumnElement[bool]:
    """Whether who waits for the message is suspended: it is delivered when he goes on."""
    return exists(
        select(SubscriptionRow.engine_task_id)
        .join(Proceeding, Proceeding.id == SubscriptionRow.proceeding_id)
        .where(
            OutboxRow.kind == "MESSAGE",
            SubscriptionRow.message == OutboxRow.name,
            SubscriptionRow.correlation == OutboxRow.correlation,
            Proceeding.suspended_at.is_not(None),
        )
    )


def done(row: OutboxRow, *, now: datetime) -> None:
    row.status, row.done_at = DONE, now


def failed(row: OutboxRow, *, why: str, now: datetime) -> None:
    """Try again after a pause that doubles; after the last attempt the row is dead and waits for a person."""
    row.attempts += 1
    row.last_error = why[:500]
    if row.attempts >= MAX_ATTEMPTS:
        row.status = DEAD
    else:
        row.due_at = now + FIRST_PAUSE * 2 ** (row.attempts - 1)
