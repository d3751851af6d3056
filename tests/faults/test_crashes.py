"""Web processes and the worker die in the middle of a burst: no answered act is lost, none happens twice."""

import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.services import accounts
from app.storage import journal
from app.storage.models import HistoryEntry, OutboxRow, Submission, Task
from tests.conftest import application_on
from tests.faults.crashes import Act, Outcome, press_all
from tests.faults.test_serve import Serve, children_of, lives, wait_for
from tests.services import conftest as small_world
from tests.services.conftest import MORNING, Office

pytestmark = pytest.mark.slow

CASES, HANDS = 40, 6
MOST_KILLS, PAUSE = 6, 2.5
"""Web processes killed, and seconds between two kills: a process that never comes up proves nothing."""

small_sqlite, small_postgresql = small_world.small_sqlite, small_world.small_postgresql
small_url = small_world.small_url


@pytest.fixture
def acts(small_url: str, tmp_path: Path) -> list[Act]:
    """Steps that wait, each with the person who will do it."""
    found = []
    for app in application_on(small_url, tmp_path):
        with app.app_context():
            office = Office(app)
            office.now = datetime.now(UTC)  # the worker has the real clock: nothing may fall due meanwhile
            officer = accounts.create_token("beishan.officer1", "t", now=MORNING)
            head = accounts.create_token("beishan.head", "t", now=MORNING)
            for _ in range(CASES):
                case = office.open_case(waits="no")
                found.append(Act(office.task(case, "T_check"), officer, {"opinion": "齐全"}))
                found.append(Act(office.task(case, "T_handle"), head, {}))
    return found


@pytest.fixture
def serve(acts: list[Act], small_url: str, tmp_path: Path) -> Iterator[Serve]:
    running = Serve(tmp_path, small_url)
    try:
        assert wait_for(True, running.port), running.log.read_text()
        yield running
    finally:
        with suppress(ProcessLookupError):
            running.process.terminate()
        running.process.wait(timeout=40)


def test_no_act_is_lost_or_doubled_while_web_processes_are_killed(
    serve: Serve, acts: list[Act], small_url: str, tmp_path: Path
) -> None:
    over, kills = threading.Event(), Counter[str]()

    def kill_web_processes() -> None:
        pause = 0.3
        while not over.wait(pause) and kills["web"] < MOST_KILLS:
            pause = PAUSE
            for victim in list(children_of(serve.child("wenze-web")))[:1]:
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                    kills["web"] += 1

    killer = threading.Thread(target=kill_web_processes)
    killer.start()
    outcomes = press_all(serve.port, acts, hands=HANDS, patience=180)
    over.set()
    killer.join()

    tell(outcomes, kills, small_url)
    assert kills["web"] >= 1
    assert Counter(outcome.status for outcome in outcomes) == {200: len(acts)}
    everything_is_there_once(small_url, tmp_path, acts)


def test_no_act_is_lost_or_doubled_when_everything_is_killed_and_started_again(
    serve: Serve, acts: list[Act], small_url: str, tmp_path: Path
) -> None:
    started: list[Serve] = []
    recovered = []

    def kill_everything() -> None:
        time.sleep(1.0)
        family = [serve.process.pid, *descendants(serve.process.pid)]
        for number in family:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        serve.process.wait()
        began = time.monotonic()
        again = Serve(tmp_path, small_url, port=serve.port)
        started.append(again)
        while not lives(serve.port):
            time.sleep(0.05)
        recovered.append(time.monotonic() - began)

    killer = threading.Thread(target=kill_everything)
    killer.start()
    try:
        outcomes = press_all(serve.port, acts, hands=HANDS, patience=180)
        killer.join()
        tell(outcomes, Counter(all=1), small_url)
        sys.stdout.write(f"answers again after {recovered[0]:.1f} s\n")
        assert Counter(outcome.status for outcome in outcomes) == {200: len(acts)}
        everything_is_there_once(small_url, tmp_path, acts)
    finally:
        for again in started:
            again.process.terminate()
            again.process.wait(timeout=40)


def descendants(process: int) -> list[int]:
    found = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for child in children_of(process):
            found += [child, *descendants(child)]
    return found


def tell(outcomes: list[Outcome], kills: Counter[str], url: str) -> None:
    waits = sorted(outcome.longest_wait for outcome in outcomes)
    again = sum(1 for outcome in outcomes if outcome.tries > 1)
    sys.stdout.write(
        f"\n{url.partition(':')[0]}: {len(outcomes)} acts, kills {dict(kills)}, sent again {again}, "
        f"wait p50 {waits[len(waits) // 2]:.2f} s, longest {waits[-1]:.2f} s\n"
    )


def everything_is_there_once(url: str, data: Path, acts: list[Act]) -> None:
    """Every answered act has one submission, one line, one key; chains verify; both branches met exactly once."""
    ids = [act.task_id for act in acts]
    for app in application_on(url, data):
        with app.app_context():
            assert sorted(once(Submission.task_id, Submission.task_id.in_(ids))) == sorted(ids)
            told = once(HistoryEntry.task_id, HistoryEntry.task_id.in_(ids), HistoryEntry.act == "SUBMITTED")
            assert sorted(told) == sorted(ids)
            assert set(once(Task.completion_key)) >= {act.key for act in acts}
            reviews = select(Task.proceeding_id, func.count()).where(Task.step_id == "T_review")
            assert [row[1] for row in db.session.execute(reviews.group_by(Task.proceeding_id))] == [1] * CASES
            assert once(OutboxRow.id) == []
            assert journal.broken_links() == []


def once(column: Any, *criteria: Any) -> list[Any]:
    return list(db.session.scalars(select(column).where(*criteria)))
