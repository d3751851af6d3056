"""What a diagram refers to: the closure that a release must hold. Reads XML only; nothing is executed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


@dataclass(frozen=True, slots=True)
class References:
    files: frozenset[str]
    """Names of the diagram and table files that the process reaches, itself included."""
    missing: frozenset[str]
    """Called processes and tables for which there is no file."""
    forms: frozenset[str]
    """Form keys of all human steps reached."""


def references_of(files: Mapping[str, bytes], process_key: str) -> References:
    """Follow calls and business rules from one process. File names are `<process id>.bpmn`, `<table id>.dmn`."""
    todo, seen, missing, forms = [f"{process_key}.bpmn"], set[str](), set[str](), set[str]()
    while todo:
        name = todo.pop()
        if name in seen or name in missing:
            continue
        if name not in files:
            missing.add(name)
            continue
        seen.add(name)
        if name.endswith(".bpmn"):
            root = etree.fromstring(files[name], _PARSER)
            todo += [f"{call.get('calledElement')}.bpmn" for call in root.iter(f"{_BPMN}callActivity")]
            todo += [f"{(ref.text or '').strip()}.dmn" for ref in root.iter(f"{_SPIFF}calledDecisionId")]
            forms |= {
                value
                for prop in root.iter(f"{_SPIFF}property")
                if prop.get("name") == "formKey" and (value := prop.get("value"))
            }
    return References(frozenset(seen), frozenset(missing), frozenset(forms))


def elements_of(diagrams: Iterable[bytes]) -> frozenset[str]:
    """Names under which steps with several instances know their element."""
    roots = (etree.fromstring(content, _PARSER) for content in diagrams)
    return frozenset(
        item.get("name") or item.get("id", "") for root in roots for item in root.iter(f"{_BPMN}inputDataItem")
    )


def named_by_steps(files: Mapping[str, bytes], name: str) -> dict[str, tuple[str, str]]:
    """What the property of that name says -> file and id of the first step that says it; what cannot be read is
    passed over."""
    found: dict[str, tuple[str, str]] = {}
    for file, content in sorted(files.items()):
        if not file.endswith(".bpmn"):
            continue
        try:
            root = etree.fromstring(content, _PARSER)
        except (etree.XMLSyntaxError, ValueError):
            continue
        for prop in root.iter(f"{_SPIFF}property"):
            if prop.get("name") == name:
                around = (element.get("id") for element in prop.iterancestors())
                found.setdefault(prop.get("value", ""), (file, next(filter(None, around), "")))
    return found
