"""督办: a sheet in yellow or red demands something about a step until a day; it is answered, then closed (销号)."""

from datetime import date, datetime
from uuid import uuid4

from app.domain.access import is_candidate
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.handling import SheetColour, SheetStatus, given
from app.domain.history import Act
from app.domain.periods import may_supervise
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.services.command import Command
from app.services.handling.steps import tell
from app.services.handling.urging import remind
from app.services.open_steps import ensure_still_open
from app.storage import notices
from app.storage.models import SupervisionSheet
from app.storage.proceedings import HeldTask, hold_task
from app.storage.tasks import facts_of
from app.storage.transaction import transaction
from app.storage.visibility import may_see


def issue(task_id: str, *, colour: SheetColour, demand: str, term: date | None, actor: Actor, now: datetime) -> str:
    """Issue a sheet on an open step. Returns its id. Raises NotFoundError, NotAllowedError, ConflictError."""
    with transaction():
        held = hold_task(task_id)
        task = held.task
        if not may_see(actor, task.proceeding_id):
            raise NotFoundError
        ensure_still_open(task)
        if not may_supervise(actor, task.candidate_role):
            raise NotAllowedError(N_("只有督办领导、县政府分管领导或负责本环节一方的负责人可以督办。"))
        if actor.person_id == task.assignee_id:
            raise NotAllowedError(N_("本环节由您本人办理，不能督办自己。"))
        if term is None or term < office_day(now):
            raise InvalidAnswersError({"term": [N_("请填写今天或者以后的办结时限，如 2026-11-23。")]})
        row = SupervisionSheet(
            id=uuid4().hex,
            county_id=task.county_id,
            proceeding_id=task.proceeding_id,
            task_id=task.id,
            colour=colour,
            status=SheetStatus.ISSUED,
            demand=given(demand, N_("请填写督办要求。"), at="demand"),
            term=term,
            issued_by=actor.person_id,
            issued_by_name=actor.name,
            issued_at=now,
        )
        db.session.add(row)
        command = Command(held.file, actor=actor, now=now, surroundings=held.surroundings)
        remind(command, task, kind="SUPERVISED", text=row.demand)
        details = {"status": "ISSUED", "colour": colour.value, "demand": row.demand, "new_day": term.isoformat()}
        tell(command, task, Act.SUPERVISED, details)
        return row.id


def answer(sheet_id: str, *, text: str, actor: Actor, now: datetime) -> None:
    """Who has the step, or had it, reports what was done. Raises like `issue`."""
    with transaction():
        row, held = _held(sheet_id, actor)
        task = held.task
        responsible = actor.person_id in (task.assignee_id, task.completed_by) or is_candidate(actor, facts_of(task))
        if not responsible:
            raise _refusal(actor, task.proceeding_id, N_("督办单由承办人答复。"))
        if row.status is SheetStatus.CLOSED:
            raise ConflictError(N_("该督办单已经销号。"))
        row.answer = given(text, N_("请填写办理情况。"), at="text")
        row.status, row.answered_by_name, row.answered_at = SheetStatus.ANSWERED, actor.name, now
        command = Command(held.file, actor=actor, now=now, surroundings=held.surroundings)
        notices.put(
            command.proceeding,
            kind="SHEET_ANSWERED",
            person_ids=[row.issued_by],
            task_id=task.id,
            text=row.answer,
            by=actor.person_id,
            now=now,
        )
        tell(command, task, Act.SUPERVISED, {"status": row.status.value, "opinion": row.answer})


def close(sheet_id: str, *, note: str, actor: Actor, now: datetime) -> None:
    """销号: who supervises is satisfied, or the step is over. Raises like `issue`."""
    with transaction():
        row, held = _held(sheet_id, actor)
        if not (row.issued_by == actor.person_id or may_supervise(actor, held.task.candidate_role)):
            raise _refusal(actor, held.task.proceeding_id, N_("只有督办人可以销号。"))
        if row.status is SheetStatus.CLOSED:
            raise ConflictError(N_("该督办单已经销号。"))
        if row.status is SheetStatus.ISSUED and held.task.status is TaskStatus.OPEN:
            raise ConflictError(N_("承办人尚未答复，本环节也未办结，不能销号。"))
        row.closing_note = given(note, N_("请填写销号意见。"), at="note")
        row.status, row.closed_by_name, row.closed_at = SheetStatus.CLOSED, actor.name, now
        command = Command(held.file, actor=actor, now=now, surroundings=held.surroundings)
        tell(command, held.task, Act.SUPERVISED, {"status": row.status.value, "opinion": row.closing_note})


def _refusal(actor: Actor, proceeding_id: str, why: str) -> NotAllowedError | NotFoundError:
    """Who sees the proceeding is told why; to everybody else there is no such sheet."""
    return NotAllowedError(why) if may_see(actor, proceeding_id) else NotFoundError()


def _held(sheet_id: str, actor: Actor) -> tuple[SupervisionSheet, HeldTask]:
    row = db.session.get(SupervisionSheet, sheet_id)
    if row is None or row.county_id != actor.county_id:
        raise NotFoundError
    held = hold_task(row.task_id)
    db.session.refresh(row)
    return row, held
