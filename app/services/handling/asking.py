"""加签 and 征求意见: somebody is asked beside a step, and nothing of the diagram changes."""

from datetime import datetime

from app.domain.access import Verb
from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, NotAllowedError, NotFoundError
from app.domain.handling import SideKind, SideStatus, given
from app.domain.history import Act
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.services.command import Command
from app.services.handling.steps import hold, side_task, tell
from app.storage import handling as rows
from app.storage import notices
from app.storage.models import SideTask, Task
from app.storage.proceedings import HeldTask, hold_task
from app.storage.transaction import transaction


def ask(task_id: str, *, kind: SideKind, person_id: str, question: str, actor: Actor, now: datetime) -> str:
    """Ask a person of the county for an opinion on a step that the actor holds. Returns the id of the question.

    With COUNTERSIGN the step cannot be submitted before it is answered. The person learns the number, the step and
    the question; whether he may open the file his roles say, as before.
    Raises NotFoundError, NotAllowedError, ConflictError, InvalidAnswersError: nothing was changed.
    """
    with transaction():
        task, command = hold(task_id, Verb.ASK, actor=actor, now=now)
        person = rows.find_colleague(person_id, county_id=task.county_id)
        if kind is SideKind.DELEGATION or person is None or person_id == actor.person_id:
            raise NotAllowedError(N_("请选择本县有账号的其他人员。"))
        if person_id in _shut_out(command, task):
            raise NotAllowedError(N_("该人员须回避本件，请另选人员。"))
        asked = rows.open_side_tasks(task_id)
        if any(row.person_id == person_id for row in asked):
            raise ConflictError(N_("已经请%(name)s提出意见，请等待答复。"), name=person.name)
        question = given(question, N_("请写明要征求意见的问题。"), at="question")
        row = side_task(task, kind, person_id=person_id, name=person.name, question=question, actor=actor, now=now)
        db.session.add(row)
        if kind is SideKind.COUNTERSIGN:
            task.countersigns += 1
        notices.put(
            command.proceeding,
            kind=kind.value,
            person_ids=[person_id],
            task_id=task.id,
            text=question,
            by=actor.person_id,
            now=now,
        )
        tell(command, task, Act.ASKED, {"kind": kind.value, "to": person.name, "question": question, "status": "OPEN"})
        return row.id


def answer(side_task_id: str, *, opinion: str, actor: Actor, now: datetime) -> None:
    """Give the opinion that was asked for. It stands in the history and is never changed. Raises like `ask`."""
    with transaction():
        row, held = _held(side_task_id)
        if row.person_id != actor.person_id:
            raise NotFoundError
        _ensure_waits(row, held)
        opinion = given(opinion, N_("请填写意见。"), at="opinion")
        command = _end(row, held, SideStatus.ANSWERED, actor=actor, now=now)
        row.opinion = opinion
        details = {"kind": row.kind.value, "opinion": opinion, "question": row.question, "status": row.status.value}
        notices.put(
            command.proceeding,
            kind="ANSWERED",
            person_ids=[row.asked_by],
            task_id=row.task_id,
            text=opinion,
            by=actor.person_id,
            now=now,
        )
        tell(command, held.task, Act.ASKED, details)


def withdraw(side_task_id: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """减签: who asked does not wait for the answer any more. Raises like `ask`."""
    with transaction():
        row, held = _held(side_task_id)
        if actor.person_id not in (row.asked_by, held.task.assignee_id):
            raise NotFoundError
        _ensure_waits(row, held)
        reason = given(reason)
        command = _end(row, held, SideStatus.WITHDRAWN, actor=actor, now=now)
        details = {"kind": row.kind.value, "to": row.person_name, "reason": reason, "status": row.status.value}
        tell(command, held.task, Act.ASKED, details)


def _held(side_task_id: str) -> tuple[SideTask, HeldTask]:
    """Read again under the lock of its proceeding."""
    row = rows.side_task(side_task_id)
    if row is None or row.kind is SideKind.DELEGATION:
        raise NotFoundError
    held = hold_task(row.task_id)
    db.session.refresh(row)
    return row, held


def _ensure_waits(row: SideTask, held: HeldTask) -> None:
    if row.status is not SideStatus.OPEN:
        raise ConflictError(N_("该意见已经答复或撤回。"))
    if held.task.status is not TaskStatus.OPEN:
        raise ConflictError(N_("本环节已经办结，不再需要意见。"))


def _end(row: SideTask, held: HeldTask, status: SideStatus, *, actor: Actor, now: datetime) -> Command:
    row.status, row.ended_at = status, now
    if row.kind is SideKind.COUNTERSIGN:
        held.task.countersigns -= 1
    return Command(held.file, actor=actor, now=now, surroundings=held.surroundings)


def _shut_out(command: Command, task: Task) -> set[str]:
    return {*task.excluded_people, *command.proceeding.waiting.get("recused", ())}
