"""退回 and 取回: a step is left for an earlier one; what was filled in there waits as a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.access import Verb, can, ensure
from app.domain.actors import Actor
from app.domain.advance import Advance
from app.domain.errors import N_, ConflictError, NotAllowedError
from app.domain.handling import given
from app.domain.history import Act
from app.domain.tasks import TaskStatus
from app.engine import retreat
from app.engine.state import StateError
from app.extensions import db
from app.services import definitions
from app.services.command import Command
from app.services.handling.steps import hold
from app.services.operations.registry import repeatable_operations
from app.storage import handling as rows
from app.storage.models import Task
from app.storage.organisation import people_names
from app.storage.proceedings import ensure_not_suspended, get_file, hold_task
from app.storage.tasks import facts_of
from app.storage.transaction import transaction


def send_back(task_id: str, *, to_step: str, reason: str, actor: Actor, now: datetime) -> str:
    """退回 to a step that was passed and that the diagram allows. Returns the id of the step that is open again.

    It goes to who did it last, with what he had submitted as a draft, and its deadline is counted anew. A step of a
    round (会签) ends the whole round. Raises NotFoundError, NotAllowedError, ConflictError: nothing was changed.
    """
    with transaction():
        task, command = hold(task_id, Verb.RETURN, actor=actor, now=now)
        ensure_not_suspended(command.proceeding)
        reason = given(reason, N_("请填写退回意见。"))
        done = rows.passed_before(task).get(to_step)
        if done is None:
            raise ConflictError(N_("只能退回到本件已经办过的环节。"))
        advance = _go_back(command, task, to_step)
        command.tell(
            Act.RETURNED, task.name, task=task, details={"reason": reason, "to_step": done.name, "back_to": to_step}
        )
        command.record(advance, act="returned", object_=task.id, payload={"reason": reason, "to": to_step})
        return _reopen(command, done, to_person=done.completed_by or "").id


def take_back(task_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """取回 of one's own submission while nobody has opened what followed. Returns the id of the step open again.

    Raises NotFoundError, NotAllowedError, ConflictError with the reason why not: nothing was changed.
    """
    with transaction():
        held = hold_task(task_id)
        done = held.task
        ensure(actor, Verb.READ, facts_of(done))
        ensure_not_suspended(held.file.proceeding)
        command = Command(held.file, actor=actor, now=now, surroundings=held.surroundings)
        ahead = rows.following(done)
        ensure_takeable(done, ahead, actor=actor)
        reason = given(reason, N_("请填写取回说明。"))
        advance = _go_back(command, ahead[0], done.step_id)
        command.tell(Act.TAKEN_BACK, done.name, task=done, details={"reason": reason})
        command.record(advance, act="taken_back", object_=done.id, payload={"reason": reason})
        return _reopen(command, done, to_person=actor.person_id).id


def ensure_takeable(done: Task, ahead: Sequence[Task], *, actor: Actor) -> None:
    """Raises NotAllowedError, ConflictError with the reason that the page shows."""
    if done.status is not TaskStatus.COMPLETED or done.completed_by != actor.person_id:
        raise NotAllowedError(N_("只能取回本人提交的事项。"))
    if not ahead:
        raise ConflictError(N_("提交后没有等待他人办理的环节，不可取回。"))
    if any(task.status is not TaskStatus.OPEN for task in ahead):
        raise ConflictError(N_("后续环节已办理，不可取回。"))
    if any(_is_opened(task) for task in ahead):
        raise ConflictError(N_("已签收，不可取回。"))
    if len({(task.process_key, task.step_id) for task in ahead}) > 1 or ahead[0].process_key != done.process_key:
        raise ConflictError(N_("提交后已转入多个环节或其他流程，不可取回，请由后续环节退回。"))


def _is_opened(task: Task) -> bool:
    """Opened by its holder, or taken by hand: a step that fell to its only candidate was not."""
    taken = task.assignee_id is not None and task.claimed_at != task.opened_at
    return task.seen_at is not None or taken


def _go_back(command: Command, task: Task, to_step: str) -> Advance:
    return command.move(retreat.go_back, task.id, to_step=to_step, repeatable=repeatable_operations())


def _reopen(command: Command, done: Task, *, to_person: str) -> Task:
    """The row of the step that is open again: for who did it, where he still may, with what he had submitted."""
    again = next((row for row in command.opened_rows if row.step_id == done.step_id), None)
    if again is None:
        raise ConflictError(N_("流程图不允许从本环节退回到该环节。"))
    candidates = {
        holder.person_id
        for holder in command.surroundings.holders_in({again.candidate_role})
        if again.candidate_organ in (None, holder.organ_id)
    }
    if to_person in candidates - set(again.excluded_people) and again.candidate_person in (None, to_person):
        again.assignee_id, again.claimed_at = to_person, command.now
    rows.keep_as_draft(again, person_id=again.assignee_id or to_person, data=rows.answers_of(done), now=command.now)
    return again


@dataclass(frozen=True, slots=True)
class WayBack:
    """A step that one can be sent back to."""

    step_id: str
    name: str
    person: str
    """Who did it last."""


def ways_back(task_id: str, *, actor: Actor) -> tuple[WayBack, ...]:
    """Where the actor may send an open step that he holds back to, the nearest first. Changes nothing."""
    task = db.session.get(Task, task_id)
    if task is None or task.status is not TaskStatus.OPEN or not can(actor, Verb.RETURN, facts_of(task)):
        return ()
    proceeding = get_file(task.proceeding_id).proceeding
    if proceeding.suspended_at is not None:
        return ()
    definition = definitions.definition_of(proceeding.release_id, proceeding.process_key)
    passed = rows.passed_before(task)
    if not passed:
        return ()
    try:
        allowed = retreat.ways_back(definition, proceeding.state, task_id, repeatable=repeatable_operations())
    except StateError:
        return ()  # the page can still be read; whoever submits is told that the state is damaged
    people = people_names([done.completed_by or "" for done in passed.values()])
    return tuple(
        WayBack(step, passed[step].name, people.get(passed[step].completed_by or "", ""))
        for _, step in allowed
        if step in passed
    )


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Whether one's own submission can be taken back; if not, why (message id)."""

    possible: bool
    refusal: str = ""


def taking_back(task_id: str, *, actor: Actor) -> TakingBack | None:
    """None where the actor did not submit the step. Changes nothing."""
    done = db.session.get(Task, task_id)
    if done is None or done.status is not TaskStatus.COMPLETED or done.completed_by != actor.person_id:
        return None
    ahead = rows.following(done)
    try:
        ensure_takeable(done, ahead, actor=actor)
    except (NotAllowedError, ConflictError) as refusal:
        return TakingBack(possible=False, refusal=refusal.sentence)
    proceeding = get_file(done.proceeding_id).proceeding
    if proceeding.suspended_at is not None:
        return TakingBack(possible=False, refusal=N_("本件已中止，恢复后才能取回。"))
    definition = definitions.definition_of(proceeding.release_id, proceeding.process_key)
    allowed = retreat.ways_back(definition, proceeding.state, ahead[0].id, repeatable=repeatable_operations())
    if done.step_id in {step for _, step in allowed}:
        return TakingBack(possible=True)
    return TakingBack(possible=False, refusal=N_("提交后已产生对外效力或转入其他分支，不可取回。"))


def mark_seen(task_id: str, *, actor: Actor, now: datetime) -> None:
    """The holder has opened his step: from now on the step before cannot be taken back. Again changes nothing."""
    with transaction():
        rows.mark_seen(task_id, person_id=actor.person_id, now=now)
