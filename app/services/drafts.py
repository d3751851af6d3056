"""Answers that are not submitted yet: kept without validation, and read again before they take effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.access import Verb, ensure
from app.domain.actors import Actor
from app.domain.drafts import taken_over
from app.domain.errors import N_, ConflictError, NotFoundError
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.forms.proposals import departures, ensure_reasoned
from app.services import definitions, identity_numbers
from app.services.command import Command
from app.services.letters import issuing
from app.services.open_steps import ensure_at_hand
from app.services.tasks import checked
from app.storage.models import TaskDraft
from app.storage.proceedings import ensure_not_suspended, get_task_for_update, hold_task
from app.storage.tasks import facts_of
from app.storage.transaction import transaction

WINDOW_LENGTH = 40
"""Characters of the name of a window that are kept."""


class DraftChangedError(ConflictError):
    """Another window of the same person wrote the draft since this one read it."""

    sentence = N_("内容已在另一个窗口被更新，请比较。")


@dataclass(frozen=True, slots=True)
class Window:
    """Which page of which browser writes, and when the draft that it shows was saved (None: there was none)."""

    id: str
    base: datetime | None


def save(
    task_id: str, *, data: Mapping[str, Any], actor: Actor, now: datetime, window: Window | None = None
) -> datetime:
    """Keep unfinished answers, without validation; returns when they were saved. The last one wins, but a window never
    writes over what another one wrote since it looked.

    Raises:
        NotFoundError, NotAllowedError, ConflictError, DraftChangedError: nothing was changed.
    """
    with transaction():
        task, file = get_task_for_update(task_id)
        ensure_at_hand(actor, Verb.COMPLETE, task)
        form = definitions.form_of(file.proceeding.release_id, task.form_key)
        kept = identity_numbers.of_draft(form, data, task=task, person_id=actor.person_id, now=now)
        before = _kept(task_id, actor)
        if window is not None:
            _ensure_unchanged(before, window)
        _keep(before, task_id, kept, actor=actor, now=now, window=window.id if window else "")
        return now


def take_over(task_id: str, *, from_person: str, actor: Actor, now: datetime) -> datetime:
    """Go on with what somebody else has written on the step, who had it before or stands in; returns when it was kept.

    What the actor has answered himself stays, and the other's draft too. Again changes nothing more.
    Raises NotFoundError (also for the draft of who has stepped aside), NotAllowedError, ConflictError.
    """
    with transaction():
        task, file = get_task_for_update(task_id)
        ensure_at_hand(actor, Verb.COMPLETE, task)
        left = None if from_person in task.excluded_people else db.session.get(TaskDraft, (task_id, from_person))
        if left is None or task.assignee_id is None:
            raise NotFoundError
        own = _kept(task_id, actor)
        form = definitions.form_of(file.proceeding.release_id, task.form_key)
        data = taken_over(own.data if own else {}, left.data)
        kept = identity_numbers.of_draft(form, data, task=task, person_id=actor.person_id, now=now)
        _keep(own, task_id, kept, actor=actor, now=now, window="")
        return now


def keep_late(task_id: str, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> bool:
    """Bring the draft of somebody up to date who had begun the step before it went to another, whose page shows it.

    Returns whether it was kept: who never began it, or finds it done, leaves nothing. Raises NotFoundError.
    """
    with transaction():
        task, file = get_task_for_update(task_id)
        ensure(actor, Verb.READ, facts_of(task))
        begun = _kept(task_id, actor)
        if task.status is not TaskStatus.OPEN or actor.person_id in task.excluded_people or begun is None:
            return False
        form = definitions.form_of(file.proceeding.release_id, task.form_key)
        kept = identity_numbers.of_draft(form, data, task=task, person_id=actor.person_id, now=now)
        _keep(begun, task_id, kept, actor=actor, now=now, window="")
        return True


@dataclass(frozen=True, slots=True)
class Checked:
    data: dict[str, Any]
    """The answers as a submission would keep them."""
    answers: dict[str, Any]
    """What is to be submitted: the answers as they were given, with references instead of identity numbers."""
    papers: list[issuing.Draft]
    """The papers that it would make of them."""


def check(task_id: str, *, answers: Mapping[str, Any], actor: Actor, now: datetime, window: str = "") -> Checked:
    """提交前核对: what a submission would keep and issue; the answers are kept as a draft, and nothing else happens.

    `window`: the id of the page that they come from, which goes on writing when its reader goes back.

    Raises:
        NotFoundError, NotAllowedError, ConflictError, InvalidAnswersError: as the submission itself would.
    """
    with transaction():
        held = hold_task(task_id, asks=issuing.makes_papers)
        task = held.task
        ensure_at_hand(actor, Verb.COMPLETE, task)
        ensure_not_suspended(held.file.proceeding)
        command = Command(held.file, actor=actor, now=now, surroundings=held.surroundings)
        data = checked(command, task, answers)
        form = definitions.form_of(command.proceeding.release_id, task.form_key)
        ensure_reasoned(form, departures(form, task.proposals, data), data)
        papers = issuing.drafts(command, task, data) if issuing.makes_papers(held.file.proceeding, task) else []
        kept = identity_numbers.of_draft(form, answers, task=task, person_id=actor.person_id, now=now)
        _keep(_kept(task_id, actor), task_id, kept, actor=actor, now=now, window=window)
        return Checked(data, kept, papers)


def _ensure_unchanged(before: TaskDraft | None, window: Window) -> None:
    if before is not None and window.id != before.window and window.base != before.saved_at:
        raise DraftChangedError


def _keep(
    before: TaskDraft | None, task_id: str, data: Mapping[str, Any], *, actor: Actor, now: datetime, window: str
) -> None:
    if before is None:
        row = TaskDraft(task_id=task_id, person_id=actor.person_id, data=dict(data), saved_at=now, window=window)
        db.session.add(row)
        return
    before.data, before.saved_at, before.window = dict(data), now, window


def _kept(task_id: str, actor: Actor) -> TaskDraft | None:
    return db.session.get(TaskDraft, (task_id, actor.person_id), populate_existing=True)
