"""Answers before they are submitted: read in words, held against another window's, and who else is writing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.domain.access import Verb, can
from app.domain.actors import Actor
from app.domain.drafts import given
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.forms.presentation import Row, mentions
from app.queries.answers import answers_of, form_of
from app.queries.names import names_for
from app.queries.tasks import get_task
from app.storage.models import Person, Proceeding, Task, TaskDraft
from app.storage.tasks import facts_of

MOST_LEFT, MOST_ANSWERS, LONGEST_ANSWER = 3, 30, 400
"""Drafts shown beside a step, answers of each, and characters of each: a page costs the same however much was left."""
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
class Left:
    """What somebody else has written on a step and not submitted: whoever had it before, a deputy, his principal."""

    person_id: str
    name: str
    saved_at: datetime
    at_it: bool
    """Written just now, after the step came to who has it: he may still be writing."""
    answers: tuple[Row, ...]
    """In the words of the form, the first of them, long ones cut; none for who has taken all of it over."""


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


def left_behind(actor: Actor, task_id: str, *, now: datetime, locale: str) -> tuple[Left, ...]:
    """What others have written on an open step that lies with the actor now, newest first. What somebody wrote who has
    stepped aside since stays with him. Raises NotFoundError.
    """
    task = get_task(actor, task_id)
    if not _lies_with(actor, task):
        return ()
    query = (
        select(TaskDraft, Person.name)
        .join(Person, Person.id == TaskDraft.person_id)
        .where(TaskDraft.task_id == task_id, TaskDraft.person_id.not_in(task.excluded_people))
        .order_by(TaskDraft.saved_at.desc(), TaskDraft.person_id)
    )
    found = db.session.execute(query.limit(MOST_LEFT + 1)).all()
    own: Mapping[str, Any] = next((draft.data for draft, _ in found if draft.person_id == actor.person_id), {})
    return tuple(
        Left(
            draft.person_id,
            name,
            draft.saved_at,
            draft.saved_at > max(now - PRESENT, task.claimed_at or now - PRESENT),
            _shortened(task, {key: value for key, value in draft.data.items() if own.get(key) != value}, locale),
        )
        for draft, name in found
        if draft.person_id != actor.person_id
    )[:MOST_LEFT]


def _lies_with(actor: Actor, task: Task) -> bool:
    """Whether the actor holds the step, also for somebody else or as his delegate. Who stepped aside does not."""
    if task.status is not TaskStatus.OPEN or task.assignee_id is None:
        return False
    if can(actor, Verb.COMPLETE, facts_of(task)):
        return True
    return task.assignee_id == actor.person_id and actor.person_id not in task.excluded_people


def _shortened(task: Task, data: Mapping[str, Any], locale: str) -> tuple[Row, ...]:
    first = dict(list(given(data).items())[:MOST_ANSWERS])
    rows = _rows(task, first, locale) if first else ()
    return tuple(
        row if len(row.text) <= LONGEST_ANSWER else replace(row, text=f"{row.text[:LONGEST_ANSWER]}……") for row in rows
    )
