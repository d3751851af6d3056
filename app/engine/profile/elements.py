"""What a diagram may be made of: elements, attributes, ids, names. Anything else is refused, never ignored."""

import re
from collections.abc import Iterator

from lxml import etree

from app.domain.errors import N_
from app.engine.profile.model import Diagram, Element, Model, Report, is_node
from app.engine.sources import BPMN, SPIFF, bpmn, local_name

MOST_NODES = 300
MOST_FLOWS = 450
"""Of one file."""

_DIAGRAM = (
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
)
_FOREIGN_ATTRIBUTES = (
    "{http://www.w3.org/2001/XMLSchema-instance}",
    "{http://www.w3.org/XML/1998/namespace}",
    "{http://bpmn.io/schema/bpmn/biocolor/1.0}",
    "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}",
    "{http://www.omg.org/spec/DD/20100524/DI}",
)
_ALLOWED_TEXT = """
    definitions process property extensionElements documentation laneSet lane flowNodeRef collaboration
    participant incoming outgoing sequenceFlow conditionExpression textAnnotation text association group category
    categoryValue startEvent endEvent boundaryEvent intermediateCatchEvent intermediateThrowEvent
    messageEventDefinition timerEventDefinition errorEventDefinition escalationEventDefinition
    terminateEventDefinition timeDate timeDuration timeCycle userTask manualTask scriptTask script serviceTask
    businessRuleTask sendTask receiveTask callActivity subProcess exclusiveGateway inclusiveGateway
    parallelGateway eventBasedGateway multiInstanceLoopCharacteristics loopDataInputRef loopDataOutputRef
    inputDataItem outputDataItem completionCondition message error escalation correlationKey
    correlationPropertyRef correlationProperty correlationPropertyRetrievalExpression messagePath formalExpression
"""
ALLOWED = frozenset(_ALLOWED_TEXT.split())
_EXTENSIONS_TEXT = """
    properties property preScript postScript serviceTaskOperator parameters parameter calledDecisionId
    messagePayload messageVariable processVariableCorrelation propertyId expression
"""
EXTENSIONS = frozenset(_EXTENSIONS_TEXT.split())
_REFUSED = {
    "linkEventDefinition": N_("不支持链接事件，请改用连线。"),
    "compensateEventDefinition": N_("不支持补偿事件，请画出恢复与纠正的环节。"),
    "conditionalEventDefinition": N_("不支持条件事件，请改用网关或消息。"),
    "signalEventDefinition": N_("不支持信号事件，请改用消息。"),
    "signal": N_("不支持信号，请改用消息。"),
    "cancelEventDefinition": N_("不支持取消事件。"),
    "transaction": N_("不支持事务子流程。"),
    "adHocSubProcess": N_("不支持自由子流程。"),
    "complexGateway": N_("不支持复杂网关。"),
    "dataStore": N_("不支持数据存储。"),
    "dataStoreReference": N_("不支持数据存储。"),
    "dataObject": N_("不支持数据对象，请声明流程变量。"),
    "dataObjectReference": N_("不支持数据对象，请声明流程变量。"),
    "standardLoopCharacteristics": N_("不支持循环标记，请用网关画出退回。"),
    "loopCardinality": N_("多实例必须按集合展开，不能写固定次数。"),
    "task": N_("请为该任务选择类型（用户任务、脚本任务、服务任务等）。"),
    "import": N_("不支持引用外部文件。"),
}
REFUSED_NODES = frozenset({"task", "complexGateway", "transaction", "adHocSubProcess"})
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,99}")
_SHAPE_ID = re.compile(r"[A-Za-z_][\w.-]{0,199}")
_NAME = re.compile("[^<>\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]{0,200}", re.S)
_RESERVED = frozenset({"Start", "End", "Root"})


def is_refused_node(element: Element) -> bool:
    """Whether it is drawn as a node and refused as such: flows may lead to it, and its author hears of it once."""
    return isinstance(element.tag, str) and element.tag.startswith(bpmn("")) and local_name(element) in REFUSED_NODES


def check_elements(model: Model) -> None:
    """Elements, attributes, ids and names of every diagram; sizes."""
    for diagram in model.diagrams:
        _check_size(model, diagram)
        seen: set[str] = set()
        for element in _elements(diagram.root):
            _check_kind(model.report, diagram.file, element)
            _check_attributes(model.report, diagram.file, element)
            _check_id(model.report, diagram.file, element, seen)
        for process in diagram.processes:
            if process.element.get("isExecutable") != "true":
                model.report.error(diagram.file, process.element, "executable", N_("流程未标记为可执行。"))
    _check_unique_steps(model)


def _check_size(model: Model, diagram: Diagram) -> None:
    whole = diagram.processes[0].element if diagram.processes else None
    if sum(is_node(element) for element in _elements(diagram.root)) > MOST_NODES:
        sentence = N_("流程图超过 %(limit)s 个节点，请拆分。")
        model.report.error(diagram.file, whole, "size", sentence, limit=MOST_NODES)
    if sum(1 for _ in diagram.root.iter(bpmn("sequenceFlow"))) > MOST_FLOWS:
        sentence = N_("流程图超过 %(limit)s 条连线，请拆分。")
        model.report.error(diagram.file, whole, "size", sentence, limit=MOST_FLOWS)


def _elements(root: Element) -> Iterator[Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def is_known_element(element: Element) -> bool:
    """Whether the profile has a word for it, if only a refusal."""
    name, namespace = local_name(element), etree.QName(element).namespace
    if namespace == BPMN:
        return name in ALLOWED or name in _REFUSED
    return namespace == SPIFF or namespace in _DIAGRAM


def is_known_attribute(name: str) -> bool:
    """`name` with its namespace, as lxml writes it."""
    return not name.startswith("{") or name.startswith(_FOREIGN_ATTRIBUTES)


def _check_kind(report: Report, file: str, element: Element) -> None:
    name, namespace = local_name(element), etree.QName(element).namespace
    if namespace == BPMN and name in _REFUSED:
        report.error(file, element, f"refused_{name}", _REFUSED[name])
    elif namespace == SPIFF and name not in EXTENSIONS:
        report.error(file, element, "extension", N_("不支持扩展元素 %(name)s。"), name=name)
    elif namespace == BPMN and not is_known_element(element):
        report.error(file, element, "element", N_("不支持元素 %(name)s。"), name=name)
    elif not is_known_element(element):
        sentence = N_("不支持命名空间 %(namespace)s。") if namespace else N_("不支持元素 %(name)s。")
        report.error(file, element, "namespace", sentence, namespace=namespace or "", name=name)
    elif namespace == BPMN and name == "subProcess" and element.get("triggeredByEvent") == "true":
        report.error(file, element, "event_subprocess", N_("不支持事件子流程，请在各阶段上画边界事件。"))


def _check_attributes(report: Report, file: str, element: Element) -> None:
    for name in element.attrib:
        if not is_known_attribute(str(name)):
            sentence = N_("不支持属性 %(attribute)s。")
            report.error(file, element, "attribute", sentence, attribute=str(name).rpartition("}")[2])
    if not _NAME.fullmatch(element.get("name", "")):
        report.error(file, element, "name", N_("名称含有不允许的字符或过长。"))


def _check_id(report: Report, file: str, element: Element, seen: set[str]) -> None:
    id_ = element.get("id")
    if id_ is None:
        if is_node(element) or local_name(element) in ("process", "sequenceFlow"):
            report.error(file, element, "id", N_("元素缺少标识。"))
        return
    namespace = etree.QName(element).namespace
    pattern = _ID if namespace == BPMN else None if namespace == SPIFF else _SHAPE_ID
    if pattern is not None and not pattern.fullmatch(id_):
        report.error(file, element, "id", N_("标识 %(id)s 只能用字母、数字、下划线和短横线。"), id=id_[:60])
    if id_ in _RESERVED:
        report.error(file, element, "reserved_id", N_("标识 %(id)s 是引擎保留字，请改名。"), id=id_)
    if namespace != SPIFF and id_ in seen:
        report.error(file, element, "duplicate_id", N_("标识 %(id)s 重复。"), id=id_)
    if namespace != SPIFF:
        seen.add(id_)


def _check_unique_steps(model: Model) -> None:
    """A process id is unique; a step is one place in a procedure, whichever of its diagrams draws it."""
    owners: dict[str, str] = {}
    for diagram in model.diagrams:
        for process in diagram.processes:
            if process.key in owners:
                sentence = N_("流程标识 %(id)s 已在文件 %(other)s 中使用。")
                model.report.error(
                    diagram.file,
                    process.element,
                    "duplicate_process",
                    sentence,
                    id=process.key,
                    other=owners[process.key],
                )
            owners.setdefault(process.key, diagram.file)
    for root in model.roots:
        places: dict[str, str] = {}
        for process in model.tree_of(root.key):
            for id_, node in process.nodes.items():
                if not local_name(node).endswith(("Task", "Activity", "Process")):
                    continue
                if places.setdefault(id_, process.key) != process.key:
                    sentence = N_("环节标识 %(id)s 已在流程 %(process)s 中使用。")
                    model.report.error(process.file, node, "duplicate_step", sentence, id=id_, process=places[id_])
