"""Values as JSON knows them and back; sentences and words in two languages stay what they are."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from app.domain.errors import Sentence, Words


def plain(value: Any) -> Any:
    """A value as JSON knows it; `worded` is the way back for sentences and words."""
    if isinstance(value, Sentence):
        return {"$sentence": value.id, "values": plain(value.values)}
    if isinstance(value, Words):
        return {"$words": str(value), "en": value.en}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {key: plain(item) for key, item in _fields(value).items()}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def worded(value: Any) -> Any:
    """The other way round, where they are shown."""
    if isinstance(value, Mapping):
        if "$sentence" in value:
            return Sentence(value["$sentence"], **worded(value["values"]))
        if "$words" in value:
            return Words(value["$words"], value["en"])
        return {key: worded(item) for key, item in value.items()}
    return [worded(item) for item in value] if isinstance(value, list) else value
