"""FEEL expressions, evaluated by bpmn.io's own interpreter: the server computes what the editors and forms show.

Strict: whatever the interpreter only warns about (an unknown name, a missing entry, operands that do not fit) is an
error here, because FEEL would go on with null and decide wrongly in silence.
Money is integer fen; dates come out as YYYY-MM-DD, date-times as ISO 8601 with +08:00.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from app.domain.errors import N_
from app.feel import isolate, kept
from app.feel.errors import FeelError, FeelTableError

TIME_LIMIT = 1.0
"""Seconds of processor time for one call, everywhere: a machine with too much to do refuses nobody (see `isolate`)."""
MAX_LENGTH = 2000
HALF = re.compile("[\ud800-\udfff]")

Context = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TableInput:
    """An input column: its FEEL expression and the type its value must have (string, number, boolean; "" = any)."""

    expression: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One rule: a unary test per input, a FEEL expression per output. "" and "-" match anything."""

    tests: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableResult:
    inputs: tuple[Any, ...]
    hits: tuple[int, ...]
    """Indexes of the rows that matched, from 0, in table order."""
    outputs: tuple[tuple[Any, ...], ...]
    """Output values of each hit, in the order of `hits`."""


def evaluate(expression: str, context: Context, *, now: datetime | None = None, time_limit: float = TIME_LIMIT) -> Any:
    """Value of an expression, made of plain JSON values. A leading `=` is allowed.

    `now` (aware) is what FEEL's now() and today() see, in Asia/Shanghai; without it they fail.
    Raises FeelError.
    """
    text, instant = bounded(expression), _instant(now)

    def compute(scope: Context) -> Any:
        request = {"verb": "evaluate", "expression": text, "context": dict(scope), "now": instant}
        return _value_of(isolate.call(request, time_limit=time_limit))

    return kept.value_of(text, context, now, compute)


def unary(
    test: str, value: Any, context: Context, *, now: datetime | None = None, time_limit: float = TIME_LIMIT
) -> bool:
    """Whether a value passes a unary test such as `"a","b"`, `not("a")`, `[1..5]`, `> 3`, `-`. Raises FeelError."""
    request = {"verb": "unary", "test": bounded(test), "value": value, "context": dict(context), "now": _instant(now)}
    return bool(_value_of(isolate.call(request, time_limit=time_limit)))


def evaluate_table(
    inputs: Sequence[TableInput],
    rows: Sequence[TableRow],
    *,
    context: Context,
    now: datetime | None = None,
    first: bool = False,
    time_limit: float = TIME_LIMIT,
) -> TableResult:
    """Evaluate a whole decision table in one call. `first` stops at the first row that matches.

    Raises FeelTableError, which names row and column.
    """
    table = {
        "inputs": [{"expression": bounded(column.expression), "type": column.type} for column in inputs],
        "rows": [
            {
                "tests": [bounded(test) for test in row.tests],
                "outputs": [bounded(output) for output in row.outputs],
            }
            for row in rows
        ],
    }
    words = " ".join([*(i.expression for i in inputs), *(text for row in rows for text in (*row.tests, *row.outputs))])
    scope = kept.read_by(words, context)
    request = {"verb": "table", "table": table, "context": dict(context if scope is None else scope)}
    answer = isolate.call(request | {"now": _instant(now), "first": first}, time_limit=time_limit)
    if "error" in answer:
        raise _table_error(answer["error"])
    value = answer["value"]
    outputs = tuple(tuple(row) for row in value["outputs"])
    return TableResult(inputs=tuple(value["inputs"]), hits=tuple(value["hits"]), outputs=outputs)


@lru_cache(maxsize=8192)
def bounded(expression: str) -> str:
    """The expression without its optional leading `=`; refused when it is longer than the limit."""
    text = expression.strip()
    text = text[1:].lstrip() if text.startswith("=") else text
    if len(text) > MAX_LENGTH:
        raise FeelError(N_("表达式超过 %(limit)s 个字符。"), limit=MAX_LENGTH)
    if HALF.search(text):  # half a character reaches no interpreter
        raise FeelError(N_("表达式语法有误。"))
    return text


def _instant(now: datetime | None) -> str | None:
    if now is None:
        return None
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    return now.isoformat()


def _value_of(answer: Mapping[str, Any]) -> Any:
    if "error" in answer:
        raise error_of(answer["error"])
    return answer["value"]


def _table_error(problem: Mapping[str, Any]) -> FeelTableError:
    output = "output" in problem
    column = problem.get("output" if output else "column")
    row = problem.get("row")
    return FeelTableError(
        error_of(problem),
        row=None if row is None else row + 1,
        column=None if column is None else column + 1,
        output=output,
    )


def error_of(problem: Mapping[str, Any]) -> FeelError:
    """The refusal for a problem that the interpreter reported."""
    detail = str(problem.get("message") or "")
    match problem["kind"]:
        case "syntax":
            return FeelError(N_("表达式语法有误。"), detail=detail)
        case "input_type":
            return FeelError(
                N_("输入值的类型应为 %(type)s。"), type=problem["type"], detail=str(problem["value"])[:100]
            )
        case "warning" if problem["name"]:
            return FeelError(N_("`%(name)s` 不存在或尚无内容。"), name=problem["name"], detail=detail)
        case "warning":
            return FeelError(N_("表达式中的值类型不符：%(message)s"), message=detail, detail=detail)
    return FeelError(detail=detail)
