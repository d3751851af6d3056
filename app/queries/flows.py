"""The ways of a released diagram: which node follows which, under what condition, and in what order one reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from app.storage.releases import files_of

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
PEOPLE = frozenset({"userTask", "manualTask"})
WAITS = frozenset({"receiveTask", "intermediateCatchEvent"})
CALL = "callActivity"


@dataclass(frozen=True, slots=True)
class Way:
    """A sequence flow."""

    id: str
    name: str
    target: str
    condition: str
    """FEEL; empty where it is always open, or taken when no other is."""
    is_default: bool


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    name: str
    kind: str
    """BPMN element name."""
    calls: str
    """The process that a call activity calls."""
    repeated: bool
    """Done once for each of several (multi-instance)."""
    ways: tuple[Way, ...]
    beside: tuple[str, ...]
    """Events on its border."""


@dataclass(frozen=True, slots=True)
class Graph:
    nodes: Mapping[str, Node]
    """In the order in which one reads them: along the flow, the first way first."""
    starts: tuple[str, ...]

    def after(self, ids: frozenset[str]) -> frozenset[str]:
        """Every node that can come after one of these; one of them only where the procedure leads back to it."""
        found: set[str] = set()
        open_ = [target for id_ in ids for target in self._next(id_)]
        while open_:
            id_ = open_.pop()
            if id_ in found or id_ not in self.nodes:
                continue
            found.add(id_)
            open_.extend(self._next(id_))
        return frozenset(found)

    def before(self, id_: str, stop_at: frozenset[str]) -> frozenset[str]:
        """The nearest nodes of these kinds on every way that leads to a node."""
        found: set[str] = set()
        seen: set[str] = set()
        open_ = [id_]
        while open_:
            target = open_.pop()
            for source, node in self.nodes.items():
                if source in seen or target not in self._next(source):
                    continue
                seen.add(source)
                if node.kind in stop_at:
                    found.add(source)
                else:
                    open_.append(source)
        return frozenset(found)

    def _next(self, id_: str) -> Iterator[str]:
        node = self.nodes.get(id_)
        if node is not None:
            yield from (way.target for way in node.ways)
            yield from node.beside


EMPTY = Graph({}, ())


@lru_cache(maxsize=256)
def graph_of(release_id: str, process_key: str) -> Graph:
    """Parsed once: what a release holds never changes. Empty where the release lacks the diagram."""
    content = files_of(release_id).get(f"{process_key}.bpmn")
    if content is None:
        return EMPTY
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    process = etree.fromstring(content, parser).find(f"{BPMN}process[@id='{process_key}']")
    return _graph(process) if process is not None else EMPTY


def _graph(process: Any) -> Graph:
    ways: dict[str, list[Way]] = {}
    defaults = {element.get("default") for element in process if element.get("default")}
    for flow in process.iterfind(f"{BPMN}sequenceFlow"):
        condition = (flow.findtext(f"{BPMN}conditionExpression") or "").strip()
        way = Way(
            flow.get("id"),
            flow.get("name") or "",
            flow.get("targetRef"),
            condition,
            is_default=flow.get("id") in defaults,
        )
        ways.setdefault(flow.get("sourceRef"), []).append(way)
    beside: dict[str, list[str]] = {}
    for event in process.iterfind(f"{BPMN}boundaryEvent"):
        beside.setdefault(event.get("attachedToRef"), []).append(event.get("id"))
    found = {
        element.get("id"): Node(
            id=element.get("id"),
            name=element.get("name") or "",
            kind=etree.QName(element).localname,
            calls=element.get("calledElement") or "",
            repeated=element.find(f"{BPMN}multiInstanceLoopCharacteristics") is not None,
            ways=tuple(ways.get(element.get("id"), ())),
            beside=tuple(beside.get(element.get("id"), ())),
        )
        for element in process
        if isinstance(element.tag, str) and element.get("id") and not element.tag.endswith(("sequenceFlow", "laneSet"))
    }
    starts = tuple(id_ for id_, node in found.items() if node.kind == "startEvent")
    order = _reading_order(found, starts)
    return Graph({id_: found[id_] for id_ in order}, starts)


def _reading_order(nodes: Mapping[str, Node], starts: tuple[str, ...]) -> list[str]:
    """Along the flow, loops not followed back; the main way before what branches off a step's border."""
    seen: set[str] = set()
    done: list[str] = []

    def visit(id_: str) -> None:
        if id_ in seen or id_ not in nodes:
            return
        seen.add(id_)
        node = nodes[id_]
        for target in (*reversed(node.beside), *(way.target for way in reversed(node.ways))):
            visit(target)
        done.append(id_)

    for start in reversed(starts):
        visit(start)
    return done[::-1]


@lru_cache(maxsize=256)
def flows_of(release_id: str, process_key: str) -> tuple[Mapping[str, tuple[tuple[str, str], ...]], tuple[str, ...]]:
    """Node -> id and target of the flows that leave it, with an empty id to events on its border; where it starts."""
    graph = graph_of(release_id, process_key)
    flows = {
        id_: (*((way.id, way.target) for way in node.ways), *(("", event) for event in node.beside))
        for id_, node in graph.nodes.items()
    }
    return flows, graph.starts


@lru_cache(maxsize=256)
def callers_of(release_id: str, process_key: str) -> tuple[tuple[str, str], ...]:
    """Every call activity of the release that calls a process: its process and its id."""
    keys = (name.removesuffix(".bpmn") for name in sorted(files_of(release_id)) if name.endswith(".bpmn"))
    return tuple(
        (key, id_)
        for key in keys
        for id_, node in graph_of(release_id, key).nodes.items()
        if node.kind == CALL and node.calls == process_key
    )
