"""处置: technical administrators let a procedure go on that cannot go on by its own rules, always two of them."""

from datetime import datetime
from uuid import uuid4

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, NotAllowedError, NotFoundError
from app.domain.handling import given
from app.domain.history import Act
from app.domain.interventions import (
    InterventionKind,
    InterventionStatus,
    ensure_may_decide,
    ensure_may_operate,
    ensure_still_asked,
)
from app.domain.proceedings import ProceedingStatus
from app.engine import tokens
from app.engine.state import StateError
from app.extensions import db
from app.services import definitions
from app.services.command import Command
from app.services.handling.ending import end_here, ensure_nobody_builds_on
from app.storage import journal
from app.storage.models import Intervention
from app.storage.proceedings import File, ensure_not_suspended, get_file, get_for_update
from app.storage.transaction import snapshot, transaction

JOURNAL = "operations"
"""Chain of what is asked for, turned down or taken back; what is carried out stands in the chain of the proceeding."""


def tokens_of(proceeding_id: str, *, actor: Actor) -> tuple[tokens.Token, ...]:
    """Where a proceeding stands and where each token could go; nothing where its state cannot be read.

    Changes nothing. Raises NotFoundError.
    """
    ensure_may_operate(actor)
    with snapshot():
        try:
            return _tokens(get_file(proceeding_id))
        except StateError:
            return ()


def _tokens(file: File) -> tuple[tokens.Token, ...]:
    proceeding = file.proceeding
    if proceeding.status is not ProceedingStatus.RUNNING:
        return ()
    definition = definitions.definition_of(proceeding.release_id, proceeding.process_key)
    return tokens.tokens(definition, proceeding.state)


def ask_to_move(
    proceeding_id: str, *, engine_task_id: str, to_step: str, reason: str, actor: Actor, now: datetime
) -> str:
    """Ask for a token to be moved; another administrator has to approve. Returns the id of the intervention.

    Raises NotFoundError, NotAllowedError without a reason, ConflictError where the token cannot go there.
    """
    ensure_may_operate(actor)
    with transaction():
        file = get_for_update(proceeding_id)
        _ensure_running(file)
        token = next((one for one in _tokens(file) if one.task_id == engine_task_id), None)
        if token is None:
            raise ConflictError(N_("程序已经不在该环节，请刷新后查看。"))
        names = dict(token.destinations)
        if to_step not in names:
            raise ConflictError(N_("不能移到该环节：只能在同一流程、同一并行分支内移动。"))
        row = _asked(file, InterventionKind.MOVE, reason, actor, now)
        row.engine_task_id, row.process_key = engine_task_id, token.process_key
        row.from_step, row.from_name, row.to_step, row.to_name = token.step_id, token.name, to_step, names[to_step]
        return row.id


def ask_to_cancel(proceeding_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Ask for a proceeding to be ended where it stands. Returns and raises like `ask_to_move`."""
    ensure_may_operate(actor)
    with transaction():
        file = get_for_update(proceeding_id)
        _ensure_running(file)
        ensure_nobody_builds_on(proceeding_id)
        return _asked(file, InterventionKind.CANCEL, reason, actor, now).id


def _ensure_running(file: File) -> None:
    if file.proceeding.status is not ProceedingStatus.RUNNING:
        raise ConflictError(N_("本件已经办结，不需要处置。"))
    ensure_not_suspended(file.proceeding)


def _asked(file: File, kind: InterventionKind, reason: str, actor: Actor, now: datetime) -> Intervention:
    row = Intervention(
        id=uuid4().hex,
        proceeding_id=file.proceeding.id,
        kind=kind,
        status=InterventionStatus.ASKED,
        reason=given(reason, N_("请写明处置的理由。")),
        asked_by=actor.person_id,
        asked_by_name=actor.name,
        asked_at=now,
    )
    db.session.add(row)
    _note(row, actor, "intervention_asked", row.reason, now)
    return row


def approve(intervention_id: str, *, note: str, actor: Actor, now: datetime) -> None:
    """Carry out what another administrator asked for. Raises NotFoundError, NotAllowedError (his own), ConflictError
    where the procedure has gone on meanwhile: nothing was changed."""
    with transaction():
        row, file = _held(intervention_id)
        ensure_may_decide(actor, asked_by=row.asked_by, status=row.status)
        _ensure_running(file)
        _decide(row, InterventionStatus.DONE, note, actor, now)
        command = Command(file, actor=actor, now=now)
        if row.kind is InterventionKind.CANCEL:
            ensure_nobody_builds_on(file.proceeding.id)
            end_here(command, _details(row))
            return
        _move(command, row)


def _move(command: Command, row: Intervention) -> None:
    details = {**_details(row), "to_step": row.to_name}
    command.tell(Act.TOKEN_MOVED, row.from_name, process_key=row.process_key, step_id=row.from_step, details=details)
    advance = command.move(tokens.move_token, row.engine_task_id, to_step=row.to_step)
    command.record(advance, act="token_moved", object_=row.engine_task_id, payload=details)


def _details(row: Intervention) -> dict[str, str]:
    return {"reason": row.reason, "basis": row.note, "asked_by": row.asked_by_name}


def refuse(intervention_id: str, *, note: str, actor: Actor, now: datetime) -> None:
    """Turn down what another administrator asked for. Raises like `approve`."""
    with transaction():
        row, _file = _held(intervention_id)
        ensure_may_decide(actor, asked_by=row.asked_by, status=row.status)
        _decide(row, InterventionStatus.REFUSED, note, actor, now)
        _note(row, actor, "intervention_refused", row.note, now)


def withdraw(intervention_id: str, *, actor: Actor, now: datetime) -> None:
    """Take back what one asked for oneself. Raises NotFoundError, NotAllowedError, ConflictError."""
    with transaction():
        row, _file = _held(intervention_id)
        ensure_may_operate(actor)
        ensure_still_asked(row.status)
        if row.asked_by != actor.person_id:
            raise NotAllowedError(N_("只能撤回自己提出的处置。"))
        row.status, row.decided_by, row.decided_by_name = InterventionStatus.WITHDRAWN, actor.person_id, actor.name
        row.decided_at = now
        _note(row, actor, "intervention_withdrawn", "", now)


def _held(intervention_id: str) -> tuple[Intervention, File]:
    """The row under the lock of its proceeding. Raises NotFoundError."""
    row = db.session.get(Intervention, intervention_id)
    if row is None:
        raise NotFoundError
    file = get_for_update(row.proceeding_id)
    db.session.refresh(row)
    return row, file


def _decide(row: Intervention, status: InterventionStatus, note: str, actor: Actor, now: datetime) -> None:
    row.note = given(note, N_("请填写复核意见。"), at="note")
    row.status, row.decided_by, row.decided_by_name, row.decided_at = status, actor.person_id, actor.name, now


def _note(row: Intervention, actor: Actor, act: str, text: str, now: datetime) -> None:
    payload = {"kind": row.kind.value, "from": row.from_step, "to": row.to_step, "text": text}
    journal.write_administrative(JOURNAL, actor=actor.username, act=act, object_=row.id, payload=payload, now=now)
