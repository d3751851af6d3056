"""Countersigning (会签): who may see whose vote. Blind until one's own is given, or until the meeting is closed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage.ballots import SIGNATORY, is_closed, item_of
from app.storage.models import Submission, Task


@dataclass(frozen=True, slots=True)
class Ballot:
    """One member's step on one item."""

    item_no: int
    member: str
    status: TaskStatus
    person_id: str | None
    submission_id: str | None
    data: Mapping[str, Any]
    is_open: bool
    """Whether the actor may read it now."""


def ballots_of(actor: Actor, meeting_id: str) -> tuple[Ballot, ...]:
    """Every countersigning step of a meeting, oldest first; data is empty where it is not open to the actor."""
    rows = db.session.execute(
        select(Task, Submission)
        .outerjoin(Submission, Submission.task_id == Task.id)
        .where(Task.proceeding_id == meeting_id, Task.candidate_role == SIGNATORY)
        .order_by(Task.opened_at, Task.id)
    ).all()
    given = {item_of(task) for task, _ in rows if task.completed_by == actor.person_id}
    seen = {item_of(task) for task, _ in rows} if is_closed(meeting_id) else given
    return tuple(_ballot(task, submission, actor, seen) for task, submission in rows)


def blind_submissions(actor: Actor, meeting_id: str) -> frozenset[str]:
    """Submissions of a meeting that the actor may not read yet."""
    return frozenset(
        ballot.submission_id for ballot in ballots_of(actor, meeting_id) if ballot.submission_id and not ballot.is_open
    )


def _ballot(task: Task, submission: Submission | None, actor: Actor, open_items: Collection[int]) -> Ballot:
    is_open = task.completed_by == actor.person_id or item_of(task) in open_items
    return Ballot(
        item_no=item_of(task),
        member=str(task.element.get("member") or task.candidate_organ or ""),
        status=task.status,
        person_id=task.completed_by,
        submission_id=submission.id if submission else None,
        data=submission.data if submission and is_open else {},
        is_open=is_open,
    )
