"""A series of cases from a table of a court to the decision of one meeting, on SQLite, in one process."""

import time
from collections.abc import Callable
from pathlib import Path

from flask_migrate import upgrade

from bench import ground
from bench.report import Figures, say
from config import ROOT
from tests.services import series_stage as stage


def measure(cases: int, folder: Path, figures: Figures) -> None:
    """Seconds on the clock: who uses the product and the worker behind him take turns. Raises RuntimeError."""
    with ground.application(f"sqlite:///{folder / 'series.db'}", folder):
        upgrade(directory=str(ROOT / "migrations"))
        ground.settle(stage.NOW)
        begun = time.perf_counter()
        county = stage.stage_of(cases)
        players = county.registered()
        if len(players) != cases:
            raise RuntimeError(f"{len(players)} of {cases} cases were registered")
        imported = time.perf_counter()
        for step in stage.BEFORE_MEETING:
            players[0].do_step(step)
        stood = time.perf_counter()
        stage.meet(county.world, players).play()
        ended = time.perf_counter()
        if stage.waits_for(players[1:], "LeadDecided") != cases - 1:
            raise RuntimeError("the decision did not reach every case of the series")
    note = _noting(figures)
    note(f"a series of {cases}: opened from a table, s", imported - begun)
    note(f"a series of {cases}: seven steps before the meeting, s", stood - imported)
    note(f"a series of {cases}: meeting, decision, sent to each case, s", ended - stood)
    note(f"a series of {cases}: in all, s", ended - begun)


def _noting(figures: Figures) -> Callable[[str, float], None]:
    def note(name: str, value: float) -> None:
        figures.values[name] = value
        say(figures.database, name, value)

    return note
