"""Route the flows of a diagram at right angles between the ports of their nodes."""

from authoring.diagram import COLUMN, TASK, Diagram, Flow, Node, column_center

Point = tuple[float, float]


def route_flows(diagram: Diagram) -> None:
    for flow in diagram.flows:
        source, target = diagram.nodes[flow.source], diagram.nodes[flow.target]
        ports = flow.ports or _ports(source, target)
        points = _points(source.port(ports[0]), target.port(ports[1]), ports, bend=_bend(diagram, flow))
        flow.points = [(round(x), round(y)) for x, y in points]


def _ports(source: Node, target: Node) -> str:
    """The sides a flow uses when its author named none."""
    (ax, ay), (bx, by) = source.center, target.center
    down = by > ay
    if source.host:
        upward = source.row == -1
        straight = "ns" if upward else "sn"
        return ("nw" if upward else "sw") if bx > ax + 30 else straight
    if bx <= ax - 10:
        return "ss"
    if abs(ay - by) < 2:
        return "ew"
    if abs(ax - bx) < 2:
        return "sn" if down else "ns"
    if source.type.endswith("Gateway"):
        return ("s" if down else "n") + "w"
    if target.type.endswith("Gateway"):
        return "e" + ("n" if down else "s")
    return "ew"


def _bend(diagram: Diagram, flow: Flow) -> float | None:
    if isinstance(flow.bend, tuple):
        lane, row, offset = flow.bend
        return diagram.lanes[lane].row_center(row) + offset
    return None if flow.bend is None else column_center(flow.bend)


def _points(start: Point, end: Point, ports: str, *, bend: float | None) -> list[Point]:
    leave, enter = ports[0], ports[1]
    if leave == enter:
        return _u_turn(start, end, leave, bend=bend)
    if _sideways(leave) == _sideways(enter):
        return _z_turn(start, end, leave, bend=bend)
    corner = (end[0], start[1]) if _sideways(leave) else (start[0], end[1])
    return [start, corner, end]


def _sideways(side: str) -> bool:
    return side in "ew"


def _z_turn(start: Point, end: Point, leave: str, *, bend: float | None) -> list[Point]:
    if _sideways(leave):
        if start[1] == end[1]:
            return [start, end]
        middle = bend if bend is not None else end[0] - (COLUMN - TASK[0]) / 2
        return [start, (middle, start[1]), (middle, end[1]), end]
    if start[0] == end[0]:
        return [start, end]
    middle = bend if bend is not None else (start[1] + end[1]) / 2
    return [start, (start[0], middle), (end[0], middle), end]


def _u_turn(start: Point, end: Point, leave: str, *, bend: float | None) -> list[Point]:
    axis = 0 if _sideways(leave) else 1
    outward = max if leave in "es" else min
    gap = 20 if leave in "es" else -20
    middle = bend if bend is not None else outward(start[axis], end[axis]) + gap
    if axis == 0:
        return [start, (middle, start[1]), (middle, end[1]), end]
    return [start, (start[0], middle), (end[0], middle), end]
