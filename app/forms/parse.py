"""Reading a `.form` file: bounded, typed, and with a sentence for its author when something is wrong."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from app.domain.definitions import Finding
from app.domain.errors import N_, InvalidDefinitionError
from app.feel.checking import names_of
from app.feel.errors import FeelError

MAX_BYTES, MAX_DEPTH, MAX_FIELDS = 500_000, 20, 300
SCHEMA_VERSION = 19
FIELD_TYPES = frozenset(
    ["textfield", "textarea", "number", "datetime", "checkbox", "radio", "select", "checklist", "taglist", "person", "multi-person", "organ", "multi-organ", "case-ref", "multi-case-ref", "money", "table", "signature", "computed", "attachment", "multi-attachment"]
)
SILENT_TYPES = frozenset({"text", "separator", "spacer"})
COLUMN_TYPES = frozenset(["text", "longtext", "select", "multi-select", "date", "datetime", "number", "organ", "person", "money", "checkbox"])
_NAME = re.compile(r"^[a-z][a-z0-9_]{0,63}$")
RESERVED = frozenset({"case", "meeting", "task", "item", "subject", "member", "constructor", "prototype", "__proto__"})


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    type: str
    label: str
    options: str | None
    source: str | None
    required: bool
    max_length: int


@dataclass(frozen=True, slots=True)
class Field:
    """One field that takes an answer. `hides` are the FEEL conditions of the field and of the groups around it."""

    key: str
    type: str
    subtype: str
    label: str
    validate: Mapping[str, Any]
    options: str | None
    source: str | None
    is_fact: bool
    hides: tuple[str, ...]
    expression: str | None
    columns: tuple[Column, ...] = ()
    min_rows: int = 0
    max_rows: int = 200
    disabled: bool = False

    @property
    def required(self) -> bool:
        return bool(self.validate.get("required"))


@dataclass(frozen=True, slots=True)
class Form:
    id: str
    fields: tuple[Field, ...]
    content: bytes = field(repr=False)

    def __hash__(self) -> int:
        return hash(self.content)


@lru_cache(maxsize=2048)
def parse_form(content: bytes) -> Form:
    """The form in a file. Raises InvalidDefinitionError with every finding."""
    findings = lint(content)
    if findings:
        raise InvalidDefinitionError(findings)
    data = _read(content)
    return Form(id=str(data["id"]), fields=tuple(_fields(data["components"], ())), content=content)


def lint(content: bytes, *, name: str = "") -> tuple[Finding, ...]:
    """What is wrong with a form file, each with the component's id; empty when nothing is."""
    try:
        data = _read(content)
    except ValueError as error:
        return (Finding(name, None, "form-unreadable", N_("表单文件无法读取：%(why)s"), {"why": str(error)}),)
    name = name or f"{data.get('id')}.form"
    found = [Finding(name, id_, rule, sentence, values) for id_, rule, sentence, values in _problems(data)]
    return tuple(found)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _read(content: bytes) -> dict[str, Any]:
    """The JSON of a form file, bounded. Raises ValueError."""
    if len(content) > MAX_BYTES:
        raise ValueError(f"{len(content)} > {MAX_BYTES} bytes")
    if content.count(b"{") + content.count(b"[") > 20_000:
        raise ValueError("too many nodes")
    try:
        data = json.loads(content.decode("utf-8"), parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict) or not isinstance(data.get("components"), list) or not data.get("id"):
        raise ValueError("no form: id and components are missing")
    if _depth(data) > MAX_DEPTH:
        raise ValueError("nested too deeply")
    return data


def _depth(value: Any) -> int:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((_depth(child) for child in children), default=0)


def _components(components: Any) -> Iterator[Mapping[str, Any]]:
    for component in components if isinstance(components, list) else ():
        if isinstance(component, dict):
            yield component
            yield from _components(component.get("components"))


_Problem = tuple[str | None, str, str, Mapping[str, Any]]


def _problems(data: Mapping[str, Any]) -> Iterator[_Problem]:
    seen: set[str] = set()
    components = list(_components(data["components"]))
    if len(components) > MAX_FIELDS:
        yield None, "form-size", N_("表单不能超过%(max)s个字段。"), {"max": MAX_FIELDS}
    for component in components:
        id_ = str(component.get("id") or component.get("key") or "")
        kind = component.get("type")
        if kind == "group" or kind in SILENT_TYPES:
            pass
        elif kind not in FIELD_TYPES:
            yield id_, "form-type", N_("不支持“%(type)s”类型的字段。"), {"type": kind}
        else:
            yield from _field_problems(component, id_, seen)
        yield from _expression_problems(component, id_)


def _field_problems(component: Mapping[str, Any], id_: str, seen: set[str]) -> Iterator[_Problem]:
    key = str(component.get("key") or "")
    if not _NAME.match(key) or key in RESERVED:
        yield id_, "form-key", N_("字段名“%(key)s”须为小写字母、数字和下划线，且不能是保留字。"), {"key": key}
    if key in seen:
        yield id_, "form-duplicate", N_("字段名“%(key)s”重复。"), {"key": key}
    seen.add(key)
    if not str(component.get("label") or "").strip():
        yield id_, "form-label", N_("字段“%(key)s”没有标签。"), {"key": key}
    pattern = (component.get("validate") or {}).get("pattern")
    if pattern is not None and not _is_pattern(pattern):
        yield id_, "form-pattern", N_("字段“%(key)s”的格式规则无法识别。"), {"key": key}
    for column in component.get("columns") or ():
        if (
            not isinstance(column, dict)
            or column.get("type") not in COLUMN_TYPES
            or not _NAME.match(str(column.get("key")))
        ):
            yield id_, "form-column", N_("表格“%(key)s”有无法识别的列。"), {"key": key}
    if component.get("type") == "table" and not component.get("columns"):
        yield id_, "form-column", N_("表格“%(key)s”没有列。"), {"key": key}


def _is_pattern(pattern: Any) -> bool:
    """A short pattern without nested repetition, so that no text can make it slow."""
    if not isinstance(pattern, str) or len(pattern) > 200 or re.search(r"[+*}]\)?[+*{]", pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _expression_problems(component: Mapping[str, Any], id_: str) -> Iterator[_Problem]:
    for expression in (hide_of(component), component.get("expression")):
        if expression is None:
            continue
        try:
            names_of(str(expression))
        except FeelError as error:
            values = {"expression": str(expression)[:80], "why": str(error)}
            yield id_, "form-feel", N_("表达式“%(expression)s”有误：%(why)s"), values


def hide_of(component: Mapping[str, Any]) -> str | None:
    """The FEEL condition under which form-js hides a component."""
    conditional = component.get("conditional")
    hide = conditional.get("hide") if isinstance(conditional, dict) else None
    return str(hide) if hide else None


def _fields(components: list[Any], hides: tuple[str, ...]) -> Iterator[Field]:
    for component in components:
        own = hide_of(component)
        around = (*hides, own) if own else hides
        if component["type"] == "group":
            yield from _fields(component.get("components") or [], around)
        elif component["type"] in FIELD_TYPES:
            yield _field(component, around)


def _field(component: Mapping[str, Any], hides: tuple[str, ...]) -> Field:
    properties = component.get("properties") or {}
    return Field(
        key=component["key"],
        type=component["type"],
        subtype=component.get("subtype") or "",
        label=component["label"],
        validate=component.get("validate") or {},
        options=properties.get("options"),
        source=properties.get("source"),
        is_fact=str(properties.get("fact", "true")).lower() != "false",
        hides=hides,
        expression=component.get("expression"),
        columns=tuple(_column(column) for column in component.get("columns") or ()),
        min_rows=int(component.get("minRows") or 0),
        max_rows=int(component.get("maxRows") or 200),
        disabled=bool(component.get("disabled") or component.get("readonly")),
    )


def _column(data: Mapping[str, Any]) -> Column:
    return Column(
        key=data["key"],
        type=data["type"],
        label=data.get("label") or data["key"],
        options=data.get("options"),
        source=data.get("source"),
        required=bool(data.get("required")),
        max_length=int(data.get("maxLength") or (4000 if data["type"] == "longtext" else 200)),
    )
