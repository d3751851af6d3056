"""Author a lane diagram: nodes are placed by lane, column and row; flows are routed at right angles.

All lengths are pixels of the diagram plane, as bpmn-js uses them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from authoring import extensions as ext
from authoring.legal_effects import effect_of
from authoring.xml import Element, element

COLUMN, ROW, LANE_PADDING = 150, 120, 20
LEFT, TOP, HEADER = 160, 80, 30
TASK = (120, 80)  # eight Chinese characters on a line; less leaves orphans of one character
EVENT, GATEWAY = (36, 36), (50, 50)

Place = tuple[str, float] | tuple[str, float, float]
"""Lane, column and (0 when left out) row inside the lane."""


@dataclass(slots=True)
class Lane:
    id: str
    name: str
    rows: int = 1
    y: float = 0

    @property
    def height(self) -> float:
        return self.rows * ROW + 2 * LANE_PADDING

    def row_center(self, row: float) -> float:
        return self.y + LANE_PADDING + (row + 0.5) * ROW


@dataclass(slots=True)
class Node:
    id: str
    type: str
    name: str
    lane: str
    column: float
    row: float = 0
    host: str | None = None
    """For a boundary event: the activity it sits on; `column` is then the share of the host's width."""
    attributes: dict[str, str] = field(default_factory=dict)
    extension: tuple[Element, ...] = ()
    inner: tuple[Element, ...] = ()
    label_side: str = ""
    x: float = 0
    y: float = 0

    @property
    def size(self) -> tuple[int, int]:
        if self.type.endswith("Event"):
            return EVENT
        return GATEWAY if self.type.endswith("Gateway") else TASK

    @property
    def has_outer_label(self) -> bool:
        return bool(self.name) and self.size != TASK

    @property
    def center(self) -> tuple[float, float]:
        return self.x + self.size[0] / 2, self.y + self.size[1] / 2

    def port(self, side: str) -> tuple[float, float]:
        (cx, cy), (width, height) = self.center, self.size
        return {
            "n": (cx, self.y),
            "s": (cx, self.y + height),
            "w": (self.x, cy),
            "e": (self.x + width, cy),
        }[side]


@dataclass(slots=True)
class Flow:
    source: str
    target: str
    name: str = ""
    when: str = ""
    default: bool = False
    ports: str = ""
    bend: tuple[str, float, float] | float | None = None
    """Where the middle piece runs: (lane, row, offset) for a horizontal one, a column for a vertical one."""
    points: list[tuple[int, int]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"Flow_{self.source}_{self.target}"


class Diagram:
    """One process in one pool. The methods add nodes; `when` and all other expressions are FEEL."""

    def __init__(
        self,
        process: str,
        name: str,
        *,
        lanes: Sequence[tuple[str, str] | tuple[str, str, int]],
        variables: Mapping[str, str] | None = None,
        messages: Sequence[str] = (),
        message_key: str = "case_no",
    ) -> None:
        self.process, self.name = process, name
        self.lanes = {lane[0]: Lane(*lane) for lane in lanes}
        self.variables = dict(variables or {})
        self.messages = tuple(messages)
        self.message_key = message_key
        self.nodes: dict[str, Node] = {}
        self.flows: list[Flow] = []
        self.collections: list[str] = []

    def add(self, node: Node) -> Node:
        if node.id in self.nodes:
            raise ValueError(f"{self.process}: {node.id} is there twice")
        self.nodes[node.id] = node
        return node

    def _place(self, id_: str, kind: str, name: str, *, at: Place, label: str = "") -> Node:
        return self.add(Node(id_, kind, name, at[0], at[1], at[2] if len(at) == 3 else 0, label_side=label))

    def start(self, id_: str, name: str, *, at: Place, label: str = "") -> None:
        self._place(id_, "startEvent", name, at=at, label=label)

    def end(self, id_: str, name: str, *, at: Place, label: str = "", terminate: bool = False) -> None:
        """An end event; `terminate` withdraws the side branches that are still open."""
        node = self._place(id_, "endEvent", name, at=at, label=label)
        node.inner = (ext.terminate(id_),) if terminate else ()

    def end_with_message(self, id_: str, name: str, *, at: Place, message: str, payload: str) -> None:
        self._place(id_, "endEvent", name, at=at).inner = (ext.message_thrown(id_, message, payload=payload),)

    def wait_until(self, id_: str, name: str, *, at: Place, date: str) -> None:
        self._place(id_, "intermediateCatchEvent", name, at=at).inner = (ext.timer(id_, "timeDate", date),)

    def task(
        self,
        id_: str,
        name: str,
        *,
        at: Place,
        form: str,
        role: str,
        clauses: str = "",
        source: str = "regulation",
        organ: str = "",
        person: str = "",
        deadline: str = "",
        count: str = "WORKING",
        kind: str = "internal",
        extension: str = "",
        shared: str = "",
        since: str = "",
        excludes: str = "",
        post: str = "",
        loop: Element | None = None,
    ) -> None:
        """A human step. `deadline` is an ISO duration counted by `count` from `since` (arrival when empty).

        `extension` is the longest extension that a statute allows for it; of the steps in `shared` it takes over the
        deadline.
        """
        node = self._place(id_, "userTask", name, at=at)
        values = {
            "formKey": form,
            "candidateRole": role,
            "candidateOrgan": organ,
            "candidatePerson": person,
            "deadline": deadline,
            "deadlineFrom": since,
            "deadlineKind": kind if deadline else "",
            "deadlineExtension": extension,
            "deadlineSharedWith": shared,
            "dayCount": count if deadline else "",
            "clauses": clauses,
            "excludes": excludes,
            "source": source,
            **effect_of(self.process, id_),
        }
        node.extension = ext.properties(values) + ext.post_script(post)
        self._loop(node, loop)

    def service(
        self,
        id_: str,
        name: str,
        *,
        at: Place,
        operation: str,
        result: str,
        parameters: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        node = self._place(id_, "serviceTask", name, at=at)
        node.extension = (ext.operator(operation, parameters or {}, result=result),)

    def rule(self, id_: str, name: str, *, at: Place, table: str) -> None:
        self._place(id_, "businessRuleTask", name, at=at).extension = (ext.called_decision(table),)

    def script(self, id_: str, name: str, *, at: Place, code: str) -> None:
        self._place(id_, "scriptTask", name, at=at).inner = (element("bpmn:script", text=code),)

    def call(self, id_: str, name: str, *, at: Place, process: str, loop: Element | None = None) -> None:
        node = self._place(id_, "callActivity", name, at=at)
        node.attributes["calledElement"] = process
        self._loop(node, loop)

    def receive(self, id_: str, name: str, *, at: Place, message: str, variable: str, key: str = "case_no") -> None:
        node = self._place(id_, "receiveTask", name, at=at)
        node.attributes["messageRef"] = ext.message_id(message)
        node.extension = ext.received(variable, key)

    def choice(self, id_: str, name: str = "", *, at: Place, label: str = "") -> None:
        self._place(id_, "exclusiveGateway", name, at=at, label=label)

    def parallel(self, id_: str, name: str = "", *, at: Place, label: str = "") -> None:
        """Splits into branches that all go on, or waits until all have come."""
        self._place(id_, "parallelGateway", name, at=at, label=label)

    def inclusive(self, id_: str, name: str = "", *, at: Place, label: str = "") -> None:
        """Splits into the branches that apply, or waits until those have come."""
        self._place(id_, "inclusiveGateway", name, at=at, label=label)

    def boundary(
        self,
        id_: str,
        name: str,
        *,
        host: str,
        share: float,
        event: Element,
        upper: bool = False,
        interrupting: bool = True,
        label: str = "",
    ) -> None:
        """A boundary event at `share` of its host's lower (or upper) edge; the middle hides the host's marker."""
        node = self.add(Node(id_, "boundaryEvent", name, "", share, -1 if upper else 0, host=host, label_side=label))
        node.inner = (event,)
        if not interrupting:
            node.attributes["cancelActivity"] = "false"
        node.attributes["attachedToRef"] = host

    def flow(
        self,
        source: str,
        target: str,
        name: str = "",
        *,
        when: str = "",
        default: bool = False,
        ports: str = "",
        bend: tuple[str, float, float] | float | None = None,
    ) -> None:
        """A sequence flow. `ports` are the sides it leaves and enters by (n, e, s, w)."""
        self.flows.append(Flow(source, target, name, when, default, ports, bend))

    def path(self, *nodes: str) -> None:
        """Plain flows from node to node."""
        for source, target in pairwise(nodes):
            self.flow(source, target)

    def _loop(self, node: Node, loop: Element | None) -> None:
        if loop is None:
            return
        node.inner = (loop,)
        for reference in loop.children[:2]:
            if reference.text not in self.collections:
                self.collections.append(reference.text)

    @property
    def width(self) -> float:
        columns = max(node.column for node in self.nodes.values() if not node.host) + 1
        return 2 * HEADER + 40 + columns * COLUMN

    @property
    def height(self) -> float:
        return sum(lane.height for lane in self.lanes.values())

    def place_nodes(self) -> None:
        """Turn lanes, columns and rows into coordinates."""
        y: float = TOP
        for lane in self.lanes.values():
            lane.y, y = y, y + lane.height
        for node in self.nodes.values():
            if not node.host:
                width, height = node.size
                node.x = round(column_center(node.column) - width / 2)
                node.y = round(self.lanes[node.lane].row_center(node.row) - height / 2)
        for node in self.nodes.values():
            if node.host:
                self._place_on_host(node, self.nodes[node.host])

    @staticmethod
    def _place_on_host(node: Node, host: Node) -> None:
        node.lane = host.lane
        node.x = round(host.x + host.size[0] * node.column - node.size[0] / 2)
        edge = host.y if node.row == -1 else host.y + host.size[1]
        node.y = round(edge - node.size[1] / 2)


def column_center(column: float) -> float:
    return LEFT + 2 * HEADER + 20 + (column + 0.5) * COLUMN
