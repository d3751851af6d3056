"""The options file: every list of choices once, with its words in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from app.domain.errors import N_, InvalidFileError


@dataclass(frozen=True, slots=True)
class Option:
    value: str | bool
    zh: str
    en: str


Options = Mapping[str, tuple[Option, ...]]


@lru_cache(maxsize=64)
def parse_options(content: bytes) -> Options:
    """The lists of an options file. Raises InvalidFileError."""
    try:
        data: dict[str, list[dict[str, Any]]] = yaml.safe_load(content) or {}
        return {
            name: tuple(Option(item["value"], item["zh"], item.get("en") or item["zh"]) for item in items)
            for name, items in data.items()
        }
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise InvalidFileError(N_("选项文件无法读取：%(why)s"), why=str(error)) from error
