"""Open steps of a proceeding, for whoever plays a scenario. Not for screens: nothing is filtered by an actor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.periods import leaders
from app.domain.roles import ROLES
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage import releases
from app.storage.accounts import actor_of
from app.storage.models import Account, Case, CaseSubject, IncidentRow, Proceeding, Task
from app.storage.organisation import holders_of, member_units


@dataclass(frozen=True, slots=True)
class OpenStep:
    task_id: str
    key: str
    """`<process>/<step>`."""
    name: str
    form_key: str
    release_id: str
    role: str
    organ: str | None
    person: str | None
    assignee: str | None
    excluded: tuple[str, ...]
    element: dict[str, Any]
    county_id: str
    lead_organ: str | None
    """Of the case; None where there is none."""


def of_proceeding(proceeding_id: str) -> list[OpenStep]:
    """Open human steps, oldest first; a round's by their elements, so that a play goes the same way each time."""
    query = (
        select(Task, Proceeding.release_id, Case.lead_organ_id)
        .join(Proceeding, Proceeding.id == Task.proceeding_id)
        .outerjoin(Case, Case.proceeding_id == Proceeding.id)
        .where(Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN)
    )
    rows = sorted(db.session.execute(query), key=lambda row: _place(row[0]))
    return [
        OpenStep(
            task_id=task.id,
            key=f"{task.process_key}/{task.step_id}",
            name=task.name,
            form_key=task.form_key,
            release_id=release_id,
            role=task.candidate_role,
            organ=task.candidate_organ,
            person=task.candidate_person,
            assignee=task.assignee_id,
            excluded=tuple(task.excluded_people),
            element=dict(task.element),
            county_id=task.county_id,
            lead_organ=lead_organ,
        )
        for task, release_id, lead_organ in rows
    ]


def _place(task: Task) -> tuple[datetime, str, str, str]:
    """What is drawn anew each time (ids) comes last."""
    named = (value if isinstance(value, Mapping) else {"id": value} for value in task.element.values())
    words = (str(one.get("person") or one.get("organ") or one.get("item_no") or one.get("id")) for one in named)
    return task.opened_at, task.step_id, "/".join(words), task.id


def performer_of(step: OpenStep) -> Actor | None:
    """Somebody who may do the step: its holder, the named person, else the first with the role in the organ."""
    chosen = step.assignee or step.person
    if chosen is None:
        chosen = min(
            (
                holder.person_id
                for holder in holders_of(step.county_id, [step.role])
                if step.organ in (None, holder.organ_id) and holder.person_id not in step.excluded
            ),
            default=None,
        )
    return None if chosen is None else actor_of_person(chosen)


def leader_of(step: OpenStep) -> Actor | None:
    """Who answers for the time of a step: the first with such a role."""
    side = ROLES[step.role].side if step.role in ROLES else None
    posts = sorted(leaders(side)) if side else []
    chosen = min((holder.person_id for holder in holders_of(step.county_id, posts)), default=None)
    return None if chosen is None else actor_of_person(chosen)


def actor_of_person(person_id: str) -> Actor | None:
    username = db.session.scalars(select(Account.username).where(Account.person_id == person_id)).first()
    return actor_of(username) if username else None


def actor_of_username(username: str, *, now: datetime | None = None) -> Actor | None:
    """`now` says in whose stead he acts on that day; without it, in nobody's."""
    return actor_of(username, now=now)


def members_of(county_id: str, on: date) -> list[str]:
    """Organ ids of the joint meeting's members."""
    return member_units(county_id, on=on)


def form_of(step: OpenStep) -> bytes:
    return releases.file_of(step.release_id, f"{step.form_key}.form")


def options_of(step: OpenStep) -> bytes:
    return releases.file_of(step.release_id, "options.yml")


def subjects_of(proceeding_id: str) -> list[CaseSubject]:
    return list(db.session.scalars(select(CaseSubject).where(CaseSubject.proceeding_id == proceeding_id)))


def incidents_of(proceeding_id: str) -> list[str]:
    """What holds the proceeding up, in words."""
    rows = db.session.scalars(select(IncidentRow).where(IncidentRow.proceeding_id == proceeding_id))
    return [
        f"{row.process_key}/{row.step_id} {row.sentence % row.values if row.values else row.sentence} {row.detail}"
        for row in rows
    ]


def proceeding_of(proceeding_id: str) -> Proceeding:
    return db.session.get_one(Proceeding, proceeding_id)
