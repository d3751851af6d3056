"""Option lists: the codes that answers store, with their labels in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from app import yamlfiles
from app.domain.definitions import Finding
from app.domain.errors import N_, InvalidDefinitionError


@dataclass(frozen=True, slots=True)
class Option:
    value: str | bool | int
    zh: str
    en: str
    clause: str = ""

    def label_in(self, locale: str) -> str:
        return self.en if locale == "en" else self.zh


@dataclass(frozen=True, eq=False)
class OptionLists:
    """All lists of a release. Compared by identity: `parse_options` gives the same value for the same bytes."""

    lists: Mapping[str, tuple[Option, ...]]

    def get(self, name: str) -> tuple[Option, ...]:
        return self.lists.get(name, ())

    def label_of(self, name: str, value: Any, *, locale: str) -> str:
        """The label of a stored code; the code itself when the list has no longer such an option."""
        for option in self.get(name):
            if option.value == value and type(option.value) is type(value):
                return option.label_in(locale)
        return str(value)


Options = bytes | OptionLists


def options_in(options: Options) -> OptionLists:
    return parse_options(options) if isinstance(options, bytes) else options


@lru_cache(maxsize=64)
def parse_options(content: bytes) -> OptionLists:
    """The lists of an options file. Raises InvalidDefinitionError when it has another shape."""
    try:
        raw = yamlfiles.read(content) or {}
        lists = {str(name): tuple(_option(item) for item in items) for name, items in raw.items()}
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as problem:
        finding = Finding("options.yml", None, "options-shape", N_("选项文件格式有误：%(detail)s"), {"detail": problem})
        raise InvalidDefinitionError((finding,)) from None
    return OptionLists(lists)


def _option(item: Mapping[str, Any]) -> Option:
    value = item["value"]
    if not isinstance(value, str | bool | int):
        raise ValueError(value)
    return Option(value, str(item["zh"]), str(item.get("en") or item["zh"]), str(item.get("clause") or ""))
