"""What the worker gave up, messages and files: a technical administrator has it tried again or drops it."""

from datetime import datetime

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, NotFoundError
from app.domain.handling import given
from app.domain.interventions import ensure_may_operate
from app.extensions import db
from app.storage import journal
from app.storage.models import Delivery, FileOrder, OutboxRow
from app.storage.outbox import DEAD, DISCARDED, PENDING
from app.storage.transaction import transaction

JOURNAL = "operations"
DROPPED = "DROPPED"
Dead = OutboxRow | Delivery | FileOrder


def send_again(letter_id: str, *, note: str, actor: Actor, now: datetime) -> None:
    """Put a dead letter or file back into the queue, due at once.

    Raises NotFoundError, NotAllowedError, ConflictError.
    """
    with transaction():
        row, note = _dead(letter_id, note, actor)
        row.status, row.attempts, row.due_at = PENDING, 0, now
        _tell(row, "dead_letter_sent_again", note, actor, now)


def discard(letter_id: str, *, note: str, actor: Actor, now: datetime) -> None:
    """Give it up for good. Raises like `send_again`."""
    with transaction():
        row, note = _dead(letter_id, note, actor)
        row.status = DISCARDED if isinstance(row, OutboxRow) else DROPPED
        if not isinstance(row, FileOrder):
            row.done_at = now
        _tell(row, "dead_letter_discarded", note, actor, now)


def _dead(letter_id: str, note: str, actor: Actor) -> tuple[Dead, str]:
    ensure_may_operate(actor)
    row: Dead | None = db.session.get(OutboxRow, letter_id, with_for_update=True)
    row = row or db.session.get(Delivery, letter_id, with_for_update=True)
    row = row or db.session.get(FileOrder, letter_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    if row.status != DEAD:
        raise ConflictError(N_("该事项已经处理，请刷新后查看。"))
    return row, given(note, N_("请写明理由。"), at="note")


def _tell(row: Dead, act: str, note: str, actor: Actor, now: datetime) -> None:
    payload = {"kind": row.kind, "text": note}
    journal.write_administrative(JOURNAL, actor=actor.username, act=act, object_=row.id, payload=payload, now=now)
