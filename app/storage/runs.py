"""Rows of a run (docs/decisions/0011), whatever is done with them: how one stands, and that it is settled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

WAITING, DONE, KNOWN, REFUSED = "WAITING", "DONE", "KNOWN", "REFUSED"


class Row(Protocol):
    """One thing of a run; each kind of run has a table of its own for them."""

    status: Any
    done_at: Any
    refusal: Any


def settle(row: Row, status: str, *, now: datetime, refusal: Mapping[str, Any] | None = None) -> None:
    """What became of a row; the caller's transaction keeps it together with its effect."""
    row.status, row.done_at = status, now
    row.refusal = dict(refusal) if refusal else None
