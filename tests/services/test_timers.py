"""Timers as rows: fired once whoever works, late or in time, and a broken one harms only itself."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.domain.errors import ConflictError
from app.extensions import db
from app.scenarios.demo import Stage
from app.services import clockwork
from app.storage import journal
from app.storage.models import Case, HistoryEntry, JournalLine, Notice, Proceeding, Task, TimerRow
from app.storage.transaction import transaction
from config import ROOT
from tests.services.conftest import MORNING, Office


def told(step: str) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(HistoryEntry).where(HistoryEntry.step_id == step)) or 0


def workers_tick(office: Office, number: int) -> int:
    """That many workers tick at the same moment until each finds nothing; returns how many things they did."""
    together = threading.Barrier(number)

    def work(_: int) -> int:
        with office.app.app_context():
            together.wait()
            done = 0
            while more := clockwork.tick(office.now):
                done += more
            return done

    with ThreadPoolExecutor(number) as threads:
        return sum(threads.map(work, range(number)))


def test_what_is_not_due_does_not_fire(office: Office) -> None:
    office.open_case()
    office.later(days=5, seconds=-1)

    assert clockwork.tick(office.now) == 0


def test_each_due_timer_fires_once_however_many_workers_there_are(office: Office) -> None:
    cases = [office.open_case() for _ in range(8)]
    office.later(days=5)

    workers_tick(office, 3)

    assert told("B_urge") == len(cases)
    for case in cases:
        assert office.open_steps(case) == ["T_check", "T_handle", "T_urge"]
    assert clockwork.tick(office.now) == 0
    assert journal.broken_links() == []


def test_a_case_that_somebody_holds_keeps_no_other_timer_waiting(office: Office) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    held = office.open_case()
    office.later(minutes=1)
    other = office.open_case()
    office.later(days=5)

    with db.engine.begin() as somebody:
        somebody.execute(select(Proceeding.id).where(Proceeding.id == held).with_for_update())
        clockwork.tick(office.now)

        assert (office.open_steps(held), office.open_steps(other)) == (
            ["T_check", "T_handle"],
            ["T_check", "T_handle", "T_urge"],
        )
    clockwork.tick(office.now)
    assert office.open_steps(held) == ["T_check", "T_handle", "T_urge"]


def test_a_backlog_fires_in_the_order_in_which_it_fell_due(office: Office) -> None:
    fell_due = {}
    for minutes in (40, -90, 30, -60):
        office.later(minutes=minutes)
        fell_due[office.now] = office.open_case()
    office.later(days=7)

    clockwork.tick(office.now)

    fired = db.session.scalars(select(JournalLine.scope).where(JournalLine.act == "timer").order_by(JournalLine.id))
    assert list(fired) == [fell_due[at] for at in sorted(fell_due)]


def test_an_interrupting_timer_withdraws_the_step_and_the_person_who_comes_late_is_told(office: Office) -> None:
    case = office.open_case()
    task = office.task(case, "T_check")
    office.later(days=10)

    clockwork.tick(office.now)

    assert office.open_steps(case) == ["T_escalate", "T_handle", "T_urge"]
    db.session.expire_all()
    assert db.session.get_one(Task, task).status == "WITHDRAWN"


def test_a_worker_that_was_away_for_days_fires_each_timer_once(office: Office) -> None:
    case = office.open_case()
    office.later(days=8)

    workers_tick(office, 2)

    assert office.open_steps(case) == ["T_check", "T_handle", "T_urge"]
    assert told("B_urge") == 1
    office.later(days=5)
    workers_tick(office, 2)
    assert office.open_steps(case) == ["T_escalate", "T_handle", "T_urge"]
    assert (told("B_urge"), told("B_late")) == (1, 1)


def test_a_case_whose_timer_cannot_fire_is_put_off_and_holds_nobody_up(office: Office) -> None:
    broken, sound = office.open_case(), office.open_case()
    with transaction():
        state = db.session.scalar(select(Proceeding.state).where(Proceeding.id == broken))
        db.session.execute(update(Proceeding).where(Proceeding.id == broken).values(state=b"broken"))
    office.later(days=5)

    while clockwork.tick(office.now):
        pass

    assert office.open_steps(sound) == ["T_check", "T_handle", "T_urge"]
    row = db.session.scalars(select(TimerRow).where(TimerRow.proceeding_id == broken, TimerRow.failures > 0)).one()
    assert row.due_at == office.now + timedelta(minutes=5)
    assert clockwork.tick(office.now) == 0

    with transaction():
        db.session.execute(update(Proceeding).where(Proceeding.id == broken).values(state=state))
    office.later(minutes=5)
    clockwork.tick(office.now)
    assert office.open_steps(broken) == ["T_check", "T_handle", "T_urge"]


def test_timer_and_click_at_the_same_moment_take_exactly_one_path(office: Office) -> None:
    for _ in range(4):
        office.now = MORNING
        case = office.open_case()
        task = office.task(case, "T_check")
        office.later(days=10)
        both = threading.Barrier(2)

        def click(task: str = task, both: threading.Barrier = both) -> bool:
            with office.app.app_context():
                both.wait()
                try:
                    office.complete(task, "officer1")
                except ConflictError:
                    return False
                return True

        def fire(both: threading.Barrier = both) -> None:
            with office.app.app_context():
                both.wait()
                while clockwork.tick(office.now):
                    pass

        with ThreadPoolExecutor(2) as threads:
            clicked, _fired = threads.submit(click), threads.submit(fire).result()
        while clockwork.tick(office.now):  # the worker passes over a case that somebody holds, and comes back
            pass

        steps = office.open_steps(case)
        assert ("T_review" in steps) is clicked.result()
        assert ("T_escalate" in steps) is not clicked.result()


# ---- the deadline of the law


@pytest.fixture
def stage(county: Flask) -> Iterator[Stage]:
    with county.app_context():
        yield Stage(
            ROOT / "demo",
            county="jinzhai",
            begins=datetime(2026, 6, 9, 1, tzinfo=UTC),
            ends=datetime(2027, 6, 1, tzinfo=UTC),
        )


@pytest.mark.slow
def test_a_filing_is_reminded_five_and_two_days_before_its_last_day_and_urged_after_it(stage: Stage) -> None:
    stage.perform({"open": "C05", "until": "filing-report/T_draft"})
    case = stage.world.proceedings["C05"]
    last_day = db.session.scalars(select(Case.filing_due).where(Case.proceeding_id == case)).one()
    assert last_day is not None
    begin = datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC) - timedelta(hours=8)

    def seen(moment: datetime) -> tuple[int, int]:
        """Notices of the reporter's, and open urges, when the clock shows `moment`."""
        while clockwork.tick(moment):
            pass
        db.session.rollback()
        notices = select(func.count()).select_from(Notice).where(Notice.proceeding_id == case)
        urges = select(func.count()).select_from(Task).where(Task.proceeding_id == case, Task.step_id == "T_urge")
        return db.session.scalar(notices) or 0, db.session.scalar(urges) or 0

    second = timedelta(seconds=1)
    before = seen(begin - timedelta(days=5) - second)[0]

    assert seen(begin - timedelta(days=5))[0] - before == 1
    assert seen(begin - timedelta(days=2) - second)[0] - before == 1
    assert seen(begin - timedelta(days=2))[0] - before == 2
    assert seen(begin + timedelta(days=1) - 2 * second)[1] == 0, "the last day is still in time"
    assert seen(begin + timedelta(days=1))[1] == 1
    assert seen(begin + timedelta(days=30))[1] == 1
    assert {row.role for row in db.session.scalars(select(Notice).where(Notice.kind == "FILING_DUE"))} == {
        "organ.reporter"
    }


@pytest.mark.slow
def test_a_worker_that_was_away_over_the_deadline_sends_each_reminder_once(stage: Stage) -> None:
    stage.perform({"open": "C05", "until": "filing-report/T_draft"})
    case = stage.world.proceedings["C05"]
    last_day = db.session.scalars(select(Case.filing_due).where(Case.proceeding_id == case)).one()
    assert last_day is not None
    back = datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC) + timedelta(days=3)

    while clockwork.tick(back):
        pass

    kinds = db.session.scalars(select(Notice.kind).where(Notice.proceeding_id == case)).all()
    assert kinds.count("FILING_DUE") == 2
    of_urge = Task.step_id == "T_urge"
    assert db.session.scalar(select(func.count()).select_from(Task).where(of_urge)) == 1
