"""How far the changes of version are that many proceedings make with one act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain import powers
from app.domain.actors import Actor
from app.domain.errors import N_, NotFoundError
from app.extensions import db
from app.queries.drawings import process_name
from app.queries.runs import MOST_SHOWN, Counts, counted, sentences_of
from app.storage.models import Account, MigrationItem, MigrationRun, Person, Proceeding, Release
from app.storage.runs import DONE, REFUSED, WAITING

LATEST = 10
"""Runs that the page of a process shows."""


@dataclass(frozen=True, slots=True)
class Progress(Counts):
    id: str
    process_key: str
    process: str
    """Name of the process (message id)."""
    release_number: int
    """To which they go; of a run that goes back, from which."""
    back_of: str
    """Id of the run that this one takes back; empty for one that changes versions."""
    reason: str
    person: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RunRow:
    """What became of one proceeding of a run."""

    proceeding_id: str
    number: str
    status: str
    sentences: tuple[tuple[str, Mapping[str, Any]], ...]
    """Why it was refused: message ids with their values."""


@dataclass(frozen=True, slots=True)
class RunPage:
    progress: Progress
    refused: tuple[RunRow, ...]
    changed: tuple[RunRow, ...]
    """With the refused ones MOST_SHOWN at most."""
    taken_back_by: str
    """Id of the run that takes this one back; empty where there is none."""

    @property
    def may_go_back(self) -> bool:
        progress = self.progress
        return not (progress.waiting or progress.back_of or self.taken_back_by) and progress.done > 0


def runs_of(actor: Actor, process_key: str) -> tuple[Progress, ...]:
    """The latest runs over a process of the actor's county; whoever asks is a process owner."""
    return tuple(_progress(actor, Release.process_key == process_key, limit=LATEST))


def run_page(actor: Actor, run_id: str) -> RunPage:
    """Raises NotAllowedError for anybody but a process owner, NotFoundError for a run of another county."""
    powers.ensure_may(actor, "definitions.migrate", N_("只有流程管理者可以给办理中的件换版。"))
    progress = next(iter(_progress(actor, MigrationRun.id == run_id, limit=1)), None)
    if progress is None:
        raise NotFoundError
    found = _rows(run_id)
    back = db.session.scalars(select(MigrationRun.id).where(MigrationRun.back_of == run_id).limit(1)).one_or_none()
    return RunPage(
        progress=progress,
        refused=tuple(row for row in found if row.status == REFUSED),
        changed=tuple(row for row in found if row.status == DONE),
        taken_back_by=back or "",
    )


def _progress(actor: Actor, criterion: Any, *, limit: int) -> list[Progress]:
    done, refused, waiting = counted(MigrationItem.status)
    query = (
        select(MigrationRun, Release.process_key, Release.number, Person.name, done, refused, waiting)
        .join(Release, Release.id == MigrationRun.release_id)
        .join(Account, Account.username == MigrationRun.username)
        .join(Person, Person.id == Account.person_id)
        .join(MigrationItem, MigrationItem.run_id == MigrationRun.id)
        .where(criterion, MigrationRun.county_id == actor.county_id)
        .group_by(MigrationRun.id, Release.process_key, Release.number, Person.name)
        .order_by(MigrationRun.created_at.desc(), MigrationRun.id)
        .limit(limit)
    )
    return [
        Progress(
            done,
            refused,
            waiting,
            run.id,
            key,
            process_name(run.release_id, key),
            number,
            run.back_of or "",
            run.reason,
            person,
            run.created_at,
        )
        for run, key, number, person, done, refused, waiting in db.session.execute(query)
    ]


def _rows(run_id: str) -> list[RunRow]:
    query = (
        select(MigrationItem, Proceeding.number)
        .join(Proceeding, Proceeding.id == MigrationItem.proceeding_id)
        .where(MigrationItem.run_id == run_id, MigrationItem.status != WAITING)
        .order_by(MigrationItem.status != REFUSED, MigrationItem.id)
        .limit(MOST_SHOWN)
    )
    return [
        RunRow(item.proceeding_id, number, item.status, sentences_of(item.refusal))
        for item, number in db.session.execute(query)
    ]
