"""系列案 under load: 200 cases from a table, done step by step together, one meeting, all told its resolution.

`make bench` measures 200 with the settings of production. The whole way is that of the services
and the worker; what a browser adds are a dozen page loads.
"""

import os
from collections.abc import Iterator
from time import perf_counter, process_time

import pytest
from flask import Flask

from tests.e2e.conftest import county, county_template
from tests.services import series_stage as series

__all__ = ["county", "county_template"]

CASES = int(os.environ.get("WENZE_SERIES_CASES", "20"))
LONGEST = 5.0 + 55.0 * CASES / 200
"""Processor seconds: a minute for two hundred cases."""


class Clock:
    """Wall and processor seconds of each stage."""

    def __init__(self) -> None:
        self.stages: dict[str, tuple[float, float]] = {}
        self._wall, self._cpu = perf_counter(), process_time()

    def lap(self, stage: str) -> None:
        wall, cpu = perf_counter(), process_time()
        self.stages[stage] = wall - self._wall, cpu - self._cpu
        self._wall, self._cpu = wall, cpu

    @property
    def total(self) -> float:
        return sum(cpu for _, cpu in self.stages.values())

    def table(self) -> str:
        lines = [f"  {stage:<24}{wall:8.1f} s wall {cpu:8.1f} s cpu" for stage, (wall, cpu) in self.stages.items()]
        return "\n".join(lines)


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock()
    yield clock
    print(f"\nseries of {CASES} cases, SQLite\n{clock.table()}\n  in all {clock.total:.1f} s cpu")  # noqa: T201


@pytest.mark.slow
def test_a_series_from_the_table_to_the_resolution_takes_less_than_a_minute(county: Flask, clock: Clock) -> None:
    with county.app_context():
        stage = series.stage_of(CASES)
        clock.lap("set-up")
        clock.stages.clear()

        players = stage.registered()
        clock.lap("import")
        for step in series.BEFORE_MEETING:
            players[0].do_step(step)
            clock.lap(step)
        series.meet(stage.world, players).play(until="joint-meeting/T_minutes")
        clock.lap("meeting")

        assert series.waits_for(players, "AgendaDecided") == 0
    assert clock.total < LONGEST
