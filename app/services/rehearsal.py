"""What a rehearsal may do that no office can: watch the engine's steps, and let a message come from outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from app.domain.errors import NotFoundError
from app.engine.decisions import Decision, read_table
from app.engine.sources import read_source
from app.engine.watching import Outline, Passage, outlines_of, tell_watcher, watched
from app.extensions import db
from app.storage.models import OutboxRow, Proceeding
from app.storage.proceedings import correlation_text
from app.storage.transaction import transaction

__all__ = ["Outline", "Passage", "decide", "outlines_of", "tell", "watched"]


def decide(table: bytes, facts: Mapping[str, Any], *, now: datetime) -> Decision:
    """What a decision table proposes for facts; those that nobody states are null. Watchers are told the rows.

    Raises SourceError, StepError.
    """
    read = read_table(read_source(table))
    unstated = {column.expression: None for column in read.inputs if column.expression.isidentifier()}
    decision = read.decide({**unstated, **facts}, now=now)
    tell_watcher(Passage("", "", None, table=read.id, rows=decision.hits))
    return decision


def tell(
    message: str, *, proceeding_id: str, key: Mapping[str, str], payload: Mapping[str, Any], now: datetime
) -> None:
    """Put a message for whoever waits for it under `key` into the outbox, as if another system had sent it.

    Raises NotFoundError.
    """
    with transaction():
        proceeding = db.session.get(Proceeding, proceeding_id)
        if proceeding is None:
            raise NotFoundError
        db.session.add(
            OutboxRow(
                id=uuid4().hex,
                county_id=proceeding.county_id,
                proceeding_id=proceeding.id,
                kind="MESSAGE",
                name=message,
                payload={**key, **payload},
                correlation=correlation_text(key),
                status="PENDING",
                created_at=now,
                due_at=now,
            )
        )
