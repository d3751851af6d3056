"""Properties of steps, and whether the forms, roles, clauses, operations they name exist."""

import re
from collections.abc import Iterable

from app.domain.deadlines import parse_period
from app.domain.definitions import Operation
from app.domain.errors import N_
from app.domain.tasks import PARENT
from app.engine.profile.model import HUMAN, Element, Model, Process, extension, nearest
from app.engine.sources import local_name, properties_of, spiff

STEP_PROPERTIES = frozenset(
    {
        "formKey",
        "candidateRole",
        "candidateOrgan",
        "candidatePerson",
        "deadline",
        "deadlineFrom",
        "deadlineKind",
        "deadlineExtension",
        "deadlineSharedWith",
        "dayCount",
        "clauses",
        "excludes",
        "source",
        "legalEffect",
        "letter",
    }
)
VARIABLE_TYPES = frozenset({"string", "number", "boolean", "date", "list", "context"})
RESERVED_NAMES_TEXT = """
    item partial case meeting procedure task true false null and or not in if then else for return some every satisfies
    between instance of function date time duration now today string number count sum min max list context all any
"""
RESERVED_NAMES = frozenset(RESERVED_NAMES_TEXT.split())
_CHOICES = {
    "deadlineKind": ("regulation", "statute", "internal"),
    "dayCount": ("CALENDAR", "WORKING"),
    "source": ("regulation", "higher_law"),
    "legalEffect": ("decision", "service", "notice", "transfer"),
}
_LITERAL = re.compile(r'\s*"([^"\\]*)"\s*')
_VARIABLE = re.compile(r"[a-z][a-z0-9_]{0,59}")


def check_catalogue(model: Model) -> None:
    for process in model.processes.values():
        _check_variables(model, process)
        for node in process.nodes.values():
            properties = properties_of(node)
            _check_known(model, process, node, properties)
            _check_deadline(model, process, node, properties)
            _check_clauses(model, process, node, properties)
            _check_steps_named(model, process, node, properties)
            if local_name(node) in HUMAN:
                _check_human(model, process, node, properties)
            if local_name(node) == "serviceTask":
                _check_operation(model, process, node)


def _check_variables(model: Model, process: Process) -> None:
    for name, type_ in process.variables.items():
        if not _VARIABLE.fullmatch(name) or name in RESERVED_NAMES:
            sentence = N_("变量名 `%(name)s` 不可用：须为小写字母、数字和下划线，且不是保留字。")
            model.report.error(process.file, process.element, "variable_name", sentence, name=name)
        if type_ not in VARIABLE_TYPES:
            sentence = N_("变量 `%(name)s` 的类型 %(type)s 不存在。")
            model.report.error(process.file, process.element, "variable_type", sentence, name=name, type=type_)
    for caller, call in model.callers.get(process.key, []):
        for name, type_ in process.variables.items():
            if caller.variables.get(name, type_) != type_:
                sentence = N_("变量 `%(name)s` 在调用方与被调用流程中的类型不同。")
                model.report.error(caller.file, call, "variable_type", sentence, name=name)
    known = {*STEP_PROPERTIES, *(f"variable.{name}" for name in process.variables)}
    for name in properties_of(process.element):
        if name not in known:
            _unknown_property(model, process, process.element, name)


def _check_known(model: Model, process: Process, node: Element, properties: dict[str, str]) -> None:
    for name, value in properties.items():
        if name not in STEP_PROPERTIES:
            _unknown_property(model, process, node, name)
        elif value not in _CHOICES.get(name, (value,)):
            sentence = N_("属性 %(name)s 的值只能是 %(choices)s。")
            model.report.error(
                process.file, node, "property_value", sentence, name=name, choices="、".join(_CHOICES[name])
            )


def _unknown_property(model: Model, process: Process, node: Element, name: str) -> None:
    sentences = N_("属性 %(name)s 不存在。"), N_("属性 %(name)s 不存在，是否为 %(candidate)s？")
    _unknown(model, process, node, "property", sentences=sentences, known=STEP_PROPERTIES, name=name)


def _unknown(
    model: Model,
    process: Process,
    node: Element,
    rule: str,
    *,
    sentences: tuple[str, str],
    known: Iterable[str],
    **values: str,
) -> None:
    """Report a name that does not exist; the second sentence is for where a similar one does. The name comes last."""
    name = next(reversed(values.values()))
    candidate = nearest(name, known)
    if candidate is None:
        model.report.error(process.file, node, rule, sentences[0], **values)
    else:
        model.report.error(process.file, node, rule, sentences[1], **values, candidate=candidate)


def _check_deadline(model: Model, process: Process, node: Element, properties: dict[str, str]) -> None:
    deadline = properties.get("deadline")
    if deadline is None:
        return
    if not _is_period(deadline):
        sentence = N_("期限 %(text)s 不是期间，应如 P3D、P1M、P1Y、-P5D。")
        model.report.error(process.file, node, "deadline", sentence, text=deadline)
    extension = properties.get("deadlineExtension")
    if extension is not None and not _is_period(extension):
        sentence = N_("法律允许的最长延期 %(text)s 不是期间，应如 P3D、P1M、P1Y。")
        model.report.error(process.file, node, "deadline", sentence, text=extension)
    if "deadlineKind" not in properties:
        model.report.error(process.file, node, "deadline", N_("期限须注明类别（deadlineKind）。"))


def _is_period(text: str) -> bool:
    try:
        parse_period(text)
    except ValueError:
        return False
    return True


def _check_clauses(model: Model, process: Process, node: Element, properties: dict[str, str]) -> None:
    known = model.catalogue.clauses
    for clause in properties.get("clauses", "").split():
        if known is not None and clause not in known:
            sentences = (
                N_("条款 %(clause)s 不在条款登记册中。"),
                N_("条款 %(clause)s 不在条款登记册中，是否为 %(candidate)s？"),
            )
            meant = [one for one in known if _letters(one) == _letters(clause)]  # another number is another clause
            _unknown(model, process, node, "clause", sentences=sentences, known=meant, clause=clause)


def _letters(clause: str) -> str:
    return "".join(character for character in clause.lower() if character.isalnum())


def _check_steps_named(model: Model, process: Process, node: Element, properties: dict[str, str]) -> None:
    trees = [model.tree_of(root.key) for root in model.roots]
    steps = {id_ for tree in trees if process in tree for inner in tree for id_ in inner.nodes}
    for step in properties.get("excludes", "").split():
        if step not in steps and step != PARENT:
            sentences = N_("回避的环节 %(step)s 不存在。"), N_("回避的环节 %(step)s 不存在，是否为 %(candidate)s？")
            _unknown(model, process, node, "excludes", sentences=sentences, known=steps, step=step)
    for step in properties.get("deadlineSharedWith", "").split():
        if step not in steps:
            sentences = (
                N_("共用期限的环节 %(step)s 不存在。"),
                N_("共用期限的环节 %(step)s 不存在，是否为 %(candidate)s？"),
            )
            _unknown(model, process, node, "deadline", sentences=sentences, known=steps, step=step)


def _check_human(model: Model, process: Process, node: Element, properties: dict[str, str]) -> None:
    report, catalogue = model.report, model.catalogue
    form, role = properties.get("formKey", ""), properties.get("candidateRole", "")
    if not form:
        report.error(process.file, node, "form", N_("环节没有指定表单（formKey）。"))
    elif catalogue.forms is not None and form not in catalogue.forms:
        sentences = N_("表单 %(form)s 不存在。"), N_("表单 %(form)s 不存在，是否为 %(candidate)s？")
        known = {*catalogue.forms, *model.nearby(".form")}
        _unknown(model, process, node, "form", sentences=sentences, known=known, form=form)
    if not role:
        report.error(process.file, node, "role", N_("环节没有指定办理角色（candidateRole）。"))
    else:
        _check_role(model, process, node, role=role)


def _check_role(model: Model, process: Process, node: Element, *, role: str) -> None:
    known = model.catalogue.roles
    if known is not None and role not in known:
        sentences = N_("角色 %(role)s 不存在。"), N_("角色 %(role)s 不存在，是否为 %(candidate)s？")
        _unknown(model, process, node, "role", sentences=sentences, known=known, role=role)


def operation_of(model: Model, node: Element) -> Operation | None:
    """The registered operation that a service task calls."""
    operator = extension(node, "serviceTaskOperator")
    if operator is None or model.catalogue.operations is None:
        return None
    return model.catalogue.operations.get(operator.get("id", ""))


def _check_operation(model: Model, process: Process, node: Element) -> None:
    operator = extension(node, "serviceTaskOperator")
    if operator is None or model.catalogue.operations is None:
        return
    operation = operation_of(model, node)
    if operation is None:
        sentences = N_("操作 %(operation)s 没有登记。"), N_("操作 %(operation)s 没有登记，是否为 %(candidate)s？")
        known = model.catalogue.operations
        _unknown(model, process, node, "operation", sentences=sentences, known=known, operation=operator.get("id", ""))
        return
    _check_role_named(model, process, node, operator)
    given = {parameter.get("id", "") for parameter in operator.iter(spiff("parameter"))}
    for name in sorted(given - operation.parameters.keys()):
        sentences = (
            N_("操作 %(operation)s 没有参数 %(name)s。"),
            N_("操作 %(operation)s 没有参数 %(name)s，是否为 %(candidate)s？"),
        )
        values = {"operation": operation.id, "name": name}
        _unknown(model, process, node, "parameter", sentences=sentences, known=operation.parameters, **values)
    for name in sorted(operation.parameters.keys() - given):
        sentence = N_("操作 %(operation)s 缺少参数 %(name)s。")
        model.report.error(process.file, node, "parameter", sentence, operation=operation.id, name=name)


def _check_role_named(model: Model, process: Process, node: Element, operator: Element) -> None:
    """A role that an operation is told in so many words; what a formula finds is known only when it runs."""
    for parameter in operator.iter(spiff("parameter")):
        named = _LITERAL.fullmatch(parameter.get("value", ""))
        if parameter.get("id") == "role" and named is not None:
            _check_role(model, process, node, role=named[1])
