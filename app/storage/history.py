"""What the history of a proceeding says, for the commands that go on from it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from app.domain.history import Act
from app.extensions import Base, db
from app.storage.models import HistoryEntry
from app.storage.prepared import Prepared

MOST_LINES = 200
"""Decisions looked through for the one that made a proposal."""


def keep(lines: Sequence[Mapping[str, Any]]) -> None:
    """Write lines, of all columns each, of one or more proceedings in one statement."""
    _LINES.run(lines)


_COLUMNS = tuple(column.name for column in HistoryEntry.__table__.columns if column.name != "id")
_LINES = Prepared(lambda _dialect: insert(Base.metadata.tables[HistoryEntry.__tablename__]), _COLUMNS)


def decisions_of(proceeding_id: str) -> list[dict[str, Any]]:
    """Decisions of tables as they were told, the newest first: table, hits, outputs, the process that asked and the
    scope (subject or item) that it asked for."""
    rows = db.session.execute(
        select(HistoryEntry.details, HistoryEntry.process_key)
        .where(HistoryEntry.proceeding_id == proceeding_id, HistoryEntry.act == Act.DECISION.value)
        .order_by(HistoryEntry.position.desc())
        .limit(MOST_LINES)
    )
    return [
        {**details["decision"], "process": process, "scope": details.get("scope", "")}
        for details, process in rows
        if "decision" in details
    ]
