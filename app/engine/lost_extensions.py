"""Extensions that an editor dropped in passing: one that does not know them deletes them when it saves, silently."""

from collections import Counter
from collections.abc import Collection, Iterator

from lxml import etree

from app.domain.definitions import Loss
from app.engine.sources import BPMN, DMN, bpmn, read_source

_PASSED_OVER = {bpmn("incoming"), bpmn("outgoing"), bpmn("flowNodeRef")}
_EXTENSIONS = {bpmn("extensionElements"), f"{{{DMN}}}extensionElements"}
_DROPPED_TOO = {
    bpmn("loopDataInputRef"),
    bpmn("loopDataOutputRef"),
    *(f"{{{DMN}}}{name}" for name in ("annotation", "annotationEntry", "description", "question", "allowedAnswers")),
    *(f"{{{DMN}}}{name}" for name in ("inputValues", "outputValues", "defaultOutputEntry")),
}
"""Belong to the standard itself, but tools drop them.

The modeler drops collections where no property of the process has their name; editors of tables the clause that a row
cites and its reading, the values that a column may have, the default result.
"""
_DROPPED_ATTRIBUTES = {"label", "typeRef"}
"""Of a table: heads of columns and the types of their values."""


def losses(before: bytes, after: bytes, *, touched: Collection[str] = ()) -> tuple[Loss, ...]:
    """What elements lost that are otherwise the same in both files; `touched` were edited on purpose.

    Raises SourceError when one of the files cannot be read.
    """
    old, new = _by_id(read_source(before)), _by_id(read_source(after))
    found = []
    for id_, element in old.items():
        if id_ not in new or id_ in touched or _rest(element) != _rest(new[id_]):
            continue
        gone = Counter(_extensions(element)) - Counter(_extensions(new[id_]))
        if gone:
            found.append(Loss(id_, tuple(sorted({key[1] or key[0] for key in gone}))))
    return tuple(found)


def _by_id(root: etree._Element) -> dict[str, etree._Element]:
    return {
        element.get("id", ""): element
        for element in root.iter()
        if isinstance(element.tag, str) and element.get("id") and element.tag.startswith((f"{{{BPMN}}}", f"{{{DMN}}}"))
    }


def _parts(element: etree._Element) -> Iterator[etree._Element]:
    """What belongs to the element and has no name of its own; what tools drop belongs to it by whatever name."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _PASSED_OVER:
            continue
        if not child.get("id") or child.tag in _DROPPED_TOO:
            yield child


def _rest(element: etree._Element) -> tuple[object, ...]:
    """The element without its extensions."""
    own = sorted(
        (str(name), value) for name, value in element.attrib.items() if not _may_be_dropped(element, str(name))
    )
    kept = (child for child in _parts(element) if child.tag not in _EXTENSIONS | _DROPPED_TOO)
    return (element.tag, tuple(own), (element.text or "").strip(), tuple(_rest(child) for child in kept))


def _may_be_dropped(element: etree._Element, name: str) -> bool:
    return name.startswith("{") or (name in _DROPPED_ATTRIBUTES and element.tag.startswith(f"{{{DMN}}}"))


def _extensions(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Each as its place and its name; what it says may change."""
    for name in element.attrib:
        if _may_be_dropped(element, str(name)):
            yield str(name), etree.QName(str(name)).localname
    for child in _parts(element):
        if child.tag in _EXTENSIONS:
            yield from (key for inner in child for key in _named(inner, ""))
        elif child.tag in _DROPPED_TOO:
            yield child.tag, etree.QName(child).localname
        else:
            yield from _extensions(child)


def _named(element: etree._Element, place: str) -> Iterator[tuple[str, str]]:
    if not isinstance(element.tag, str):
        return
    path = f"{place}/{element.tag}"
    inner = [child for child in element if isinstance(child.tag, str)]
    if inner:
        for child in inner:
            yield from _named(child, path)
        return
    yield path, element.get("name") or element.get("id") or etree.QName(element).localname
