"""Registered operations that diagrams may call: typed parameters, inside the open transaction, never a commit.

An effect on the outside world is an outbox row. A refusal (DomainError) makes an incident at the calling step.
"""

from app.services.operations import cases, meetings, messages, procedures, remedies, reversals, subjects, validity  # noqa: F401  (they register themselves)
from app.services.operations.registry import OPERATIONS, Entry, operation

__all__ = ["OPERATIONS", "Entry", "operation"]
