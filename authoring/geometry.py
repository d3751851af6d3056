"""Judge the picture of a .bpmn file: does everything that is drawn stay legible?

Works on the diagram interchange of any file, whoever drew it. Lengths are pixels of the diagram plane.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import ceil
from pathlib import Path

from lxml import etree

from app.documents.pictures import reading

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPACES = {
    "b": BPMN,
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "dd": "http://www.omg.org/spec/DD/20100524/DI",
}
LABEL_FONT, LABEL_LINE, LABEL_WIDTH = 11, 14, 90
TASK_FONT, TASK_LINES, TASK_MARGIN = 12, 3, 14
CLEARANCE = 3
NODES = ("Event", "Gateway", "Task", "task", "callActivity", "subProcess")

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Box(reading.Box):
    """Knows how it lies to others."""

    def meets(self, other: "Box", *, margin: float = 0) -> bool:
        return (
            self.x < other.right + margin
            and other.x < self.right + margin
            and self.y < other.bottom + margin
            and other.y < self.bottom + margin
        )

    def inside(self, other: "Box", *, margin: float = 0) -> bool:
        return (
            self.x >= other.x + margin
            and self.right <= other.right - margin
            and self.y >= other.y + margin
            and self.bottom <= other.bottom - margin
        )

    def touches(self, point: Point, *, margin: float = 2) -> bool:
        near = Box(point[0] - margin, point[1] - margin, 2 * margin, 2 * margin)
        deep = Box(self.x + margin, self.y + margin, self.width - 2 * margin, self.height - 2 * margin)
        return self.meets(near) and not near.inside(deep)


@dataclass(frozen=True, slots=True)
class Shape:
    id: str
    type: str
    name: str
    box: Box
    label: Box | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    id: str
    name: str
    source: str
    target: str
    points: tuple[Point, ...]
    label: Box | None = None

    @property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(pairwise(self.points))


@dataclass(slots=True)
class Picture:
    """What a file draws. `missing` are elements without a shape or edge."""

    nodes: dict[str, Shape] = field(default_factory=dict)
    lanes: dict[str, Shape] = field(default_factory=dict)
    edges: dict[str, Edge] = field(default_factory=dict)
    lane_of: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def text_width(text: str, *, font: float = LABEL_FONT) -> float:
    """Width of one line; a Chinese character is as wide as the font is high."""
    return sum(font if ord(character) > 0x2E80 else font * 0.58 for character in text)


def label_size(text: str) -> tuple[float, float]:
    """Room an outer label needs, wrapped at the width bpmn-js wraps at."""
    full = text_width(text) + 8
    return min(LABEL_WIDTH, full), LABEL_LINE * ceil(full / LABEL_WIDTH)


def flow_label_size(text: str) -> tuple[float, float]:
    return text_width(text, font=12) + 10, LABEL_LINE


def segment_box(segment: Segment) -> Box:
    (x1, y1), (x2, y2) = segment
    return Box(min(x1, x2), min(y1, y2), abs(x1 - x2) or 1, abs(y1 - y2) or 1)


def findings_of_file(path: Path) -> list[str]:
    return findings(read(path.read_bytes()))


def findings(picture: Picture) -> list[str]:
    """Sentences about what is wrong, empty when the picture is clean."""
    checks = (_missing, _overlaps, _outside_lanes, _loose_ends, _through_nodes, _crossings, _labels, _narrow_text)
    return [sentence for check in checks for sentence in check(picture)]


def read(source: bytes) -> Picture:
    root = etree.fromstring(source)
    shapes = {node.get("bpmnElement"): node for node in root.iterfind(".//di:BPMNShape", SPACES)}
    lines = {node.get("bpmnElement"): node for node in root.iterfind(".//di:BPMNEdge", SPACES)}
    picture = Picture()
    for node in root.iter(f"{{{BPMN}}}*"):
        kind, id_ = etree.QName(node).localname, node.get("id")
        if kind == "lane":
            _read_lane(picture, node, shapes.get(id_))
        elif kind == "sequenceFlow":
            _read_edge(picture, node, lines.get(id_))
        elif id_ and kind.endswith(NODES) and not kind.endswith("Definition"):
            _read_node(picture, node, shapes.get(id_))
    return picture


def _read_lane(picture: Picture, node: etree._Element, drawn: etree._Element | None) -> None:
    id_ = node.get("id")
    for reference in node.iterfind("b:flowNodeRef", SPACES):
        picture.lane_of[(reference.text or "").strip()] = id_
    if drawn is None:
        picture.missing.append(id_)
    else:
        picture.lanes[id_] = Shape(id_, "lane", node.get("name", ""), _bounds(drawn))


def _read_node(picture: Picture, node: etree._Element, drawn: etree._Element | None) -> None:
    id_ = node.get("id")
    if drawn is None:
        picture.missing.append(id_)
        return
    kind, name = etree.QName(node).localname, node.get("name", "")
    picture.nodes[id_] = Shape(id_, kind, name, _bounds(drawn), _label(drawn), node.get("attachedToRef"))


def _read_edge(picture: Picture, node: etree._Element, drawn: etree._Element | None) -> None:
    id_ = node.get("id")
    if drawn is None:
        picture.missing.append(id_)
        return
    points = tuple((float(at.get("x")), float(at.get("y"))) for at in drawn.iterfind("dd:waypoint", SPACES))
    name, source, target = node.get("name", ""), node.get("sourceRef"), node.get("targetRef")
    picture.edges[id_] = Edge(id_, name, source, target, points, _label(drawn))


def _bounds(drawn: etree._Element) -> Box:
    bounds = drawn.find("dc:Bounds", SPACES)
    return Box(*(float(bounds.get(key)) for key in ("x", "y", "width", "height")))


def _label(drawn: etree._Element) -> Box | None:
    label = drawn.find("di:BPMNLabel", SPACES)
    return None if label is None or label.find("dc:Bounds", SPACES) is None else _bounds(label)


def _missing(picture: Picture) -> Iterator[str]:
    return (f"{id_} is not drawn" for id_ in picture.missing)


def _overlaps(picture: Picture) -> Iterator[str]:
    for one, other in combinations(picture.nodes.values(), 2):
        if one.host == other.id or other.host == one.id:
            continue
        if one.box.meets(other.box):
            yield f"{one.id} overlaps {other.id}"


def _outside_lanes(picture: Picture) -> Iterator[str]:
    for node in picture.nodes.values():
        lane = picture.lanes.get(picture.lane_of.get(node.id, ""))
        if picture.lanes and lane is None:
            yield f"{node.id} is in no lane"
        elif lane is not None and not node.box.inside(lane.box, margin=4):
            yield f"{node.id} leaves its lane {lane.name}"


def _loose_ends(picture: Picture) -> Iterator[str]:
    for edge in picture.edges.values():
        for id_, point in ((edge.source, edge.points[0]), (edge.target, edge.points[-1])):
            node = picture.nodes.get(id_)
            if node is None or not node.box.touches(point):
                yield f"{edge.id} does not end at {id_}"


def _through_nodes(picture: Picture) -> Iterator[str]:
    for edge in picture.edges.values():
        ends = {edge.source, edge.target}
        source = picture.nodes.get(edge.source)
        for node in picture.nodes.values():
            if node.id in ends or node.host in ends or (source is not None and node.id == source.host):
                continue
            if any(segment_box(segment).meets(node.box, margin=CLEARANCE) for segment in edge.segments):
                yield f"{edge.id} runs through {node.id}"


def _crossings(picture: Picture) -> Iterator[str]:
    """Flows that share a source or a target may run together; all others may neither cross nor overlap."""
    for one, other in combinations(picture.edges.values(), 2):
        if one.source == other.source or one.target == other.target:
            continue
        if any(segments_meet(a, b) for a in one.segments for b in other.segments):
            yield f"{one.id} meets {other.id}"


def segments_meet(one: Segment, other: Segment) -> bool:
    """Do two segments cross, overlap or touch? Touching at a shared end counts too."""
    (a, b), (c, d) = one, other
    turns = [_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)]
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    on = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _between(*points) for turn, points in zip(turns, on, strict=True))


def _turn(a: Point, b: Point, c: Point) -> int:
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (area > 0) - (area < 0)


def _between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def labels_of(picture: Picture) -> dict[str, Box]:
    """The outer labels that have a box, by element id."""
    drawn: tuple[Shape | Edge, ...] = (*picture.nodes.values(), *picture.edges.values())
    return {item.id: item.label for item in drawn if item.label is not None}


def _labels(picture: Picture) -> Iterator[str]:
    labels = labels_of(picture)
    for id_, box in labels.items():
        yield from (f"label of {id_} lies on {other}" for other in covered(picture, id_, box))
    for (one, first), (other, second) in combinations(labels.items(), 2):
        if first.meets(second):
            yield f"labels of {one} and {other} overlap"


def covered(picture: Picture, owner: str, label: Box) -> Iterator[str]:
    """What a label would lie on: other nodes, flows (its own too) and the borders of lanes."""
    for node in picture.nodes.values():
        if node.id != owner and label.meets(node.box):
            yield node.id
    for edge in picture.edges.values():
        if any(label.meets(segment_box(segment)) for segment in edge.segments):
            yield edge.id
    for lane in picture.lanes.values():
        if label.meets(lane.box) and not label.inside(lane.box, margin=2):
            yield lane.id


def _narrow_text(picture: Picture) -> Iterator[str]:
    for node in picture.nodes.values():
        if node.label is not None and node.name:
            width, height = label_size(node.name)
            if node.label.width + 1 < width or node.label.height + 1 < height:
                yield f"label of {node.id} is too small for its text"
        elif node.box.width > 60:
            lines = ceil(text_width(node.name, font=TASK_FONT) / (node.box.width - TASK_MARGIN))
            if lines > TASK_LINES:
                yield f"the name of {node.id} needs {lines} lines"
    for edge in picture.edges.values():
        if edge.name and (edge.label is None or edge.label.width + 1 < text_width(edge.name)):
            yield f"label of {edge.id} is too small for its text"
