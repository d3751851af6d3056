"""撤销案件: a case or procedure that should never have been opened ends where it stands; its file stays whole."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import exists, or_, select

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError
from app.domain.handling import SideStatus, given
from app.domain.history import Act
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.engine import run
from app.extensions import db
from app.services.command import Command
from app.services.operations.agendas import DECIDED
from app.services.periods import held_by_leader
from app.storage import notices
from app.storage.agendas import LEAD_MESSAGE, POOL_MESSAGE
from app.storage.models import (
    AgendaItem,
    AgendaItemCase,
    Procedure,
    Proceeding,
    SideTask,
    SubscriptionRow,
    Task,
)
from app.storage.proceedings import ensure_not_suspended
from app.storage.transaction import transaction


def revoke(key: str, *, reason: str, basis: str, actor: Actor, now: datetime) -> None:
    """End a case or further procedure for good: nothing waits any more, everything done can still be read.

    `key` is the number or id. By who answers for the time of what waits, as with 中止. Raises NotFoundError,
    NotAllowedError, ConflictError (others still build on it): nothing was changed.
    """
    with transaction():
        command = held_by_leader(key, actor, now)
        proceeding = command.proceeding
        ensure_not_suspended(proceeding)
        reason, basis = given(reason), given(basis, N_("请填写依据。"), at="basis")
        ensure_nobody_builds_on(proceeding.id)
        end_here(command, {"reason": reason, "basis": basis})


def end_here(command: Command, details: Mapping[str, str]) -> None:
    """End the proceeding of a command where it stands; the last thing that the command does."""
    proceeding, now = command.proceeding, command.now
    _tell_who_works_on_it(command, details)
    advance = run.cancel(command.definition, proceeding.state, now=now)
    command.tell(Act.REVOKED, proceeding.title, details=details)
    command.record(advance, act="revoked", object_=proceeding.number, payload=dict(details))
    proceeding.status, proceeding.closed_at = ProceedingStatus.CANCELLED, now


def _tell_who_works_on_it(command: Command, details: Mapping[str, str]) -> None:
    """Whoever holds a step or was asked beside one learns that nothing is waited for any more, and why."""
    here = (Task.proceeding_id == command.proceeding.id, Task.status == TaskStatus.OPEN)
    held = db.session.execute(select(Task.assignee_id, Task.owner_id).where(*here)).all()
    waits = (SideTask.proceeding_id == command.proceeding.id, SideTask.status == SideStatus.OPEN)
    asked = db.session.scalars(select(SideTask.person_id).where(*waits)).all()
    people = sorted({person for row in held for person in row if person} | set(asked))
    notices.put(
        command.proceeding,
        kind="REVOKED",
        person_ids=people,
        text=details.get("reason", ""),
        by=command.actor.person_id if command.actor else None,
        now=command.now,
    )


def ensure_nobody_builds_on(proceeding_id: str) -> None:
    """Raises ConflictError while a meeting, a procedure or another case of its series needs it.

    A meeting that goes on needs a case no more once its decision has reached the case: the minutes and the item stay.
    """
    running = Proceeding.status == ProceedingStatus.RUNNING
    item_of_case = or_(
        AgendaItem.case_id == proceeding_id,
        exists().where(AgendaItemCase.item_id == AgendaItem.id, AgendaItemCase.case_id == proceeding_id),
    )
    on_agenda = select(AgendaItem.id).join(Proceeding, Proceeding.id == AgendaItem.meeting_id)
    on_agenda = on_agenda.where(running, item_of_case).limit(1)
    if db.session.scalars(on_agenda.where(AgendaItem.status != DECIDED)).one_or_none():
        raise ConflictError(N_("本案已列入正在召开的会议，请先退出议程。"))
    still_waits = exists().where(
        SubscriptionRow.proceeding_id == proceeding_id,
        SubscriptionRow.message.in_((POOL_MESSAGE, LEAD_MESSAGE)),
        SubscriptionRow.since <= AgendaItem.decided_at,
    )
    if db.session.scalars(on_agenda.where(still_waits)).one_or_none():
        raise ConflictError(N_("会议已对本案作出决定，正在通知本案，请稍后再撤销。"))
    about = select(Procedure.proceeding_id).join(Proceeding, Proceeding.id == Procedure.proceeding_id)
    if db.session.scalars(about.where(running, Procedure.parent_id == proceeding_id).limit(1)).one_or_none():
        raise ConflictError(N_("本案还有没有办结的关联程序，不能撤销。"))
    behind = select(AgendaItemCase.case_id).join(Proceeding, Proceeding.id == AgendaItemCase.case_id)
    if db.session.scalars(behind.where(running, AgendaItemCase.follows == proceeding_id).limit(1)).one_or_none():
        raise ConflictError(N_("本案是系列案的主案，其他案件随它办理，不能撤销。"))
