"""What is wrong with a form before anybody fills it: sentences for its author, at the component."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.domain.definitions import Finding, Severity
from app.domain.errors import N_, InvalidDefinitionError
from app.domain.roles import ROLES
from app.feel.checking import FeelType, inspect
from app.feel.errors import FeelError
from app.forms.conditions import HELD_ROLES, expressions_of
from app.forms.fields import PATTERNS
from app.forms.options import OptionLists, Options, options_in
from app.forms.parse import (
    CASE_FILE,
    COLUMN_TYPES,
    DISPLAYS,
    GROUPS,
    SCHEMA_VERSION,
    Component,
    Form,
    parse_form,
    walk,
)
from app.forms.proposals import proposing, reason_field
from app.forms.schema import FIELD_TYPES, OPTION_FIELDS, SOURCES, field_types

MOST_FIELDS = 300
TEXT = re.compile(r'"([^"\\]*)"')
ORGAN_PICKERS = ("organ", "multi-organ")
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
RESERVED = frozenset(
    (
        *("case", "meeting", "procedure", "task", "item", "partial", "constructor", "prototype"),
        *("and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between"),
        *("function", "null", "true", "false"),
    )
)
"""Names that FEEL or the engine use for something else."""


def lint_file(
    content: bytes,
    *,
    file: str,
    options: Options | None = None,
    facts: Mapping[str, FeelType] | None = None,
) -> tuple[Finding, ...]:
    """Findings of a file, whether it can be read or not. Empty: it may be published."""
    try:
        return lint(parse_form(content, file), file=file, options=options, facts=facts)
    except InvalidDefinitionError as refusal:
        return tuple(refusal.findings)


def lint(
    form: Form,
    *,
    file: str,
    options: Options | None = None,
    facts: Mapping[str, FeelType] | None = None,
) -> tuple[Finding, ...]:
    """Findings in document order.

    `options` are the option lists that exist (None: not checked). `facts` are the types of what FEEL may read besides
    the fields, such as `{"case": {...}}` (None: names are checked for syntax only).
    """
    lists = None if options is None else options_in(options)
    found = [*_whole_form(form, file)]
    if len(form.fields) > MOST_FIELDS:
        return tuple(found)
    scope = None if facts is None else {**facts, **field_types(form, lists)}
    for component in walk(form.components):
        found += _component(component, file, lists)
        found += _expressions(component, file, scope)
    return tuple(found)


def _whole_form(form: Form, file: str) -> Iterator[Finding]:
    if not form.id:
        yield Finding(file, None, "form-id", N_("表单缺少 id。"))
    if form.schema_version > SCHEMA_VERSION:
        values = {"version": form.schema_version, "newest": SCHEMA_VERSION}
        yield Finding(file, None, "form-newer", NEWER, values, severity=Severity.WARNING)
    if len(form.fields) > MOST_FIELDS:
        yield Finding(file, None, "form-size", N_("表单不能超过 %(most)s 个字段。"), {"most": MOST_FIELDS})
    if any(proposing(form)) and reason_field(form) is None:
        yield Finding(file, None, "form-proposal", N_("有字段显示建议的表单须有说明理由的字段 departure_reason。"))
    yield from _doubles(file, ((c.id, c.key or "") for c in form.fields), "form-double-key")
    ids = ((c.id, c.id) for c in walk(form.components) if c.id)
    yield from _doubles(file, ids, "form-double-id")


def _doubles(file: str, named: Iterable[tuple[str, str]], rule: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for element, name in named:
        if name in seen:
            yield Finding(file, element, rule, N_("“%(name)s”重复出现，同一表单中只能有一个。"), {"name": name})
        seen.add(name)


NEWER = N_(
    "表单是较新的工具写的（schemaVersion 为 %(version)s，这里认得到 %(newest)s）："
    "认得的字段照常使用，不认得的另行逐项列出。"
)
_INSTEAD = {
    "filepicker": N_("不支持“%(type)s”类型的表单元素，请改用“附件”。"),
    "taglist": N_("不支持“%(type)s”类型的表单元素，请改用“多选”。"),
    "dynamiclist": N_("不支持“%(type)s”类型的表单元素，请改用“表格”。"),
    "expression": N_("不支持“%(type)s”类型的表单元素，请改用“计算”。"),
    "html": N_("不支持“%(type)s”类型的表单元素，请改用“说明文字”。"),
    "button": N_("不支持“%(type)s”类型的表单元素；办理页面自己有提交按钮，请删去。"),
}
"""What form-js has and we have not, and what does the same here."""


def _component(component: Component, file: str, lists: OptionLists | None) -> Iterator[Finding]:
    def finding(rule: str, sentence: str, **values: Any) -> Finding:
        return Finding(file, component.id or component.key, rule, sentence, values)

    if component.type in DISPLAYS | GROUPS:
        return
    if component.type not in FIELD_TYPES:
        sentence = _INSTEAD.get(component.type, N_("不支持“%(type)s”类型的表单元素。"))
        yield finding("form-type", sentence, type=component.type)
        return
    yield from _name(component, file)
    if not component.label.strip():
        yield finding("form-label", N_("字段 %(name)s 缺少标签。"), name=component.key)
    yield from _limits(component, file)
    yield from _source(component, file)
    yield from _held_roles(component, file)
    if component.type in OPTION_FIELDS:
        yield from _options(component, file, lists)
    yield from _filled(component, file)
    if component.type == "table":
        yield from _columns(component, file, lists)
    if component.type == "computed" and not str(component.raw.get("expression") or "").strip():
        yield finding("form-expression", N_("计算字段“%(label)s”缺少算式。"), label=component.label)


def _name(component: Component, file: str, *, reserved: frozenset[str] = RESERVED) -> Iterator[Finding]:
    name = component.key or ""
    if not NAME.fullmatch(name):
        sentence = N_("字段名“%(name)s”应为小写英文、数字和下划线，以字母开头。")
    elif name in reserved:
        sentence = N_("字段名“%(name)s”是保留字，请换一个。")
    else:
        return
    yield Finding(file, component.id or name, "form-name", sentence, {"name": name})


def _limits(component: Component, file: str) -> Iterator[Finding]:
    pattern = component.validate.get("pattern")
    if pattern is not None and pattern not in PATTERNS.values():
        sentence = N_("“%(label)s”的格式规则不在可选范围内：%(menu)s。")
        values = {"label": component.label, "menu": "、".join(PATTERNS)}
        yield Finding(file, component.id, "form-pattern", sentence, values)
    for least, most in (("min", "max"), ("minLength", "maxLength")):
        bounds = [component.validate.get(name) for name in (least, most)]
        if any(isinstance(bound, bool) or not isinstance(bound, int | float | None) for bound in bounds):
            sentence = N_("“%(label)s”的上下限应为数字。")
        elif None not in bounds and bounds[0] > bounds[1]:  # type: ignore[operator]  # both are numbers here
            sentence = N_("“%(label)s”的下限大于上限。")
        else:
            continue
        yield Finding(file, component.id, "form-limits", sentence, {"label": component.label})


def _options(component: Component, file: str, lists: OptionLists | None) -> Iterator[Finding]:
    name = component.properties.get("options")
    if name and lists is not None and not lists.get(name):
        values = {"label": component.label, "name": name}
        yield Finding(file, component.id, "form-options", N_("“%(label)s”的选项表 %(name)s 不存在。"), values)
    if not name and not component.raw.get("values"):
        values = {"label": component.label}
        yield Finding(file, component.id, "form-options", N_("“%(label)s”没有选项。"), values)


def _source(component: Component, file: str) -> Iterator[Finding]:
    source = component.properties.get("source")
    if source and source not in SOURCES:
        sentence = N_("“%(label)s”的选择范围“%(name)s”不存在，可以用：%(menu)s。")
        values = {"label": component.label, "name": source, "menu": "、".join(sorted(SOURCES))}
        yield Finding(file, component.id, "form-source", sentence, values)


def _held_roles(component: Component, file: str) -> Iterator[Finding]:
    expression = component.properties.get(HELD_ROLES)
    if not expression:
        return
    if component.type not in ORGAN_PICKERS:
        sentence = N_("“%(label)s”不是选择单位的字段，不能规定所选单位须有人担任的岗位。")
        yield Finding(file, component.id, "form-roles", sentence, {"label": component.label})
    for role in TEXT.findall(str(expression)):
        if "." in role and role not in ROLES:
            sentence = N_("“%(label)s”要求的岗位“%(role)s”不存在。")
            yield Finding(file, component.id, "form-roles", sentence, {"label": component.label, "role": role})


def _columns(component: Component, file: str, lists: OptionLists | None) -> Iterator[Finding]:
    if not component.columns:
        yield Finding(file, component.id, "form-columns", N_("表格“%(label)s”没有列。"), {"label": component.label})
    for column in component.columns:
        if column.type not in COLUMN_TYPES.values():
            values = {"label": component.label, "type": column.raw.get("type") or ""}
            sentence = N_("表格“%(label)s”有不支持的列类型“%(type)s”。")
            yield Finding(file, component.id, "form-columns", sentence, values)
            continue
        yield from _at(component, _name(column, file, reserved=frozenset()))
        yield from _at(component, _limits(column, file))
        yield from _at(component, _source(column, file))
        if column.type in OPTION_FIELDS:
            yield from _at(component, _options(column, file, lists))
    yield from _at(component, _doubles(file, ((c.id, c.key or "") for c in component.columns), "form-double-key"))


def _filled(component: Component, file: str) -> Iterator[Finding]:
    """A table that begins with the papers of the file needs a column for their names."""
    wanted = component.properties.get("filled_from")
    if wanted is None or (
        wanted == CASE_FILE and any(c.key == "name" and c.type == "textfield" for c in component.columns)
    ):
        return
    sentence = N_("表格“%(label)s”的预填来源应为 %(known)s，并且有一列字段名为 name 的单行文字。")
    yield Finding(file, component.id, "form-filled", sentence, {"label": component.label, "known": CASE_FILE})


def _at(component: Component, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of a column, told at its table: a column has no id of its own in the editor."""
    for finding in findings:
        yield Finding(finding.file, component.id, finding.rule, finding.sentence, finding.values)


def _expressions(component: Component, file: str, scope: Mapping[str, FeelType] | None) -> Iterator[Finding]:
    computed = str(component.raw.get("expression") or "") if component.type == "computed" else None
    for expression in (*expressions_of(component), computed):
        if expression:
            yield from _expression(component, expression, file, scope)


def _expression(
    component: Component, expression: str, file: str, scope: Mapping[str, FeelType] | None
) -> Iterator[Finding]:
    label = component.label or component.id
    try:
        problems = inspect(expression, scope or {}).problems
    except FeelError as refusal:
        values = {"label": label, "problem": str(refusal)}
        yield Finding(file, component.id, "form-feel", N_("“%(label)s”的表达式有误：%(problem)s"), values)
        return
    for problem in problems:
        if scope is None and problem.rule in ("unknown_name", "unknown_field"):
            continue
        values = {"label": label, "problem": str(problem)}
        yield Finding(
            file, component.id, f"form-feel-{problem.rule}", N_("“%(label)s”的表达式有误：%(problem)s"), values
        )
