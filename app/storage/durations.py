"""How long something took: the same seconds and the same percentiles on both databases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.extensions import db


class seconds_between(FunctionElement[float]):  # noqa: N801  (named like the SQL function that it stands for)
    """Seconds from the first instant to the second."""

    type = Float()
    name = "seconds_between"
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    first, second = (compiler.process(clause, **how) for clause in element.clauses)
    return f"((julianday({second}) - julianday({first})) * 86400.0)"


@compiles(seconds_between, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    first, second = (compiler.process(clause, **how) for clause in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({second} - {first})) AS DOUBLE PRECISION)"


class gathered(FunctionElement[Any]):  # noqa: N801  (as above)
    """All values of a group in one: the numbers as JSON on SQLite, as an array on PostgreSQL."""

    name = "gathered"
    inherit_cache = True


@compiles(gathered, "sqlite")
def _as_json(element: Any, compiler: Any, **how: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **how)})"


@compiles(gathered, "postgresql")
def _as_array(element: Any, compiler: Any, **how: Any) -> str:
    return f"array_agg({compiler.process(element.clauses, **how)})"


@dataclass(frozen=True, slots=True)
class Took:
    """How long the things of a group took, in seconds."""

    key: tuple[Any, ...]
    number: int
    median: float
    """The middle value, or the mean of the two in the middle."""
    ninetieth: float
    """The smallest value that at least nine tenths of the values do not exceed (nearest rank)."""


def took_of(rows: Any, *, by: Sequence[Any], seconds: ColumnElement[float]) -> Iterator[Took]:
    """Of each group of rows (what follows FROM and WHERE, as a SELECT), in one statement.

    SQLite has no percentiles of its own, and ranking in the database takes three times as long as sorting here.
    """
    for *key, values in db.session.execute(rows.with_only_columns(*by, gathered(seconds)).group_by(*by)):
        told = sorted(orjson.loads(values) if isinstance(values, str) else values)
        number = len(told)
        middle = (told[(number - 1) // 2] + told[number // 2]) / 2
        yield Took(tuple(key), number, float(middle), float(told[-(-number * 9 // 10) - 1]))
