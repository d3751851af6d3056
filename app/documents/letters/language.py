"""What may stand in a template: a few words of Jinja, run in a sandbox that can reach nothing but the given values.

Allowed are `{{ name.field }}` with the filters below, `{% if %}` and `{% for %}`. There are no calls, no arithmetic, no
attributes of Python objects: `name.field` looks into the given mapping and nowhere else.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.domain.errors import N_
from app.domain.spelling import nearest
from app.domain.wording import Worded, day_in_chinese, day_in_digits, day_of, money_in_chinese, money_in_digits

Fields = Mapping[str, Any]
"""What a template may name: a name leads to other `Fields`, to a list of one `Fields` (what each entry has), or to
None (a value in words)."""

DEEPEST = 4
"""Loops and conditions inside of each other."""
MOST_NODES = 4_000
TOO_MANY_MARKS = N_("模板标记过多。")
_NUMBER = "[〇零一二三四五六七八九十百]+"
_ARTICLE = re.compile(f"第{_NUMBER}条(?:第{_NUMBER}款)?(?:第（{_NUMBER}）项)?")
LOOP: Fields = {"index": None, "first": None, "last": None}
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.Filter,
    nodes.For,
    nodes.If,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)


class LanguageError(Exception):
    """A template says what no template may say. `words` is where: the text of the expression."""

    def __init__(self, sentence: str, words: str = "", **values: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.words = words
        self.values = values


@dataclass(slots=True)
class Unknown:
    """A name that no value has."""

    path: str
    """As it is written: case.mater."""
    nearest: str
    """The whole path that was probably meant; empty where none is near."""


class Sandbox(ImmutableSandboxedEnvironment):
    """A value is found in a mapping by its name, and nowhere else; what is not known is an error, never silence."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if type(obj).__name__ == "LoopContext" and attribute in LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=None, name=attribute)

    @lru_cache(maxsize=512)  # noqa: B019  (one environment for the life of the process)
    def compiled(self, source: str) -> Template:
        """Templates never change once they are released: each is compiled once."""
        return super().from_string(source)

    def from_string(self, source: Any, *_: Any, **__: Any) -> Template:
        return self.compiled(source)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.getattr(obj, str(argument))


def _chinese_day(value: Any) -> str:
    day = day_of(_raw(value))
    return day_in_chinese(day) if day else str(value)


def _day(value: Any) -> str:
    day = day_of(_raw(value))
    return day_in_digits(day) if day else str(value)


def _money(value: Any) -> str:
    amount = _raw(value)
    return money_in_digits(amount) if isinstance(amount, int) else str(value)


def _money_words(value: Any) -> str:
    amount = _raw(value)
    return money_in_chinese(amount) if isinstance(amount, int) else str(value)


def _code(value: Any) -> str:
    """The stored code instead of its words, for conditions."""
    raw = _raw(value)
    return "" if raw is None else str(raw)


def _or_blank(value: Any) -> str:
    """A line to write on where nothing was stated."""
    return str(value) or "　　　　　　"


def _articles(value: Any) -> str:
    """The citations in a text without what is said of them: 第三条第（一）项、第十四条."""
    return "、".join(dict.fromkeys(_ARTICLE.findall(str(value)))) or str(value)


def _line(value: Any) -> str:
    """A long text on one line, for a cell."""
    return " ".join(str(value).replace("\a", "\n").split("\n"))


def _raw(value: Any) -> Any:
    return value.raw if isinstance(value, Worded) else value


FILTERS: Mapping[str, Callable[[Any], str]] = {
    "chinese_day": _chinese_day,
    "day": _day,
    "money": _money,
    "money_words": _money_words,
    "code": _code,
    "or_blank": _or_blank,
    "line": _line,
    "articles": _articles,
}


def _environment() -> Sandbox:
    environment = Sandbox(autoescape=True, undefined=StrictUndefined, cache_size=0)
    environment.filters.clear()
    environment.filters.update(FILTERS)
    environment.globals.clear()
    environment.tests.clear()
    return environment


ENVIRONMENT = _environment()


def parse(source: str) -> nodes.Template:
    """The template text as a tree. Raises LanguageError: it says what no template may say, or cannot be read."""
    try:
        tree = ENVIRONMENT.parse(source)
    except (TemplateSyntaxError, RecursionError, ValueError) as problem:  # the last two: endless words, a long number
        raise LanguageError(N_("模板标记无法读取，请检查括号是否成对、if/for 是否以 endif/endfor 结束。")) from problem
    for count, node in enumerate(_all(tree)):
        if count > MOST_NODES:
            raise LanguageError(TOO_MANY_MARKS)
        _ensure_allowed(node)
    _ensure_shallow(tree, 0)
    return tree


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(current.iter_child_nodes())


def _ensure_allowed(node: nodes.Node) -> None:
    if isinstance(node, nodes.Filter) and (node.name not in FILTERS or node.args or node.kwargs):
        near = nearest(node.name, FILTERS)
        raise LanguageError(
            N_("模板中没有“%(name)s”这种写法（可用：%(known)s）。"),
            node.name,
            name=node.name,
            known=near or "、".join(FILTERS),
        )
    if not isinstance(node, _ALLOWED) or not _is_plain(node):
        raise LanguageError(
            N_("模板中只能使用字段、if 和 for，不能使用“%(kind)s”。"), _written(node), kind=type(node).__name__
        )


def _is_plain(node: nodes.Node) -> bool:
    """A loop runs over a named list, and what stands before a point is a name."""
    if isinstance(node, nodes.For):
        named = isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name | nodes.Getattr)
        return named and node.test is None and not node.recursive
    return not isinstance(node, nodes.Getattr) or isinstance(node.node, nodes.Name | nodes.Getattr)


def _ensure_shallow(node: nodes.Node, depth: int) -> None:
    inside = depth + isinstance(node, nodes.For | nodes.If)
    if inside > DEEPEST:
        raise LanguageError(N_("模板中的 if、for 嵌套超过%(most)s层。"), most=DEEPEST)
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Stmt | nodes.Template):
            _ensure_shallow(child, inside)


def _written(node: nodes.Node) -> str:
    """What of a refused expression can be found again in the text."""
    name = next((part.name for part in _all(node) if isinstance(part, nodes.Name | nodes.Filter)), None)
    return name or ""


@dataclass(slots=True)
class Names:
    """What a template names: the dotted paths that it prints or asks, loop names resolved to their lists."""

    paths: list[str] = field(default_factory=list)
    """`case.matter`, `items.votes.organ`."""
    unknown: list[Unknown] = field(default_factory=list)


def names_in(tree: nodes.Template, known: Fields | None = None) -> Names:
    """Every name of a template; with `known` also those that no value has."""
    found = Names()
    _walk(tree, {}, known, found)
    return found


def _walk(node: nodes.Node, bound: Mapping[str, str], known: Fields | None, found: Names) -> None:
    if isinstance(node, nodes.For):
        assert isinstance(node.target, nodes.Name)  # see _ensure_allowed
        path = _resolved(node.iter, bound)
        _note(node.iter, path, known, found)
        inside = {**bound, node.target.name: path or "?", "loop": "loop"}
        for child in (*node.body, *node.else_):
            _walk(child, inside, known, found)
        return
    if isinstance(node, nodes.Getattr | nodes.Name):
        path = _resolved(node, bound)
        _note(node, path, known, found)
        return
    for child in node.iter_child_nodes():
        _walk(child, bound, known, found)


def _resolved(node: nodes.Node, bound: Mapping[str, str]) -> str | None:
    """The path from the outermost value: of `vote.organ` inside a loop over `item.votes` it is `item.votes.organ`."""
    if isinstance(node, nodes.Name):
        return bound.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        before = _resolved(node.node, bound)
        return f"{before}.{node.attr}" if before else None
    return None


def _as_written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_as_written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else ""


def _note(node: nodes.Node, path: str | None, known: Fields | None, found: Names) -> None:
    if path is None or path.startswith("?"):
        return
    if path not in found.paths and path.partition(".")[0] != "loop":
        found.paths.append(path)
    if known is not None and (missing := _missing(path, {**known, "loop": LOOP})) is not None:
        written = _as_written(node)
        wrong, near = missing
        if all(unknown.path != written for unknown in found.unknown):
            found.unknown.append(Unknown(written, written.replace(wrong, near) if near else ""))


def _missing(path: str, known: Fields) -> tuple[str, str] | None:
    """None where the path is known, else the unknown part of it and the nearest name (empty: none is near)."""
    here: Any = known
    for part in path.split("."):
        if isinstance(here, list):
            here = here[0]
        if not isinstance(here, Mapping) or part not in here:
            return part, nearest(part, here if isinstance(here, Mapping) else ()) or ""
        here = here[part]
    return None
