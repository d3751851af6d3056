"""Registered operations that diagrams may call: typed parameters, inside the open transaction, never a commit.

An effect on the outside world is an outbox row. A refusal (DomainError) makes an incident at the calling step.
"""

from app.services.operations import (  # noqa: F401  (they register themselves)
    agendas,
    cases,
    dates,
    meetings,
    messages,
    procedures,
    remedies,
    reversals,
    series,
    subjects,
    validity,
)
from app.services.operations.registry import OPERATIONS, Entry, operation

__all__ = ["OPERATIONS", "Entry", "operation"]
