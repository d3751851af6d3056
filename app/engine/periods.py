"""The internal deadlines that a release's diagrams give their steps, read from the files without building them."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from app.engine.sources import bpmn, read_source, spiff


@dataclass(frozen=True, slots=True)
class InternalDeadline:
    """A period that the office gives itself; no text of law fixes it."""

    step: str
    """`<process>/<step>`."""
    name: str
    period: str
    """ISO duration in whole days, as drawn."""


def internal_deadlines(files: Mapping[str, bytes]) -> tuple[InternalDeadline, ...]:
    """Every human step of the diagrams with a deadline that neither the regulation nor a statute fixes, by step."""
    found = [
        deadline
        for name, content in files.items()
        if name.endswith(".bpmn")
        for process in read_source(content).iter(bpmn("process"))
        for deadline in _of_process(process)
    ]
    return tuple(sorted(found, key=lambda deadline: deadline.step))


def _of_process(process: etree._Element) -> list[InternalDeadline]:
    found = []
    for step in process.iter(bpmn("userTask")):
        properties = {p.get("name"): p.get("value", "") for p in step.iter(spiff("property"))}
        if properties.get("deadline") and properties.get("deadlineKind", "internal") == "internal":
            found.append(
                InternalDeadline(f"{process.get('id')}/{step.get('id')}", step.get("name", ""), properties["deadline"])
            )
    return found
