"""What a page shows of a case, as far as looking at it is told in the journal."""

from enum import StrEnum


class Shown(StrEnum):
    """The value is how its line in the journal names it, behind the case."""

    FILE = ""
    STEP = "steps"
    SUBMISSION = "submissions"
    SUBJECT = "subjects"
