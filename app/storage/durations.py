"""How long something took, counted by the database: the same seconds and the same percentiles on both."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


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


def percentiles(rows: Any, *, by: Sequence[Any], seconds: ColumnElement[float]) -> Select[Any]:
    """A statement of `by`, number, median and 90th percentile over rows (what follows FROM and WHERE, as a SELECT).

    The median is the middle value, or the mean of the two in the middle; the 90th percentile is the smallest value that
    at least nine tenths of the values do not exceed (nearest rank). SQLite has no percentiles of its own, so both
    databases rank the values.
    """
    keys = [column.label(f"key_{position}") for position, column in enumerate(by)]
    took = rows.with_only_columns(*keys, seconds.label("seconds")).subquery()
    groups = [took.c[key.name] for key in keys]
    ranked = select(
        *groups,
        took.c.seconds,
        func.row_number().over(partition_by=groups, order_by=took.c.seconds).label("rank"),
        func.count().over(partition_by=groups).label("number"),
    ).subquery()
    of = ranked.c
    middle = (of.rank * 2 >= of.number) & (of.rank * 2 <= of.number + 2)
    return select(
        *(of[key.name] for key in keys),
        func.max(of.number).label("number"),
        func.avg(case((middle, of.seconds))).label("median"),
        func.min(case((of.rank * 10 >= of.number * 9, of.seconds))).label("ninetieth"),
    ).group_by(*(of[key.name] for key in keys))
