"""延期申请: who holds a step asks for more time before its last day has passed; who answers for its time decides."""

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select

from app.domain.access import Verb
from app.domain.actors import Actor
from app.domain.counted import last_day
from app.domain.deadlines import office_day
from app.domain.errors import N_, ConflictError, NotAllowedError, NotFoundError
from app.domain.handling import RequestStatus, given
from app.domain.history import Act
from app.domain.periods import ensure_extendable, ensure_later, ensure_leads, leaders, leads
from app.domain.roles import ROLES
from app.extensions import db
from app.services.command import Command
from app.services.handling.steps import hold, tell
from app.services.open_steps import ensure_still_open
from app.services.periods import give_more_time
from app.storage import notices
from app.storage.models import ExtensionRequest, Task
from app.storage.proceedings import ensure_not_suspended, hold_task
from app.storage.transaction import transaction
from app.storage.visibility import may_see


def request(task_id: str, *, until: date | None, reason: str, actor: Actor, now: datetime) -> str:
    """Ask that a step that the actor holds may last until a later day. Returns the id of the request.

    Raises NotFoundError, NotAllowedError, ConflictError (no such deadline, over already, or asked before).
    """
    with transaction():
        task, command = hold(task_id, Verb.ASK, actor=actor, now=now)
        ensure_not_suspended(command.proceeding)
        ensure_extendable(task.deadline, today=office_day(now))
        _ensure_in_time(task, until, now=now)
        if _waiting(task_id) is not None:
            raise ConflictError(N_("本环节的延期申请已经提出，请等待决定。"))
        reason = given(reason)
        row = ExtensionRequest(
            id=uuid4().hex,
            proceeding_id=task.proceeding_id,
            task_id=task.id,
            status=RequestStatus.REQUESTED,
            until=until,
            reason=reason,
            requested_by=actor.person_id,
            requested_by_name=actor.name,
            requested_at=now,
        )
        db.session.add(row)
        _tell_leaders(command, task, reason)
        tell(command, task, Act.EXTENSION_REQUESTED, {"reason": reason, "new_day": str(until), "status": "REQUESTED"})
        return row.id


def decide(request_id: str, *, granted: bool, reason: str, actor: Actor, now: datetime) -> None:
    """Approve a request, which moves the deadline at once, or refuse it. Nobody decides on his own.

    Raises NotFoundError, NotAllowedError, ConflictError, InvalidAnswersError: nothing was changed.
    """
    with transaction():
        row = db.session.get(ExtensionRequest, request_id)
        if row is None:
            raise NotFoundError
        held = hold_task(row.task_id)
        task = held.task
        db.session.refresh(row)
        hidden = not (leads(actor, task.candidate_role) or may_see(actor, task.proceeding_id))
        if task.county_id != actor.county_id or hidden:
            raise NotFoundError
        ensure_leads(actor, frozenset({task.candidate_role}))
        if row.requested_by == actor.person_id:
            raise NotAllowedError(N_("本人的延期申请由他人决定。"))
        ensure_still_open(task)
        if row.status is not RequestStatus.REQUESTED:
            raise ConflictError(N_("该延期申请已有决定。"))
        reason = given(reason)
        row.status = RequestStatus.GRANTED if granted else RequestStatus.REFUSED
        row.decided_by_name, row.decided_at, row.decision_reason = actor.name, now, reason
        command = Command(held.file, actor=actor, now=now, surroundings=held.surroundings)
        _tell_requester(command, row)
        if granted:
            give_more_time(command, task, until=row.until, reason=reason, actor=actor)
        else:
            tell(command, task, Act.EXTENSION_REQUESTED, {"reason": reason, "status": row.status.value})


def _ensure_in_time(task: Task, until: date | None, *, now: datetime) -> None:
    if office_day(now) > last_day(task.deadline):
        raise ConflictError(N_("期限已经届满，延期须在届满前申请。"))
    ensure_later(until, task.deadline)


def _waiting(task_id: str) -> str | None:
    query = select(ExtensionRequest.id).where(
        ExtensionRequest.task_id == task_id, ExtensionRequest.status == RequestStatus.REQUESTED
    )
    return db.session.scalars(query.limit(1)).one_or_none()


def _tell_leaders(command: Command, task: Task, reason: str) -> None:
    side = ROLES[task.candidate_role].side if task.candidate_role in ROLES else None
    for role in sorted(leaders(side)) if side else ():
        notices.put(
            command.proceeding,
            kind="EXTENSION_REQUESTED",
            role=role,
            task_id=task.id,
            text=reason,
            by=command.actor.person_id if command.actor else None,
            now=command.now,
        )


def _tell_requester(command: Command, row: ExtensionRequest) -> None:
    notices.put(
        command.proceeding,
        kind=f"EXTENSION_{row.status.value}",
        person_ids=[row.requested_by],
        task_id=row.task_id,
        text=row.decision_reason,
        now=command.now,
    )
