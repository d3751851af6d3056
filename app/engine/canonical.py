"""One way to write a diagram or table: that of bpmn-js and dmn-js, so that a save in any editor gives a small diff."""

from collections.abc import Iterator, Mapping

from lxml import etree

from app.engine.sources import BPMN, DMN, SPIFF, bpmn, local_name, read_source

HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ATTRIBUTE = str.maketrans({"&": "&#38;", "<": "&#60;", ">": "&#62;", '"': "&#34;", "'": "&#39;", "\n": "&#10;"})
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XML = "http://www.w3.org/XML/1998/namespace"
_PREFIXES = {
    BPMN: "bpmn",
    "http://www.omg.org/spec/BPMN/20100524/DI": "bpmndi",
    "http://www.omg.org/spec/DD/20100524/DC": "dc",
    "http://www.omg.org/spec/DD/20100524/DI": "di",
    SPIFF: "spiffworkflow",
    _XSI: "xsi",
    "http://bpmn.io/schema/bpmn/biocolor/1.0": "bioc",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0": "color",
}
_TABLE_PREFIXES = {
    DMN: None,
    "https://www.omg.org/spec/DMN/20191111/DMNDI/": "dmndi",
    "http://www.omg.org/spec/DMN/20180521/DC/": "dc",
    "http://www.omg.org/spec/DMN/20180521/DI/": "di",
    _XSI: "xsi",
}
_DRAWING = "http://www.omg.org/spec/BPMN/20100524/DI"
_NODE, _LINE = 2, 5
_LAYERS = {
    "participant": 0,
    "lane": 1,
    "boundaryEvent": 3,
    "textAnnotation": 4,
    "group": 4,
    "sequenceFlow": _LINE,
    "messageFlow": _LINE,
    "association": _LINE,
}
_PATH_HOLDER = bpmn("correlationPropertyRetrievalExpression")

Prefixes = Mapping[str, str | None]


def canonical(content: bytes) -> bytes:
    """The file as it is stored: UTF-8, two spaces, known prefixes, no comments. Stable: written again it is the same.

    Raises SourceError for what cannot be read.
    """
    root = read_source(content)
    _order_drawing(root)
    prefixes = _prefixes_of(root)
    names = "".join(
        f' xmlns{":" + prefix if prefix else ""}="{uri.translate(_ATTRIBUTE)}"' for uri, prefix in prefixes.items()
    )
    lines = _lines(root, 0, prefixes, names)
    return (HEADER + "\n".join(lines) + "\n").encode()


def _order_drawing(root: etree._Element) -> None:
    """Shapes in the order of what they draw: pools, lanes, nodes, boundary events, then the lines.

    bpmn-js writes them in the order in which it drew them, another one every time.
    """
    places = {
        element.get("id", ""): (_LAYERS.get(local_name(element), _NODE), number)
        for number, element in enumerate(root.iter())
        if isinstance(element.tag, str) and element.tag.startswith(f"{{{BPMN}}}") and element.get("id")
    }
    for plane in root.iter(f"{{{_DRAWING}}}BPMNPlane"):
        parts = [part for part in plane if isinstance(part.tag, str)]
        order = {part: number for number, part in enumerate(parts)}
        parts.sort(key=lambda part: (*places.get(part.get("bpmnElement", ""), (_LINE, 0)), order[part]))
        for part in parts:
            part.tail = None
            plane.append(part)  # moves it to the end


def _prefixes_of(root: etree._Element) -> dict[str, str | None]:
    """Every namespace of the tree with its one prefix, in the order of declaration."""
    known: Prefixes = _PREFIXES if root.tag.startswith(f"{{{BPMN}}}") else _TABLE_PREFIXES
    found: dict[str, str | None] = {}
    taken = {prefix for prefix in known.values() if prefix}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        declared = {uri: prefix for prefix, uri in element.nsmap.items()}
        used = [etree.QName(name).namespace for name in (element.tag, *element.attrib)]
        for uri in (*declared, *used):
            if not uri or uri == _XML or uri in found:
                continue
            if uri in known:
                found[uri] = known[uri]
                continue
            wanted = declared.get(uri) or "ns"
            prefix, number = wanted, 0
            while prefix in taken:
                prefix, number = f"{wanted}{number}", number + 1
            taken.add(prefix)
            found[uri] = prefix
    return found


def _lines(element: etree._Element, depth: int, prefixes: Prefixes, names: str = "") -> Iterator[str]:
    pad, tag = "  " * depth, _name(element.tag, prefixes, element)
    head = tag + names + _attributes(element, prefixes)
    children = [child for child in element if isinstance(child.tag, str)]
    text = element.text or ""
    if not children:
        body = "" if not text.strip() else text.translate(_TEXT)
        yield f"{pad}<{head}>{body}</{tag}>" if body else f"{pad}<{head} />"
    elif text.strip() or any((child.tail or "").strip() for child in children):
        yield f"{pad}<{head}>{_mixed(element, prefixes)}</{tag}>"
    else:
        yield f"{pad}<{head}>"
        for child in children:
            yield from _lines(child, depth + 1, prefixes)
        yield f"{pad}</{tag}>"


def _mixed(element: etree._Element, prefixes: Prefixes) -> str:
    """Text between elements counts: nothing is indented there."""
    parts = [(element.text or "").translate(_TEXT)]
    for child in element:
        if isinstance(child.tag, str):
            tag = _name(child.tag, prefixes, child)
            parts.append(f"<{tag}{_attributes(child, prefixes)}>{_mixed(child, prefixes)}</{tag}>")
        parts.append((child.tail or "").translate(_TEXT))
    return "".join(parts)


def _name(tag: str, prefixes: Prefixes, element: etree._Element | None = None) -> str:
    name = etree.QName(tag)
    local = name.localname
    if tag == bpmn("formalExpression") and element is not None and _holds_a_path(element):
        local = "messagePath"  # bpmn-js calls a message path by its type
    if name.namespace == _XML:
        return f"xml:{local}"
    prefix = prefixes.get(name.namespace or "")
    return f"{prefix}:{local}" if prefix else local


def _holds_a_path(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == _PATH_HOLDER


def _attributes(element: etree._Element, prefixes: Prefixes) -> str:
    written = []
    for name, value in element.attrib.items():
        shown = _type_of(element, value, prefixes) if name == f"{{{_XSI}}}type" else value
        written.append(f' {_attribute_name(str(name), prefixes)}="{shown.translate(_ATTRIBUTE)}"')
    typed = f"{{{_XSI}}}type" in element.attrib or _XSI not in prefixes
    if not typed and element.tag == bpmn("formalExpression") and _holds_a_path(element):
        written.append(f' {prefixes[_XSI]}:type="{prefixes[BPMN]}:tFormalExpression"')
    return "".join(written)


def _attribute_name(name: str, prefixes: Prefixes) -> str:
    return _name(name, prefixes) if name.startswith("{") else name


def _type_of(element: etree._Element, value: str, prefixes: Prefixes) -> str:
    """`xsi:type` names a type with a prefix of the file as it came."""
    prefix, _, local = value.rpartition(":")
    uri = element.nsmap.get(prefix or None)
    if uri is None or uri not in prefixes:
        return value
    shown = prefixes[uri]
    return f"{shown}:{local}" if shown else local
