"""Expressions looked at before anything runs: syntax, names, types. Problems are sentences for the diagram's author."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from app.domain.errors import N_
from app.feel import isolate
from app.feel.errors import FeelError
from app.feel.interpreter import TIME_LIMIT, bounded, error_of

FeelType = Any
"""A FEEL type name (string, number, boolean, date, list, context, any) or a mapping of field names to types."""


@dataclass(frozen=True, slots=True)
class Problem:
    rule: str
    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


@dataclass(frozen=True, slots=True)
class Inspection:
    type: str
    """FEEL type of the value, "any" when the text alone does not tell."""
    names: tuple[str, ...]
    """Free names and paths that it reads, e.g. ("case", "case.level", "votes")."""
    problems: tuple[Problem, ...]
    fields: Mapping[str, str] | None = None
    """Entries and their types when the value is a context written out in the expression."""


def names_of(expression: str) -> tuple[str, ...]:
    """Free names and dotted paths that an expression reads, sorted. Raises FeelError when it cannot be read."""
    inspection = inspect(expression, {})
    for problem in inspection.problems:
        if problem.rule in ("syntax", "nesting", "length"):
            raise FeelError(problem.sentence, **problem.values)
    return inspection.names


def check(expression: str, scope: Mapping[str, FeelType]) -> list[Problem]:
    """What is wrong with an expression when only the names of `scope` may be used; [] when nothing."""
    return list(inspect(expression, scope).problems)


def check_unary(test: str, scope: Mapping[str, FeelType], *, input_type: str = "any") -> list[Problem]:
    """What is wrong with a unary test over an input of the given type."""
    return list(inspect(test, scope, unary=True, input_type=input_type).problems)


def inspect(
    expression: str, scope: Mapping[str, FeelType], *, unary: bool = False, input_type: str = "any"
) -> Inspection:
    """Syntax, names and types of an expression, without evaluating it."""
    frozen = orjson.dumps(_structure(scope), option=orjson.OPT_SORT_KEYS)
    return _inspect(expression, frozen, unary, input_type)


@lru_cache(maxsize=4096)
def _inspect(expression: str, scope: bytes, unary: bool, input_type: str) -> Inspection:
    try:
        text = bounded(expression)
    except FeelError as refusal:
        return Inspection(type="any", names=(), problems=(Problem("length", refusal.sentence, refusal.values),))
    if not text:
        return Inspection(type="any", names=(), problems=(Problem("empty", N_("表达式为空。")),))
    request = {
        "verb": "inspect",
        "expression": text,
        "scope": orjson.loads(scope)["fields"],
        "unary": unary,
        "input": input_type,
    }
    answer = isolate.call(request, time_limit=TIME_LIMIT)
    if "error" in answer:
        raise error_of(answer["error"])
    value = answer["value"]
    problems = tuple(_problem(found) for found in value["problems"])
    return Inspection(type=value["type"], names=tuple(value["names"]), problems=problems, fields=value["fields"])


def _structure(type_: FeelType) -> Any:
    if isinstance(type_, Mapping):
        return {"fields": {str(name): _structure(inner) for name, inner in type_.items()}}
    return str(type_)


def _problem(found: Mapping[str, Any]) -> Problem:
    rule, name = found["rule"], found["name"]
    if rule in ("unknown_name", "unknown_field", "unknown_function"):
        return _unknown(rule, found.get("property") or name, found["candidates"])
    sentence, keys = _SENTENCES.get(rule, (N_("表达式有误：%(name)s"), ()))
    return Problem(rule, sentence, {"name": name, **{key: found.get(key, "") for key in keys}})


def _unknown(rule: str, name: str, candidates: list[str]) -> Problem:
    close = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6)
    if close:
        return Problem(rule, N_("`%(name)s` 不存在，是否为 `%(candidate)s`？"), {"name": name, "candidate": close[0]})
    return Problem(rule, N_("`%(name)s` 不存在。"), {"name": name})


_SENTENCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "syntax": (N_("表达式语法有误，位置：%(name)s"), ()),
    "nesting": (N_("表达式嵌套过深。"), ()),
    "not_context": (N_("`%(name)s` 不能再取下一级内容。"), ()),
    "type": (N_("`%(name)s` 应为 %(wanted)s，实为 %(given)s。"), ("wanted", "given")),
    "compare": (N_("`%(name)s` 比较了不同类型的值（%(left)s 与 %(right)s）。"), ("left", "right")),
    "arithmetic": (N_("`%(name)s` 的两边类型不能计算（%(left)s 与 %(right)s）。"), ("left", "right")),
    "iso": (N_("`%(name)s` 中以文本保存的日期须写成 date(…) 或 date and time(…)。"), ()),
    "unsupported": (N_("不支持 `%(name)s` 这种写法。"), ()),
}
