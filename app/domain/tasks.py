"""The life of a human step, as a table."""

from enum import StrEnum


class TaskStatus(StrEnum):
    OPEN = "OPEN"
    COMPLETED = "COMPLETED"
    WITHDRAWN = "WITHDRAWN"


class Lamp(StrEnum):
    """How a deadline stands. Colour, word and number always go together."""

    NONE = "NONE"
    NORMAL = "NORMAL"
    SOON = "SOON"
    OVERDUE = "OVERDUE"
    SUSPENDED = "SUSPENDED"
    """中止: there is a deadline, but its clock stands."""


SOON_WORKING_DAYS = 3
"""At most this many working days left is 临期."""


PARENT = "parent"
"""In `excludes` of a step of a further procedure: everybody who did a step of the case that it is about."""
