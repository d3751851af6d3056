"""Spans and instants of timers, on the calendar of the offices."""

from datetime import UTC, datetime

import pytest

from app.engine.timers import TimerError, as_expression, read_cycle, read_instant, read_span

EVENING = datetime(2026, 1, 30, 17, tzinfo=UTC)
"""One in the morning of 31 January in the office."""


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("P15D", "2026-02-15T01:00:00+08:00"),
        ("PT36H", "2026-02-01T13:00:00+08:00"),
        ("P1M", "2026-02-28T01:00:00+08:00"),
        ("P1Y2M", "2027-03-31T01:00:00+08:00"),
        ("P2W", "2026-02-14T01:00:00+08:00"),
        ("P1DT12H", "2026-02-01T13:00:00+08:00"),
    ],
)
def test_a_span_is_counted_on_the_calendar_of_the_offices(text: str, due: str) -> None:
    assert read_span(text).after(EVENING).isoformat() == due


@pytest.mark.parametrize("text", ["", "P", "PT", "15D", "15天", "-P1D", "P0D", "P1.5D", "P99999999Y", "P1D2M", None, 5])
def test_what_is_no_positive_span_is_refused(text: object) -> None:
    with pytest.raises(TimerError):
        read_span(text)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-01", "2026-12-01T00:00:00+08:00"),
        ("2026-12-31T17:00:00", "2026-12-31T17:00:00+08:00"),
        ("2026-12-31T17:00:00+00:00", "2026-12-31T17:00:00+00:00"),
    ],
)
def test_an_instant_without_an_offset_is_the_offices_wall_clock(text: str, instant: str) -> None:
    assert read_instant(text).isoformat() == instant


@pytest.mark.parametrize("text", ["2026/12/31", "明天", "", None])
def test_what_is_no_instant_is_refused(text: object) -> None:
    with pytest.raises(TimerError):
        read_instant(text)


def test_a_cycle_has_a_count_a_start_and_a_span() -> None:
    assert (read_cycle("R/P60D").count, read_cycle("R3/P1D").count) == (-1, 3)
    start = read_cycle("R3/2026-12-01T09:00:00+08:00/P1D").start
    assert start is not None
    assert start.isoformat() == "2026-12-01T09:00:00+08:00"


@pytest.mark.parametrize("text", ["R-1/PT0S", "R1000/P1D", "R/PT0S", "P1D", "R3/P1D/2026-12-01", ""])
def test_what_is_no_cycle_is_refused(text: str) -> None:
    with pytest.raises(TimerError):
        read_cycle(text)


@pytest.mark.parametrize("text", ["P3D", "PT36H", "R3/P1D", "2026-12-01", "2026-12-01T09:00:00+08:00"])
def test_what_other_programs_write_without_quotes_is_a_constant(text: str) -> None:
    assert as_expression(text) == f'"{text}"'


@pytest.mark.parametrize("text", ['"P3D"', "case.effective_date", "duration(term)", "P3D + P1D", ""])
def test_any_other_text_is_an_expression_as_it_stands(text: str) -> None:
    assert as_expression(text) == text
