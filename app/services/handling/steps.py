"""What every verb on a step begins and ends with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.access import Verb
from app.domain.actors import Actor
from app.domain.history import Act
from app.services.command import Command
from app.services.open_steps import ensure_at_hand
from app.storage.models import Task
from app.storage.proceedings import hold_task


def hold(task_id: str, verb: Verb, *, actor: Actor, now: datetime) -> tuple[Task, Command]:
    """An open step under its lock, for who may do this with it.

    Raises NotFoundError, NotAllowedError, ConflictError.
    """
    held = hold_task(task_id)
    ensure_at_hand(actor, verb, held.task)
    return held.task, Command(held.file, actor=actor, now=now, surroundings=held.surroundings)


def tell(command: Command, task: Task, act: Act, details: Mapping[str, Any]) -> None:
    """The line in the history, for a verb that does not move the procedure."""
    command.tell(act, task.name, task=task, details=details)
    command.write_evidence(act=act.value.lower(), object_=task.id, payload=dict(details))
