"""A .form file read into values. `lint` judges what may stand in it; what cannot be read at all is refused here."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NoReturn

from app.domain.definitions import Finding
from app.domain.errors import N_, InvalidDefinitionError, Words

MAX_BYTES = 500_000
MAX_DEPTH = 20
SCHEMA_VERSION = 19
"""Newest schemaVersion of form-js that the viewer understands; what a newer one added is named by the linter."""

FORBIDDEN_KEYS = {"__proto__", "constructor", "prototype"}

GROUPS = {"group"}
DISPLAYS = {"text", "separator", "spacer"}
COLUMN_TYPES = {
    "text": "textfield",
    "longtext": "textarea",
    "select": "select",
    "multi-select": "checklist",
    "date": "datetime",
    "datetime": "datetime",
    "number": "number",
    "organ": "organ",
    "person": "person",
    "case-ref": "case-ref",
    "money": "money",
    "checkbox": "checkbox",
    "identity-number": "identity-number",
}
"""Type of a table column -> type of the field that one cell is."""
CASE_FILE = "case_file"
"""Value of a table's property `filled_from`: it begins with a row for each paper of the file."""


@dataclass(frozen=True, slots=True)
class Component:
    """One element of a form: a group, a display element or a field (which has a key)."""

    type: str
    id: str
    key: str | None
    label: str
    hide: str | None
    """FEEL condition under which the component is not asked."""
    validate: Mapping[str, Any]
    properties: Mapping[str, str]
    children: "tuple[Component, ...]"
    columns: "tuple[Component, ...]"
    """Cells of a table row, as fields."""
    raw: Mapping[str, Any]

    @property
    def required(self) -> bool:
        return self.validate.get("required") is True

    @property
    def writable(self) -> bool:
        """Whether an answer may come from outside at all."""
        locked = self.raw.get("disabled") is True or self.raw.get("readonly") is True
        return self.key is not None and self.type != "computed" and not locked

    @property
    def words(self) -> Words:
        """The label for sentences about the component."""
        return Words(self.label, self.label_in("en"))

    def label_in(self, locale: str) -> str:
        return (self.properties.get("label_en") if locale == "en" else None) or self.label


@dataclass(frozen=True, eq=False)
class Form:
    """A parsed form. Compared and hashed by identity: `parse_form` gives the same value for the same bytes."""

    id: str
    title: str
    schema_version: int
    components: tuple[Component, ...]
    raw: Mapping[str, Any]
    fields: tuple[Component, ...] = field(init=False)
    """Every component with a key, in document order."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", tuple(c for c in walk(self.components) if c.key is not None))


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    """The components and all their children, in document order."""
    for component in components:
        yield component
        yield from walk(component.children)


@lru_cache(maxsize=1024)
def parse_form(content: bytes, file: str = "") -> Form:
    """The form in a file. Raises InvalidDefinitionError when it is no readable, harmless form-js schema."""
    raw = _read(content, file)
    if not isinstance(raw, dict) or not isinstance(raw.get("components"), list):
        _refuse(file, "form-shape", N_("表单文件缺少 components 列表。"))
    version = raw.get("schemaVersion", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        _refuse(file, "form-version", N_("表单的 schemaVersion 应为正整数。"))
    components = tuple(_component(part, file) for part in raw["components"])
    properties = raw.get("properties")
    title = raw.get("title") or (properties.get("title") if isinstance(properties, dict) else None)
    return Form(_text(raw.get("id")), _text(title), version, components, raw)


def _refuse(file: str, rule: str, sentence: str, element: str | None = None, **values: Any) -> NoReturn:
    raise InvalidDefinitionError((Finding(file, element, rule, sentence, values),))


def _read(content: bytes, file: str) -> Any:
    if len(content) > MAX_BYTES:
        _refuse(file, "form-size", N_("表单文件超过 %(limit)s KB。"), limit=MAX_BYTES // 1000)
    if _depth(content) > MAX_DEPTH:
        _refuse(file, "form-depth", N_("表单文件嵌套超过 %(limit)s 层。"), limit=MAX_DEPTH)

    def no_constant(name: str) -> NoReturn:
        _refuse(file, "form-number", N_("表单文件中有无效的数字 %(number)s。"), number=name)

    def checked_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            _refuse(file, "form-json", N_("表单文件中同一个对象有重复的属性。"))
        if bad := FORBIDDEN_KEYS & found.keys():
            _refuse(file, "form-json", N_("表单文件中不允许使用属性名 %(name)s。"), name=sorted(bad)[0])
        return found

    try:
        return json.loads(content.decode("utf-8"), parse_constant=no_constant, object_pairs_hook=checked_pairs)
    except (UnicodeDecodeError, ValueError, RecursionError):
        _refuse(file, "form-json", N_("表单文件不是有效的 JSON（UTF-8）。"))


def _depth(content: bytes) -> int:
    """Deepest nesting of brackets outside of strings; counted before parsing, which recurses."""
    depth = deepest = 0
    in_string = escaped = False
    for byte in content:
        if in_string:
            in_string = escaped or byte != 0x22
            escaped = byte == 0x5C and not escaped
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _component(raw: Any, file: str) -> Component:
    if not isinstance(raw, dict):
        _refuse(file, "form-shape", N_("components 列表中有不是对象的内容。"))
    children, columns = raw.get("components", []), raw.get("columns", [])
    if not isinstance(children, list) or not isinstance(columns, list):
        _refuse(file, "form-shape", N_("components 和 columns 应为列表。"), _text(raw.get("id")))
    type_ = _text(raw.get("type"))
    key = raw.get("key")
    return Component(
        type=type_,
        id=_text(raw.get("id")),
        key=None if key is None or type_ in GROUPS | DISPLAYS else str(key),
        label=_text(raw.get("label")),
        hide=_text(_mapping(raw.get("conditional")).get("hide")) or None,
        validate=_mapping(raw.get("validate")),
        properties={name: str(value) for name, value in _mapping(raw.get("properties")).items()},
        children=tuple(_component(part, file) for part in children),
        columns=tuple(_column(part, file) for part in columns) if type_ == "table" else (),
        raw=raw,
    )


def _column(raw: Any, file: str) -> Component:
    """A column of a table as the field that each of its cells is."""
    if not isinstance(raw, dict):
        _refuse(file, "form-shape", N_("columns 列表中有不是对象的内容。"))
    type_ = _text(raw.get("type"))
    extras = {name: raw[name] for name in ("label_en", "options", "source") if isinstance(raw.get(name), str)}
    return Component(
        type=COLUMN_TYPES.get(type_, f"column {type_}"),
        id=_text(raw.get("key")),
        key=str(raw.get("key", "")),
        label=_text(raw.get("label")),
        hide=None,
        validate={**_mapping(raw.get("validate")), "required": raw.get("required") is True},
        properties=extras,
        children=(),
        columns=(),
        raw={**raw, "subtype": type_} if type_ in ("date", "datetime") else raw,
    )
