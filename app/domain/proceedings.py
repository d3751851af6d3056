"""A proceeding is one running procedure: a case, a joint meeting, or a further procedure about a case."""

from enum import StrEnum


class ProceedingKind(StrEnum):
    CASE = "CASE"
    MEETING = "MEETING"
    PROCEDURE = "PROCEDURE"
    """Opened beside or after a case (review, reversal …), or on its own."""


class ProceedingStatus(StrEnum):
    RUNNING = "RUNNING"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"
