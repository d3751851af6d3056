"""What every verb on a step begins and ends with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from app.domain.access import Verb
from app.domain.actors import Actor
from app.domain.handling import SideKind, SideStatus
from app.domain.history import Act
from app.services.command import Command
from app.services.open_steps import ensure_at_hand
from app.storage.models import SideTask, Task
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


def side_task(
    task: Task, kind: SideKind, *, person_id: str, name: str, question: str, actor: Actor, now: datetime
) -> SideTask:
    """The row of what the actor asks a person to do beside the step."""
    return SideTask(
        id=uuid4().hex,
        task_id=task.id,
        proceeding_id=task.proceeding_id,
        kind=kind,
        status=SideStatus.OPEN,
        person_id=person_id,
        person_name=name,
        question=question,
        asked_by=actor.person_id,
        asked_by_name=actor.name,
        asked_at=now,
    )
