"""Diagrams of other tools, made such that an editor can open them: ids that it reads, and a drawing where none came."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf, isfinite

from lxml import etree

from app.engine.canonical import canonical
from app.engine.sources import BPMN, MAX_BYTES, bpmn, local_name, read_source

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
_READABLE = re.compile(r"([A-Za-z][\w\-.]*:)?[A-Za-z_][\w\-.]*", re.ASCII)
"""What the editor takes for an id; any other element it leaves out, and a save would lose it."""
_NAMING = frozenset({"default", "bpmnElement"})
_REFERRING = frozenset({"incoming", "outgoing"})
MOST_DRAWN = 1_200
"""Elements; a larger file stays without a drawing, and could not be published anyway."""
STEP_X, STEP_Y, LEFT, TOP = 150, 120, 160, 60
ACTIVITY, EVENT, GATEWAY, NOTE = (100, 80), (36, 36), (50, 50), (100, 50)
_INSIDE = ("subProcess", "transaction", "adHocSubProcess")
_NOTES = ("textAnnotation", "dataObjectReference", "dataStoreReference")


def openable(content: bytes) -> bytes:
    """The same diagram for the editor; canonical. Raises SourceError."""
    root = read_source(content)
    if root.tag != bpmn("definitions"):
        return content
    _give_readable_ids(root)
    if not _is_drawn(root) and sum(1 for _ in root.iter()) <= MOST_DRAWN:
        plain = etree.tostring(root)
        for diagram in root.findall(f"{{{DI}}}BPMNDiagram"):
            root.remove(diagram)
        _draw(root)
        drawn = etree.tostring(root)
        return canonical(drawn if len(drawn) <= MAX_BYTES else plain)
    return canonical(etree.tostring(root))


# ---- ids


def _give_readable_ids(root: etree._Element) -> None:
    elements = list(root.iter(f"{{{BPMN}}}*", f"{{{DI}}}*"))  # what is called id in an extension is no id
    taken = {element.get("id") for element in elements}
    given: dict[str, str] = {}
    for element in elements:
        id_ = element.get("id")
        if id_ is None or _READABLE.fullmatch(id_):
            continue
        number = len(given) + 1
        while f"{local_name(element)}_{number}" in taken:
            number += 1
        given[id_] = f"{local_name(element)}_{number}"
        taken.add(given[id_])
    for element in elements if given else ():
        _rename(element, given)


def _rename(element: etree._Element, given: dict[str, str]) -> None:
    for name, value in element.attrib.items():
        if value in given and (name == "id" or name in _NAMING or name.endswith("Ref")):
            element.set(name, given[value])
    name, text = local_name(element), (element.text or "").strip()
    if text in given and (name in _REFERRING or name.endswith("Ref")):
        element.text = given[text]


def _is_drawn(root: etree._Element) -> bool:
    """There are shapes, and each stands somewhere with a size."""
    bounds = [shape.find(f"{{{DC}}}Bounds") for shape in root.iter(f"{{{DI}}}BPMNShape")]
    return bool(bounds) and all(one is not None and _is_sound(one) for one in bounds)


def _is_sound(bounds: etree._Element) -> bool:
    try:
        x, y, width, height = (float(bounds.get(name, "")) for name in ("x", "y", "width", "height"))
    except ValueError:
        return False
    return isfinite(x) and isfinite(y) and 0 < width < inf and 0 < height < inf


# ---- a plain drawing: steps from left to right as the flows lead


@dataclass(frozen=True, slots=True)
class _Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass
class _Sheet:
    """Shapes and edges of one plane."""

    owner: str
    boxes: dict[str, _Box] = field(default_factory=dict)
    bottom: int = TOP

    def fill(self, container: etree._Element, *, top: int) -> None:
        """Everything of a process or subprocess, below `top`."""
        nodes = {node.get("id", ""): node for node in container if _size(node) is not None}
        rows: dict[int, int] = {}
        for id_, column in _columns(container, nodes).items():
            width, height = _size(nodes[id_]) or ACTIVITY
            middle = top + 40 + rows.get(column, 0) * STEP_Y
            rows[column] = rows.get(column, 0) + 1
            self.boxes[id_] = _Box(LEFT + column * STEP_X, middle - height // 2, width, height)
        for number, event in enumerate(container.findall(bpmn("boundaryEvent"))):
            host = self.boxes.get(event.get("attachedToRef", ""))
            if host is not None and event.get("id"):
                self.boxes[event.get("id", "")] = _Box(host.x + 60 - number % 2 * 50, host.y + host.height - 18, *EVENT)
        self.bottom = top + max(rows.values(), default=1) * STEP_Y


def _size(node: etree._Element) -> tuple[int, int] | None:
    name = local_name(node) if isinstance(node.tag, str) else ""
    if not node.get("id") or name in ("boundaryEvent", "implicitThrowEvent"):
        return None
    if name.endswith("Event"):
        return EVENT
    if name.endswith("Gateway"):
        return GATEWAY
    if name in _NOTES:
        return NOTE
    return (
        ACTIVITY if name.lower().endswith(("task", "subprocess")) or name in ("callActivity", "transaction") else None
    )


def _columns(container: etree._Element, nodes: dict[str, etree._Element]) -> dict[str, int]:
    """How far to the right each node stands: by the shortest way to it."""
    onward: dict[str, list[str]] = {}
    for flow in container.findall(bpmn("sequenceFlow")):
        onward.setdefault(flow.get("sourceRef", ""), []).append(flow.get("targetRef", ""))
    reached = {target for targets in onward.values() for target in targets}
    columns: dict[str, int] = {}
    for first in sorted(nodes, key=lambda id_: id_ in reached):
        front = deque([] if first in columns else [first])
        columns.setdefault(first, 0)
        while front:
            source = front.popleft()
            for target in onward.get(source, ()):
                if target in nodes and target not in columns:
                    columns[target] = columns[source] + 1
                    front.append(target)
    return columns


def _draw(root: etree._Element) -> None:
    collaboration = root.find(bpmn("collaboration"))
    processes = {process.get("id", ""): process for process in root.findall(bpmn("process"))}
    if collaboration is None:
        for process in processes.values():
            sheet = _Sheet(process.get("id", ""))
            sheet.fill(process, top=TOP)
            _put(root, sheet, process)
    else:
        _put(root, _pools(collaboration, processes), root)
    for inside in [element for name in _INSIDE for element in root.iter(bpmn(name))]:
        sheet = _Sheet(inside.get("id", ""))
        sheet.fill(inside, top=TOP)
        _put(root, sheet, inside)


def _pools(collaboration: etree._Element, processes: dict[str, etree._Element]) -> _Sheet:
    sheet, top = _Sheet(collaboration.get("id", "")), TOP
    for participant in collaboration.findall(bpmn("participant")):
        process = processes.get(participant.get("processRef", ""))
        start = top
        if process is None:
            top += 60
        else:
            sheet.fill(process, top=top + 20)
            top = sheet.bottom + 40
        right = max((box.x + box.width for box in sheet.boxes.values()), default=LEFT + 400)
        sheet.boxes[participant.get("id", "")] = _Box(LEFT - 80, start, right - LEFT + 120, top - start)
        top += 30
    return sheet


def _put(root: etree._Element, sheet: _Sheet, within: etree._Element) -> None:
    names = {"bpmndi": DI, "dc": DC, "di": DD}
    diagram = etree.SubElement(root, f"{{{DI}}}BPMNDiagram", nsmap=names, id=f"{sheet.owner}_diagram")
    plane = etree.SubElement(diagram, f"{{{DI}}}BPMNPlane", id=f"{sheet.owner}_plane", bpmnElement=sheet.owner)
    for id_, box in sheet.boxes.items():
        shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", id=f"{id_}_di", bpmnElement=id_)
        bounds = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
        etree.SubElement(shape, f"{{{DC}}}Bounds", {name: str(value) for name, value in bounds.items()})
    for flow in _lines(within):
        ends = sheet.boxes.get(flow.get("sourceRef", "")), sheet.boxes.get(flow.get("targetRef", ""))
        if ends[0] is None or ends[1] is None or not flow.get("id"):
            continue
        edge = etree.SubElement(plane, f"{{{DI}}}BPMNEdge", id=f"{flow.get('id')}_di", bpmnElement=flow.get("id", ""))
        for x, y in _way(ends[0], ends[1]):
            etree.SubElement(edge, f"{{{DD}}}waypoint", x=str(x), y=str(y))


def _lines(within: etree._Element) -> Iterator[etree._Element]:
    for name in ("sequenceFlow", "association", "messageFlow"):
        yield from within.iter(bpmn(name))


def _way(source: _Box, target: _Box) -> list[tuple[int, int]]:
    if target.x > source.x:
        begin, end = (source.x + source.width, source.middle), (target.x, target.middle)
        turn = (begin[0] + end[0]) // 2
        bends = [] if begin[1] == end[1] else [(turn, begin[1]), (turn, end[1])]
        return [begin, *bends, end]
    below = max(source.y + source.height, target.y + target.height) + 20
    begin, end = (
        (source.x + source.width // 2, source.y + source.height),
        (target.x + target.width // 2, target.y + target.height),
    )
    return [begin, (begin[0], below), (end[0], below), end]
