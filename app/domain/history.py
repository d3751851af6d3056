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
    RECUSAL = "RECUSAL"
    """Somebody was asked to step aside, or it was decided."""
    PROCEDURE = "PROCEDURE"
    """A further procedure about the case was opened, or told its result."""
