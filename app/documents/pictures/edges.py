"""Lines between elements: their corners, what they end in, and how they say that they were taken."""

import math
from typing import Any

from app.documents.pictures.marks import COLOURS, PLAIN, Marks, Tone
from app.documents.pictures.pens import path_of, put
from app.documents.pictures.reading import MODEL, Drawing, Edge

_ROUND = 5
_DASHES = {"messageFlow": "10 11", "association": "0 5", "dataInputAssociation": "0 5", "dataOutputAssociation": "0 5"}
Point = tuple[float, float]


def draw_edge(parent: Any, edge: Edge, drawing: Drawing, marks: Marks) -> None:
    taken = edge.id in marks.way
    colour = COLOURS[Tone.DONE].line if taken else PLAIN.line
    group = put(parent, "g", data_element=edge.id, stroke=colour, fill="none")
    width = 3.0 if taken else 1.5 if edge.kind == "messageFlow" else 2.0
    put(group, "path", d=_line(edge.points), stroke_width=width, stroke_dasharray=_DASHES.get(edge.kind))
    first, last = edge.points[:2], edge.points[-2:]
    end = _turn(*last)
    if edge.kind == "sequenceFlow":
        _sign(group, end, "M -10 -5 L 0 0 L -10 5 Z", fill=colour)
        _start(group, edge, drawing, _turn(first[1], first[0]))
    elif edge.kind == "messageFlow":
        _sign(group, end, "M -11 -4.5 L -0.7 0 L -11 4.5 Z", fill=PLAIN.ground)
        put(group, "circle", cx=first[0][0], cy=first[0][1], r=5.25, fill=PLAIN.ground, stroke_width=1.5)
    else:
        both = edge.element.get("associationDirection")
        if both in ("One", "Both") or edge.kind != "association":
            _sign(group, end, "M -10 -5 L 0 0 L -10 5", fill="none")
        if both == "Both":
            _sign(group, _turn(first[1], first[0]), "M -10 -5 L 0 0 L -10 5", fill="none")


def _start(group: Any, edge: Edge, drawing: Drawing, turn: tuple[Point, float]) -> None:
    """A stroke across the way that is taken when no other is; a rhomb where a step itself asks for a condition."""
    source = drawing.elements.get(edge.element.get("sourceRef"))
    if source is None:
        return
    if source.get("default") == edge.id:
        _sign(group, turn, "M -6 -6 L -10 6", fill="none")
    elif edge.element.find(f"{{{MODEL}}}conditionExpression") is not None and not source.tag.endswith("Gateway"):
        _sign(group, turn, "M -1 0 L -9 -4 L -17 0 L -9 4 Z", fill=PLAIN.ground)


def _turn(before: Point, at: Point) -> tuple[Point, float]:
    return at, math.degrees(math.atan2(at[1] - before[1], at[0] - before[0]))


def _sign(group: Any, turn: tuple[Point, float], data: str, *, fill: str) -> None:
    (x, y), angle = turn
    put(
        group,
        "path",
        d=data,
        transform=f"translate({path_of(x, y)}) rotate({path_of(angle)})",
        fill=fill,
        stroke_width=1.2,
    )


def _line(points: tuple[Point, ...]) -> str:
    steps: list[object] = ["M", *points[0]]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        steps += ["L", *_towards(at, before), "Q", *at, *_towards(at, after)]
    return path_of(*steps, "L", *points[-1])


def _towards(corner: Point, other: Point) -> Point:
    """Where the line leaves its corner for another point."""
    length = math.dist(corner, other)
    part = min(_ROUND, length / 2) / length if length else 0
    return corner[0] + (other[0] - corner[0]) * part, corner[1] + (other[1] - corner[1]) * part
