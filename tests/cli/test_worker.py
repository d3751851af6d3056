"""The clock's loop: it goes on whatever happens, without hurry when nothing is due and without haste when all fails."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.cli.worker import LONGEST_PAUSE, PAUSE, Checker, work, work_until_told, write_anchor


class Rounds:
    """Stands for the service and for waiting: answers in order, then stops the loop."""

    def __init__(self, *answers: int | Exception) -> None:
        self.answers = list(answers)
        self.pauses: list[float] = []
        self.beats: list[str] = []
        self.stopping = threading.Event()

    def tick(self, now: datetime) -> int:
        assert now.tzinfo is not None
        answer = self.answers.pop(0)
        if not self.answers:
            self.stopping.set()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def beat(self, name: str, now: datetime) -> None:
        self.beats.append(name)

    def run(self, pause: Callable[[float], object] | None = None) -> "Rounds":
        work(self.tick, self.beat, name="here:1", stopping=self.stopping, pause=pause or self.pauses.append)
        return self


def test_a_round_that_did_something_is_followed_by_the_next_at_once() -> None:
    rounds = Rounds(3, 2, 0, 1).run()

    assert rounds.pauses == [PAUSE]


def test_failing_rounds_are_tried_again_ever_more_slowly_and_success_starts_afresh() -> None:
    rounds = Rounds(*[OSError("away")] * 8, 0, OSError("away"), 1).run()

    assert rounds.pauses == [2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE, PAUSE, 2]


def test_the_worker_shows_that_it_lives_but_not_at_every_round() -> None:
    rounds = Rounds(1, 1, 1, 1).run()

    assert rounds.beats == ["here:1"]


def test_a_stop_ends_the_waiting_too() -> None:
    rounds = Rounds(0, 0)

    def stop_while_waiting(seconds: float) -> None:
        rounds.stopping.set()

    rounds.run(pause=stop_while_waiting)

    assert rounds.answers == [0]


def test_the_worker_anchors_the_journal_while_it_lives_and_when_it_stops(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services import settings  # noqa: PLC0415  (see tests.conftest)
    from app.storage import anchors  # noqa: PLC0415

    monkeypatch.setattr("app.cli.worker.signal.signal", lambda *_: None)
    monkeypatch.setattr("app.cli.worker.Checker.look", lambda *_: None)

    def one_sign_of_life(_tick: object, beat: Callable[[str, datetime], None], **_: object) -> None:
        beat("here:1", datetime.now(UTC))

    monkeypatch.setattr("app.cli.worker.work", one_sign_of_life)
    with app.app_context():
        work_until_told()
        written = [one.why for one in anchors.read(settings.anchors_file()) if isinstance(one, anchors.Anchor)]

    assert written == ["HOUR", "STOP"]


def test_the_journal_is_verified_beside_the_clock_and_not_twice_at_once(app: Flask) -> None:
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.storage.models import JournalCheck  # noqa: PLC0415

    checker, now = Checker(), datetime.now(UTC)
    with app.app_context():
        checker.look(now)
        begun = checker._thread
        assert begun is not None
        begun.join()
        checker.look(now)
        done = db.session.query(JournalCheck).all()

    assert checker._thread is begun
    assert [(row.asked_by, row.found) for row in done] == [("system", 0)]


def test_a_file_of_anchors_that_cannot_be_written_holds_nothing_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(**_: object) -> None:
        raise OSError("no room for an anchor")

    monkeypatch.setattr("app.services.anchoring.anchor", full)

    with app.app_context():
        write_anchor("HOUR", datetime.now(UTC))

    assert "no room for an anchor" in caplog.text
