"""Diagrams for comparing: processes, steps, arrows, lanes and messages by their ids, and where each is drawn."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from app.domain.comparisons import Change, Mark, period_in_words
from app.domain.deadlines import parse_period
from app.domain.errors import N_, Sentence
from app.domain.roles import ROLES
from app.engine.comparing.subjects import Picture, Subject, UnreadableError, named, present
from app.engine.sources import SourceError, bpmn, item_name, local_name, properties_of, read_source, spiff

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_WAY = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"

DIAGRAM = N_("流程图“%(name)s”")
PROCESS, STEP, ARROW = N_("流程“%(name)s”"), N_("环节“%(name)s”"), N_("流向“%(name)s”")
LANE, POOL, MESSAGE, NOTE = N_("泳道“%(name)s”"), N_("流程池“%(name)s”"), N_("消息“%(name)s”"), N_("批注“%(name)s”")
GATEWAY, EVENT, DATA = N_("分支“%(name)s”"), N_("事件“%(name)s”"), N_("图中元素“%(name)s”")

_TYPES: Mapping[str, str] = {
    "userTask": N_("人工环节"),
    "manualTask": N_("手工环节"),
    "scriptTask": N_("脚本环节"),
    "serviceTask": N_("系统操作环节"),
    "businessRuleTask": N_("决策环节"),
    "sendTask": N_("发送环节"),
    "receiveTask": N_("接收环节"),
    "task": N_("未定类型的环节"),
    "callActivity": N_("调用流程"),
    "subProcess": N_("子流程"),
    "exclusiveGateway": N_("排他分支"),
    "parallelGateway": N_("并行分支"),
    "inclusiveGateway": N_("包容分支"),
    "eventBasedGateway": N_("事件分支"),
    "startEvent": N_("开始事件"),
    "endEvent": N_("结束事件"),
    "boundaryEvent": N_("边界事件"),
    "intermediateCatchEvent": N_("中间捕获事件"),
    "intermediateThrowEvent": N_("中间抛出事件"),
}
_KINDS: Mapping[str, str] = {
    "process": PROCESS,
    "sequenceFlow": ARROW,
    "messageFlow": ARROW,
    "association": ARROW,
    "lane": LANE,
    "participant": POOL,
    "message": MESSAGE,
    "textAnnotation": NOTE,
}
_DEADLINE_KINDS: Mapping[str, str] = {
    "regulation": N_("办法规定"),
    "statute": N_("法律规定"),
    "internal": N_("内部时限"),
}
_SOURCES: Mapping[str, str] = {"regulation": N_("本办法"), "higher_law": N_("上位法")}
_PROPERTIES: Mapping[str, str] = {
    "formKey": N_("表单"),
    "candidateOrgan": N_("办理单位"),
    "candidatePerson": N_("办理人"),
    "deadlineFrom": N_("期限起算"),
    "deadlineSharedWith": N_("共用期限的环节"),
    "clauses": N_("依据条款"),
    "excludes": N_("回避环节"),
    "legalEffect": N_("法律效果"),
    "letter": N_("文书"),
}
_REFERENCES: Mapping[str, str] = {
    N_("起点"): "sourceRef",
    N_("终点"): "targetRef",
    N_("附着于"): "attachedToRef",
    N_("默认流向"): "default",
}
_DEADLINE = {"deadline", "deadlineKind", "dayCount"}
_INNER = {"incoming", "outgoing", "extensionElements", "flowNodeRef", "conditionExpression"}
_YES, _NO = Sentence(N_("是")), Sentence(N_("否"))
_IN_TURN, _AT_ONCE = Sentence(N_("依次")), Sentence(N_("同时"))


def read(data: bytes) -> Picture:
    """Raises UnreadableError."""
    try:
        root = read_source(data)
    except SourceError as error:
        raise UnreadableError from error
    elements = {e.get("id", ""): e for e in root.iter() if isinstance(e.tag, str) and _told(e)}
    names = {key: _name(element, elements) for key, element in elements.items()}
    lanes = {
        (reference.text or "").strip(): lane.get("name", "")
        for lane in root.iter(bpmn("lane"))
        for reference in lane.findall(bpmn("flowNodeRef"))
    }
    messages = {message.get("id", ""): message.get("name", "") for message in root.iter(bpmn("message"))}
    subjects = {key: _subject(element, names, lanes.get(key, ""), messages) for key, element in elements.items()}
    subjects = _processes_first(subjects, elements)
    title = next((element.get("name", key) for key, element in elements.items() if key in subjects), "")
    subjects["definitions"] = Subject("definitions", named(DIAGRAM, title), {}, rest=_beside(root))
    return Picture(subjects, places=dict(_places(root)))


def _beside(root: etree._Element) -> str:
    """What stands beside the processes and is no subject: correlation, errors, signals."""
    rooms = [root, *root.iter(bpmn("collaboration"))]
    apart = {"process", "collaboration", "BPMNDiagram"}
    parts = [part for room in rooms for part in room if isinstance(part.tag, str) and local_name(part) not in apart]
    return "\n".join(_canonical(part) for part in parts if not _told(part))


def _canonical(element: etree._Element) -> str:
    """An element with all that it holds, whatever the order of its attributes and its white space."""
    attributes = sorted(element.attrib.items())
    inner = [_canonical(part) for part in element if isinstance(part.tag, str)]
    return f"{element.tag}{attributes}{_text(element)}({','.join(inner)})"


def _told(element: etree._Element) -> bool:
    kind = local_name(element)
    return bool(element.get("id")) and element.tag == bpmn(kind) and (kind in _TYPES or kind in _KINDS or kind in _DATA)


_DATA = {
    "dataObjectReference",
    "dataStoreReference",
    "group",
    "task",
    "transaction",
    "adHocSubProcess",
    "complexGateway",
}


def _processes_first(subjects: dict[str, Subject], elements: Mapping[str, etree._Element]) -> dict[str, Subject]:
    first = [key for key, element in elements.items() if local_name(element) == "process"]
    return {key: subjects[key] for key in dict.fromkeys((*first, *subjects))}


def _name(element: etree._Element, elements: Mapping[str, etree._Element]) -> str:
    """What a reader calls an element: its name, for an arrow the steps at its ends."""
    kind = local_name(element)
    if element.get("name"):
        return " ".join(element.get("name", "").split())
    if kind == "textAnnotation":
        return " ".join("".join(element.itertext()).split())[:40]
    if kind in ("sequenceFlow", "messageFlow"):
        ends = (elements.get(element.get(end, "")) for end in ("sourceRef", "targetRef"))
        return " → ".join(end.get("name") or end.get("id", "") if end is not None else "?" for end in ends)
    return element.get("id", "")


def _subject(element: etree._Element, names: Mapping[str, str], lane: str, messages: Mapping[str, str]) -> Subject:
    kind, key = local_name(element), element.get("id", "")
    words = named(_kind_words(kind), names[key])
    facets: dict[str, str | None] = {N_("名称"): element.get("name", "")}
    if kind in ("sequenceFlow", "messageFlow", "association"):
        facets |= _arrow(element, names)
    elif kind == "process":
        facets |= _process(element)
    elif kind in ("lane", "participant"):
        facets[N_("流程")] = element.get("processRef")
    elif kind == "message":
        facets |= _correlation(element)
    elif kind == "textAnnotation":
        facets = {N_("文字"): " ".join("".join(element.itertext()).split())}
    else:
        facets |= _node(element, names, lane, messages)
    ids = {facet: element.get(name, "") for facet, name in _REFERENCES.items() if element.get(name)}
    return Subject(key, words, present(facets), ids, rest=_rest(element), listed=kind != "association")


def _kind_words(kind: str) -> str:
    if kind in _KINDS:
        return _KINDS[kind]
    if kind.endswith("Gateway"):
        return GATEWAY
    if kind.endswith("Event"):
        return EVENT
    return STEP if kind in _TYPES else DATA


def _arrow(element: etree._Element, names: Mapping[str, str]) -> dict[str, str | None]:
    condition = element.find(bpmn("conditionExpression"))
    return {
        N_("起点"): names.get(element.get("sourceRef", ""), element.get("sourceRef")),
        N_("终点"): names.get(element.get("targetRef", ""), element.get("targetRef")),
        N_("条件"): _text(condition),
    }


def _process(element: etree._Element) -> dict[str, str | None]:
    facets: dict[str, str | None] = {N_("可执行"): _YES if element.get("isExecutable") == "true" else _NO}
    for name, value in properties_of(element).items():
        label = N_("流程变量 %(name)s") if name.startswith("variable.") else N_("属性 %(name)s")
        facets[Sentence(label, name=name.removeprefix("variable."))] = value
    return facets


def _correlation(message: etree._Element) -> dict[str, str | None]:
    root = message.getparent()
    paths = [
        f"{prop.get('id', '')} = {_text(path.find(bpmn('messagePath')))}"
        for prop in (root.iter(bpmn("correlationProperty")) if root is not None else ())
        for path in prop.findall(bpmn("correlationPropertyRetrievalExpression"))
        if path.get("messageRef") == message.get("id")
    ]
    return {N_("关联"): "、".join(paths)}


def _node(
    element: etree._Element, names: Mapping[str, str], lane: str, messages: Mapping[str, str]
) -> dict[str, str | None]:
    kind, properties = local_name(element), properties_of(element)
    parent = element.getparent()
    inside = parent is not None and local_name(parent) == "subProcess"
    facets: dict[str, str | None] = {
        N_("类型"): Sentence(_TYPES.get(kind, kind)),
        N_("泳道"): lane,
        N_("所在子流程"): names.get(parent.get("id", "")) if inside and parent is not None else "",
        N_("办理岗位"): _role(properties.get("candidateRole", "")),
        N_("期限"): deadline_in_words(properties),
        N_("规定来源"): _source(properties.get("source", "")),
        N_("调用的流程"): element.get("calledElement"),
        N_("脚本"): _text(element.find(bpmn("script"))),
        N_("附着于"): names.get(element.get("attachedToRef", "")),
        N_("默认流向"): names.get(element.get("default", "")),
    }
    if kind == "boundaryEvent":
        facets[N_("中断办理")] = _NO if element.get("cancelActivity") == "false" else _YES
    facets |= {_PROPERTIES[name]: properties[name] for name in _PROPERTIES if name in properties}
    known = _DEADLINE | _PROPERTIES.keys() | {"candidateRole", "source"}
    facets |= {Sentence(N_("属性 %(name)s"), name=n): v for n, v in properties.items() if n not in known}
    return facets | _extensions(element) | _events(element, messages) | _instances(element)


def _role(role: str) -> str:
    known = ROLES.get(role)
    return Sentence(known.label) if known else role


def _source(source: str) -> str:
    return Sentence(_SOURCES[source]) if source in _SOURCES else source


def deadline_in_words(properties: Mapping[str, str]) -> str:
    """“3 个工作日（内部时限）”; what is no period is shown as it is written."""
    written = properties.get("deadline", "")
    if not written:
        return ""
    try:
        months, days = parse_period(written)
        span: str = period_in_words(months, days, working=properties.get("dayCount") == "WORKING")
    except ValueError:
        span = written
    kind = _DEADLINE_KINDS.get(properties.get("deadlineKind", ""), properties.get("deadlineKind", ""))
    return Sentence(N_("%(span)s（%(kind)s）"), span=span, kind=Sentence(kind)) if kind else span


def _extensions(element: etree._Element) -> dict[str, str | None]:
    holder = element.find(bpmn("extensionElements"))
    if holder is None:
        return {}
    facets: dict[str, str | None] = {}
    for part in holder:
        if not isinstance(part.tag, str) or part.tag == spiff("properties"):
            continue
        name = local_name(part)
        if name == "serviceTaskOperator":
            facets[N_("系统操作")] = part.get("id")
            facets[N_("结果变量")] = part.get("resultVariable")
            for parameter in part.iter(spiff("parameter")):
                facets[Sentence(N_("参数 %(name)s"), name=parameter.get("id", ""))] = parameter.get("value")
        else:
            label = _PARTS.get(name)
            facets[label or Sentence(N_("属性 %(name)s"), name=name)] = _deep_text(part)
    return facets


_PARTS: Mapping[str, str] = {
    "calledDecisionId": N_("决策表"),
    "preScript": N_("办理前脚本"),
    "postScript": N_("办理后脚本"),
    "payloadExpression": N_("消息内容"),
    "messageVariable": N_("消息变量"),
}


def _events(element: etree._Element, messages: Mapping[str, str]) -> dict[str, str | None]:
    facets: dict[str, str | None] = {}
    if element.get("messageRef"):
        facets[N_("消息")] = messages.get(element.get("messageRef", ""), element.get("messageRef"))
    for part in element:
        if not isinstance(part.tag, str) or not local_name(part).endswith("EventDefinition"):
            continue
        name = local_name(part).removesuffix("EventDefinition")
        if name == "message":
            facets[N_("消息")] = messages.get(part.get("messageRef", ""), part.get("messageRef"))
            facets[N_("消息内容")] = _deep_text(part)
        elif name == "timer":
            facets[N_("定时")] = "；".join(f"{local_name(time)}: {_text(time)}" for time in part)
        elif name == "terminate":
            facets[N_("结束全部")] = _YES
        else:
            facets[Sentence(N_("属性 %(name)s"), name=name)] = _deep_text(part) or name
    return facets


def _instances(element: etree._Element) -> dict[str, str | None]:
    found = element.find(bpmn("multiInstanceLoopCharacteristics"))
    if found is None:
        return {}
    item = found.find(bpmn("inputDataItem"))
    return {
        N_("多人办理"): _IN_TURN if found.get("isSequential") == "true" else _AT_ONCE,
        N_("多人办理的集合"): _text(found.find(bpmn("loopDataInputRef"))),
        N_("多人办理的元素"): item_name(item) if item is not None else "",
        N_("多人办理的结果"): _text(found.find(bpmn("loopDataOutputRef"))),
        N_("多人办理的完成条件"): _text(found.find(bpmn("completionCondition"))),
    }


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _deep_text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _rest(element: etree._Element) -> str:
    """Everything of an element that is not told of another subject: inner steps and references stand apart."""
    kept = [
        _canonical(part)
        for part in element
        if isinstance(part.tag, str)
        and not _told(part)
        and local_name(part) not in _INNER
        and local_name(part) not in ("laneSet", "correlationKey")
    ]
    attributes = sorted(f"{name}={value}" for name, value in element.attrib.items())
    return "\n".join([*attributes, *kept])


# ---- the drawing


def _places(root: etree._Element) -> Iterator[tuple[str, tuple[float, ...]]]:
    for shape in root.iter(f"{_DI}BPMNShape"):
        bounds = shape.find(f"{_DC}Bounds")
        if bounds is not None:
            yield shape.get("bpmnElement", ""), tuple(_number(bounds.get(n)) for n in ("x", "y", "width", "height"))
    for edge in root.iter(f"{_DI}BPMNEdge"):
        points = edge.findall(_WAY)
        yield edge.get("bpmnElement", ""), tuple(_number(p.get(n)) for p in points for n in ("x", "y"))


def _number(value: str | None) -> float:
    try:
        return float(value or 0)
    except ValueError:
        return 0.0


def marks_between(old: Picture, new: Picture, changes: Sequence[Change]) -> dict[str, Mark]:
    """Element id -> mark, for both drawings. A drawing that was pushed aside as a whole has not moved."""
    marks = {key: Mark.ADDED for key in new.subjects if key not in old.subjects}
    marks |= {key: Mark.REMOVED for key in old.subjects if key not in new.subjects}
    marks |= {c.element_id: Mark.CHANGED for c in changes if c.element_id and c.mark is Mark.CHANGED}
    frames = (POOL, LANE)
    for key in _shifted(old.places, new.places):
        subject = new.subjects.get(key)
        if subject is not None and getattr(subject.words, "id", "") not in frames:  # they grow with what they hold
            marks.setdefault(key, Mark.MOVED)
    return {key: mark for key, mark in marks.items() if key in old.places or key in new.places}


def moved_lines(file: str, new: Picture, marks: Mapping[str, Mark]) -> list[Change]:
    """A line for each shape that was only drawn elsewhere; arrows follow their shapes."""
    return [
        Change(file, Mark.MOVED, subject.words, key)
        for key, subject in new.subjects.items()
        if marks.get(key) is Mark.MOVED and len(new.places.get(key, ())) == 4
    ]


def _shifted(old: Mapping[str, tuple[float, ...]], new: Mapping[str, tuple[float, ...]]) -> list[str]:
    shapes = [key for key in new if key in old and len(new[key]) == 4 and len(old[key]) == 4]
    steps = Counter((new[key][0] - old[key][0], new[key][1] - old[key][1]) for key in shapes)
    dx, dy = steps.most_common(1)[0][0] if steps else (0.0, 0.0)
    return [key for key in new if key in old and not _same(old[key], new[key], dx, dy, box=key in shapes)]


def _same(old: tuple[float, ...], new: tuple[float, ...], dx: float, dy: float, *, box: bool) -> bool:
    if len(old) != len(new):
        return False
    shift = (dx, dy, 0.0, 0.0) if box else tuple((dx, dy)[place % 2] for place in range(len(old)))
    return all(abs(now - then - by) < 0.5 for then, now, by in zip(old, new, shift, strict=True))
