"""What other tools wrote into a diagram beside the procedure itself, taken off: nobody could do it on the canvas."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from app.engine.canonical import canonical
from app.engine.profile.elements import is_known_attribute, is_known_element
from app.engine.sources import BPMN, bpmn, local_name, read_source

_LEFT_BEHIND = ("signal", "dataStore")
"""Declared at the top of a file; the editor leaves them there when nothing uses them any more."""
_BETWEEN = ("dataInputAssociation", "dataOutputAssociation")
"""Drawn as lines to data objects, which do not exist here."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    content: bytes
    """Canonical."""
    taken: Counter[str]
    """How often what was taken off stood there: names of elements and attributes, namespaces of other tools."""


def trimmed(content: bytes) -> Trimmed:
    """The diagram without what says nothing here and is not drawn. Steps, events and flows stay, whether supported or
    not: what becomes of them a person decides. Raises SourceError.
    """
    root = read_source(content)
    taken: Counter[str] = Counter()
    if root.tag != bpmn("definitions"):
        return Trimmed(content, taken)
    drawn = {shape.get("bpmnElement") for shape in root.iter() if shape.get("bpmnElement")}
    for element in list(_strange(root, drawn)):
        taken[_called(element)] += 1
        _remove(element)
    for element in root.iter():
        for name in [name for name in element.attrib if not is_known_attribute(str(name))]:
            taken[str(name).rpartition("}")[2]] += 1
            del element.attrib[name]
    _tidy(root)
    etree.cleanup_namespaces(root)
    return Trimmed(canonical(etree.tostring(root)), Counter(dict(taken.most_common())))


@lru_cache(maxsize=64)
def strange_places(content: bytes) -> int:
    """How many places `trimmed` would take off; the same bytes are read once. Raises SourceError."""
    return trimmed(content).taken.total()


def _strange(root: etree._Element, drawn: set[str | None]) -> Iterator[etree._Element]:
    """Outermost elements to be taken off."""
    used = {value for element in root.iter() for name, value in element.attrib.items() if str(name).endswith("Ref")}
    waiting = list(root)
    while waiting:
        element = waiting.pop()
        name = local_name(element)
        if element.get("id") in drawn and not (is_known_element(element) or name in _BETWEEN):
            continue  # it stands on the canvas: there it is shown, and can be deleted
        unused = element.getparent() is root and name in _LEFT_BEHIND and element.get("id") not in used
        if unused or not is_known_element(element) or name == "import":
            if not any(inner.get("id") in drawn for inner in element.iterdescendants()):
                yield element
        else:
            waiting.extend(element)


def _called(element: etree._Element) -> str:
    namespace = etree.QName(element).namespace
    return local_name(element) if namespace == BPMN else namespace or local_name(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _tidy(root: etree._Element) -> None:
    """Nothing empty is left, and nothing that refers to what is gone."""
    for holder in list(root.iter(bpmn("extensionElements"))):
        if len(holder) == 0:
            _remove(holder)
    ids = {element.get("id") for element in root.iter()}
    for line in [one for one in root.iter("{*}BPMNEdge", "{*}BPMNShape") if one.get("bpmnElement") not in ids]:
        _remove(line)
    for element in root.iter(f"{{{BPMN}}}*"):
        for name in ("itemRef", "itemSubjectRef", "structureRef"):
            if name in element.attrib and element.get(name) not in ids:
                del element.attrib[name]
