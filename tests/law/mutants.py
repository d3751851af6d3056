"""Every single row of the tables changed: left out, and each of its outputs replaced by another value."""

from collections.abc import Iterator
from typing import Any

from tests.law.regimes import Book, Change, book


def mutants_of(table: str) -> Iterator[Change]:
    """Changes of one table, row by row."""
    values = _values(book(table))
    for rule in book(table).table.rules:
        yield Change(table, rule.id)
        for column, cell in zip(book(table).table.outputs, rule.outputs, strict=True):
            if cell != "null":
                yield Change(table, rule.id, column.expression, _other(column.type, cell, values[column.expression]))


def _values(of: Book) -> dict[str, list[str]]:
    """What each output column says, in any row: the plain texts."""
    columns = [column.expression for column in of.table.outputs]
    cells = {name: [rule.outputs[n] for rule in of.table.rules] for n, name in enumerate(columns)}
    return {name: sorted({cell.strip('"') for cell in found if cell.startswith('"')}) for name, found in cells.items()}


def _other(type_: str, cell: str, values: list[str]) -> Any:
    if type_ == "boolean":
        return cell != "true"
    if type_ == "list":
        return ["SOMETHING_ELSE"]
    return next((value for value in values if value != cell.strip('"')), None)
