"""时间轴: every human step of a proceeding with who had it, from when until when, and until when he had to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.roles import role_label
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries.heads import Found, Head
from app.queries.lamps import LampView, lamp_view
from app.queries.names import element_label, organ_names, people_names
from app.storage import withheld
from app.storage.models import Suspension, Task

MOST = 300
DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Stay:
    """One step, and how long somebody had it."""

    name: str
    """Message id."""
    element: str
    holder: str
    """Who did or holds it; empty where nobody has taken it."""
    role: str
    """Label of the role (message id)."""
    organ: str
    since: datetime
    until: datetime | None
    """None while it is open."""
    due_at: datetime | None
    status: TaskStatus
    days: float
    """Until now for an open one; natural days."""
    late: bool
    """It was done, or still stands, after its deadline."""
    lamp: LampView | None
    """Of an open step with a deadline."""

    @property
    def is_open(self) -> bool:
        return self.status is TaskStatus.OPEN


@dataclass(frozen=True, slots=True)
class Pause:
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Timeline:
    head: Head
    stays: tuple[Stay, ...]
    """In the order in which they opened."""
    pauses: tuple[Pause, ...]
    """中止."""
    begins: datetime
    ends: datetime
    """Now, or when it was over."""
    more: int
    """Steps that are not shown."""

    @property
    def current(self) -> tuple[Stay, ...]:
        return tuple(stay for stay in self.stays if stay.is_open)


def timeline_of(actor: Actor, found: Found, *, now: datetime) -> Timeline:
    """Of a proceeding that the actor sees. The same number of statements for a short one and a long one."""
    head = found.head
    query = select(Task).where(Task.proceeding_id == head.id).order_by(Task.opened_at, Task.id)
    tasks = db.session.scalars(query.limit(MOST + 1)).all()
    open_beyond = _open_beyond(tasks, head.id)
    shown = withheld.shown([*tasks[:MOST], *open_beyond], actor.person_id)
    people = people_names(task.completed_by or task.assignee_id for task in shown)
    organs = organ_names(actor.county_id)
    stays = tuple(_stay(task, people, organs, now) for task in shown)
    pauses = select(Suspension).where(Suspension.proceeding_id == head.id).order_by(Suspension.since)
    return Timeline(
        head=head,
        stays=stays,
        pauses=tuple(Pause(row.since, row.ended_at) for row in db.session.scalars(pauses)),
        begins=min([head.opened_at, *(stay.since for stay in stays)]),
        ends=max([head.closed_at or now, *(stay.until for stay in stays if stay.until)]),
        more=max(0, len(tasks) - MOST),
    )


def _open_beyond(tasks: Sequence[Task], proceeding_id: str) -> Sequence[Task]:
    """Of a very long one the open steps are shown whatever is left out."""
    if len(tasks) <= MOST:
        return ()
    shown = {task.id for task in tasks[:MOST]}
    is_open = (Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN)
    rows = db.session.scalars(select(Task).where(*is_open).order_by(Task.opened_at, Task.id).limit(MOST))
    return [task for task in rows if task.id not in shown]


def _stay(task: Task, people: dict[str, str], organs: dict[str, str], now: datetime) -> Stay:
    is_open = task.status is TaskStatus.OPEN
    until = None if is_open else task.completed_at
    end = until or (now if is_open else task.opened_at)
    return Stay(
        name=task.name,
        element=element_label(task.element, organs),
        holder=people.get(task.completed_by or task.assignee_id or "", ""),
        role=role_label(task.candidate_role),
        organ=organs.get(task.candidate_organ or "", ""),
        since=task.opened_at,
        until=until,
        due_at=task.due_at,
        status=task.status,
        days=max(0.0, (end - task.opened_at).total_seconds() / DAY),
        late=task.due_at is not None and end > task.due_at and task.status is not TaskStatus.WITHDRAWN,
        lamp=lamp_view(task.due_at, now=now, record=task.deadline) if is_open and task.deadline else None,
    )
