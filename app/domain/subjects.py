"""Responsible subjects of a case (责任主体)."""

from enum import StrEnum


class SubjectKind(StrEnum):
    ORGAN = "ORGAN"
    PERSON = "PERSON"


class SubjectStatus(StrEnum):
    FOUND = "FOUND"
    DECIDED = "DECIDED"
    CONCLUDED = "CONCLUDED"
