"""Responsible subjects of a case (责任主体)."""

from enum import StrEnum


class SubjectKind(StrEnum):
    ORGAN = "ORGAN"
    PERSON = "PERSON"


class SubjectStatus(StrEnum):
    FOUND = "FOUND"
    DECIDED = "DECIDED"
    CONCLUDED = "CONCLUDED"


class Revision(StrEnum):
    """What a later procedure made of the decision on a subject."""

    UPHELD = "UPHELD"
    CHANGED = "CHANGED"
    REVOKED = "REVOKED"
    REDO_ORDERED = "REDO_ORDERED"
    REDONE = "REDONE"
    """Decided anew, as ordered."""
