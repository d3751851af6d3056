"""What a line of a box shows, as plain cells: fifty rows of thirty columns, half of them as objects, cost more."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app.domain.proceedings import ProceedingKind
from app.domain.tasks import TaskStatus
from app.storage.models import Organ, Person, Proceeding, Task


class TaskCells(NamedTuple):
    """Of a row of `tasks`."""

    id: str
    name: str
    element: Mapping[str, Any]
    opened_at: datetime
    completed_at: datetime | None
    status: TaskStatus
    assignee_id: str | None
    due_at: datetime | None
    deadline: dict[str, Any]
    lead_organ_id: str | None


class ProceedingCells(NamedTuple):
    """Of a row of `proceedings`."""

    id: str
    kind: ProceedingKind
    number: str
    title: str
    release_id: str
    updated_by: str | None
    updated_at: datetime


class Line(NamedTuple):
    """A task with its proceeding, the name of its lead organ and of who acted last in it."""

    task: TaskCells
    proceeding: ProceedingCells
    organ: str | None
    sender: str | None


_TASK = len(TaskCells._fields)
COLUMNS = (
    *(Task.__table__.c[name] for name in TaskCells._fields),
    *(Proceeding.__table__.c[name] for name in ProceedingCells._fields),
    Organ.__table__.c.name,
    Person.__table__.c.name,
)
"""What a statement selects, for `line_of` to read."""


def line_of(row: Sequence[Any]) -> Line:
    *cells, organ, sender = row
    return Line(TaskCells(*cells[:_TASK]), ProceedingCells(*cells[_TASK:]), organ, sender)
