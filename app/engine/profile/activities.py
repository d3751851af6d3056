"""Steps and events one by one: what each must carry, and what it must not."""

from app.domain.errors import N_
from app.engine.expressions import assignments
from app.engine.failures import StepError
from app.engine.profile.model import (
    ACTIVITIES,
    Container,
    Element,
    Model,
    Process,
    event_definitions,
    event_kind,
    extension,
    extension_text,
    instances_of,
    item_of,
    message_of,
    text_of,
)
from app.engine.sources import bpmn, local_name, spiff

SCRIPTED = frozenset({"userTask", "manualTask", "serviceTask", "businessRuleTask", "callActivity", "subProcess"})
REPEATED = frozenset({"userTask", "manualTask", "serviceTask", "callActivity", "subProcess"})


def check_activities(model: Model) -> None:
    for process in model.processes.values():
        for container in process.containers:
            for node in container.nodes.values():
                _check_named(model, process, node)
                _check_scripts(model, process, node)
                _check_event(model, container, node)
                _check_message(model, process, node)
                _check_instances(model, process, node)
            for gateway in container.of_kind("eventBasedGateway"):
                _check_event_gateway(model, container, gateway)
            for service in container.of_kind("serviceTask"):
                _check_service(model, process, service)
        _check_item_names(model, process)


def _check_named(model: Model, process: Process, node: Element) -> None:
    if local_name(node) in ACTIVITIES and not node.get("name", "").strip():
        model.report.error(process.file, node, "unnamed", N_("环节没有名称。"))


def _check_scripts(model: Model, process: Process, node: Element) -> None:
    kind = local_name(node)
    if kind == "scriptTask":
        script = node.find(bpmn("script"))
        if not text_of(script):
            model.report.error(process.file, node, "script", N_("脚本任务没有内容。"))
        _check_lines(model, process, node, text_of(script))
    for name in ("preScript", "postScript"):
        if extension(node, name) is None:
            continue
        if kind not in SCRIPTED:
            model.report.error(process.file, node, "script_place", N_("这种节点不能带脚本。"))
        _check_lines(model, process, node, extension_text(node, name))


def _check_lines(model: Model, process: Process, node: Element, script: str) -> None:
    try:
        assignments(script)
    except StepError as problem:
        model.report.error(process.file, node, "script", problem.sentence, **problem.values)


def _check_event(model: Model, container: Container, node: Element) -> None:
    kind = local_name(node)
    if not kind.endswith("Event"):
        return
    if len(event_definitions(node)) > 1:
        model.report.error(container.file, node, "multiple_event", N_("一个事件只能有一种定义。"))
    allowed = {
        "startEvent": ("", "message"),
        "endEvent": ("", "message", "error", "escalation", "terminate"),
        "intermediateCatchEvent": ("message", "timer"),
        "intermediateThrowEvent": ("", "message", "escalation"),
        "boundaryEvent": ("message", "timer", "error", "escalation"),
    }[kind]
    found = event_kind(node)
    if found not in allowed and found not in ("link", "compensate", "conditional", "signal", "cancel"):
        model.report.error(container.file, node, "event_kind", N_("这里不能使用这种事件。"))
    if found == "timer":
        _check_timer(model, container, node)
    if kind == "boundaryEvent" and found == "error" and node.get("cancelActivity", "true") != "true":
        model.report.error(container.file, node, "error_boundary", N_("错误边界事件必须打断环节。"))


def _check_timer(model: Model, container: Container, node: Element) -> None:
    definition = event_definitions(node)[0]
    kinds = [local_name(child) for child in definition if isinstance(child.tag, str)]
    timed = [kind for kind in kinds if kind.startswith("time")]
    if len(timed) != 1:
        model.report.error(container.file, node, "timer", N_("定时事件须有且只有一个时间设置。"))
    interrupting = node.get("cancelActivity", "true") == "true"
    if "timeCycle" in timed and (local_name(node) != "boundaryEvent" or interrupting):
        model.report.error(container.file, node, "cycle", N_("循环定时只能用于不打断的边界事件。"))


def _check_message(model: Model, process: Process, node: Element) -> None:
    found = message_of(node)
    if found is None:
        return
    carrier, message = found
    kind = local_name(node)
    retrievals = process.diagram.retrievals.get(message, {})
    correlation = carrier.find(f"{bpmn('extensionElements')}/{spiff('processVariableCorrelation')}")
    if kind in ("endEvent", "intermediateThrowEvent", "sendTask"):
        if not extension_text(carrier, "messagePayload"):
            model.report.error(process.file, node, "payload", N_("发出的消息没有内容。"))
        if not retrievals:
            model.report.error(process.file, node, "retrieval", N_("消息没有关联属性，收不到特定的案件或会议。"))
    elif kind == "startEvent":
        if correlation is not None:
            model.report.error(process.file, node, "start_correlation", N_("消息开始事件不能带关联条件。"))
    elif correlation is None:
        model.report.error(
            process.file, node, "correlation", N_("等待消息的环节须写明关联条件，否则会收到别的案件的消息。")
        )
    else:
        _check_correlation(model, process, node, correlation, retrievals)


def _check_correlation(
    model: Model, process: Process, node: Element, correlation: Element, retrievals: dict[str, str]
) -> None:
    key = text_of(correlation.find(spiff("propertyId")))
    if key not in retrievals:
        model.report.error(process.file, node, "correlation", N_("消息没有关联属性 `%(key)s`。"), key=key)
    if not text_of(correlation.find(spiff("expression"))):
        model.report.error(process.file, node, "correlation", N_("关联条件没有表达式。"))


def _check_event_gateway(model: Model, container: Container, gateway: Element) -> None:
    report, file = model.report, container.file
    events = [container.nodes[id_] for id_ in container.targets(gateway.get("id", "")) if id_ in container.nodes]
    if len(events) < 2:
        report.error(file, gateway, "event_gateway", N_("事件网关后至少要有两个事件。"))
    if any(local_name(event) != "intermediateCatchEvent" for event in events):
        report.error(file, gateway, "event_gateway", N_("事件网关后只能直接连接消息或定时的中间捕获事件。"))
    if sum(event_kind(event) == "timer" for event in events) > 1:
        report.error(file, gateway, "two_timers", N_("事件网关后最多只能有一个定时事件。"))
    names = [found[1] for event in events if (found := message_of(event)) is not None]
    if len(set(names)) != len(names):
        report.error(file, gateway, "event_gateway", N_("事件网关后的消息不能相同。"))
    for event in events:
        if len(container.incoming.get(event.get("id", ""), [])) > 1:
            report.error(file, event, "event_gateway", N_("事件网关后的事件只能从该网关进入。"))


def _check_service(model: Model, process: Process, node: Element) -> None:
    operator = extension(node, "serviceTaskOperator")
    if operator is None or not operator.get("id"):
        model.report.error(process.file, node, "operator", N_("服务任务没有选择操作。"))
    elif not operator.get("resultVariable"):
        model.report.error(process.file, node, "operator", N_("服务任务没有指定结果变量。"))


def _check_instances(model: Model, process: Process, node: Element) -> None:
    loop = instances_of(node)
    if loop is None:
        return
    report, file = model.report, process.file
    if local_name(node) not in REPEATED:
        report.error(file, node, "instances", N_("这种节点不能设为多实例。"))
    for name in ("loopDataInputRef", "loopDataOutputRef"):
        collection = text_of(loop.find(bpmn(name)))
        if not collection:
            report.error(file, node, "instances", N_("多实例须同时指定输入集合和输出集合。"))
        elif collection not in process.collections:
            sentence = N_("多实例集合 `%(name)s` 没有声明为流程属性，建模工具保存时会丢失。")
            report.error(file, node, "collection", sentence, name=collection)
        elif process.variables.get(collection) != "list":
            sentence = N_("多实例集合 `%(name)s` 没有声明为 list 类型的流程变量。")
            report.error(file, node, "collection", sentence, name=collection)
    if text_of(loop.find(bpmn("loopDataInputRef"))) == text_of(loop.find(bpmn("loopDataOutputRef"))):
        report.error(file, node, "instances", N_("多实例的输入集合和输出集合不能相同。"))
    if not item_of(loop, "inputDataItem") or not item_of(loop, "outputDataItem"):
        report.error(file, node, "instances", N_("多实例须同时指定输入元素和输出元素。"))
    if local_name(node) == "subProcess":
        report.warning(file, node, "embedded_instances", N_("多实例子流程里的泳道不起作用，建议改为调用单独的流程图。"))


def _check_item_names(model: Model, process: Process) -> None:
    """An element's name hides nothing: it is neither a variable nor a collection of the process."""
    for node in process.nodes.values():
        loop = instances_of(node)
        if loop is not None and item_of(loop, "inputDataItem") in {*process.variables, *process.collections}:
            name = item_of(loop, "inputDataItem")
            model.report.error(process.file, node, "item_name", N_("多实例元素 `%(name)s` 与流程变量同名。"), name=name)
