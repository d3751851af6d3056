"""The readable story of a proceeding."""

from enum import StrEnum


class Act(StrEnum):
    OPENED = "OPENED"
    CLAIMED = "CLAIMED"
    RELEASED = "RELEASED"
    TRANSFERRED = "TRANSFERRED"
    SUBMITTED = "SUBMITTED"
    WITHDRAWN = "WITHDRAWN"
    STEP = "STEP"
    """An automatic step of the procedure."""
    DECISION = "DECISION"
    """A decision table made a proposal."""
    TIMER = "TIMER"
    MESSAGE_SENT = "MESSAGE_SENT"
    MESSAGE_RECEIVED = "MESSAGE_RECEIVED"
    INCIDENT = "INCIDENT"
    RETRIED = "RETRIED"
    CLOSED = "CLOSED"
