"""委派: a step lies with somebody else for a while and comes back to its owner, with an opinion."""

from datetime import datetime

from app.domain.access import Verb, ensure
from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, NotAllowedError
from app.domain.handling import SideKind, SideStatus, given
from app.domain.history import Act
from app.extensions import db
from app.services.command import Command
from app.services.handling.steps import hold, side_task, tell
from app.services.open_steps import ensure_still_open
from app.storage import handling as rows
from app.storage import notices
from app.storage.models import Task
from app.storage.proceedings import hold_task
from app.storage.tasks import facts_of, find_account_holder
from app.storage.transaction import transaction


def delegate(task_id: str, *, to_person: str, reason: str, actor: Actor, now: datetime) -> None:
    """Let another person who may hold the step work on it. He cannot submit it; he hands it back with his opinion.

    Raises NotFoundError, NotAllowedError, ConflictError, InvalidAnswersError: nothing was changed.
    """
    with transaction():
        task, command = hold(task_id, Verb.DELEGATE, actor=actor, now=now)
        name = find_account_holder(task, to_person)
        if name is None or to_person == actor.person_id:
            raise NotAllowedError(N_("该人员没有办理本环节的岗位，请另选人员。"))
        reason = given(reason)
        task.assignee_id, task.claimed_at, task.owner_id = to_person, now, actor.person_id
        task.seen_at = task.seen_by = None
        db.session.add(
            side_task(task, SideKind.DELEGATION, person_id=to_person, name=name, question=reason, actor=actor, now=now)
        )
        notices.put(
            command.proceeding,
            kind="DELEGATED",
            person_ids=[to_person],
            task_id=task.id,
            text=reason,
            by=actor.person_id,
            now=now,
        )
        tell(command, task, Act.DELEGATED, {"reason": reason, "to": name})


def hand_back(task_id: str, *, opinion: str, actor: Actor, now: datetime) -> None:
    """The delegate gives the step back to its owner. Raises like `delegate`."""
    with transaction():
        task, command = _delegated(task_id, actor=actor, now=now)
        if task.assignee_id != actor.person_id:
            raise NotAllowedError(N_("只有受委派人可以交回。"))
        opinion = given(opinion, N_("请填写办理意见。"), at="opinion")
        owner = _give_back(task, SideStatus.ANSWERED, opinion=opinion, now=now)
        notices.put(
            command.proceeding,
            kind="HANDED_BACK",
            person_ids=[owner],
            task_id=task.id,
            text=opinion,
            by=actor.person_id,
            now=now,
        )
        tell(command, task, Act.HANDED_BACK, {"opinion": opinion})


def recall(task_id: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """收回委派: the owner takes the step back before the delegate has answered. Raises like `delegate`."""
    with transaction():
        task, command = _delegated(task_id, actor=actor, now=now)
        if task.owner_id != actor.person_id:
            raise NotAllowedError(N_("只有委派人可以收回。"))
        reason = given(reason)
        _give_back(task, SideStatus.WITHDRAWN, opinion="", now=now)
        tell(command, task, Act.HANDED_BACK, {"reason": reason, "recalled": True})


def _delegated(task_id: str, *, actor: Actor, now: datetime) -> tuple[Task, Command]:
    held = hold_task(task_id)
    ensure(actor, Verb.READ, facts_of(held.task))
    ensure_still_open(held.task)
    if held.task.owner_id is None:
        raise ConflictError(N_("该事项没有委派，或已经交回。"))
    return held.task, Command(held.file, actor=actor, now=now, surroundings=held.surroundings)


def _give_back(task: Task, status: SideStatus, *, opinion: str, now: datetime) -> str:
    owner = task.owner_id or ""
    task.assignee_id, task.claimed_at, task.owner_id = owner, now, None
    for row in rows.open_side_tasks(task.id):
        if row.kind is SideKind.DELEGATION:
            row.status, row.opinion, row.ended_at = status, opinion, now
    return owner
