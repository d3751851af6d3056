"""The worker alone dies in the middle of its work: every due timer fires once, every message arrives once."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.storage import journal
from app.storage.models import HistoryEntry, OutboxRow, Proceeding, Task
from config import ROOT
from tests.conftest import application_on
from tests.services import conftest as small_world
from tests.services.conftest import Office

pytestmark = pytest.mark.slow

DUE, TELLING = 30, 8
"""Cases with a timer that is due, and cases with a message that waits to be delivered."""
KILLS = 2
PATIENCE = 120.0
"""Seconds for all of it."""

small_sqlite, small_postgresql = small_world.small_sqlite, small_world.small_postgresql
small_url = small_world.small_url


@pytest.fixture
def app(small_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A database with work for the clock."""
    for app in application_on(small_url, tmp_path):
        with app.app_context():
            office = Office(app)
            office.now = datetime.now(UTC) - timedelta(days=6)
            for _ in range(DUE):
                office.open_case(waits="no")
            office.now = datetime.now(UTC)
            for _ in range(TELLING):
                case = office.open_case(waits="yes")
                office.complete(office.task(case, "T_check"), "officer1", {"opinion": "齐全"})
                office.complete(office.task(case, "T_review"), "officer2", {})
                office.complete(office.task(case, "T_handle"), "head", {})
            yield app


def test_no_timer_and_no_message_is_lost_or_doubled_while_the_worker_is_killed(
    app: Flask, small_url: str, tmp_path: Path
) -> None:
    began, kills = time.monotonic(), 0
    with app.app_context():
        worker = start_worker(small_url, tmp_path)
        try:
            seen = things_done()
            while (done := things_done()) < DUE + TELLING and time.monotonic() - began < PATIENCE:
                if done > seen and kills < KILLS:  # in the middle: it has begun and is not through
                    worker.kill()
                    worker.wait()
                    kills, seen = kills + 1, things_done()
                    worker = start_worker(small_url, tmp_path)
                time.sleep(0.005)
        finally:
            worker.kill()
            worker.wait()

        sys.stdout.write(f"\n{small_url.partition(':')[0]}: {DUE} timers, {TELLING} messages, {kills} workers killed\n")
        assert kills >= 1
        everything_happened_once()


def start_worker(url: str, data: Path) -> subprocess.Popen[bytes]:
    settings = {"WENZE_DATA": str(data), "DATABASE_URL": url, "WENZE_DEMO": "0", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-P", "-m", "app.cli", "worker"], env=os.environ | settings)


def things_done() -> int:
    """Timers told and messages received so far."""
    db.session.rollback()
    done = HistoryEntry.act.in_(("TIMER", "MESSAGE_RECEIVED"))
    return db.session.scalar(select(func.count()).select_from(HistoryEntry).where(done)) or 0


def everything_happened_once() -> None:
    told = select(HistoryEntry.proceeding_id, HistoryEntry.act, func.count())
    told = told.where(HistoryEntry.act.in_(("TIMER", "MESSAGE_RECEIVED")))
    rows = db.session.execute(told.group_by(HistoryEntry.proceeding_id, HistoryEntry.act)).all()
    assert Counter(act for _, act, _ in rows) == {"TIMER": DUE, "MESSAGE_RECEIVED": TELLING}
    assert {times for _, _, times in rows} == {1}
    urged = select(Task.proceeding_id, func.count()).where(Task.step_id == "T_urge").group_by(Task.proceeding_id)
    assert [times for _, times in db.session.execute(urged)] == [1] * DUE
    assert set(db.session.scalars(select(OutboxRow.status))) == {"DONE"}
    closed = select(func.count()).select_from(Proceeding).where(Proceeding.closed_at.is_not(None))
    assert db.session.scalar(closed) == TELLING
    assert journal.broken_links() == []
