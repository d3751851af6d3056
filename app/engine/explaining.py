"""Why a decision table answered as it did, cell by cell, for whoever tries a procedure. Silent while nobody asks."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import feel
from app.engine.decisions import DecisionTable, Rule
from app.feel import FeelError

MOST_CELLS = 2000
"""Cells looked at one by one; a larger table is told without its cells."""


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    id: str
    number: int
    """Position in the table, from 1."""
    tests: tuple[str, ...]
    matched: tuple[bool | None, ...]
    """By column: whether the cell fits the value; None where it is open or could not be evaluated."""
    outputs: tuple[str, ...]
    hit: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    table: str
    name: str
    step_id: str
    hit_policy: str
    inputs: tuple[tuple[str, str, Any], ...]
    """Label, expression and value of every condition; None where it could not be evaluated."""
    outputs: tuple[str, ...]
    rows: tuple[ExplainedRow, ...]
    result: Mapping[str, Any]


Listener = Callable[[Explanation], None]
_listener: ContextVar[Listener | None] = ContextVar("explanations", default=None)


@contextmanager
def explained(listener: Listener) -> Iterator[None]:
    """Tell every table that is asked in this context's moves to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell_explained(
    table: DecisionTable,
    scope: Mapping[str, Any],
    *,
    step_id: str,
    hits: tuple[str, ...],
    result: Mapping[str, Any],
    now: datetime,
) -> None:
    """A table was asked; called right after it answered."""
    listener = _listener.get()
    if listener is not None:
        listener(_explain(table, scope, step_id=step_id, hits=hits, result=result, now=now))


def _explain(
    table: DecisionTable,
    scope: Mapping[str, Any],
    *,
    step_id: str,
    hits: tuple[str, ...],
    result: Mapping[str, Any],
    now: datetime,
) -> Explanation:
    values = tuple(_value(column.expression, scope, now) for column in table.inputs)
    small = len(table.rules) * len(table.inputs) <= MOST_CELLS
    rows = tuple(
        ExplainedRow(
            id=rule.id,
            number=number,
            tests=rule.tests,
            matched=_matched(rule, values, scope=scope, now=now) if small else (None,) * len(rule.tests),
            outputs=rule.outputs,
            hit=rule.id in hits,
        )
        for number, rule in enumerate(table.rules, 1)
    )
    return Explanation(
        table=table.id,
        name=table.name,
        step_id=step_id,
        hit_policy=table.hit_policy.value,
        inputs=tuple((c.label, c.expression, value) for c, value in zip(table.inputs, values, strict=True)),
        outputs=tuple(column.label for column in table.outputs),
        rows=rows,
        result=dict(result),
    )


def _value(expression: str, scope: Mapping[str, Any], now: datetime) -> Any:
    try:
        return feel.evaluate(expression, scope, now=now)
    except FeelError:
        return None


def _matched(
    rule: Rule, values: tuple[Any, ...], *, scope: Mapping[str, Any], now: datetime
) -> tuple[bool | None, ...]:
    return tuple(_fits(test, value, scope=scope, now=now) for test, value in zip(rule.tests, values, strict=True))


def _fits(test: str, value: Any, *, scope: Mapping[str, Any], now: datetime) -> bool | None:
    if test in ("", "-"):
        return None
    try:
        return bool(feel.unary(test, value, context=scope, now=now))
    except FeelError:
        return None
