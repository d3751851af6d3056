"""催办: somebody who knows of the proceeding reminds who has the step, at most once a day."""

from datetime import datetime

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, NotAllowedError, NotFoundError
from app.domain.handling import ensure_not_urged_today, given
from app.domain.history import Act
from app.services.command import Command
from app.services.handling.steps import tell
from app.services.open_steps import ensure_still_open
from app.storage import notices
from app.storage.models import Task
from app.storage.proceedings import hold_task
from app.storage.transaction import transaction
from app.storage.visibility import may_see


def urge(task_id: str, *, text: str = "", actor: Actor, now: datetime) -> None:
    """Remind the holder of an open step, or the role that it waits for. Logged; once on a day of the offices.

    Raises NotFoundError, NotAllowedError (his own step), ConflictError (urged today, done, or suspended: nobody can
    go on with it): nothing was changed.
    """
    with transaction():
        held = hold_task(task_id)
        task = held.task
        if not may_see(actor, task.proceeding_id):
            raise NotFoundError
        ensure_still_open(task)
        if actor.person_id in (task.assignee_id, task.candidate_person):
            raise NotAllowedError(N_("本环节由您本人办理，无需催办。"))
        if held.file.proceeding.suspended_at is not None:
            raise ConflictError(N_("本件已中止，恢复以前不催办。"))
        ensure_not_urged_today(task.urged_at, now=now)
        text, task.urged_at = given(text, "", at="text"), now
        command = Command(held.file, actor=actor, now=now, surroundings=held.surroundings)
        remind(command, task, kind="URGED", text=text)
        tell(command, task, Act.URGED, {"reason": text})


def remind(command: Command, task: Task, *, kind: str, text: str) -> None:
    """A notice to who has the step, else to everybody whom it waits for."""
    holder = task.assignee_id or task.candidate_person
    notices.put(
        command.proceeding,
        kind=kind,
        person_ids=[holder] if holder else (),
        role="" if holder else task.candidate_role,
        organ_id=task.candidate_organ,
        task_id=task.id,
        text=text,
        by=command.actor.person_id if command.actor else None,
        now=command.now,
    )
