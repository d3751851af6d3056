"""Answers before they are submitted: read in words, held against another window's, and who else is writing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.domain.actors import Actor
from app.extensions import db
from app.forms.presentation import Row, mentions
from app.queries.answers import answers_of, form_of
from app.queries.names import names_for
from app.queries.tasks import get_task
from app.storage.models import Person, Proceeding, Task, TaskDraft

PRESENT = timedelta(minutes=10)
"""Who wrote within this time is at it now."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two drafts answer differently; empty where one does not answer it."""

    label: str
    mine: str
    other: str


@dataclass(frozen=True, slots=True)
class Comparison:
    saved_at: datetime
    """When the other one was saved."""
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody else with an unfinished form of the same step."""

    name: str
    at: datetime


def in_words(actor: Actor, task_id: str, data: Mapping[str, Any], *, locale: str) -> tuple[Row, ...]:
    """Every answered field of `data`. Raises NotFoundError."""
    return _rows(get_task(actor, task_id), data, locale)


def _rows(task: Task, data: Mapping[str, Any], locale: str) -> tuple[Row, ...]:
    release_id = db.session.get_one(Proceeding, task.proceeding_id).release_id
    form = form_of(release_id, task.form_key)
    ids = {key for keys in mentions(form, data).values() for key in keys}
    return answers_of(release_id, task.form_key, data, names=names_for(task.county_id, ids), locale=locale)


def compare(actor: Actor, task_id: str, data: Mapping[str, Any], *, locale: str) -> Comparison | None:
    """What the actor has in a window against the draft that another of his windows kept; None where there is none."""
    task = get_task(actor, task_id)
    kept = db.session.get(TaskDraft, (task_id, actor.person_id))
    if kept is None:
        return None
    mine = {row.name: row for row in _rows(task, data, locale)}
    other = {row.name: row for row in _rows(task, kept.data, locale)}
    return Comparison(
        kept.saved_at,
        tuple(
            Difference(
                label=(mine.get(name) or other[name]).label,
                mine=mine[name].text if name in mine else "",
                other=other[name].text if name in other else "",
            )
            for name in {**mine, **other}
            if name not in mine or name not in other or mine[name].text != other[name].text
        ),
    )


def writers(actor: Actor, task_id: str, *, now: datetime) -> tuple[Writer, ...]:
    """Who else wrote on the open form of the step just now, such as a deputy or the one deputised for."""
    query = (
        select(Person.name, TaskDraft.saved_at)
        .join(Person, Person.id == TaskDraft.person_id)
        .where(
            TaskDraft.task_id == task_id,
            TaskDraft.person_id != actor.person_id,
            TaskDraft.saved_at > now - PRESENT,
        )
        .order_by(TaskDraft.saved_at.desc())
    )
    return tuple(Writer(name, at) for name, at in db.session.execute(query))
