"""Expressions looked at before anything runs: syntax, names, types. Problems are sentences for the diagram's author."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self

import orjson

from app.domain.errors import N_
from app.domain.spelling import nearest
from app.feel import isolate
from app.feel.errors import FeelError
from app.feel.interpreter import TIME_LIMIT, bounded, error_of

FeelType = Any
"""A FEEL type name (string, number, boolean, date, list, context, any) or a mapping of field names to types."""


class Choice(str):
    """The type `string` of a text that is one of few values."""

    values: frozenset[str]

    def __new__(cls, values: Iterable[str]) -> Self:
        made = super().__new__(cls, "string")
        made.values = frozenset(values)
        return made


class ListOf(str):
    """The type `list` of what all its elements are."""

    element: FeelType

    def __new__(cls, element: FeelType) -> Self:
        made = super().__new__(cls, "list")
        made.element = element
        return made


def joined(one: FeelType, other: FeelType) -> FeelType:
    """What holds of a name that several state: the values of all of them; a bare type name where one tells no more.

    Of two different types the later counts.
    """
    if isinstance(one, Choice) and isinstance(other, Choice):
        return Choice(one.values | other.values)
    if isinstance(one, ListOf) and isinstance(other, ListOf):
        return ListOf(joined(one.element, other.element))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {**one, **{name: joined(one.get(name, type_), type_) for name, type_ in other.items()}}
    return str(other) if one == other else other


_UNKNOWN = ("unknown_name", "unknown_field", "unknown_function")


@dataclass(frozen=True, slots=True)
class Problem:
    rule: str
    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def certain(self) -> bool:
        """Whether it cannot be right. A text nobody is known to set may still come from outside, e.g. a caller."""
        return self.rule != "unknown_value"

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
    values: frozenset[str] | None = None
    """All texts that the value may be, where the expression tells them."""

    @property
    def known(self) -> FeelType:
        """The type with everything that is known of it."""
        return self.type if self.values is None else Choice(self.values)


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


def check_unary(test: str, scope: Mapping[str, FeelType], *, input_type: FeelType = "any") -> list[Problem]:
    """What is wrong with a unary test over an input of the given type."""
    return list(inspect(test, scope, unary=True, input_type=input_type).problems)


def inspect(
    expression: str, scope: Mapping[str, FeelType], *, unary: bool = False, input_type: FeelType = "any"
) -> Inspection:
    """Syntax, names and types of an expression, without evaluating it."""
    found = _inspect(expression, _frozen(_mentioned(scope, expression)), unary, _frozen(input_type))
    if any(problem.rule in _UNKNOWN for problem in found.problems):
        return _inspect(expression, _frozen(scope), unary, _frozen(input_type))  # all names, for what was meant
    return found


def _mentioned(type_: FeelType, text: str) -> FeelType:
    """Only what a text can be about: a release has hundreds of facts, and an expression names a few of them."""
    if isinstance(type_, Mapping):
        return {name: _mentioned(inner, text) for name, inner in type_.items() if name in text}
    return ListOf(_mentioned(type_.element, text)) if isinstance(type_, ListOf) else type_


def _frozen(type_: FeelType) -> bytes:
    return orjson.dumps(_structure(type_), option=orjson.OPT_SORT_KEYS)


@lru_cache(maxsize=4096)
def _inspect(expression: str, scope: bytes, unary: bool, input_type: bytes) -> Inspection:
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
        "input": orjson.loads(input_type),
    }
    answer = isolate.call(request, time_limit=TIME_LIMIT)
    if "error" in answer:
        raise error_of(answer["error"])
    value = answer["value"]
    problems = tuple(_problem(found) for found in value["problems"])
    values = frozenset(value["values"]) if value["values"] is not None else None
    return Inspection(value["type"], tuple(value["names"]), problems, value["fields"], values)


def _structure(type_: FeelType) -> Any:
    if isinstance(type_, Mapping):
        return {"fields": {str(name): _structure(inner) for name, inner in type_.items()}}
    if isinstance(type_, Choice):
        return {"values": sorted(type_.values)}
    if isinstance(type_, ListOf):
        return {"list": _structure(type_.element)}
    return str(type_)


def _problem(found: Mapping[str, Any]) -> Problem:
    rule, name = found["rule"], found["name"]
    if rule in _UNKNOWN:
        return _unknown(rule, found.get("property") or name, found["candidates"])
    if rule == "unknown_value":
        return _unknown_value(name, found["value"], found["candidates"])
    sentence, keys = _SENTENCES.get(rule, (N_("表达式有误：%(name)s"), ()))
    return Problem(rule, sentence, {"name": name, **{key: found.get(key, "") for key in keys}})


def _unknown(rule: str, name: str, candidates: list[str]) -> Problem:
    if close := nearest(name, candidates):
        return Problem(rule, N_("`%(name)s` 不存在，是否为 `%(candidate)s`？"), {"name": name, "candidate": close})
    return Problem(rule, N_("`%(name)s` 不存在。"), {"name": name})


def _unknown_value(name: str, value: str, candidates: list[str]) -> Problem:
    close = nearest(value, candidates, alike=0.5)
    values = {"name": name, "value": value, "candidate": close or "、".join(sorted(candidates)[:12])}
    sentence = N_("`%(name)s` 中的“%(value)s”不是可能的值，是否为“%(candidate)s”？")
    return Problem("unknown_value", sentence, values)


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
