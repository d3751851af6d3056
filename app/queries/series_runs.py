"""What is done for a series at once: whether a step can be, and how far a run is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.queries.inbox import LIGHT
from app.queries.runs import MOST_SHOWN, Counts, counted, sentences_of
from app.queries.stages import register_of
from app.storage import series as rows
from app.storage.models import Account, Case, Person, Proceeding, SeriesItem, SeriesRun, Task
from app.storage.runs import DONE, KNOWN, REFUSED, WAITING
from app.storage.visibility import visible_proceedings


@dataclass(frozen=True, slots=True)
class Offer:
    """Other cases of the series that one act can take along."""

    count: int
    elsewhere: int
    """Running ones that stand at other steps or wait for other people."""


@dataclass(frozen=True, slots=True)
class Progress(Counts):
    id: str
    kind: str
    step_name: str
    person: str
    created_at: datetime
    case_id: str
    case_number: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """What became of one case of a run."""

    line: int
    telling: str
    case_id: str | None
    number: str
    status: str
    sentences: tuple[tuple[str, Mapping[str, Any]], ...]
    """Why it was refused: message ids with their values."""


@dataclass(frozen=True, slots=True)
class RunPage:
    progress: Progress
    title: str
    refused: tuple[RunRow, ...]
    settled: tuple[RunRow, ...]
    """With the refused ones MOST_SHOWN at most."""


def offer(actor: Actor, task_id: str) -> Offer | None:
    """None where the step is not one that a series does together, or no other case stands there."""
    task = db.session.get(Task, task_id)
    if task is None or task.element or task.status != "OPEN":
        return None
    proceeding, case = db.session.get_one(Proceeding, task.proceeding_id), db.session.get(Case, task.proceeding_id)
    steps = register_of(proceeding.release_id).series_steps
    if case is None or not case.series_id or f"{task.process_key}/{task.step_id}" not in steps:
        return None
    count, elsewhere = rows.count_others(case, task.process_key, task.step_id, actor)
    return Offer(count, elsewhere) if count else None


def runs_of(series_id: str, *, limit: int = 8) -> tuple[Progress, ...]:
    """The latest runs of a series; whoever asks may see it."""
    return tuple(_progress(SeriesRun.series_id == series_id, limit=limit))


def _progress(criterion: Any, *, limit: int) -> list[Progress]:
    done, refused, waiting = counted(SeriesItem.status)
    query = (
        select(SeriesRun, Person.name, Proceeding.number, done, refused, waiting)
        .join(Account, Account.username == SeriesRun.username)
        .join(Person, Person.id == Account.person_id)
        .join(Proceeding, Proceeding.id == SeriesRun.case_id)
        .join(SeriesItem, SeriesItem.run_id == SeriesRun.id)
        .where(criterion)
        .group_by(SeriesRun.id, Person.name, Proceeding.number)
        .order_by(SeriesRun.created_at.desc(), SeriesRun.id)
        .limit(limit)
    )
    return [
        Progress(done, refused, waiting, run.id, run.kind, run.step_name, person, run.created_at, run.case_id, number)
        for run, person, number, done, refused, waiting in db.session.execute(query)
    ]


def run_page(actor: Actor, run_id: str) -> RunPage:
    """How far a run is. Raises NotFoundError where the actor may not see the case that it began with."""
    lead = db.session.scalars(
        select(Proceeding)
        .join(SeriesRun, SeriesRun.case_id == Proceeding.id)
        .where(SeriesRun.id == run_id, Proceeding.kind == ProceedingKind.CASE, visible_proceedings(actor))
        .options(*LIGHT)
    ).one_or_none()
    if lead is None:
        raise NotFoundError
    found = _rows(run_id)
    return RunPage(
        progress=_progress(SeriesRun.id == run_id, limit=1)[0],
        title=lead.title,
        refused=tuple(row for row in found if row.status == REFUSED),
        settled=tuple(row for row in found if row.status in (DONE, KNOWN)),
    )


def _rows(run_id: str) -> Sequence[RunRow]:
    query = (
        select(SeriesItem, Proceeding.number)
        .outerjoin(Proceeding, Proceeding.id == SeriesItem.case_id)
        .where(SeriesItem.run_id == run_id, SeriesItem.status != WAITING)
        .order_by(SeriesItem.status != REFUSED, SeriesItem.line)
        .limit(MOST_SHOWN)
    )
    return [
        RunRow(item.line, item.telling, item.case_id, number or "", item.status, sentences_of(item.refusal))
        for item, number in db.session.execute(query)
    ]
