"""Single rows of the small world, with what every such row needs."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from app.domain.history import Act
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage import models as m
from tests.web.counties import NORTH


def make_proceeding(kind: ProceedingKind, release: m.Release, number: str, title: str, **values: Any) -> m.Proceeding:
    row = m.Proceeding(
        id=uuid4().hex,
        county_id=NORTH,
        kind=kind,
        number=number,
        title=title,
        process_key=release.process_key,
        release_id=release.id,
        status=ProceedingStatus.RUNNING,
        state=b"",
        waiting=values.pop("waiting", {}),
        opened_by=values.pop("opened_by", f"{NORTH}.reporter"),
        **values,
    )
    db.session.add(row)
    db.session.flush()
    return row


def make_task(
    proceeding: m.Proceeding, step: str, name: str, role: str, *, organ: str | None = None, **values: Any
) -> m.Task:
    process_key, step_id = step.split("/")
    row = m.Task(
        id=uuid4().hex,
        proceeding_id=proceeding.id,
        county_id=NORTH,
        process_key=process_key,
        step_id=step_id,
        name=name,
        lane=None,
        form_key=values.pop("form_key"),
        status=values.pop("status", TaskStatus.OPEN),
        candidate_role=role,
        candidate_organ=organ,
        candidate_person=values.pop("candidate_person", None),
        excluded_people=values.pop("excluded_people", []),
        element=values.pop("element", {}),
        clauses=values.pop("clauses", []),
        source="regulation",
        opened_at=values.pop("opened_at"),
        deadline=values.pop("deadline", {}),
        **values,
    )
    db.session.add(row)
    db.session.flush()
    return row


def tell(
    proceeding: m.Proceeding, act: Act, name: str, at: datetime, *, task: m.Task | None = None, **values: Any
) -> None:
    proceeding.history_length += 1
    person = values.pop("person", None)
    db.session.add(
        m.HistoryEntry(
            proceeding_id=proceeding.id,
            position=proceeding.history_length,
            at=at,
            act=act.value,
            process_key=task.process_key if task else proceeding.process_key,
            step_id=task.step_id if task else "",
            name=name,
            task_id=task.id if task else None,
            submission_id=values.get("submission_id"),
            role=task.candidate_role if task else None,
            organ_id=None,
            organ_name=values.get("organ", ""),
            person_id=f"{NORTH}.{person[0]}" if person else None,
            person_name=person[1] if person else "系统",
            clauses=values.get("clauses", []),
            details=values.get("details", {}),
        )
    )


def submit(task: m.Task, data: dict[str, Any], person: tuple[str, str], organ: str, at: datetime) -> m.Submission:
    task.status, task.completed_by, task.completed_at = TaskStatus.COMPLETED, f"{NORTH}.{person[0]}", at
    row = m.Submission(
        id=uuid4().hex,
        proceeding_id=task.proceeding_id,
        task_id=task.id,
        form_key=task.form_key,
        form_hash="",
        data=data,
        person_id=f"{NORTH}.{person[0]}",
        organ_id=None,
        submitted_at=at,
    )
    db.session.add(row)
    db.session.flush()
    proceeding = db.session.get_one(m.Proceeding, task.proceeding_id)
    tell(
        proceeding,
        Act.SUBMITTED,
        task.name,
        at,
        task=task,
        submission_id=row.id,
        person=person,
        organ=organ,
        clauses=task.clauses,
    )
    return row
