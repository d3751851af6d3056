"""Seven members countersign at the same moment, each from a process of its own, while two workers and a clock run."""

import multiprocessing
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import OUTAGES, db
from app.scenarios.demo import Stage
from app.services import clockwork
from app.storage import journal
from app.storage.models import AgendaItem, HistoryEntry, OutboxRow, Proceeding, Submission, SubscriptionRow, Task
from config import ROOT
from tests.conftest import BOTH, application_on
from tests.e2e.conftest import settle_county

pytestmark = pytest.mark.slow

SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Place:
    """Where a process finds the application."""

    url: str
    data: Path


def in_application(place: Place) -> Iterator[Flask]:
    for app in application_on(place.url, place.data):
        with app.app_context():
            yield app


def sign(place: Place, task_id: str, person_id: str, moment: datetime, start: Any, results: Any) -> None:
    """One member's process: ready, then signs at the same moment as the others. Puts `ok` or what went wrong."""
    from app.queries.open_steps import actor_of_person  # noqa: PLC0415
    from app.services import tasks  # noqa: PLC0415

    for _ in in_application(place):
        actor = actor_of_person(person_id)
        assert actor is not None
        db.session.rollback()
        answers = {"decision": "AGREE", "signed_at": moment.isoformat(), "signature": True}
        start.wait(timeout=300)
        try:
            tasks.complete(task_id, answers=answers, actor=actor, now=moment, key=task_id)
        except Exception as error:  # noqa: BLE001  (whatever a member would see)
            results.put(f"{type(error).__name__}: {error} {getattr(error, 'fields', '')}")
        else:
            results.put("ok")


def work(place: Place, moment: datetime, start: Any, stop: Any) -> None:
    """One worker's process: ticks as fast as it can until told to stop. Locked out for too long, it tries again."""
    for _ in in_application(place):
        start.wait(timeout=300)
        while not stop.is_set():
            try:
                clockwork.tick(moment)
            except OUTAGES:
                db.session.rollback()


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """The real county without cases, on each of the two databases."""
    if request.param == "sqlite":
        file = tmp_path / "wenze.db"
        shutil.copyfile(request.getfixturevalue("county_template"), file)
        return Place(f"sqlite:///{file}", tmp_path)
    url = request.getfixturevalue("postgresql_database")
    for app in application_on(url, tmp_path):
        settle_county(app)
    return Place(url, tmp_path)


def to_the_countersigning(stage: Stage) -> None:
    stage.perform({"open": "C01"})
    stage.perform({"meet": "M1", "cases": ["C01"], "until": "agenda-item/T_countersign"})


def test_seven_members_sign_at_once_and_the_item_is_decided_once(place: Place) -> None:
    for _ in in_application(place):
        begins = datetime(2026, 9, 15, 1, tzinfo=UTC)
        stage = Stage(ROOT / "demo", county="jinzhai", begins=begins, ends=begins + timedelta(days=365))
        to_the_countersigning(stage)
        meeting, case = stage.world.proceedings["M1"], stage.world.proceedings["C01"]
        of_members = (Task.proceeding_id == meeting, Task.step_id == "T_countersign", Task.status == "OPEN")
        votes = db.session.execute(select(Task.id, Task.assignee_id).where(*of_members)).all()
        moment = stage.world.now
        db.session.remove()

        results = at_once(place, votes, moment)

        assert results == ["ok"] * len(votes)
        assert len(votes) == 7
        while clockwork.tick(moment):
            pass
        db.session.remove()
        everything_was_recorded_once(meeting, case, [vote.id for vote in votes])


def at_once(place: Place, votes: Any, moment: datetime) -> list[str]:
    start, stop, results = SPAWN.Barrier(len(votes) + 2), SPAWN.Event(), SPAWN.Queue()
    members = [SPAWN.Process(target=sign, args=(place, v.id, v.assignee_id, moment, start, results)) for v in votes]
    workers: list[SpawnProcess] = [SPAWN.Process(target=work, args=(place, moment, start, stop)) for _ in range(2)]
    for process in (*members, *workers):
        process.start()
    try:
        found = [results.get(timeout=400) for _ in members]
    finally:
        stop.set()
        for process in (*members, *workers):
            process.join(timeout=60)
            process.kill()
    assert [worker.exitcode for worker in workers] == [0, 0]
    return found


def everything_was_recorded_once(meeting: str, case: str, votes: list[str]) -> None:
    submissions = db.session.scalars(select(Submission.task_id).where(Submission.task_id.in_(votes))).all()
    lines = db.session.scalars(select(HistoryEntry.task_id).where(HistoryEntry.task_id.in_(votes))).all()
    assert sorted(submissions) == sorted(lines) == sorted(votes)

    items = db.session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting)).all()
    assert [(item.status, item.resolution, item.decided_by) for item in items] == [("DECIDED", "PURSUE", "CONSENT")]
    recorded = HistoryEntry.proceeding_id == meeting, HistoryEntry.step_id == "S_record"
    assert db.session.scalar(select(func.count()).select_from(HistoryEntry).where(*recorded)) == 1

    sent = select(OutboxRow.status, OutboxRow.attempts).where(OutboxRow.name == "AgendaDecided")
    assert [tuple(row) for row in db.session.execute(sent)] == [("DONE", 0)]
    heard = HistoryEntry.proceeding_id == case, HistoryEntry.act == "MESSAGE_RECEIVED", HistoryEntry.step_id == "W_pool"
    assert db.session.scalar(select(func.count()).select_from(HistoryEntry).where(*heard)) == 1
    assert "W_pool" not in db.session.scalars(select(SubscriptionRow.step_id)).all()
    assert db.session.get_one(Proceeding, case).stage
    for proceeding in (meeting, case):
        positions = select(HistoryEntry.position).where(HistoryEntry.proceeding_id == proceeding)
        found = sorted(db.session.scalars(positions))
        assert found == list(range(1, len(found) + 1))
    assert journal.broken_links() == []
