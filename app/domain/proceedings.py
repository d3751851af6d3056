"""A proceeding is one running procedure: a case, or a joint meeting."""

from enum import StrEnum


class ProceedingKind(StrEnum):
    CASE = "CASE"
    MEETING = "MEETING"


class ProceedingStatus(StrEnum):
    RUNNING = "RUNNING"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"
