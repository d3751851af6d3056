"""The life of a human step, as a table."""

from enum import StrEnum

from app.domain.errors import N_, ConflictError


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


def ensure_open(status: TaskStatus, *, done_by: str = "", done_at: str = "") -> None:
    """Raises ConflictError that says who was first."""
    if status is TaskStatus.COMPLETED:
        raise ConflictError(N_("该事项已由%(name)s于%(at)s办理，无需重复提交。"), name=done_by, at=done_at)
    if status is TaskStatus.WITHDRAWN:
        raise ConflictError(N_("程序已进入其他环节，该事项已撤回。"))
