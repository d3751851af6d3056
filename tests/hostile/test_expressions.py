"""Expressions that mean harm: a refusal or plain data, in bounded time, and nothing of the interpreter's insides."""

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest

from app.feel import interpreter
from app.feel.errors import FeelError
from tests.hostile.expressions import expressions
from tests.pace import watched

LEAKS = ("native code", "[object", "process", "globalThis", "root:x:")


def test_there_are_enough_of_them() -> None:
    assert len(set(expressions())) >= 200


@pytest.mark.skipif(os.environ.get("WENZE_HOSTILE") != "long", reason="takes minutes: WENZE_HOSTILE=long")
@pytest.mark.slow
def test_no_expression_runs_leaks_or_hangs(outbound: list[object], executed: list[Path]) -> None:
    slow, leaking = [], []
    for number, expression in enumerate(expressions()):
        ways = (interpreter.evaluate, lambda text, scope: interpreter.unary(text, 1, scope))
        with watched() as watch:
            for evaluate in ways if number % 10 == 0 else ways[:1]:
                try:
                    value = evaluate(expression, {"x": "a", "case": {"x": 1}})
                except FeelError:
                    continue
                said = json.dumps(value, default=repr)
                if any(word in said for word in LEAKS) and not any(word in expression for word in LEAKS):
                    leaking.append((number, expression[:80], said[:80]))
        if watch.seconds > 4:
            slow.append((number, expression[:80]))

    assert leaking == []
    assert slow == []
    assert outbound == []
    assert interpreter.evaluate("1 + 1", {}) == 2, "and the interpreter is as it was"


def test_a_value_that_is_nested_too_deep_is_refused_and_not_handed_on() -> None:
    for opens, closes in (("[", "]"), ("{a:", "}")):
        assert interpreter.evaluate(opens * 40 + "1" + closes * 40, {})
        with pytest.raises(FeelError):
            interpreter.evaluate(opens * 300 + "1" + closes * 300, {})


def test_no_expression_changes_what_the_next_one_sees() -> None:
    for poison in ('context put({}, ["__proto__", "polluted"], true)', '{"__proto__": {polluted: true}}'):
        with suppress(FeelError):
            interpreter.evaluate(poison, {})

    with pytest.raises(FeelError):
        interpreter.evaluate("{}.polluted", {})
