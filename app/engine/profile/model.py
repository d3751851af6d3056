"""Diagrams as the rules see them, and the report they write to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from lxml import etree

from app.domain import spelling
from app.domain.definitions import Catalogue, Finding, Severity
from app.domain.errors import N_
from app.engine.decisions import DecisionTable
from app.engine.parse import FLOW_NODES
from app.engine.sources import bpmn, item_name, local_name, spiff, variables_of
from app.feel import FeelType

Element: TypeAlias = etree._Element

HUMAN = frozenset({"userTask", "manualTask"})
ACTIVITIES = HUMAN | {
    "scriptTask",
    "serviceTask",
    "businessRuleTask",
    "sendTask",
    "receiveTask",
    "callActivity",
    "subProcess",
}
WAITS = HUMAN | {"receiveTask", "intermediateCatchEvent", "eventBasedGateway"}


MOST_FINDINGS = 200
"""An author mends these first; a hostile file would have thousands."""
MOST_TEXT = 150_000
"""Characters of expressions in one file; a shipped one has three thousand."""


class EnoughError(Exception):
    """The report is full: nothing more is looked at."""


class Report:
    """Collects findings, each at the element that its author must mend. Raises EnoughError when it is full."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._marks: set[tuple[str, str | None, str, str]] = set()
        self._text: dict[str, int] = {}

    def spend(self, file: str, text: str) -> None:
        """One more expression of a file is looked at. Raises EnoughError where they are too many."""
        self._text[file] = self._text.get(file, 0) + len(text)
        if self._text[file] > MOST_TEXT:
            self.error(file, None, "size", N_("文件中的表达式过多，请拆分。"))
            raise EnoughError

    def error(self, file: str, element: Element | str | None, rule: str, sentence: str, **values: Any) -> None:
        self._add(file, element, rule, sentence, values, Severity.ERROR)

    def warning(self, file: str, element: Element | str | None, rule: str, sentence: str, **values: Any) -> None:
        self._add(file, element, rule, sentence, values, Severity.WARNING)

    def _add(
        self, file: str, element: Element | str | None, rule: str, sentence: str, values: Any, severity: Severity
    ) -> None:
        id_ = element if element is None or isinstance(element, str) else nearest_id(element)
        mark = (file, id_, rule, sentence % values if values else sentence)
        if mark in self._marks:
            return
        self._marks.add(mark)
        self.findings.append(Finding(file, id_, rule, sentence, values, severity))
        if len(self.findings) >= MOST_FINDINGS:
            self.findings.append(
                Finding(file, None, "size", N_("问题过多，只列出前 %(most)s 处。"), {"most": MOST_FINDINGS})
            )
            raise EnoughError


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of `known` that a misspelt name may have meant."""
    return spelling.nearest(name, known, alike=spelling.VERY_ALIKE)


def nearest_id(element: Element) -> str | None:
    """Id of the element or of the nearest one around it that an editor can mark."""
    current: Element | None = element
    while current is not None:
        if current.get("id"):
            return str(current.get("id"))
        current = current.getparent()
    return None


@dataclass(frozen=True)
class Container:
    """A process or embedded sub-process: the nodes drawn directly in it, and its flows."""

    process: "Process"
    element: Element

    @property
    def file(self) -> str:
        return self.process.file

    @cached_property
    def nodes(self) -> dict[str, Element]:
        return {node.get("id", ""): node for node in self.element if is_node(node)}

    @cached_property
    def flows(self) -> list[Element]:
        return list(self.element.findall(bpmn("sequenceFlow")))

    @cached_property
    def outgoing(self) -> dict[str, list[Element]]:
        return _grouped(self.flows, "sourceRef")

    @cached_property
    def incoming(self) -> dict[str, list[Element]]:
        return _grouped(self.flows, "targetRef")

    @cached_property
    def boundaries(self) -> dict[str, list[Element]]:
        """Host id -> its boundary events."""
        return _grouped([n for n in self.nodes.values() if local_name(n) == "boundaryEvent"], "attachedToRef")

    def of_kind(self, *kinds: str) -> list[Element]:
        return [node for node in self.nodes.values() if local_name(node) in kinds]

    def targets(self, node_id: str) -> list[str]:
        return [flow.get("targetRef", "") for flow in self.outgoing.get(node_id, [])]


@dataclass(frozen=True)
class Process:
    diagram: "Diagram"
    element: Element

    @property
    def file(self) -> str:
        return self.diagram.file

    @cached_property
    def key(self) -> str:
        return self.element.get("id", "")

    @cached_property
    def variables(self) -> dict[str, str]:
        return variables_of(self.element)

    @cached_property
    def containers(self) -> list[Container]:
        return [Container(self, element) for element in (self.element, *self.element.iter(bpmn("subProcess")))]

    @cached_property
    def nodes(self) -> dict[str, Element]:
        """All flow nodes, those of embedded sub-processes too."""
        return {id_: node for container in self.containers for id_, node in container.nodes.items()}

    @cached_property
    def collections(self) -> set[str]:
        """Names declared as process properties, which keeps them through the modeler."""
        return {item.get("id", "") for item in self.element.findall(bpmn("property"))}

    def calls(self) -> Iterator[Element]:
        return self.element.iter(bpmn("callActivity"))


@dataclass(frozen=True)
class Diagram:
    file: str
    root: Element

    @cached_property
    def processes(self) -> list[Process]:
        return [Process(self, element) for element in self.root.findall(bpmn("process"))]

    @cached_property
    def messages(self) -> dict[str, str]:
        return {item.get("id", ""): item.get("name", "") for item in self.root.findall(bpmn("message"))}

    @cached_property
    def retrievals(self) -> dict[str, dict[str, str]]:
        """Message id -> correlation property -> retrieval expression."""
        found: dict[str, dict[str, str]] = {}
        for prop in self.root.findall(bpmn("correlationProperty")):
            for retrieval in prop.findall(bpmn("correlationPropertyRetrievalExpression")):
                expression = next((text_of(child) for child in retrieval), "")
                found.setdefault(retrieval.get("messageRef", ""), {})[prop.get("id", "")] = expression
        return found


@dataclass(frozen=True)
class Table:
    file: str
    root: Element
    table: DecisionTable


@dataclass(frozen=True)
class Model:
    """Everything that is looked at together."""

    diagrams: list[Diagram]
    tables: dict[str, Table]
    catalogue: Catalogue
    report: Report = field(default_factory=Report)
    values: dict[str, FeelType] = field(default_factory=dict)
    """What is known of variables beside their declared type, by name, once it was learned (`choices`)."""

    @cached_property
    def processes(self) -> dict[str, Process]:
        return {process.key: process for diagram in self.diagrams for process in diagram.processes}

    @cached_property
    def callers(self) -> dict[str, list[tuple[Process, Element]]]:
        """Process id -> where it is called."""
        found: dict[str, list[tuple[Process, Element]]] = {}
        for process in self.processes.values():
            for call in process.calls():
                found.setdefault(call.get("calledElement", ""), []).append((process, call))
        return found

    def tree_of(self, key: str) -> list[Process]:
        """The process and everything that it calls."""
        found: dict[str, Process] = {}
        queue = [key]
        while queue:
            current = queue.pop()
            if current in found or current not in self.processes:
                continue
            found[current] = self.processes[current]
            queue.extend(call.get("calledElement", "") for call in self.processes[current].calls())
        return list(found.values())

    def nearby(self, ending: str) -> set[str]:
        """Names of the county's files of one kind, without the ending."""
        return {name.removesuffix(ending) for name in self.catalogue.nearby if name.endswith(ending)}

    @property
    def roots(self) -> list[Process]:
        """Processes that nobody calls: what a release starts."""
        return [process for key, process in self.processes.items() if key not in self.callers]


def is_node(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(bpmn("")) and local_name(element) in FLOW_NODES


def text_of(element: Element | None) -> str:
    return ((element.text if element is not None else None) or "").strip()


def extension(element: Element, name: str) -> Element | None:
    """A spiffworkflow extension directly at an element."""
    return element.find(f"{bpmn('extensionElements')}/{spiff(name)}")


def extension_text(element: Element, name: str) -> str:
    return text_of(extension(element, name))


def event_definitions(node: Element) -> list[Element]:
    return [c for c in node if isinstance(c.tag, str) and local_name(c).endswith("EventDefinition")]


def event_kind(node: Element) -> str:
    """message, timer, error, escalation, terminate, or "" for a plain event."""
    found = event_definitions(node)
    return local_name(found[0]).removesuffix("EventDefinition") if found else ""


def message_of(node: Element) -> tuple[Element, str] | None:
    """The element that carries the message's extensions, and the message id; None when it is no message event."""
    if local_name(node) in ("sendTask", "receiveTask"):
        return node, node.get("messageRef", "")
    definition = node.find(bpmn("messageEventDefinition"))
    return (definition, definition.get("messageRef", "")) if definition is not None else None


def instances_of(node: Element) -> Element | None:
    return node.find(bpmn("multiInstanceLoopCharacteristics"))


def item_of(loop: Element, name: str) -> str:
    """The variable that an inputDataItem or outputDataItem names."""
    item = loop.find(bpmn(name))
    return item_name(item) if item is not None else ""


def _grouped(elements: Iterable[Element], attribute: str) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for element in elements:
        found.setdefault(element.get(attribute, ""), []).append(element)
    return found


def is_waiting(process_of: Mapping[str, Process], node: Element) -> bool:
    """Whether a token that comes to the node rests there; a call does when the called diagram holds a waiting node."""
    kind = local_name(node)
    if kind == "subProcess":
        return any(local_name(inner) in WAITS for inner in node.iter() if isinstance(inner.tag, str))
    if kind == "callActivity":
        called = process_of.get(node.get("calledElement", ""))
        return called is not None and any(local_name(inner) in WAITS for inner in called.nodes.values())
    return kind in WAITS
