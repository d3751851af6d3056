"""A held step is tried again by a person who has mended the cause."""

from datetime import datetime

from app.domain.actors import Actor
from app.domain.errors import N_, NotAllowedError, NotFoundError
from app.domain.handling import given
from app.domain.history import Act
from app.domain.interventions import may_operate
from app.domain.powers import may
from app.engine import run
from app.extensions import db
from app.services.command import Command
from app.storage.models import IncidentRow
from app.storage.proceedings import get_for_update
from app.storage.transaction import transaction
from app.storage.visibility import may_see


def retry(proceeding_id: str, *, engine_task_id: str, note: str = "", actor: Actor, now: datetime) -> bool:
    """Try a held step again. True when it went through; otherwise the incident stands with its new reason.

    By the office of the county, or a technical administrator, who says what he has mended (`note`). Raises
    NotFoundError for another county's case, NotAllowedError without an office role.
    """
    with transaction():
        file = get_for_update(proceeding_id)
        if may_operate(actor):
            note = given(note, N_("请写明排除了什么原因。"), at="note")
        else:
            _ensure_of_office(actor, proceeding_id)
        incident = db.session.get(IncidentRow, engine_task_id)
        if incident is None or incident.proceeding_id != proceeding_id:
            raise NotFoundError
        command = Command(file, actor=actor, now=now)
        details = {"reason": note} if note else {}
        process_key, step_id = incident.process_key, incident.step_id
        command.tell(Act.RETRIED, incident.name, process_key=process_key, step_id=step_id, details=details)
        advance = command.move(run.retry, engine_task_id)
        command.record(advance, act="retry", object_=engine_task_id, payload=details)
        return all(held.task_id != engine_task_id for held in advance.incidents)


def _ensure_of_office(actor: Actor, proceeding_id: str) -> None:
    if not may_see(actor, proceeding_id):
        raise NotFoundError
    if not may(actor, "incident.retry"):
        raise NotAllowedError(N_("只有联席会议办公室人员可以重试受阻环节。"))
