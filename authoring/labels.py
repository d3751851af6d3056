"""Find room for the labels of events, gateways and flows: the first side where nothing is covered."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from authoring.diagram import Diagram, Flow, Node
from authoring.geometry import Box, Picture, covered, flow_label_size, label_size, labels_of

SIDES = {
    "Gateway": ("n", "s", "ne", "se", "nw", "sw", "e", "w"),
    "boundaryEvent": ("se", "sw", "e", "w", "ne", "nw"),
    "Event": ("s", "n", "e", "w", "se", "sw", "ne", "nw"),
}


def place_labels(diagram: Diagram, picture: Picture) -> None:
    """Add label boxes to the picture. Node labels come first: they have less choice."""
    for node in diagram.nodes.values():
        if node.has_outer_label:
            box = _first_free(picture, node.id, list(_node_candidates(node)))
            picture.nodes[node.id] = replace(picture.nodes[node.id], label=box)
    for flow in diagram.flows:
        if flow.name:
            candidates = list(_flow_candidates(flow, apart=not _runs_with_others(diagram, flow)))
            box = _first_free(picture, flow.id, candidates)
            picture.edges[flow.id] = replace(picture.edges[flow.id], label=box)


def _first_free(picture: Picture, owner: str, candidates: list[Box]) -> Box:
    taken = labels_of(picture).values()
    for box in candidates:
        if not any(box.meets(label) for label in taken) and not any(covered(picture, owner, box)):
            return box
    return candidates[0]


def _node_candidates(node: Node) -> Iterator[Box]:
    width, height = (round(length) for length in label_size(node.name))
    sides = next(sides for kind, sides in SIDES.items() if node.type.endswith(kind))
    for side in (node.label_side, *sides) if node.label_side else sides:
        yield Box(*_beside(node, side, width=width, height=height), width, height)


def _beside(node: Node, side: str, *, width: float, height: float) -> tuple[float, float]:
    (cx, cy), (w, h) = node.center, node.size
    corner = 6 if node.host or w == 36 else 12
    x = {"w": node.x - width - 6, "e": node.x + w + 6}.get(side, cx - width / 2)
    y = {"n": node.y - height - 4, "s": node.y + h + 5}.get(side, cy - height / 2)
    if len(side) == 2:
        x = cx + corner if side[1] == "e" else cx - width - corner
        y = node.y - height - 2 if side[0] == "n" else node.y + h + 2
    return round(x), round(y)


def _runs_with_others(diagram: Diagram, flow: Flow) -> bool:
    """Whether the flow leaves its choice together with another one, so that a label there would speak for both."""
    others = [other for other in diagram.flows if other.source == flow.source and other is not flow]
    return any(_direction(other) == _direction(flow) for other in others)


def _direction(flow: Flow) -> tuple[int, int]:
    (x1, y1), (x2, y2) = flow.points[:2]
    return (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)


def _flow_candidates(flow: Flow, *, apart: bool) -> Iterator[Box]:
    """Along the first piece of the flow, near where the choice was made, then along the others; where it does not run
    `apart` from the beginning, along its last piece first."""
    width, height = (round(length) for length in flow_label_size(flow.name))
    pieces = list(pairwise(flow.points))
    for (x1, y1), (x2, y2) in pieces if apart else reversed(pieces):
        for step in (18, 24, 40) if flow.default else (6, 14, 24, 40):
            if y1 == y2:
                x = x1 + step if x2 > x1 else x1 - width - step
                yield from (Box(x, y, width, height) for y in (y1 - height - 3, y1 + 4))
            else:
                y = y1 + step if y2 > y1 else y1 - height - step
                yield from (Box(x, y, width, height) for x in (x1 + 5, x1 - width - 5))
