"""A submission as a person reads it: labels and words in the order of its form."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.queries.labels import components_in, label_of
from app.queries.names import Names
from app.storage.releases import file_of


@dataclass(frozen=True, slots=True)
class Answer:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody signed: the choice made and the words written."""

    verdict: str
    text: str


@lru_cache(maxsize=512)
def _components(release_id: str, form_key: str) -> tuple[Mapping[str, Any], ...]:
    form = json.loads(file_of(release_id, f"{form_key}.form"))
    return tuple(component for component in components_in(form.get("components", ())) if component.get("key"))


def answers_of(
    release_id: str, form_key: str, data: Mapping[str, Any], *, names: Names, locale: str
) -> tuple[Answer, ...]:
    """Every answered field."""
    return tuple(
        Answer(_label(component, locale), _text(release_id, component, data[component["key"]], names, locale))
        for component in _components(release_id, form_key)
        if data.get(component["key"]) not in (None, "", [], {})
    )


def _label(component: Mapping[str, Any], locale: str) -> str:
    english = (component.get("properties") or {}).get("label_en")
    return str(english if locale == "en" and english else component.get("label") or component["key"])


def _text(release_id: str, component: Mapping[str, Any], value: Any, names: Names, locale: str) -> str:
    if isinstance(value, list):
        return "、".join(_text(release_id, component, item, names, locale) for item in value)
    if isinstance(value, Mapping):
        return "，".join(_text(release_id, component, item, names, locale) for item in value.values())
    if isinstance(value, bool):
        return label_of(release_id, component["key"], str(value), locale=locale)
    return label_of(release_id, component["key"], names.of(str(value)), locale=locale)


def opinion_of(release_id: str, form_key: str, data: Mapping[str, Any], *, locale: str) -> Opinion | None:
    """The signed part of a submission, where its form has one: a signature, or a text called an opinion."""
    components = _components(release_id, form_key)
    signed = any(component["type"] == "signature" for component in components)
    texts = [c["key"] for c in components if c["type"] == "textarea" and data.get(c["key"])]
    opinions = [key for key in texts if key.endswith("opinion")]
    if not signed and not opinions:
        return None
    choice = next((c["key"] for c in components if c["type"] == "radio" and data.get(c["key"]) is not None), "")
    words = opinions or texts[:1]
    return Opinion(
        verdict=label_of(release_id, choice, data.get(choice), locale=locale) if choice else "",
        text="\n".join(str(data[key]) for key in words),
    )


def ids_in(value: Any) -> Iterator[str]:
    """Short texts without spaces anywhere in a submission: what may be the id of a person."""
    if isinstance(value, str):
        if 0 < len(value) <= 64 and not any(char.isspace() for char in value):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from ids_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from ids_in(item)
