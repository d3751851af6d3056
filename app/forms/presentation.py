"""A form for people: the schema that the browser shows, and a submission as rows to read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from app.domain.deadlines import OFFICE_ZONE
from app.domain.identity_numbers import shown
from app.forms.answers import picks_in
from app.forms.fields import EXAMPLES, yuan
from app.forms.options import OptionLists, Options, options_in
from app.forms.parse import Component, Form, walk
from app.forms.schema import ATTACHMENTS, IDENTITY_NUMBER, OPTION_FIELDS, PICKERS

WORDS = {
    "zh": {
        True: "是",
        False: "否",
        "money": "{} 元",
        "date": "{0.year}年{0.month}月{0.day}日",
        "join": "、",
        "cells": "，",
    },
    "en": {
        True: "Yes",
        False: "No",
        "money": "CNY {}",
        "date": "{0.day} {0:%b} {0.year}",
        "join": ", ",
        "cells": ", ",
    },
}


@dataclass(frozen=True, slots=True)
class TableText:
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One answer to read. `text` is empty where nothing was answered; a table has its rows in `table` as well."""

    name: str
    label: str
    text: str
    section: str
    """Label of the group that the field stands in."""
    table: TableText | None = None
    attachments: tuple[str, ...] = ()
    """Ids of the papers, for links; `text` has their names."""


def schema_for_browser(form: Form, options: Options, locale: str) -> dict[str, Any]:
    """The form-js schema with labels in the locale and the values of every option list."""
    schema: dict[str, Any] = json.loads(_prepared(form, options_in(options), locale))
    return schema


@lru_cache(maxsize=1024)
def _prepared(form: Form, lists: OptionLists, locale: str) -> str:
    schema = json.loads(json.dumps(form.raw))
    for component in _parts(schema["components"]):
        properties = component.get("properties") or {}
        if component.get("type") in OPTION_FIELDS and properties.get("options"):
            component["values"] = _values(properties["options"], lists, locale)
        for column in component.get("columns") or ():
            if column.get("options"):
                column["values"] = _values(column["options"], lists, locale)
            _exemplify(column)
            _translate(column, column, locale)
        if component.get("type") == "computed" and properties.get("options"):
            component["values"] = _values(properties["options"], lists, locale)
        _exemplify(component)
        _translate(component, properties, locale)
    return json.dumps(schema, ensure_ascii=False)


def _parts(components: list[Any]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _parts(component.get("components") or [])


def _exemplify(part: dict[str, Any]) -> None:
    """The browser tells with the same example what the pattern of a field wants."""
    limits = part.get("validate") or {}
    if example := EXAMPLES.get(str(limits.get("pattern") or "")):
        limits["patternExample"] = example


def _translate(part: dict[str, Any], words: Mapping[str, Any], locale: str) -> None:
    if locale != "en":
        return
    for name in ("label", "description", "text"):
        if words.get(f"{name}_en"):
            part[name] = words[f"{name}_en"]
    if part.get("dateLabel"):
        part["dateLabel"] = words.get("date_label_en") or words.get("label_en") or part["dateLabel"]
    if part.get("timeLabel"):
        part["timeLabel"] = words.get("time_label_en") or "Time"
    if words.get("pattern_error_en") and (part.get("validate") or {}).get("patternErrorMessage"):
        part["validate"]["patternErrorMessage"] = words["pattern_error_en"]


def _values(name: str, lists: OptionLists, locale: str) -> list[dict[str, Any]]:
    return [{"value": option.value, "label": option.label_in(locale)} for option in lists.get(name)]


def mentions(form: Form, data: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Ids in a submission whose names `describe` needs, by source (organs, persons, ..., attachments)."""
    found: dict[str, set[str]] = {}
    for _, source, _, ids in picks_in(form, data):
        found.setdefault(source, set()).update(ids)
    for component in form.fields:
        if component.type in ATTACHMENTS and data.get(component.key or ""):
            found.setdefault("attachments", set()).update(data[component.key or ""])
    return {source: frozenset(ids) for source, ids in found.items()}


def describe(
    form: Form, data: Mapping[str, Any], *, options: Options, locale: str, names: Mapping[str, str]
) -> tuple[Row, ...]:
    """The fields that a submission has, in the order of the form. `names` maps ids (see `mentions`) to names."""
    writer = _Writer(options_in(options), locale, names)
    sections = _sections(form.components, locale)
    return tuple(
        writer.row(component, data[component.key], sections[component.key])
        for component in form.fields
        if component.key and component.key in data
    )


def _sections(components: tuple[Component, ...], locale: str, section: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for component in components:
        if component.key:
            found[component.key] = section
        found |= _sections(component.children, locale, component.label_in(locale) or section)
    return found


@dataclass(frozen=True, slots=True)
class _Writer:
    lists: OptionLists
    locale: str
    names: Mapping[str, str]

    def row(self, component: Component, value: Any, section: str) -> Row:
        table = self._table(component, value) if component.type == "table" else None
        return Row(
            name=component.key or "",
            label=component.label_in(self.locale),
            text=self.text(component, value),
            section=section,
            table=table,
            attachments=tuple(value or ()) if component.type in ATTACHMENTS else (),
        )

    def _table(self, component: Component, value: Any) -> TableText:
        return TableText(
            headings=tuple(column.label_in(self.locale) for column in component.columns),
            rows=tuple(
                tuple(self.text(column, given.get(column.key or "")) for column in component.columns)
                for given in value or ()
            ),
        )

    def text(self, component: Component, value: Any) -> str:
        if value is None or value == "" or value == []:
            return ""
        if component.type == "table":
            comma = str(self._word("cells"))
            return "\n".join(comma.join(filter(None, row)) for row in self._table(component, value).rows)
        if isinstance(value, list):
            return str(self._word("join")).join(self._one(component, item) for item in value)
        return self._one(component, value)

    def _one(self, component: Component, value: Any) -> str:
        if name := component.properties.get("options"):
            return self.lists.label_of(name, value, locale=self.locale)
        if component.type in PICKERS or component.type in ATTACHMENTS:
            return self.names.get(value, str(value))
        if component.type == IDENTITY_NUMBER:
            return shown(value)
        if component.type == "money" or component.raw.get("format") == "money":
            return str(self._word("money")).format(yuan(value))
        if component.type == "signature" and isinstance(value, Mapping):
            return f"{value.get('name', '')} {self._moment(str(value.get('at', '')))}".strip()
        if isinstance(value, bool):
            return str(self._word(value))
        if component.type in ("datetime", "computed") and isinstance(value, str):
            return self._moment(value)
        return str(value)

    def _word(self, key: Any) -> Any:
        return WORDS["en" if self.locale == "en" else "zh"][key]

    def _moment(self, value: str) -> str:
        try:
            if len(value) == len("2026-11-22"):
                return str(self._word("date")).format(date.fromisoformat(value))
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        local = moment.astimezone(OFFICE_ZONE) if moment.tzinfo else moment
        return f"{str(self._word('date')).format(local)} {local:%H:%M}"


def words_of(component: Component, value: Any, *, options: Options, names: Mapping[str, str]) -> str:
    """One value in Chinese, as a paper writes it; `names` maps ids of organs, people and papers to names."""
    return _Writer(options_in(options), "zh", names).text(component, value)


def labels_of(form: Form, locale: str) -> dict[str, str]:
    """Label of every field by name, for messages about a field."""
    return {part.key: part.label_in(locale) for part in walk(form.components) if part.key}
