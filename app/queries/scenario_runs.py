"""Runs of a draft's scenarios as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.differences import Difference, from_plain
from app.engine.blank import names_in
from app.extensions import db
from app.queries.studio_files import draft_of
from app.storage.models import ScenarioRun

MOST_RUNS = 20


@dataclass(frozen=True, slots=True)
class PlayedRow:
    name: str
    title: str
    went_well: bool
    seconds: float
    act: int
    verb: str
    process: str
    step: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class RunView:
    id: str
    wanted: str
    status: str
    total: int
    rows: tuple[PlayedRow, ...]
    """Failed ones first."""
    missing: tuple[str, ...]
    """What of the changed files no scenario came to: `process/step`, `process/from -> to`, `table#row`."""
    sentence: str
    person: str
    created_at: datetime
    ended_at: datetime | None
    digest: str

    @property
    def at_work(self) -> bool:
        return self.status in ("WAITING", "RUNNING")

    @property
    def failed(self) -> int:
        return sum(not row.went_well for row in self.rows)

    @property
    def passed(self) -> int:
        return len(self.rows) - self.failed


@dataclass(frozen=True, slots=True)
class Missing:
    """A step, a flow or a row that no scenario came to, and where it is drawn."""

    file: str
    element: str
    name: str
    towards: str
    """Where the flow leads; empty for a step or a row."""


def missing_of(run: RunView, files: Mapping[str, bytes]) -> list[Missing]:
    """With names, from the files that were played."""
    names: dict[str, dict[str, str]] = {}
    found = []
    for one in run.missing:
        group, mark, rest = one.partition("#") if "#" in one else one.partition("/")
        file = f"{group}.dmn" if mark == "#" else f"{group}.bpmn"
        element, _, towards = rest.partition(" -> ")
        known = names.setdefault(file, names_in(files[file]) if file in files else {})
        found.append(Missing(file, element, known.get(element, element), known.get(towards, towards)))
    return found


def runs_of(actor: Actor, draft_id: str) -> tuple[RunView, ...]:
    """Runs of a draft, the newest first. Raises NotFoundError, NotAllowedError."""
    draft_of(actor, draft_id)
    query = select(ScenarioRun).where(ScenarioRun.draft_id == draft_id).order_by(ScenarioRun.created_at.desc())
    return tuple(_view(row) for row in db.session.scalars(query.limit(MOST_RUNS)))


def _view(row: ScenarioRun) -> RunView:
    played = sorted((_row(one) for one in row.results), key=lambda one: (one.went_well, one.name))
    return RunView(
        id=row.id,
        wanted=row.wanted,
        status=row.status,
        total=row.total,
        rows=tuple(played),
        missing=tuple(row.missing),
        sentence=row.sentence,
        person=row.person_name,
        created_at=row.created_at,
        ended_at=row.ended_at,
        digest=row.digest,
    )


def _row(one: dict[str, Any]) -> PlayedRow:
    process, _, step = str(one["step"]).partition("/")
    return PlayedRow(
        name=one["name"],
        title=one["title"],
        went_well=one["went_well"],
        seconds=one["seconds"],
        act=one["act"],
        verb=one["verb"],
        process=process,
        step=step,
        differences=tuple(from_plain(wrong) for wrong in one["differences"]),
    )
