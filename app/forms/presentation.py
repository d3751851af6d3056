"""A form file as the browser gets it: words of one language, options filled in."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from app.forms.options import Options, parse_options
from app.forms.parse import Form

CHOOSERS = frozenset({"radio", "select", "checklist", "taglist"})


def schema_for_browser(form: Form, options: bytes, locale: str) -> dict[str, Any]:
    """The form-js schema with labels in the locale and the values of every option list."""
    schema: dict[str, Any] = json.loads(_prepared(form, options, locale))
    return schema


@lru_cache(maxsize=1024)
def _prepared(form: Form, options: bytes, locale: str) -> str:
    schema = json.loads(form.content)
    lists = parse_options(options)
    for component in _components(schema["components"]):
        _translate(component, component.get("properties") or {}, locale)
        _fill(component, (component.get("properties") or {}).get("options"), lists, locale)
        for column in component.get("columns") or ():
            _translate(column, column, locale)
            if column.get("options"):
                column["values"] = _values(column["options"], lists, locale)
    return json.dumps(schema, ensure_ascii=False)


def _components(components: list[Any]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _components(component.get("components") or [])


def _translate(component: dict[str, Any], words: dict[str, Any], locale: str) -> None:
    if locale != "en":
        return
    for name in ("label", "description", "text"):
        if words.get(f"{name}_en"):
            component[name] = words[f"{name}_en"]
    for name in ("dateLabel", "timeLabel"):
        if component.get(name) and words.get("label_en"):
            component[name] = words["label_en"]


def _fill(component: dict[str, Any], name: str | None, lists: Options, locale: str) -> None:
    if name and component.get("type") in CHOOSERS:
        component["values"] = _values(name, lists, locale)
        component.pop("valuesKey", None)
        component.pop("valuesExpression", None)


def _values(name: str, lists: Options, locale: str) -> list[dict[str, Any]]:
    return [
        {"value": option.value, "label": option.en if locale == "en" else option.zh} for option in lists.get(name, ())
    ]
