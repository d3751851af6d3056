"""Countersigning (会签): who may see whose vote. Blind until one's own is given, open once the round is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage.models import AgendaItem, Submission, Task

SIGNATORY = "member.signatory"


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
    decided = _decided_items(meeting_id)
    given = {_item_no(task) for task, _ in rows if task.completed_by == actor.person_id}
    voting = {_item_no(task) for task, _ in rows if task.status is TaskStatus.OPEN}
    over = {_item_no(task) for task, _ in rows} - voting
    return tuple(_ballot(task, submission, actor, decided | given | over) for task, submission in rows)


def blind_submissions(actor: Actor, meeting_id: str) -> frozenset[str]:
    """Submissions of a meeting that the actor may not read yet."""
    return frozenset(
        ballot.submission_id for ballot in ballots_of(actor, meeting_id) if ballot.submission_id and not ballot.is_open
    )


def _ballot(task: Task, submission: Submission | None, actor: Actor, open_items: set[int]) -> Ballot:
    is_open = task.completed_by == actor.person_id or _item_no(task) in open_items
    return Ballot(
        item_no=_item_no(task),
        member=str(task.element.get("member") or task.candidate_organ or ""),
        status=task.status,
        person_id=task.completed_by,
        submission_id=submission.id if submission else None,
        data=submission.data if submission and is_open else {},
        is_open=is_open,
    )


def _item_no(task: Task) -> int:
    item = task.element.get("agenda_item")
    return int(item.get("item_no") or 0) if isinstance(item, Mapping) else 0


def _decided_items(meeting_id: str) -> set[int]:
    query = select(AgendaItem.item_no).where(AgendaItem.meeting_id == meeting_id, AgendaItem.resolution.is_not(None))
    return set(db.session.scalars(query))
