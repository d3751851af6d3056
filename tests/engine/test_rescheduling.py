"""Timers that are moved while they wait, and reminders whose moment had passed before their step began."""

from datetime import timedelta

import pytest

from app.domain.errors import ConflictError
from app.engine import run
from tests.engine import diagrams as d
from tests.engine.proceedings import NOON, Proceeding, definition_of, started

REMINDED = d.process(
    "p",
    d.start(),
    d.user("a"),
    d.boundary("r1", "a", d.timer("Date", "dates.first", "r1"), interrupting=False),
    d.boundary("r2", "a", d.timer("Date", "dates.second", "r2"), interrupting=False),
    d.user("n1"),
    d.user("n2"),
    d.end("e1"),
    d.end("e2"),
    d.terminate(),
    d.flows("begin a done", "r1 n1 e1", "r2 n2 e2"),
    variables={"dates": "context"},
)
WAITS = d.process(
    "p",
    d.start(),
    d.user("a"),
    d.boundary("be", "a", d.timer("Duration", '"P10D"', "be"), interrupting=True),
    d.boundary("cy", "a", d.timer("Cycle", '"R/P3D"', "cy"), interrupting=False),
    d.user("late"),
    d.user("urge"),
    d.terminate("e1"),
    d.end("e2"),
    d.terminate(),
    d.flows("begin a done", "be late e1", "cy urge e2"),
)


def day(number: int) -> str:
    return (NOON + timedelta(days=number)).isoformat()


def reminded(first: str | None, second: str | None) -> Proceeding:
    return started(REMINDED, dates={"first": first, "second": second})


def postponed(p: Proceeding, **span: float) -> Proceeding:
    dues = {timer.task_id: timer.due_at + timedelta(**span) for timer in p.last.timers}
    p.keep(run.reschedule(p.definition, p.state, dues, context=p.context, now=p.now))
    return p


def test_of_reminders_that_come_too_late_only_the_latest_is_sent() -> None:
    p = reminded(day(-5), day(-2))

    assert p.open == ["a", "n2"]
    assert p.last.timers == ()


def test_a_single_reminder_that_comes_too_late_is_sent_at_once_and_the_one_to_come_in_its_time() -> None:
    p = reminded(day(-1), day(2))

    assert p.open == ["a", "n1"]
    p.wait(days=2)
    assert p.open == ["a", "n1", "n2"]


def test_reminders_that_fell_due_while_nobody_worked_are_both_sent() -> None:
    p = reminded(day(1), day(2))

    p.wait(days=5)

    assert p.open == ["a", "n1", "n2"]


def test_a_boundary_without_an_instant_never_fires() -> None:
    p = reminded(None, day(2))

    assert (p.open, p.held, len(p.last.timers)) == (["a"], [], 1)
    p.wait(days=30)
    assert p.open == ["a", "n2"]


def test_a_timer_on_the_main_path_without_an_instant_is_a_failure() -> None:
    nodes = (d.start(), d.catch("c", d.timer("Date", "until", "c")), d.end(), d.flows("begin c done"))

    p = started(d.process("p", *nodes, variables={"until": "date"}), until=None)

    assert p.held == ["c"]


def test_timers_that_are_put_off_fire_so_much_later_and_nothing_fires_before_they_are_moved() -> None:
    p = started(WAITS)
    p.now += timedelta(days=20)  # the clock stood: nothing was fired meanwhile

    postponed(p, days=20)

    assert p.open == ["a"]
    assert sorted((t.step_id, t.due_at - NOON) for t in p.last.timers) == [
        ("be", timedelta(days=30)),
        ("cy", timedelta(days=23)),
    ]
    p.wait(days=3)
    assert p.open == ["a", "urge"]
    p.wait(days=7)
    assert "late" in p.open
    assert "a" not in p.open


def test_a_timer_that_is_moved_into_the_past_fires_at_once() -> None:
    p = postponed(started(WAITS), days=-11)

    assert "late" in p.open


def test_what_does_not_wait_cannot_be_moved() -> None:
    p = Proceeding(definition_of(d.diagram(WAITS)))

    with pytest.raises(ConflictError):
        run.reschedule(p.definition, p.state, {"0" * 32: NOON}, context=p.context, now=p.now)
