"""Every reference leads somewhere: flows, hosts, messages, errors, called diagrams and tables; calls never go round."""

from app.domain.errors import N_
from app.engine.profile.elements import is_refused_node
from app.engine.profile.model import (
    ACTIVITIES,
    Container,
    Diagram,
    Element,
    Model,
    Process,
    extension_text,
    is_node,
    message_of,
    nearest,
    text_of,
)
from app.engine.profile.raised import KINDS, code_of, definition_of, raised_by
from app.engine.sources import bpmn, local_name


def check_references(model: Model) -> None:
    for diagram in model.diagrams:
        _check_lanes(model, diagram)
        _check_declared(model, diagram)
        for process in diagram.processes:
            for container in process.containers:
                _check_flows(model, container)
                _check_hosts(model, container)
            _check_events(model, diagram, process)
            _check_calls(model, process)
    _check_call_cycles(model)
    _check_errors_are_caught(model)


def _check_flows(model: Model, container: Container) -> None:
    refused = {node.get("id") for node in container.element if is_refused_node(node)}
    for flow in container.flows:
        for attribute in ("sourceRef", "targetRef"):
            if flow.get(attribute, "") not in {*container.nodes, *refused}:
                sentence = N_("连线的一端 `%(ref)s` 不在同一层流程中。")
                model.report.error(container.file, flow, "flow_end", sentence, ref=flow.get(attribute, ""))
    for node in container.nodes.values():
        default = node.get("default")
        if default and default not in {flow.get("id") for flow in container.outgoing.get(node.get("id", ""), [])}:
            model.report.error(container.file, node, "default_flow", N_("默认去向 `%(ref)s` 不存在。"), ref=default)


def _check_hosts(model: Model, container: Container) -> None:
    for event in container.of_kind("boundaryEvent"):
        host = container.nodes.get(event.get("attachedToRef", ""))
        if host is None or local_name(host) not in ACTIVITIES:
            model.report.error(container.file, event, "host", N_("边界事件没有附着在环节上。"))


def _check_lanes(model: Model, diagram: Diagram) -> None:
    known = {id_ for process in diagram.processes for id_ in process.nodes}
    known |= {node.get("id", "") for node in diagram.root.iter() if is_refused_node(node)}
    for reference in diagram.root.iter(bpmn("flowNodeRef")):
        if text_of(reference) not in known:
            sentence = N_("泳道引用的节点 `%(ref)s` 不存在。")
            model.report.error(diagram.file, reference, "lane_ref", sentence, ref=text_of(reference))


def _check_declared(model: Model, diagram: Diagram) -> None:
    keys = {prop.get("id", "") for prop in diagram.root.findall(bpmn("correlationProperty"))}
    for reference in diagram.root.iter(bpmn("correlationPropertyRef")):
        if text_of(reference) not in keys:
            sentence = N_("消息关联属性 `%(ref)s` 不存在。")
            model.report.error(diagram.file, reference, "correlation_ref", sentence, ref=text_of(reference))
    for retrieval in diagram.root.iter(bpmn("correlationPropertyRetrievalExpression")):
        if retrieval.get("messageRef", "") not in diagram.messages:
            sentence = N_("消息 `%(ref)s` 不存在。")
            model.report.error(diagram.file, retrieval, "message_ref", sentence, ref=retrieval.get("messageRef", ""))
    for participant in diagram.root.iter(bpmn("participant")):
        if participant.get("processRef") and participant.get("processRef") not in model.processes:
            model.report.error(diagram.file, participant, "participant", N_("参与者引用的流程不存在。"))
    names = list(diagram.messages.values())
    for message in diagram.root.findall(bpmn("message")):
        if not message.get("name") or names.count(message.get("name", "")) > 1:
            model.report.error(diagram.file, message, "message_name", N_("消息须有唯一的名称。"))


def _check_events(model: Model, diagram: Diagram, process: Process) -> None:
    declared = {kind: {item.get("id", "") for item in diagram.root.findall(bpmn(kind))} for kind in KINDS}
    for node in process.nodes.values():
        found = message_of(node)
        if found is not None and found[1] not in diagram.messages:
            sentence = N_("消息 `%(ref)s` 不存在。") if found[1] else N_("没有选择消息。")
            model.report.error(diagram.file, node, "message_ref", sentence, ref=found[1])
        for kind, known in declared.items():
            for definition in node.findall(bpmn(f"{kind}EventDefinition")):
                reference = definition.get(f"{kind}Ref", "")
                if reference not in known:
                    sentence = N_("事件引用 `%(ref)s` 不存在。") if reference else N_("没有选择错误或升级。")
                    model.report.error(diagram.file, node, f"{kind}_ref", sentence, ref=reference)


def _check_calls(model: Model, process: Process) -> None:
    for call in process.calls():
        called = call.get("calledElement", "")
        if called not in model.processes:
            sentence = N_("被调用的流程 `%(process)s` 不存在。")
            values = {"process": called}
            if (candidate := nearest(called, {*model.processes, *model.nearby(".bpmn")})) == called:
                continue  # its file is there, and what keeps it from being read is told
            if candidate:
                sentence = N_("被调用的流程 `%(process)s` 不存在，是否为 `%(candidate)s`？")
                values["candidate"] = candidate
            model.report.error(process.file, call, "unknown_process", sentence, **values)
    for task in process.element.iter(bpmn("businessRuleTask")):
        table = extension_text(task, "calledDecisionId")
        if table not in model.tables:
            sentence, values = N_("决策表 `%(table)s` 不存在。"), {"table": table}
            if (candidate := nearest(table, {*model.tables, *model.nearby(".dmn")})) == table:
                continue
            if candidate:
                sentence = N_("决策表 `%(table)s` 不存在，是否为 `%(candidate)s`？")
                values["candidate"] = candidate
            model.report.error(process.file, task, "unknown_table", sentence, **values)


def _check_call_cycles(model: Model) -> None:
    for key, process in model.processes.items():
        for call in process.calls():
            if key in {inner.key for inner in model.tree_of(call.get("calledElement", ""))}:
                model.report.error(process.file, call, "call_cycle", N_("流程 %(process)s 调用了自己。"), process=key)


def _check_errors_are_caught(model: Model) -> None:
    """One that nobody catches ends a branch in silence; a boundary that catches what nobody raises never fires."""
    for process in model.processes.values():
        for node in process.nodes.values():
            for kind in KINDS:
                if definition_of(node, kind) is None:
                    continue
                if local_name(node) == "boundaryEvent":
                    _check_is_raised(model, process, node, kind)
                elif not _caught(model, process, node, kind):
                    model.report.error(process.file, node, "uncaught", N_("没有边界事件接住这个错误或升级。"))


def _check_is_raised(model: Model, process: Process, event: Element, kind: str) -> None:
    host = process.nodes.get(event.get("attachedToRef", ""))
    code = code_of(process, event, kind)
    if host is None or any((one.kind, one.code) == (kind, code) for one in raised_by(model, process, host)):
        return
    sentence = N_("所附着的环节不会发出 `%(code)s`，这个边界事件不会发生；只有调用的流程和子流程能发出错误或升级。")
    model.report.warning(process.file, event, "unraised", sentence, code=code)


def _caught(model: Model, process: Process, node: Element, kind: str) -> bool:
    code = code_of(process, node, kind)
    around: Element | None = node.getparent()
    while around is not None and is_node(around):
        if _has_boundary(process, around, kind=kind, code=code):
            return True
        around = around.getparent()
    callers = model.callers.get(process.key, [])
    return bool(callers) and all(
        _has_boundary(caller, call, kind=kind, code=code) or _caught_above(model, caller, call, kind, code)
        for caller, call in callers
    )


def _caught_above(model: Model, process: Process, call: Element, kind: str, code: str) -> bool:
    around: Element | None = call.getparent()
    while around is not None and is_node(around):
        if _has_boundary(process, around, kind=kind, code=code):
            return True
        around = around.getparent()
    return any(
        _has_boundary(caller, outer, kind=kind, code=code) for caller, outer in model.callers.get(process.key, [])
    )


def _has_boundary(process: Process, host: Element, *, kind: str, code: str) -> bool:
    return any(
        event.get("attachedToRef") == host.get("id")
        and definition_of(event, kind) is not None
        and code_of(process, event, kind) == code
        for event in process.element.iter(bpmn("boundaryEvent"))
    )
