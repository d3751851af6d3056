"""Runs over the cases of a series as rows: begun in the transaction of the act, claimed one case at a time."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingStatus
from app.extensions import db
from app.storage.models import Case, Proceeding, SeriesItem, SeriesRun, Submission, Task
from app.storage.runs import WAITING
from app.storage.visibility import addressed_tasks

IMPORT, STEP = "IMPORT", "STEP"


@dataclass(frozen=True, slots=True)
class Aim:
    """One row of a run to be: a line of a table, or a case of the series."""

    line: int
    telling: str
    answers: Mapping[str, Any]
    case_id: str | None = None


def begin(
    kind: str,
    aims: Iterable[Aim],
    *,
    case: Case,
    submission: Submission,
    series_id: str,
    step: tuple[str, str, str] = ("", "", ""),
    own: Collection[str] = (),
    actor: Actor,
    now: datetime,
) -> str:
    """Write a run and its rows; its id. `step` is process, id and name."""
    run = SeriesRun(
        id=uuid4().hex,
        county_id=actor.county_id or "",
        kind=kind,
        series_id=series_id,
        case_id=case.proceeding_id,
        submission_id=submission.id,
        process_key=step[0],
        step_id=step[1],
        step_name=step[2],
        own=sorted(own),
        username=actor.username,
        created_at=now,
    )
    db.session.add(run)
    db.session.flush()
    rows = (
        SeriesItem(
            run_id=run.id,
            line=aim.line,
            case_id=aim.case_id,
            telling=aim.telling,
            answers=dict(aim.answers),
            status=WAITING,
        )
        for aim in aims
    )
    db.session.add_all(rows)
    db.session.flush()
    return run.id


def claim_next() -> tuple[SeriesItem, SeriesRun] | None:
    """The first row that waits, locked until the commit; of one case never a later row before an earlier one."""
    item = db.session.scalars(_next_waiting()).one_or_none()
    if item is None:
        return None
    return item, db.session.get_one(SeriesRun, item.run_id)


@cache
def _next_waiting() -> Select[SeriesItem]:
    earlier = aliased(SeriesItem)
    behind = exists().where(
        earlier.case_id == SeriesItem.case_id, earlier.status == WAITING, earlier.id < SeriesItem.id
    )
    query = select(SeriesItem).where(SeriesItem.status == WAITING, ~behind).order_by(SeriesItem.id).limit(1)
    return query.with_for_update(skip_locked=True)


def _others(series_id: str, *, but: str) -> Select[str, str]:
    """Running cases of a series."""
    return (
        select(Proceeding.id, Proceeding.number)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .where(Case.series_id == series_id, Proceeding.id != but, Proceeding.status == ProceedingStatus.RUNNING)
    )


def _stands_at(process_key: str, step_id: str, actor: Actor) -> Any:
    """The step is open in the case and the actor may do it."""
    mine = or_(Task.assignee_id.is_(None), Task.assignee_id == actor.person_id)
    here = (Task.proceeding_id == Proceeding.id, Task.process_key == process_key, Task.step_id == step_id)
    return exists().where(*here, addressed_tasks(actor), mine)


def _on_the_way() -> Any:
    """An earlier step of the case is still being done with the series."""
    return exists().where(SeriesItem.case_id == Proceeding.id, SeriesItem.status == WAITING)


def others_at(case: Case, process_key: str, step_id: str, actor: Actor) -> list[Aim]:
    """The other cases of the series whose same step the actor can do, and those that are on their way there."""
    way = or_(_stands_at(process_key, step_id, actor), _on_the_way())
    query = _others(str(case.series_id), but=case.proceeding_id).where(way)
    rows = db.session.execute(query.order_by(Proceeding.opened_at, Proceeding.number))
    return [Aim(line, row.number, {}, row.id) for line, row in enumerate(rows, 1)]


def count_others(case: Case, process_key: str, step_id: str, actor: Actor) -> tuple[int, int]:
    """How many others stand at the step for the actor, and how many are on their way to it or elsewhere."""
    way = or_(_stands_at(process_key, step_id, actor), _on_the_way())
    others = _others(str(case.series_id), but=case.proceeding_id)
    within, everywhere = others.where(way).subquery(), others.subquery()
    row = db.session.execute(
        select(
            select(func.count()).select_from(within).scalar_subquery(),
            select(func.count()).select_from(everywhere).scalar_subquery(),
        )
    ).one()
    return row[0], row[1] - row[0]


def find_open_task(case_id: str, process_key: str, step_id: str) -> str | None:
    """The open step of a case that is of the case as a whole."""
    query = select(Task.id, Task.element).where(
        Task.proceeding_id == case_id, Task.process_key == process_key, Task.step_id == step_id, Task.status == "OPEN"
    )
    return next((row.id for row in db.session.execute(query) if not row.element), None)
