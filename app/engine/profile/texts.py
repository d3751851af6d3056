"""Every expression of a diagram: syntax, names and types, before anything runs."""

import re
from typing import Any

from app import feel
from app.domain.errors import N_, DomainError
from app.engine.expressions import assignments
from app.engine.failures import StepError
from app.engine.profile import scopes
from app.engine.profile.catalogue import operation_of
from app.engine.profile.model import (
    HUMAN,
    Container,
    Element,
    Model,
    event_definitions,
    event_kind,
    extension,
    extension_text,
    instances_of,
    item_of,
    message_of,
    nearest,
    text_of,
)
from app.engine.sources import bpmn, local_name, properties_of, spiff
from app.engine.timers import as_expression, read_cycle, read_instant, read_span
from app.feel import Inspection

_PATH = re.compile(r"\s*[a-z_]\w*(\.[a-z_]\w*)*\s*")
_TEXTS = ("string", "iso", "date", "date time")
_FITS = {
    "date": _TEXTS,
    "string": ("string", "iso"),
    "date or text": _TEXTS,
    "span": ("string", "duration"),
    "cycle": ("string",),
}
_READERS = {"timeDate": read_instant, "timeDuration": read_span, "timeCycle": read_cycle}
_TIMER_TYPES = {"timeDate": "date or text", "timeDuration": "span", "timeCycle": "cycle"}


def check_texts(model: Model) -> None:
    for process in model.processes.values():
        for container in process.containers:
            _check_flows(model, container)
            for node in container.nodes.values():
                _check_assignment(model, container, node)
                _check_scripts(model, container, node)
                _check_timer(model, container, node)
                _check_message(model, container, node)
                _check_instances(model, container, node)
                _check_service(model, container, node)
                _check_answers(model, container, node)


def check_expression(
    model: Model, file: str, element: Element | str, *, text: str, scope: scopes.Scope, wanted: str = "any"
) -> Inspection:
    """Report what is wrong with one expression; `wanted` is the type its value must have."""
    model.report.spend(file, text)
    inspection = feel.inspect(text, scope)
    for problem in inspection.problems:
        tell = model.report.error if problem.certain else model.report.warning
        tell(file, element, f"feel_{problem.rule}", problem.sentence, **problem.values)
    if not inspection.problems and not fits(inspection.type, wanted):
        sentence = N_("表达式 %(text)s 的结果应为 %(wanted)s，实为 %(given)s。")
        model.report.error(file, element, "feel_result", sentence, text=text[:80], wanted=wanted, given=inspection.type)
    return inspection


def fits(given: str, wanted: str) -> bool:
    """Whether a value of one FEEL type may stand where another is wanted."""
    return wanted == "any" or given in ("any", "null", wanted) or given in _FITS.get(wanted, ())


def _check_flows(model: Model, container: Container) -> None:
    scope = scopes.scope_of_container(model, container)
    for flow in container.flows:
        condition = flow.find(bpmn("conditionExpression"))
        if condition is not None and text_of(condition):
            check_expression(model, container.file, flow, text=text_of(condition), scope=scope, wanted="boolean")


def _check_assignment(model: Model, container: Container, node: Element) -> None:
    scope = scopes.scope_of_node(model, container, node)
    properties = properties_of(node)
    for name, wanted in (("candidateOrgan", "string"), ("candidatePerson", "string"), ("deadlineFrom", "date")):
        if properties.get(name, "").strip():
            found = check_expression(model, container.file, node, text=properties[name], scope=scope, wanted=wanted)
            if wanted == "date":
                _check_is_day(model, container, node, text=properties[name], found=found)


def _check_is_day(model: Model, container: Container, node: Element, *, text: str, found: Inspection) -> None:
    """A name that stands for a text which is no date; what a formula makes of texts is known only when it runs."""
    if _PATH.fullmatch(text) and not found.problems and found.type == "string":
        sentence = N_("期限的起算日 `%(name)s` 是文字，不是日期；请选择填写日期的字段。")
        model.report.error(container.file, node, "deadline_day", sentence, name=text.strip())


def _check_scripts(model: Model, container: Container, node: Element) -> None:
    before = scopes.scope_of_node(model, container, node)
    if local_name(node) == "scriptTask":
        _check_lines(model, container, node, text=text_of(node.find(bpmn("script"))), scope=before)
    _check_lines(model, container, node, text=extension_text(node, "preScript"), scope=before)
    after = scopes.scope_after(model, container, node) if local_name(node) in HUMAN else before
    _check_lines(model, container, node, text=extension_text(node, "postScript"), scope=after)


def _check_lines(model: Model, container: Container, node: Element, *, text: str, scope: scopes.Scope) -> None:
    try:
        lines = assignments(text)
    except StepError:
        return  # reported with the step
    targets = scopes.writable(container, node)
    for name, expression in lines:
        wanted = targets.get(name, "any")
        check_expression(model, container.file, node, text=expression, scope=scope, wanted=wanted)
        if name not in targets:
            model.report.error(
                container.file, node, "undeclared", N_("脚本赋值的变量 `%(name)s` 没有在流程中声明。"), name=name
            )


def _check_timer(model: Model, container: Container, node: Element) -> None:
    if event_kind(node) != "timer":
        return
    scope = scopes.scope_of_container(model, container)
    for child in event_definitions(node)[0]:
        kind = local_name(child)
        if kind not in _READERS:
            continue
        text = as_expression(text_of(child))
        inspection = check_expression(model, container.file, node, text=text, scope=scope, wanted=_TIMER_TYPES[kind])
        if not inspection.problems and not inspection.names and "(" not in text:
            _check_literal(model, container, node, kind=kind, text=text)


def _check_literal(model: Model, container: Container, node: Element, *, kind: str, text: str) -> None:
    """A constant is read now: a wrong one would only fail when the step begins."""
    try:
        _READERS[kind](feel.evaluate(text, {}))
    except DomainError as problem:
        model.report.error(container.file, node, "timer_literal", problem.sentence, **problem.values)


def _check_message(model: Model, container: Container, node: Element) -> None:
    found = message_of(node)
    if found is None:
        return
    carrier, message = found
    scope = scopes.scope_of_node(model, container, node)
    payload = extension_text(carrier, "messagePayload")
    if payload:
        inspection = check_expression(model, container.file, node, text=payload, scope=scope, wanted="context")
        _check_retrievals(model, container, node, message=message, inspection=inspection)
    correlation = carrier.find(
        f"{bpmn('extensionElements')}/{spiff('processVariableCorrelation')}/{spiff('expression')}"
    )
    if correlation is not None and text_of(correlation):
        check_expression(model, container.file, node, text=text_of(correlation), scope=scope)
    variable = extension_text(carrier, "messageVariable")
    if variable and container.process.variables.get(variable) != "context":
        sentence = N_("消息变量 `%(name)s` 没有声明为 context 类型的流程变量。")
        model.report.error(container.file, node, "undeclared", sentence, name=variable)


def _check_retrievals(
    model: Model, container: Container, node: Element, *, message: str, inspection: Inspection
) -> None:
    """What identifies the receiver must be in what is sent."""
    for key, expression in container.process.diagram.retrievals.get(message, {}).items():
        scope = dict(inspection.fields) if inspection.fields is not None else None
        for problem in feel.inspect(expression, scope or {}).problems:
            if scope is None and problem.rule.startswith("unknown"):
                continue
            sentence = N_("消息关联属性 `%(key)s`：%(problem)s")
            model.report.error(container.file, node, "retrieval", sentence, key=key, problem=str(problem))


def _check_instances(model: Model, container: Container, node: Element) -> None:
    loop = instances_of(node)
    if loop is None:
        return
    condition = loop.find(bpmn("completionCondition"))
    if condition is not None:
        scope = {**scopes.scope_of_node(model, container, node), **scopes.COUNTERS}
        check_expression(model, container.file, node, text=text_of(condition), scope=scope, wanted="boolean")


def _check_service(model: Model, container: Container, node: Element) -> None:
    operator = extension(node, "serviceTaskOperator")
    if operator is None:
        return
    scope, operation = scopes.scope_of_node(model, container, node), operation_of(model, node)
    for parameter in operator.iter(spiff("parameter")):
        wanted = operation.parameters.get(parameter.get("id", ""), "any") if operation else "any"
        text = parameter.get("value", "")
        found = check_expression(model, container.file, node, text=text, scope=scope, wanted=wanted)
        _check_values(model, container, node, found=found, wanted=wanted)
    result = operator.get("resultVariable", "")
    given = operation.result if operation else "any"
    targets = scopes.writable(container, node)
    if result and result not in targets:
        sentence = N_("结果变量 `%(name)s` 没有在流程中声明。")
        model.report.error(container.file, node, "undeclared", sentence, name=result)
    elif result and not fits(given, targets[result]):
        _type_differs(model, container, node, name=result, wanted=targets[result], given=given)


def _check_values(
    model: Model, container: Container, node: Element, *, found: Inspection, wanted: feel.FeelType
) -> None:
    """What an operation is told must be one of the values that it takes."""
    if not isinstance(wanted, feel.Choice) or found.values is None:
        return
    for value in sorted(found.values - wanted.values):
        near = nearest(value, wanted.values) or "、".join(sorted(wanted.values))
        sentence = N_("“%(value)s”不是可能的值，是否为“%(candidate)s”？")
        model.report.error(container.file, node, "parameter", sentence, value=value, candidate=near)


def _check_answers(model: Model, container: Container, node: Element) -> None:
    """Answers named like a variable become that variable: the form must give the declared type."""
    if local_name(node) not in HUMAN or model.catalogue.forms is None:
        return
    fields = model.catalogue.forms.get(properties_of(node).get("formKey", ""), {})
    for name, given in fields.items():
        wanted = container.process.variables.get(name, "any")
        if not fits(given, wanted):
            _type_differs(model, container, node, name=name, wanted=wanted, given=given)
    loop = instances_of(node)
    output = item_of(loop, "outputDataItem") if loop is not None else ""
    assigned = {name for name, _ in _assigned(node)}
    if output and output not in {*fields, *assigned}:
        sentence = N_("多实例的输出元素 `%(name)s` 既不是表单字段，也没有由脚本赋值。")
        model.report.error(container.file, node, "output_item", sentence, name=output)


def _assigned(node: Element) -> list[tuple[str, str]]:
    try:
        return assignments(extension_text(node, "postScript"))
    except StepError:
        return []


def _type_differs(model: Model, container: Container, node: Element, *, name: str, wanted: Any, given: str) -> None:
    sentence = N_("变量 `%(name)s` 声明为 %(wanted)s，这里却得到 %(given)s。")
    model.report.error(container.file, node, "variable_type", sentence, name=name, wanted=wanted, given=given)
