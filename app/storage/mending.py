"""Rows put right, inside the open transaction of a mending. What the procedure says is written by `proceedings`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select, update

from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage import journal
from app.storage.examination import Record
from app.storage.models import (
    IncidentRow,
    OutboxRow,
    Proceeding,
    Submission,
    SubscriptionRow,
    Task,
    TaskDraft,
    TimerRow,
)
from app.storage.outbox import DEAD, PENDING

CHAIN = "examination"
"""The journal chain of what was mended and belongs to no proceeding."""


def reopen(task_ids: Sequence[str]) -> None:
    """Steps that were withdrawn although the procedure waits for them."""
    if task_ids:
        open_again = {"status": TaskStatus.OPEN, "completed_at": None}
        db.session.execute(update(Task).where(Task.id.in_(task_ids)).values(**open_again))


def done_as_submitted(task_ids: Sequence[str]) -> None:
    """Steps whose submission exists are done, by whom and when it says."""
    for person, at, task_id in db.session.execute(
        select(Submission.person_id, Submission.submitted_at, Submission.task_id).where(
            Submission.task_id.in_(task_ids)
        )
    ).all():
        done = {"status": TaskStatus.COMPLETED, "completed_by": person, "completed_at": at}
        db.session.execute(update(Task).where(Task.id == task_id).values(**done))


def drop_drafts(task_ids: Sequence[str]) -> None:
    db.session.execute(delete(TaskDraft).where(TaskDraft.task_id.in_(task_ids)))


def drop_misaddressed(record: Record, wanted: set[tuple[str, str, str]]) -> set[tuple[str, str]]:
    """Drop subscriptions that wait under another key than the procedure; returns step and message of each."""
    wrong = set()
    keys = {(task_id, message): correlation for task_id, message, correlation in wanted}
    for row in record.subscriptions:
        key = (row.engine_task_id, row.message)
        if key in keys and keys[key] != row.correlation:
            wrong.add(key)
            is_it = (SubscriptionRow.engine_task_id == key[0], SubscriptionRow.message == key[1])
            db.session.execute(delete(SubscriptionRow).where(*is_it))
    return wrong


def send_again(letters: Sequence[str], *, now: datetime) -> None:
    """Dead rows of the outbox are tried again from the first attempt."""
    afresh = {"status": PENDING, "attempts": 0, "due_at": now}
    db.session.execute(update(OutboxRow).where(OutboxRow.id.in_(letters), OutboxRow.status == DEAD).values(**afresh))


def drop_orphaned_rows(*, now: datetime) -> None:
    """Timers, subscriptions, incidents and drafts of what does not exist; its letters are dead."""
    for model in (TimerRow, SubscriptionRow, IncidentRow):
        db.session.execute(delete(model).where(~exists().where(Proceeding.id == model.proceeding_id)))
    db.session.execute(delete(TaskDraft).where(~exists().where(Task.id == TaskDraft.task_id)))
    gone = ~exists().where(Proceeding.id == OutboxRow.proceeding_id)
    db.session.execute(update(OutboxRow).where(gone, OutboxRow.status == PENDING).values(status=DEAD, done_at=now))


def tell_surroundings(mended: Any, *, by: str, now: datetime) -> None:
    journal.write_administrative(CHAIN, actor=by, act="mend", object_="", payload=mended, now=now)
