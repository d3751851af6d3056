"""One theatre a test process: the county in memory, every scenario played at most once, every step done over HTTP."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from app.scenarios.theatre import Report, Theatre
from config import ROOT, Config
from tests.processes.counting import CountingHands
from tests.processes.mutations import Mutation

SCENARIOS = ROOT / "processes" / "scenarios"
SETTLED = datetime(2026, 1, 5, 1, tzinfo=UTC)


class Season:
    """A theatre that remembers the reports."""

    def __init__(self, theatre: Theatre, hands: CountingHands) -> None:
        self.theatre = theatre
        self.hands = hands
        self.most = hands.most
        """`<process>/<step>` -> the completion of it that took the most statements."""
        self.reports: dict[str, Report] = {}

    def report(self, name: str) -> Report:
        if name not in self.reports:
            self.reports[name] = self.theatre.play(name)
        return self.reports[name]

    def at_end_of(self, name: str) -> None:
        """Put the database back to where a play that went well has ended."""
        self.theatre.return_to(self.theatre._ends[name])

    def notices(self, mutation: Mutation, scenarios: Iterable[str]) -> bool:
        """Whether one of these scenarios fails under a mutation, the quickest asked first."""
        with mutation.applied():
            return any(self._fails(name) for name in sorted(scenarios, key=lambda name: self.reports[name].seconds))

    def _fails(self, name: str) -> bool:
        try:
            return not self.theatre.play(name).went_well
        except Exception:  # noqa: BLE001  (however a play of a broken diagram ends, it has been noticed)
            return True

    def all(self) -> list[Report]:
        return [self.report(name) for name in names()]


@cache
def names() -> tuple[str, ...]:
    """All scenarios, those that others continue before these."""
    return tuple(Theatre(SCENARIOS, ROOT / "demo").names())


@contextmanager
def season(folder: Path) -> Iterator[Season]:
    from app import create_app  # noqa: PLC0415  (see tests.conftest)
    from app.extensions import db  # noqa: PLC0415

    app = create_app(Config.for_tests("sqlite://", folder, WENZE_DEMO=True))
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        db.create_all()
        hands = CountingHands(app, patch)
        theatre = Theatre(SCENARIOS, ROOT / "demo", hands=hands)
        theatre.settle(processes=ROOT / "processes", forms=ROOT / "forms", now=SETTLED, password="only-For-Tests-1")
        yield Season(theatre, hands)
        db.session.remove()
        db.engine.dispose()
