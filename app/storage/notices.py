"""Notices in people's inboxes (待阅), and the row that lets them be told outside."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from app.domain.notifications import dedup_id
from app.extensions import db
from app.storage.models import Notice, OutboxRow, Proceeding, Task
from app.storage.upsert import insert_into

NOTIFY = "NOTIFY"
"""Kind of an outbox row that tells people outside (e-mail, IM) of what lies in the product already."""


def put(
    proceeding: Proceeding,
    *,
    kind: str,
    person_ids: Iterable[str] = (),
    role: str = "",
    organ_id: str | None = None,
    task_id: str | None = None,
    text: str = "",
    by: str | None = None,
    now: datetime,
) -> list[str]:
    """Write a notice for each person, and one to the role where one is named, in the open transaction; returns ids.

    `by` is the id of the person who caused it, who is never told of it himself. Each notice has one outbox row, whose
    id is the notice's: whatever is sent outside is named after it, so that a repeat can be recognised. All rows go out
    with the commit, in one statement for each table.
    """
    to: list[tuple[str | None, str]] = [(person, "") for person in dict.fromkeys(person_ids) if person != by]
    if role:
        to.append((None, role))
    rows = [
        Notice(
            id=uuid4().hex,
            county_id=proceeding.county_id,
            proceeding_id=proceeding.id,
            role=to_role,
            organ_id=organ_id if to_role else None,
            person_id=person,
            task_id=task_id,
            kind=kind,
            text=text,
            by_person=by,
            created_at=now,
        )
        for person, to_role in to
    ]
    db.session.add_all(rows)
    db.session.add_all(to_tell(proceeding, row.id, kind=kind, payload={"notice": row.id}, now=now) for row in rows)
    return [row.id for row in rows]


def to_tell(proceeding: Proceeding, row_id: str, *, kind: str, payload: dict[str, str], now: datetime) -> OutboxRow:
    """An outbox row that lets people be told outside: of a notice, or of a step that was opened."""
    return OutboxRow(
        id=row_id,
        county_id=proceeding.county_id,
        proceeding_id=proceeding.id,
        kind=NOTIFY,
        name=kind,
        payload=payload,
        correlation="",
        status="PENDING",
        created_at=now,
        due_at=now,
    )


def put_reminders(tasks: Sequence[Task], *, kind_of: Callable[[Task], str], now: datetime) -> None:
    """One notice for each step and kind, however often asked: to who holds it, else to who may take it."""
    rows = [
        {
            "id": dedup_id("reminder", task.id, kind_of(task), task.due_at.isoformat() if task.due_at else ""),
            "county_id": task.county_id,
            "proceeding_id": task.proceeding_id,
            "role": "" if _person_of(task) else task.candidate_role,
            "organ_id": None if _person_of(task) else task.candidate_organ,
            "person_id": _person_of(task),
            "task_id": task.id,
            "kind": kind_of(task),
            "text": "",
            "created_at": now,
        }
        for task in tasks
    ]
    if rows:
        db.session.execute(insert_into(Notice).on_conflict_do_nothing(), rows)


def _person_of(task: Task) -> str | None:
    return task.assignee_id or task.candidate_person
