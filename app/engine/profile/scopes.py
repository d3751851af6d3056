"""What an expression may name at each place of a diagram, with types."""

from collections.abc import Mapping
from typing import Any

from app.engine.profile.model import Container, Element, Model, Process, instances_of, item_of
from app.engine.sources import bpmn, local_name, properties_of
from app.feel import FeelType

Scope = Mapping[str, FeelType]

COUNTERS = {"nrOfInstances": "number", "nrOfCompletedInstances": "number", "nrOfActiveInstances": "number"}


def scope_of_process(model: Model, process: Process) -> dict[str, Any]:
    """Declared variables, the host's contexts, and the multi-instance elements of whoever calls the process."""
    return {
        **_called_elements(model, process.key, frozenset()),
        **{name: _of_variable(model, name, type_) for name, type_ in process.variables.items()},
        "case": _facts(model.catalogue.case_facts),
        "meeting": _facts(model.catalogue.meeting_facts),
        "procedure": _facts(model.catalogue.procedure_facts),
    }


def _of_variable(model: Model, name: str, declared: str) -> FeelType:
    known = model.values.get(name, declared)
    return known if known == declared else declared  # with everything that is known of it


def scope_of_container(model: Model, container: Container) -> dict[str, Any]:
    """As above, plus the elements of embedded multi-instance sub-processes around it."""
    return {**scope_of_process(model, container.process), **_around(container.element)}


def scope_of_node(model: Model, container: Container, node: Element) -> dict[str, Any]:
    """What expressions of a step itself see: its own multi-instance element too."""
    return {**scope_of_container(model, container), **_own(node)}


def scope_after(model: Model, container: Container, node: Element) -> dict[str, Any]:
    """What a step's postScript sees: the answers of its form as `task`."""
    form = properties_of(node).get("formKey", "")
    forms = model.catalogue.forms
    fields = forms.get(form) if forms is not None else None
    return {**scope_of_node(model, container, node), "task": _facts(fields)}


def writable(container: Container, node: Element) -> dict[str, str]:
    """Names that scripts and results of a step may set, with types."""
    names = dict(container.process.variables)
    current: Element | None = node
    while current is not None:
        loop = instances_of(current)
        if loop is not None:
            names.setdefault(item_of(loop, "outputDataItem"), "any")
        current = current.getparent()
    return names


def _facts(declared: Mapping[str, FeelType] | None) -> FeelType:
    return dict(declared) if declared is not None else "any"


def _own(node: Element) -> dict[str, str]:
    loop = instances_of(node)
    if loop is None:
        return {}
    return {name: "any" for item in ("inputDataItem", "outputDataItem") if (name := item_of(loop, item))}


def elements_at(call: Element) -> frozenset[str]:
    """Names that a call gives beside the variables of its process."""
    return frozenset({*_own(call), *_input_items(call)})


def _around(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    current: Element | None = element
    while current is not None and local_name(current) == "subProcess":
        found = {**_own(current), **found}
        current = current.getparent()
    return found


def _called_elements(model: Model, key: str, seen: frozenset[str]) -> dict[str, str]:
    if key in seen:
        return {}
    found: dict[str, str] = {}
    for caller, call in model.callers.get(key, []):
        loop = instances_of(call)
        item = {item_of(loop, "inputDataItem"): "any"} if loop is not None else {}
        found |= _called_elements(model, caller.key, seen | {key}) | _input_items(call) | item
    return {name: type_ for name, type_ in found.items() if name}


def _input_items(call: Element) -> dict[str, str]:
    """Input elements of embedded sub-processes around a call."""
    found: dict[str, str] = {}
    current = call.getparent()
    while current is not None and current.tag == bpmn("subProcess"):
        loop = instances_of(current)
        if loop is not None:
            found[item_of(loop, "inputDataItem")] = "any"
        current = current.getparent()
    return found
