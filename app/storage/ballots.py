"""What the member units said on the items of a meeting (会签), and from whom it is kept until the meeting is closed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.access import may_see_votes
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage.models import Proceeding, Submission, Task

SIGNATORY = "member.signatory"


def by_item(meeting_id: str) -> dict[int, dict[str, Mapping[str, Any]]]:
    """The newest ballot of each member unit (organ id) by the number of the item; a later round takes its place."""
    query = (
        select(Task.element, Submission.data)
        .join(Submission, Submission.task_id == Task.id)
        .where(Task.proceeding_id == meeting_id, Task.candidate_role == SIGNATORY)
        .order_by(Task.opened_at, Task.id)
    )
    found: dict[int, dict[str, Mapping[str, Any]]] = {}
    for element, data in db.session.execute(query):
        item = element.get("agenda_item")
        if isinstance(item, Mapping) and "item_no" in item:
            found.setdefault(int(item["item_no"]), {})[str(element.get("member"))] = data or {}
    return found


def item_of(task: Task) -> int:
    """The number of the item that the step is about; 0 where it is about none."""
    item = task.element.get("agenda_item")
    return int(item.get("item_no") or 0) if isinstance(item, Mapping) else 0


def is_closed(meeting_id: str) -> bool:
    """Whether the meeting has come to its end, be it that it was closed or that it was not held."""
    meeting = db.session.get(Proceeding, meeting_id)
    return meeting is not None and (meeting.outcome is not None or meeting.status is not ProceedingStatus.RUNNING)


def given_by(person_id: str, meeting_id: str) -> frozenset[int]:
    """Numbers of the items on which the person has given his vote."""
    of_person = (Task.proceeding_id == meeting_id, Task.candidate_role == SIGNATORY, Task.completed_by == person_id)
    query = select(Task).where(*of_person, Task.status == TaskStatus.COMPLETED)
    return frozenset(item_of(task) for task in db.session.scalars(query))


def is_cast_before(meeting_id: str, item_no: int, moment: datetime) -> bool:
    """Whether somebody had voted on the item by then. What was written before the first vote can tell none."""
    of_meeting = (Task.proceeding_id == meeting_id, Task.candidate_role == SIGNATORY)
    query = select(Task).where(*of_meeting, Task.status == TaskStatus.COMPLETED, Task.completed_at <= moment)
    return any(item_of(task) == item_no for task in db.session.scalars(query))


def is_sealed(meeting_id: str, item_no: int, person_id: str) -> bool:
    """Whether the votes on the item are kept from the person: until the meeting is closed, if he gave none himself."""
    closed = is_closed(meeting_id)
    return not may_see_votes(closed=closed, voted=not closed and item_no in given_by(person_id, meeting_id))


def open_to(person_id: str, meeting_id: str) -> dict[int, dict[str, Mapping[str, Any]]]:
    """The ballots of the items whose votes the person may see."""
    cast = by_item(meeting_id)
    closed = is_closed(meeting_id)
    given = frozenset() if closed else given_by(person_id, meeting_id)
    return {no: votes for no, votes in cast.items() if may_see_votes(closed=closed, voted=no in given)}
