"""A diagram file as shapes and edges with their places. Nothing outside the file is ever read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from app.domain.errors import N_, ConflictError

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
WAY = "http://www.omg.org/spec/DD/20100524/DI"
FARTHEST = 100_000.0
"""No diagram reaches further; coordinates beyond are cut, so that no picture is larger than a printer can think."""


class UndrawableError(ConflictError):
    """The file holds no drawing."""

    sentence = N_("文件里没有可以绘制的流程图。")


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Shape:
    id: str
    kind: str
    """BPMN element name."""
    element: Any
    box: Box
    expanded: bool
    horizontal: bool
    marked: bool
    """Whether an exclusive gateway shows its cross."""
    label: Box | None
    depth: int
    """In how many other elements it lies."""

    @property
    def name(self) -> str:
        return text_of(self.element)


@dataclass(frozen=True, slots=True)
class Edge:
    id: str
    kind: str
    element: Any
    points: tuple[tuple[float, float], ...]
    label: Box | None

    @property
    def name(self) -> str:
        return text_of(self.element)


@dataclass(frozen=True, slots=True)
class Drawing:
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]
    elements: Mapping[str, Any]


def read(xml: str) -> Drawing:
    """The first plane of a diagram; what lies in a closed sub-process is not on it. Raises UndrawableError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(xml.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UndrawableError from None
    plane = root.find(f".//{{{DI}}}BPMNPlane")
    if plane is None:
        raise UndrawableError
    elements = {e.get("id"): e for e in root.iter(f"{{{MODEL}}}*") if e.get("id")}
    closed = {
        shape.get("bpmnElement")
        for shape in plane.iterfind(f"{{{DI}}}BPMNShape")
        if _kind(elements.get(shape.get("bpmnElement"))) == "subProcess" and shape.get("isExpanded") != "true"
    }
    seen = [di for di in plane if not _hidden(elements.get(di.get("bpmnElement")), closed)]
    shapes = tuple(made for di in seen if di.tag == f"{{{DI}}}BPMNShape" and (made := _shape(di, elements)))
    edges = tuple(line for di in seen if di.tag == f"{{{DI}}}BPMNEdge" and (line := _edge(di, elements)))
    if not shapes:
        raise UndrawableError
    return Drawing(shapes, edges, elements)


def _kind(element: Any) -> str:
    return "" if element is None else str(etree.QName(element).localname)


def _hidden(element: Any, closed: set[str]) -> bool:
    return element is None or any(above.get("id") in closed for above in element.iterancestors())


def text_of(element: Any) -> str:
    """What is written at an element: its name, an annotation's text, the value of a group's category."""
    kind = _kind(element)
    if kind == "textAnnotation":
        return str(element.findtext(f"{{{MODEL}}}text") or "")
    if kind == "group":
        wanted = element.get("categoryValueRef")
        values = element.getroottree().iterfind(f".//{{{MODEL}}}categoryValue")
        return next((str(value.get("value") or "") for value in values if value.get("id") == wanted), "")
    return str(element.get("name") or "")


def _shape(di: Any, elements: Mapping[str, Any]) -> Shape | None:
    element = elements[di.get("bpmnElement")]
    box = _box(di.find(f"{{{DC}}}Bounds"))
    if box is None:
        return None
    return Shape(
        id=element.get("id"),
        kind=_kind(element),
        element=element,
        box=box,
        expanded=di.get("isExpanded") == "true" or bool(element.get("processRef")),
        horizontal=di.get("isHorizontal") != "false",
        marked=di.get("isMarkerVisible") == "true",
        label=_box(di.find(f"{{{DI}}}BPMNLabel/{{{DC}}}Bounds")),
        depth=sum(1 for _ in element.iterancestors(f"{{{MODEL}}}subProcess")),
    )


def _edge(di: Any, elements: Mapping[str, Any]) -> Edge | None:
    element = elements[di.get("bpmnElement")]
    points = tuple((_number(p.get("x")), _number(p.get("y"))) for p in di.iterfind(f"{{{WAY}}}waypoint"))
    if len(points) < 2:
        return None
    label = _box(di.find(f"{{{DI}}}BPMNLabel/{{{DC}}}Bounds"))
    return Edge(element.get("id"), _kind(element), element, points, label)


def _box(bounds: Any) -> Box | None:
    if bounds is None:
        return None
    x, y, width, height = (_number(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return Box(x, y, max(0.0, width), max(0.0, height))


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return max(-FARTHEST, min(FARTHEST, value)) if value == value else 0.0
