"""Words for codes: a fact's label comes from the option list of the field that asks for it."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from app.forms.options import parse_options
from app.storage.releases import files_of

OPTIONS_FILE = "options.yml"
_SHOWN_FACT = re.compile(r"=?\s*(?:case|meeting)\.(\w+)")
"""The expression of a computed field that only shows a fact."""


@lru_cache(maxsize=64)
def _option_lists(content: bytes) -> Mapping[str, Mapping[str, tuple[str, str]]]:
    lists = parse_options(content).lists
    return {name: {str(each.value): (each.zh, each.en) for each in options} for name, options in lists.items()}


def _lists_of(release_id: str) -> Mapping[str, Mapping[str, tuple[str, str]]]:
    files = files_of(release_id)
    return _option_lists(files[OPTIONS_FILE]) if OPTIONS_FILE in files else {}


@lru_cache(maxsize=256)
def _offered(release_id: str) -> frozenset[str]:
    """The option lists that fields of the release's forms offer."""
    forms = (json.loads(content) for name, content in files_of(release_id).items() if name.endswith(".form"))
    fields = (field for form in forms for field in components_in(form.get("components", ())))
    return frozenset(str((field.get("properties") or {}).get("options") or "") for field in fields) - {""}


@lru_cache(maxsize=256)
def _lists_of_fields(release_id: str) -> Mapping[str, str]:
    """Field name -> option list, over all forms of a release; a table's column is named `field.column`."""
    found: dict[str, str] = {}
    for name, content in files_of(release_id).items():
        if name.endswith(".form"):
            for component in components_in(json.loads(content).get("components", ())):
                options = (component.get("properties") or {}).get("options")
                if options and component.get("key"):
                    found.setdefault(component["key"], options)
                    if shown := _SHOWN_FACT.fullmatch(str(component.get("expression") or "")):
                        found.setdefault(shown[1], options)
                for column in component.get("columns") or ():
                    if isinstance(column, Mapping) and column.get("options"):
                        found.setdefault(f"{component['key']}.{column['key']}", column["options"])
    return found


def components_in(components: Any) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from components_in(component.get("components", ()))


def label_of(release_id: str, field: str, code: Any, *, locale: str) -> str:
    """The label of a code that the field named `field` stores; the code itself where there is no list."""
    if code is None or code == "":
        return ""
    return label_in(release_id, _lists_of_fields(release_id).get(field, ""), code, locale=locale)


def labels_together(release_id: str, codes: Collection[str], *, locale: str) -> dict[str, str]:
    """Labels of codes that stand in one list of those that the forms of the release offer; a code is left out where
    such lists give it different ones."""
    offered = (_lists_of(release_id).get(name, {}) for name in _offered(release_id))
    lists = [options for options in offered if codes and options.keys() >= set(codes)]
    said = {code: {options[code][locale == "en"] for options in lists} for code in codes}
    return {code: labels.pop() for code, labels in said.items() if len(labels) == 1}


def resolution_label(release_id: str, code: str | None, locale: str) -> str:
    """What became of an agenda item: what was resolved on a case or on another matter, or that it was withdrawn because
    its case was reversed."""
    withdrawn = label_in(release_id, "ITEM_WITHDRAWN", code, locale=locale)
    resolved = (label_of(release_id, field, code, locale=locale) for field in ("resolution", "other_resolution"))
    return next((label for label in (withdrawn, *resolved) if label != code), str(code or ""))


def label_in(release_id: str, options: str, code: Any, *, locale: str) -> str:
    """The label of a code in an option list of the release; the code itself where the list lacks it."""
    if code is None or code == "":
        return ""
    pair = _lists_of(release_id).get(options, {}).get(str(code))
    return (pair[1] if locale == "en" else pair[0]) if pair else str(code)
