"""Runs of the scenarios on a draft's very contents: what was wanted, what came out, and whether it still counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.deadlines import OFFICE_ZONE
from app.domain.differences import Difference
from app.domain.errors import N_, ConflictError, Sentence
from app.domain.plain import plain
from app.extensions import db
from app.services.studio import review
from app.services.studio.drafts import ensure_owner
from app.storage import studio
from app.storage.models import ScenarioRun
from app.storage.transaction import transaction

FORSAKEN = timedelta(seconds=90)
"""A running one that no worker looked after for so long is begun again."""
AT_WORK = ("WAITING", "RUNNING")


class RunStatus(StrEnum):
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    STOPPED = "STOPPED"


@dataclass(frozen=True, slots=True)
class Played:
    """How one scenario went."""

    name: str
    title: str
    went_well: bool
    seconds: float
    act: int
    """The failing act, from 1; 0 where it could not begin."""
    verb: str
    step: str
    """`<process>/<step>` of the failing act; empty where it is about none."""
    differences: tuple[Difference, ...] = ()
    """What was wanted and what came instead; none where it went well."""


@dataclass(frozen=True, slots=True)
class Claimed:
    id: str
    total: int


def digest_of(files: Mapping[str, bytes]) -> str:
    """One word for a set of files: it changes with every byte and every name."""
    whole = sha256()
    for name in sorted(files):
        whole.update(sha256(name.encode() + b"\0" + files[name]).digest())
    return whole.hexdigest()


def register(draft_id: str, *, run_id: str, digest: str, wanted: str, total: int, actor: Actor, now: datetime) -> None:
    """A new run that waits for the worker.

    Raises NotFoundError, NotAllowedError, ConflictError (nothing to play, one is under way).
    """
    county_id = ensure_owner(actor)
    with transaction():
        studio.get_draft_for_update(draft_id, county_id)
        if not total:
            raise ConflictError(N_("没有情景经过改动的内容，可以选择运行全部情景。"))
        under_way = select(ScenarioRun.id).where(ScenarioRun.draft_id == draft_id, ScenarioRun.status.in_(AT_WORK))
        if db.session.scalars(under_way.limit(1)).one_or_none():
            raise ConflictError(N_("情景正在运行，请等它结束或者先停止。"))
        run = ScenarioRun(
            id=run_id,
            county_id=county_id,
            draft_id=draft_id,
            digest=digest,
            wanted=wanted,
            status=RunStatus.WAITING,
            total=total,
            results=[],
            missing=[],
            person_id=actor.person_id,
            person_name=actor.name,
            created_at=now,
            seen_at=now,
        )
        db.session.add(run)


def stop(run_id: str, *, actor: Actor, now: datetime) -> str:
    """Stop a run. Returns the id of its draft. Raises NotFoundError, NotAllowedError."""
    county_id = ensure_owner(actor)
    with transaction():
        run = db.session.get(ScenarioRun, run_id, with_for_update=True, populate_existing=True)
        draft = studio.get_draft(run.draft_id if run else "", county_id)
        if run is not None and run.status in AT_WORK:
            run.status, run.ended_at = RunStatus.STOPPED, now
        return draft.id


# ---- the worker


def claim(now: datetime, *, again: bool = True) -> Claimed | None:
    """The next run that nobody does, marked as running; `again`: also one that its worker has forsaken."""
    with transaction():
        waiting = ScenarioRun.status == RunStatus.WAITING
        forsaken = (ScenarioRun.status == RunStatus.RUNNING) & (ScenarioRun.seen_at < now - FORSAKEN)
        query = select(ScenarioRun).where(waiting | forsaken if again else waiting).order_by(ScenarioRun.created_at)
        run = db.session.scalars(query.limit(1).with_for_update(skip_locked=True)).one_or_none()
        if run is None:
            return None
        run.status, run.seen_at, run.results = RunStatus.RUNNING, now, []
        return Claimed(run.id, run.total)


def anything_to_do() -> bool:
    """Whether a run waits or is under way; asked often."""
    query = select(ScenarioRun.id).where(ScenarioRun.status.in_(AT_WORK)).limit(1)
    found = db.session.scalars(query).one_or_none() is not None
    db.session.rollback()
    return found


def note(run_id: str, played: Sequence[Played], *, now: datetime) -> bool:
    """What was played so far. False: somebody stopped the run, or nobody knows it any more (a backup was restored)."""
    with transaction():
        run = db.session.get(ScenarioRun, run_id, with_for_update=True, populate_existing=True)
        if run is None or run.status != RunStatus.RUNNING:
            return False
        run.results, run.seen_at = [plain(one) for one in played], now
        return True


def finish(run_id: str, *, sentence: str = "", missing: Sequence[str] = (), now: datetime) -> None:
    """The run ended; with a sentence it could not be done. `missing`: what of the changed files nothing came to."""
    with transaction():
        run = db.session.get(ScenarioRun, run_id, with_for_update=True, populate_existing=True)
        if run is not None and run.status == RunStatus.RUNNING:
            run.status = RunStatus.FAILED if sentence or len(run.results) < run.total else RunStatus.DONE
            run.sentence = sentence or ("" if run.status == RunStatus.DONE else N_("情景运行中断，请重新运行。"))
            run.missing, run.ended_at, run.seen_at = list(missing), now, now


# ---- what approval asks


def find_run(files: Mapping[str, bytes]) -> review.ScenarioRun | None:
    """The newest run that was finished on these very contents; None where there is none."""
    query = select(ScenarioRun).where(ScenarioRun.digest == digest_of(files), ScenarioRun.status == RunStatus.DONE)
    run = db.session.scalars(query.order_by(ScenarioRun.created_at.desc()).limit(1)).one_or_none()
    if run is None:
        return None
    return review.ScenarioRun(green=is_green(run.results, run.total), summary=summary_of(run))


def is_green(results: Sequence[Mapping[str, Any]], total: int) -> bool:
    return bool(results) and len(results) == total and all(one["went_well"] for one in results)


def summary_of(run: ScenarioRun) -> str:
    """For the record of a publication."""
    failed = sum(not one["went_well"] for one in run.results)
    day = run.created_at.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M")
    return Sentence(
        N_("%(kind)s%(count)s个，通过%(passed)s个（%(day)s，%(name)s）"),
        kind=Sentence(N_("全部情景") if run.wanted == "ALL" else N_("涉及改动的情景")),
        count=run.total,
        passed=run.total - failed,
        day=day,
        name=run.person_name,
    )


review.find_scenario_run = find_run
