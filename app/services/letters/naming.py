"""Values in words: codes by their option lists, ids of organs and people by their names, which are read once."""

from collections.abc import Mapping
from typing import Any

from app.domain.wording import Worded, day_in_digits, day_of
from app.forms.options import parse_options
from app.forms.parse import Component
from app.forms.presentation import words_of
from app.forms.schema import ATTACHMENTS, PICKERS
from app.services.letters.fields import columns_of_subjects, component_for, components_of
from app.storage.organisation import names_of

NAMED = {*ATTACHMENTS, *(type_ for type_, source in PICKERS.items() if not source.endswith("cases"))}
"""Fields whose values are ids of something that has a name; a case is chosen by its number."""


class Naming:
    """Writes values. Names that are not known yet are noted; after `read` they are."""

    def __init__(self, files: Mapping[str, bytes], *, options: bytes, known: Mapping[str, str]) -> None:
        forms = tuple(content for name, content in files.items() if name.endswith(".form"))
        self._components = {**columns_of_subjects(forms), **components_of(forms)}
        self._options = options
        self._names = dict(known)
        self._unknown: set[str] = set()

    def is_fact(self, name: str) -> bool:
        """Whether every form that asks it keeps the answer as a fact."""
        components = self._components.get(name, ())
        return all(component.properties.get("fact", "true") != "false" for component in components)

    def read(self) -> bool:
        """Read the names noted, in one statement; False where there is nothing to read."""
        if not self._unknown:
            return False
        self._names |= dict.fromkeys(self._unknown, "") | dict(names_of(self._unknown))
        self._unknown.clear()
        return True

    def name(self, id_: str | None) -> Worded:
        """An organ, person or stored file by its id."""
        if not id_:
            return Worded("")
        if id_ not in self._names:
            self._unknown.add(id_)
        return Worded(self._names.get(id_, ""), id_)

    def label(self, list_: str, code: Any) -> Worded:
        """A code of an option list."""
        if code is None:
            return Worded("")
        return Worded(parse_options(self._options).label_of(list_, code, locale="zh"), code)

    def cell(self, table: str, column: str, value: Any) -> Any:
        """A value that a column of a table of some form holds."""
        columns = [one for part in self._components.get(table, ()) for one in part.columns if one.key == column]
        component = component_for(tuple(columns), value, options=self._options) if columns else None
        return self.answer(component, value) if component and value is not None else self.plain(value)

    def fact(self, name: str, value: Any) -> Any:
        """A fact of a proceeding, by the field that states it."""
        components = self._components.get(name)
        if not components:
            return self.plain(value)
        component = component_for(components, value, options=self._options)
        return self.answer(component, value) if component else self.plain(value)

    def answer(self, component: Component, value: Any) -> Any:
        """The answer to a field: words, or the rows of a table."""
        if component.type == "table":
            columns = [column for column in component.columns if column.key]
            return [{str(c.key): self.answer(c, row.get(c.key)) for c in columns} for row in value or ()]
        if component.type in NAMED:
            for id_ in [value] if isinstance(value, str) else value or ():
                self.name(id_)
        if _is_day(component, value):
            return self.plain(value)
        return Worded(words_of(component, value, options=self._options, names=self._names), value)

    @staticmethod
    def plain(value: Any) -> Worded:
        """What no form states: a day in digits, anything else as it is."""
        if value is None:
            return Worded("")
        if isinstance(value, bool):
            return Worded("是" if value else "否", value)
        day = day_of(value)
        return Worded(day_in_digits(day) if day else str(value), value)


def _is_day(component: Component, value: Any) -> bool:
    return component.type == "datetime" and isinstance(value, str) and len(value) == len("2026-11-22")
