"""Steps go back to their role when who holds them has it no more: a deputy's last day has passed, a role was taken."""

from datetime import datetime

from app.domain.deadlines import office_day
from app.domain.errors import N_
from app.domain.history import Act
from app.domain.tasks import TaskStatus
from app.services.command import Command
from app.services.handling.steps import tell
from app.storage import unfit_holders as rows
from app.storage.proceedings import hold_task
from app.storage.transaction import transaction

AT_ONCE = 50
REASON = N_("签收人已不在该岗位，自动退回待领")


def give_back(now: datetime) -> int:
    """Give back what nobody could do; returns how many steps. Several workers may do this at once.

    Otherwise the step would wait for somebody who may not do it, and nobody else could take it.
    """
    given = 0
    with transaction():
        found = rows.held_without_right(today=office_day(now), most=AT_ONCE)
    for task_id in found:
        with transaction():
            held = hold_task(task_id)
            if held.task.status is not TaskStatus.OPEN:
                continue
            if not rows.held_without_right(today=office_day(now), most=1, only=task_id):
                continue
            held.task.assignee_id = held.task.claimed_at = None
            command = Command(held.file, actor=None, now=now, surroundings=held.surroundings)
            tell(command, held.task, Act.RELEASED, {"reason": REASON})
            given += 1
    return given
