"""What a field of a form lost that nobody edited: editors of other makers know nothing of what we keep in it."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app.domain.definitions import Loss
from app.forms.parse import parse_form

_PASSED_OVER_TEXT = "components layout schemaVersion exporter executionPlatform executionPlatformVersion versionTag"
_PASSED_OVER = frozenset(_PASSED_OVER_TEXT.split())
"""Fields inside of it are looked at themselves; the rest is written anew by every editor."""
_STOCK_TEXT = """
    type id key label description validate conditional text content html subtype dateLabel timeLabel showOutline
    disabled readonly defaultValue values valuesKey valuesExpression appearance decimalDigits increment
    serializeToString timeSerializingFormat timeInterval use24h disallowPassedDates height altText source alt url
    computeOn path isRepeating allowAddRemove defaultRepetitions nonCollapsedItems verticalAlignment multiple accept
    dataSource rowCount searchable security sandbox title action dateFormat
"""
_STOCK = frozenset(_STOCK_TEXT.split())
"""What every editor of form-js can change: where that differs somebody was at work on the field."""


def losses(before: bytes, after: bytes, *, touched: Collection[str] = ()) -> tuple[Loss, ...]:
    """What fields lost that are otherwise the same in both forms; `touched` were edited on purpose.

    Raises InvalidDefinitionError when one of the forms cannot be read.
    """
    new = dict(_fields(parse_form(after).raw))
    found = []
    for id_, field in _fields(parse_form(before).raw):
        kept = new.get(id_)
        if kept is None or id_ in touched or _rest(field) != _rest(kept):
            continue
        gone = set(_own(field)) - set(_own(kept))
        if gone:
            found.append(Loss(id_, tuple(sorted(gone))))
    return tuple(found)


def _fields(part: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The form itself and every component in it that has an id."""
    if isinstance(part.get("id"), str):
        yield part["id"], part
    for inner in part.get("components") or ():
        yield from _fields(inner)


def _rest(field: Mapping[str, Any]) -> str:
    """The field without what is only ours, in a form that can be compared."""
    return json.dumps({name: field[name] for name in sorted(_STOCK & field.keys())}, sort_keys=True)


def _own(field: Mapping[str, Any]) -> Iterator[str]:
    """Names of what only our own editor knows; of a table's columns by the key of each."""
    for name, value in field.items():
        if name == "properties" and isinstance(value, Mapping):
            yield from value
        elif name == "columns" and isinstance(value, list):
            for column in value:
                yield from (f"columns.{column.get('key')}.{inner}" for inner in column)
        elif name not in _STOCK | _PASSED_OVER:
            yield name
