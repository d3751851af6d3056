"""Errors and escalations: what a step can raise, which a boundary event at it may catch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from app.domain.definitions import Catalogue
from app.engine.profile.model import Diagram, Element, Model, Process, is_node
from app.engine.sources import bpmn, local_name

KINDS = ("error", "escalation")


@dataclass(frozen=True, slots=True, order=True)
class Raised:
    kind: str
    """error, escalation"""
    code: str
    name: str = ""


def definition_of(node: Element, kind: str) -> Element | None:
    return node.find(bpmn(f"{kind}EventDefinition"))


def code_of(process: Process, node: Element, kind: str) -> str:
    """The code that an event raises or catches; the reference itself where nothing is declared under it."""
    return _declared(process, node, kind)[0]


def raised_by(model: Model, process: Process, host: Element) -> frozenset[Raised]:
    """What may come out of a step, caught inside or not: only an embedded or called process raises anything."""
    if local_name(host) == "callActivity":
        return raised_by_process(model, host.get("calledElement", ""))
    if local_name(host) != "subProcess":
        return frozenset()
    called = (call.get("calledElement", "") for call in host.iter(bpmn("callActivity")))
    return frozenset(_thrown(process, host)).union(*(raised_by_process(model, key) for key in called))


def raised_by_process(model: Model, key: str) -> frozenset[Raised]:
    """What a process and everything that it calls raises."""
    return frozenset(one for process in model.tree_of(key) for one in _thrown(process, process.element))


def raised_in(roots: Mapping[str, etree._Element]) -> Mapping[str, frozenset[Raised]]:
    """What each process raises, of parsed diagrams by file name."""
    diagrams = [Diagram(name, root) for name, root in roots.items() if name.endswith(".bpmn")]
    model = Model(diagrams, {}, Catalogue())
    return {key: raised_by_process(model, key) for key in model.processes}


def _thrown(process: Process, around: Element) -> Iterator[Raised]:
    for node in around.iter():
        if not is_node(node) or local_name(node) == "boundaryEvent":
            continue
        for kind in KINDS:
            if definition_of(node, kind) is not None:
                yield Raised(kind, *_declared(process, node, kind))


def _declared(process: Process, node: Element, kind: str) -> tuple[str, str]:
    """Code and name."""
    definition = definition_of(node, kind)
    reference = definition.get(f"{kind}Ref", "") if definition is not None else ""
    for item in process.diagram.root.findall(bpmn(kind)):
        if item.get("id") == reference:
            return item.get(f"{kind}Code", ""), item.get("name", "")
    return reference, ""
