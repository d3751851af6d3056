"""Whether a step is still open, and whether the actor may lay hands on it: asked before every act upon one."""

from app.domain.access import Verb, ensure
from app.domain.actors import Actor
from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import N_, ConflictError
from app.domain.tasks import TaskStatus
from app.storage.models import Task
from app.storage.organisation import people_names
from app.storage.tasks import facts_of


def ensure_still_open(task: Task) -> None:
    """Raises ConflictError that names who did it, and when."""
    if task.status is TaskStatus.COMPLETED:
        who = people_names([task.completed_by or ""]).get(task.completed_by or "", "")
        at = task.completed_at.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M") if task.completed_at else ""
        raise ConflictError(N_("该事项已由%(name)s于%(at)s办理，无需重复提交。"), name=who, at=at)
    if task.status is TaskStatus.WITHDRAWN:
        raise ConflictError(N_("程序已进入其他环节，该事项已撤回。"))


def ensure_at_hand(actor: Actor, verb: Verb, task: Task) -> None:
    """The step is open, and the actor may do this with it.

    Raises NotFoundError where it is none of his business, ConflictError where it is over, NotAllowedError.
    """
    facts = facts_of(task)
    ensure(actor, Verb.READ, facts)
    ensure_still_open(task)
    ensure(actor, verb, facts)
