"""Plain totals: whether a database has been filled, and how much a county has under way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries.dossiers import ensure_reports
from app.queries.stages import stage_names
from app.storage.models import IncidentRow, Proceeding, Task
from app.storage.visibility import visible_proceedings


def cases_of(county_id: str) -> int:
    """How many cases a county has, open and closed."""
    query = select(func.count()).where(Proceeding.county_id == county_id, Proceeding.kind == ProceedingKind.CASE)
    return int(db.session.scalar(query) or 0)


@dataclass(frozen=True, slots=True)
class Counts:
    cases: Mapping[str, int]
    """By status, as the next two."""
    meetings: Mapping[str, int]
    procedures: Mapping[str, int]
    stages: tuple[tuple[str, str, str, int], ...]
    """Key, Chinese and English name, running cases; in the order in which cases pass them."""
    open_steps: int
    late_steps: int
    suspended: int
    held: int
    """Steps held by a failure."""


def counts_of(actor: Actor, *, now: datetime) -> Counts:
    """What of the county the actor may see. Raises NotFoundError for roles without reports."""
    ensure_reports(actor)
    visible = visible_proceedings(actor)
    by_kind: dict[ProceedingKind, dict[str, int]] = {kind: {} for kind in ProceedingKind}
    query = select(Proceeding.kind, Proceeding.status, func.count()).where(visible)
    for kind, status, number in db.session.execute(query.group_by(Proceeding.kind, Proceeding.status)):
        by_kind[ProceedingKind(kind)][status.value] = number
    steps = select(func.count()).select_from(Task).join(Proceeding, Proceeding.id == Task.proceeding_id)
    open_steps = steps.where(visible, Task.status == TaskStatus.OPEN)
    held = select(func.count()).select_from(IncidentRow).join(Proceeding, Proceeding.id == IncidentRow.proceeding_id)
    suspended = select(func.count()).select_from(Proceeding).where(visible, Proceeding.suspended_at.is_not(None))
    return Counts(
        cases=by_kind[ProceedingKind.CASE],
        meetings=by_kind[ProceedingKind.MEETING],
        procedures=by_kind[ProceedingKind.PROCEDURE],
        stages=_stages(visible),
        open_steps=db.session.scalar(open_steps) or 0,
        late_steps=db.session.scalar(open_steps.where(Task.due_at < now)) or 0,
        suspended=db.session.scalar(suspended) or 0,
        held=db.session.scalar(held.where(visible)) or 0,
    )


def _stages(visible: ColumnElement[bool]) -> tuple[tuple[str, str, str, int], ...]:
    running = (Proceeding.kind == ProceedingKind.CASE, Proceeding.status == ProceedingStatus.RUNNING)
    query = select(func.max(Proceeding.release_id), Proceeding.stage, func.count()).where(visible, *running)
    rows = db.session.execute(query.group_by(Proceeding.stage)).all()
    numbers = {stage: number for _, stage, number in rows}
    names = {key: name for (_, key), name in stage_names(sorted({release for release, _, _ in rows})).items()}
    return tuple((key, zh, en, numbers[key]) for key, (zh, en) in names.items() if key in numbers)
