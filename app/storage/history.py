"""What the history of a proceeding says, for the commands that go on from it."""

from typing import Any

from sqlalchemy import select

from app.domain.history import Act
from app.extensions import db
from app.storage.models import HistoryEntry

MOST_LINES = 60
"""Decisions looked through for the one that made a proposal."""


def decisions_of(proceeding_id: str) -> list[dict[str, Any]]:
    """Decisions of tables as they were told, the newest first: table, hits, outputs, and the process that asked."""
    rows = db.session.execute(
        select(HistoryEntry.details, HistoryEntry.process_key)
        .where(HistoryEntry.proceeding_id == proceeding_id, HistoryEntry.act == Act.DECISION.value)
        .order_by(HistoryEntry.position.desc())
        .limit(MOST_LINES)
    )
    return [{**details["decision"], "process": process} for details, process in rows if "decision" in details]
