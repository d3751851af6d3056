"""Values as they may enter a proceeding: JSON, dates as ISO text with the office's offset."""

import copy
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import orjson

from app.engine.timers import OFFICE


def plain(value: Any) -> Any:
    """The value in JSON terms. Raises ValueError for what has no such form (a caller's mistake)."""
    kind = type(value)
    if kind in _SCALARS:  # most are; the hundreds of facts of a case come by here at every move
        return value
    if kind is dict:
        return {str(key): inner if type(inner) in _SCALARS else plain(inner) for key, inner in value.items()}
    return _plain(value)


def copied(data: dict[str, Any]) -> dict[str, Any]:
    """A deep copy of values as they are in a proceeding."""
    try:
        found: dict[str, Any] = orjson.loads(orjson.dumps(data))
    except TypeError:  # a number of more than 64 bits
        return copy.deepcopy(data)
    return found


_SCALARS = frozenset((str, int, float, bool, type(None)))


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | str() | int() | float() if not isinstance(value, Enum):
            return value
        case Enum():
            return plain(value.value)
        case datetime():
            return _moment(value)
        case date() | UUID():
            return str(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case set() | frozenset():
            return sorted(plain(inner) for inner in value)
    raise ValueError(f"not a plain value: {type(value).__name__}")


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("datetimes must be aware")
    return value.astimezone(OFFICE).isoformat()
