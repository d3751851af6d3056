"""Whether a step is still open, and whether the actor may lay hands on it: asked before every act upon one."""

from datetime import datetime

from app.domain.access import Verb, ensure
from app.domain.actors import Actor
from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import N_, ConflictError, NotAllowedError
from app.domain.tasks import TaskStatus
from app.storage.models import Task
from app.storage.organisation import people_names
from app.storage.tasks import facts_of


def ensure_still_open(task: Task) -> None:
    """Raises ConflictError that names who did it, and when."""
    if task.status is TaskStatus.COMPLETED:
        who = people_names([task.completed_by or ""]).get(task.completed_by or "", "")
        sentence = N_("该事项已由%(name)s于%(at)s办理，无需重复提交。")
        raise ConflictError(sentence, name=who, at=_moment(task.completed_at))
    if task.status is TaskStatus.WITHDRAWN:
        raise ConflictError(N_("程序已进入其他环节，该事项已撤回。"))


def ensure_at_hand(actor: Actor, verb: Verb, task: Task) -> None:
    """The step is open, and the actor may do this with it.

    Raises NotFoundError where it is none of his business, ConflictError where it is over, NotAllowedError.
    """
    ensure(actor, Verb.READ, facts_of(task))
    ensure_still_open(task)
    ensure_allowed(actor, verb, task)


def ensure_allowed(actor: Actor, verb: Verb, task: Task) -> None:
    """As the policy says. Raises NotAllowedError, which names who else has taken the step, and since when."""
    try:
        ensure(actor, verb, facts_of(task))
    except NotAllowedError as error:
        other = task.assignee_id not in (None, actor.person_id) and task.owner_id is None
        if not other or actor.person_id in task.excluded_people:
            raise
        who, at = people_names([task.assignee_id or ""]).get(task.assignee_id or "", ""), _moment(task.claimed_at)
        if not at:
            raise
        sentence = N_("该事项现由%(name)s办理（自%(at)s起）。需要由您办理的，请先请其退回待领或转办给您。")
        raise NotAllowedError(sentence, name=who, at=at) from error


def _moment(at: datetime | None) -> str:
    return at.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M") if at else ""
