"""督办单 of a county, for who supervises and who answers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.handling import SheetStatus
from app.extensions import db
from app.queries.handling import SheetView, sheet_view
from app.storage.models import Proceeding, SupervisionSheet, Task
from app.storage.visibility import visible_proceedings

MOST_SHEETS = 200


@dataclass(frozen=True, slots=True)
class SheetLine:
    sheet: SheetView
    number: str
    title: str
    step: str
    proceeding_id: str
    task_id: str


@dataclass(frozen=True, slots=True)
class SheetList:
    lines: tuple[SheetLine, ...]
    open_count: int
    late_count: int


def sheets_of_county(actor: Actor, *, closed: bool, now: datetime) -> SheetList:
    """督办单 on what the actor may see: those that are not closed by their day, or the closed ones, newest first."""
    query = (
        select(SupervisionSheet, Task, Proceeding)
        .join(Task, Task.id == SupervisionSheet.task_id)
        .join(Proceeding, Proceeding.id == SupervisionSheet.proceeding_id)
        .where(SupervisionSheet.county_id == actor.county_id, visible_proceedings(actor))
    )
    is_closed = SupervisionSheet.status == SheetStatus.CLOSED
    query = query.where(is_closed) if closed else query.where(~is_closed)
    order = (SupervisionSheet.closed_at.desc(),) if closed else (SupervisionSheet.term, SupervisionSheet.issued_at)
    found = db.session.execute(query.order_by(*order, SupervisionSheet.id).limit(MOST_SHEETS)).all()
    lines = tuple(
        SheetLine(
            sheet=sheet_view(actor, row, task, now=now),
            number=proceeding.number,
            title=proceeding.title,
            step=task.name,
            proceeding_id=proceeding.id,
            task_id=task.id,
        )
        for row, task, proceeding in found
    )
    return SheetList(lines, len(lines), sum(line.sheet.late for line in lines))
