"""FEEL on the server: strict, bounded, on the caller's clock, in the office's time zone."""

import dataclasses
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from app import feel
from app.feel import (
    FeelError,
    FeelMemoryError,
    FeelTableError,
    FeelTimeoutError,
    FeelUnavailableError,
    TableInput,
    TableRow,
    isolate,
)

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
"""Half past one in the morning of 23 November in the office."""
CONTEXT: dict[str, Any] = {
    "kind": "县管",
    "area": 3500,
    "faults": ["A", "B"],
    "案件": {"类型": "撤销"},
    "due": "2026-12-10T18:00:00+08:00",
    "unset": None,
    "votes": [{"vote": "同意", "m": 1}, {"vote": "不同意", "m": 2}],
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('案件.类型 = "撤销"', True),
        ('= kind in ("县管","乡") and area > 3000', True),
        ('list contains(faults, "A")', True),
        ("unset = null", True),
        ("unset = 1", False),
        ('count(votes[vote = "同意"])', 1),
        ('votes[item.vote != "同意"].m', [2]),
        ('every v in votes satisfies v.vote = "同意"', False),
        ("for v in votes return v.m + 1", [2, 3]),
        ("{a: area, b: a * 2}", {"a": 3500, "b": 7000}),
        ('if area > 3000 then "大" else "小"', "大"),
        ("now()", "2026-11-23T01:30:00+08:00"),
        ("today()", "2026-11-23"),
        ('today() = date("2026-11-23")', True),
        ("date(now())", "2026-11-23"),
        ('date("2026-12-01T02:00:00+08:00")', "2026-12-01"),
        ('date and time("2026-12-01T09:00:00")', "2026-12-01T09:00:00+08:00"),
        ('date and time(due) - duration("P5D")', "2026-12-05T18:00:00+08:00"),
        ('date and time("2026-12-01T01:00:00Z")', "2026-12-01T09:00:00+08:00"),
        ('date("2026-12-01") - date("2026-11-01")', "P30D"),
        ('date("2026-01-31") + duration("P1M")', "2026-02-28"),
        ('duration("P1Y2M")', "P1Y2M"),
        ("day of week(today())", "Monday"),
    ],
)
def test_an_expression_has_this_value(expression: str, value: Any) -> None:
    assert feel.evaluate(expression, CONTEXT, now=NOW) == value


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("missing = 1", "missing"),
        ("not(missing = 1)", "missing"),
        ("案件.foo", "foo"),
        ("unset.level", "level"),
        ("nosuch(1)", "nosuch"),
    ],
)
def test_an_unknown_name_is_an_error_that_names_it_and_never_null(expression: str, name: str) -> None:
    with pytest.raises(FeelError) as refused:
        feel.evaluate(expression, CONTEXT, now=NOW)

    assert str(refused.value) == f"`{name}` 不存在或尚无内容。"


@pytest.mark.parametrize("expression", ["area >", "area + kind", "1 +* 2", '"x" < unset.y', "function(x) x", "(" * 300])
def test_what_has_no_plain_value_is_an_error(expression: str) -> None:
    with pytest.raises(FeelError):
        feel.evaluate(expression, CONTEXT, now=NOW)


def test_without_a_clock_the_time_cannot_be_asked() -> None:
    for expression in ("now()", "today()"):
        with pytest.raises(FeelError):
            feel.evaluate(expression, {})


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
def test_the_zone_of_the_server_changes_nothing(zone: str) -> None:
    code = (
        "from datetime import UTC, datetime\nfrom app import feel\n"
        "now = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)\n"
        "print(feel.evaluate('[string(today()), now(), date and time(\"2026-12-01T09:00:00\")]', {}, now=now))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout.strip() == "['2026-11-23', '2026-11-23T01:30:00+08:00', '2026-12-01T09:00:00+08:00']"


def test_an_endless_expression_is_stopped_and_the_next_one_works() -> None:
    with pytest.raises(FeelTimeoutError):
        feel.evaluate("count(for i in 1..1000000000 return for j in 1..10 return null) > 1", {}, time_limit=0.1)

    assert feel.evaluate("1 + 1", {}) == 2


def test_waiting_for_a_turn_on_a_busy_machine_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    feel.evaluate("1", {})
    got_no_turn = dataclasses.replace(isolate._isolates[os.getpid()], spent=lambda: 0.0)
    monkeypatch.setitem(isolate._isolates, os.getpid(), got_no_turn)

    assert feel.evaluate("count(for i in 1..30000 return i)", {}, time_limit=0.001) == 30000

    monkeypatch.setattr(isolate, "LONGEST_WAIT", 0.2)
    with pytest.raises(FeelTimeoutError):
        feel.evaluate("count(for i in 1..1000000000 return for j in 1..10 return null) > 1", {}, time_limit=0.1)


def test_what_is_counted_is_the_isolates_own_work() -> None:
    feel.evaluate("1", {})
    spent = isolate._isolates[os.getpid()].spent
    process, own = time.process_time(), spent()

    while time.process_time() - process < 0.6:
        sum(range(1_000_000))  # Python's work is none of the isolate's

    assert spent() - own < 0.3  # which may still be tidying its memory after other tests


def test_an_expression_that_eats_memory_is_stopped_and_the_next_one_works() -> None:
    with pytest.raises(FeelMemoryError):
        feel.evaluate("for i in 1..1000000000 return i", {}, time_limit=30)

    assert feel.evaluate("1 + 1", {}) == 2


def test_nothing_outside_is_reachable() -> None:
    for name in ("globalThis", "wenze", "process", "require", "fetch", "constructor", "__proto__"):
        with pytest.raises(FeelError):
            feel.evaluate(f"{name}.x", {}, now=NOW)


@pytest.mark.parametrize(
    ("test", "value", "passes"),
    [
        ('"a","b"', "b", True),
        ('not("a")', "b", True),
        ("[1..5]", 3, True),
        ("]1..5]", 1, False),
        ("> 5", 6, True),
        ("-", None, True),
        ('"县管"', "县管", True),
        ('list contains(?, "x")', ["x"], True),
        ("true", False, False),
        ("null", None, True),
    ],
)
def test_a_unary_test_passes_or_not(test: str, value: Any, passes: bool) -> None:
    assert feel.unary(test, value, {}) is passes


def test_a_whole_table_is_evaluated_in_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = isolate.call
    monkeypatch.setattr(
        isolate, "call", lambda request, **limits: calls.append(request["verb"]) or real(request, **limits)
    )
    rows = [
        TableRow(('"县管","乡"', "> 3"), ('"X"', "area * 2")),
        TableRow(('not("县管")', "-"), ('"Z"', "1")),
        TableRow(("-", ""), ('"Y"', "")),
    ]

    result = feel.evaluate_table([TableInput("kind", "string"), TableInput("area", "number")], rows, context=CONTEXT)

    assert calls == ["table"]
    assert (result.inputs, result.hits, result.outputs) == (("县管", 3500), (0, 2), (("X", 7000), ("Y", None)))


def test_a_cell_that_fails_tells_its_row_and_column() -> None:
    with pytest.raises(FeelTableError) as test:
        feel.evaluate_table(
            [TableInput("area")], [TableRow(("-",), ("1",)), TableRow(("> gone",), ("1",))], context=CONTEXT
        )
    with pytest.raises(FeelTableError) as output:
        feel.evaluate_table([TableInput("area")], [TableRow(("-",), ("1", "gone"))], context=CONTEXT)
    with pytest.raises(FeelTableError) as input_:
        feel.evaluate_table([TableInput("area"), TableInput("kind", "number")], [], context=CONTEXT)

    assert (test.value.row, test.value.column, test.value.output) == (2, 1, False)
    assert (output.value.row, output.value.column, output.value.output) == (1, 2, True)
    assert (input_.value.row, input_.value.column) == (None, 2)


def test_a_long_expression_is_refused_before_it_is_read() -> None:
    with pytest.raises(FeelError, match="2000"):
        feel.evaluate("1 + " * 600 + "1", {})


def test_a_missing_bundle_is_said_plainly(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    isolate.close()
    feel.kept.forget()
    monkeypatch.setattr(isolate, "BUNDLE", tmp_path / "feel.js")

    with pytest.raises(FeelUnavailableError) as refused:
        feel.evaluate("1", {})

    assert "feel.js" in refused.value.detail


def test_a_forked_process_gets_its_own_isolate() -> None:
    code = (
        "import os, sys\nfrom app import feel\nassert feel.evaluate('1 + 1', {}) == 2\n"
        "pid = os.fork()\n"
        "if pid == 0:\n    ok = feel.evaluate('2 + 2', {}) == 4\n"
        "    feel.isolate.close()\n    os._exit(0 if ok else 1)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
