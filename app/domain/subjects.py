"""Responsible subjects of a case (责任主体)."""

from enum import StrEnum

TABLE = "subjects"
"""The table field in which forms name responsible subjects."""
WHO = frozenset({"kind", "organ", "person", "role", "name"})
"""Columns of that table that say who it is; the others are facts about it."""


class SubjectKind(StrEnum):
    ORGAN = "ORGAN"
    PERSON = "PERSON"


class SubjectStatus(StrEnum):
    FOUND = "FOUND"
    DECIDED = "DECIDED"
    CONCLUDED = "CONCLUDED"


class CurrentStatus(StrEnum):
    """What became of a responsible person since the act."""

    IN_SERVICE = "IN_SERVICE"
    TRANSFERRED = "TRANSFERRED"
    RETIRED = "RETIRED"
    RESIGNED = "RESIGNED"
    DISMISSED = "DISMISSED"
    DEAD = "DEAD"


LEAVING = frozenset({CurrentStatus.TRANSFERRED, CurrentStatus.RETIRED, CurrentStatus.RESIGNED})
"""Changes that somebody under a docketed investigation may not make without the supervision organ (政务处分法 52)."""


class Revision(StrEnum):
    """What a later procedure made of the decision on a subject."""

    UPHELD = "UPHELD"
    CHANGED = "CHANGED"
    REVOKED = "REVOKED"
    REDO_ORDERED = "REDO_ORDERED"
    REDONE = "REDONE"
    """Decided anew, as ordered."""


SERVED_ON = "served_on"
"""The fact of a subject that the proof of service states."""
