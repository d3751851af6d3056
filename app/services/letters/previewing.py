"""The papers of a step before it is completed: what a person reads before he signs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.access import Verb
from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.extensions import db
from app.services.command import Command
from app.services.letters import issuing
from app.services.letters.issuing import Draft, drafts
from app.services.open_steps import ensure_at_hand
from app.storage.models import TaskDraft
from app.storage.proceedings import hold_task
from app.storage.transaction import transaction


def preview(
    task_id: str, answers: Mapping[str, Any], *, actor: Actor, now: datetime, any_answers: bool = False
) -> list[Draft]:
    """The papers that the step would make of these answers. Nothing is written.

    `any_answers`: also those that other answers would call for; the answers may be incomplete.

    Raises NotFoundError, NotAllowedError, ConflictError.
    """
    with transaction():
        held = hold_task(task_id, asks=issuing.makes_papers)
        ensure_at_hand(actor, Verb.COMPLETE, held.task)
        command = Command(held.file, actor=actor, now=now, surroundings=held.surroundings)
        return drafts(command, held.task, answers, any_answers=any_answers)


def preview_one(task_id: str, kind: str, scope: str, *, actor: Actor, now: datetime) -> Draft:
    """One paper as the saved draft of the actor would make it. Raises as `preview`, NotFoundError: it makes none."""
    saved = db.session.get(TaskDraft, (task_id, actor.person_id))
    found = preview(task_id, saved.data if saved else {}, actor=actor, now=now, any_answers=True)
    wanted = (draft for draft in found if draft.kind == kind and (not scope or draft.scope == scope))
    draft = next(wanted, None)
    if draft is None:
        raise NotFoundError
    return draft
