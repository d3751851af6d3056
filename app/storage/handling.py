"""Rows that the verbs beside submitting look at: what was passed, what followed, who is asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.domain.handling import SideStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage.facts import scope_of
from app.storage.models import Account, Person, SideTask, Submission, Task, TaskDraft


def passed_before(task: Task) -> dict[str, Task]:
    """Steps of the same process and subject that were submitted, by step id: the last submission of each."""
    query = (
        select(Task)
        .where(
            Task.proceeding_id == task.proceeding_id,
            Task.process_key == task.process_key,
            Task.status == TaskStatus.COMPLETED,
        )
        .order_by(Task.completed_at, Task.id)
    )
    here = scope_of(task.element)
    return {done.step_id: done for done in db.session.scalars(query) if _leads_into(scope_of(done.element), here)}


def _leads_into(there: str, here: str) -> bool:
    """Whether a step of one scope comes before one of the other: the same, or that of the round around it."""
    return here == there or not there or here.startswith(f"{there}/")


def following(done: Task) -> Sequence[Task]:
    """Steps that opened when a step was submitted, whatever became of them."""
    query = select(Task).where(
        Task.proceeding_id == done.proceeding_id, Task.opened_at == done.completed_at, Task.id != done.id
    )
    return db.session.scalars(query.order_by(Task.id)).all()


def opened_last(done: Task) -> str:
    """The step as it was opened last: the id of itself where nobody has gone back to it."""
    query = select(Task.id, Task.element).where(
        Task.proceeding_id == done.proceeding_id,
        Task.process_key == done.process_key,
        Task.step_id == done.step_id,
        Task.opened_at >= done.completed_at,
        Task.id != done.id,
    )
    here = scope_of(done.element)
    again = db.session.execute(query.order_by(Task.opened_at.desc(), Task.id))
    return next((row.id for row in again if scope_of(row.element) == here), done.id)


def answers_of(done: Task) -> dict[str, Any]:
    """What was submitted with a step."""
    query = select(Submission.data).where(Submission.task_id == done.id).order_by(Submission.submitted_at.desc())
    return dict(db.session.scalars(query.limit(1)).one_or_none() or {})


def keep_as_draft(task: Task, *, person_id: str, data: dict[str, Any], now: datetime) -> None:
    """The task may be new in this transaction."""
    db.session.flush()
    db.session.merge(TaskDraft(task_id=task.id, person_id=person_id, data=data, saved_at=now))


def find_colleague(person_id: str, *, county_id: str) -> Person | None:
    """A person of the county with an account that is enabled."""
    query = (
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .where(Person.id == person_id, Person.county_id == county_id, Account.enabled)
    )
    return db.session.scalars(query.limit(1)).one_or_none()


def side_task(id_: str) -> SideTask | None:
    return db.session.get(SideTask, id_)


def open_side_tasks(task_id: str) -> Sequence[SideTask]:
    return db.session.scalars(
        select(SideTask).where(SideTask.task_id == task_id, SideTask.status == SideStatus.OPEN)
    ).all()


def mark_seen(task_id: str, *, person_id: str, now: datetime) -> None:
    """Once, by the holder."""
    db.session.execute(
        update(Task)
        .where(
            Task.id == task_id, Task.seen_at.is_(None), Task.assignee_id == person_id, Task.status == TaskStatus.OPEN
        )
        .values(seen_at=now, seen_by=person_id)
    )
