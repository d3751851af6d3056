"""Diagram and table files, read without trusting them: size, encoding, no DOCTYPE, bounds on what the tree may hold."""

import codecs
import re

from lxml import etree

from app.domain.errors import N_, DomainError
from app.engine.dmn_versions import read_as_current

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_ELEMENTS = 8_000
MAX_ATTRIBUTES = 50
MAX_ATTRIBUTE_LENGTH = 2_000

_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding=[\"']([^\"']+)")
_DECLARED = re.compile(r"(?<=encoding=[\"'])[^\"']+")
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OTHERS = frozenset({"windows-1252", "iso-8859-1", "iso-8859-15", "gb18030", "gbk", "gb2312", "big5", "shift_jis"})
"""Encodings in which other tools write; UTF-16 is known by its first two bytes."""


class SourceError(DomainError):
    """The file cannot be read as a diagram or table."""

    sentence = N_("文件不是有效的流程图或决策表。")


def read_source(data: bytes) -> etree._Element:
    """Root element of an XML file. Raises SourceError; nothing outside the file is ever fetched."""
    if len(data) > MAX_BYTES:
        raise SourceError(N_("文件超过 1 MB。"))
    _ensure_utf8(data)
    if b"<!DOCTYPE" in data.upper() or b"<!ENTITY" in data.upper():
        raise SourceError(N_("文件不得包含 DOCTYPE 或 ENTITY 声明。"))
    # one-shot parse: the incremental parser is quadratic on one giant start tag
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        raise SourceError(N_("文件不是有效的 XML：%(problem)s"), problem=str(problem)[:200]) from None
    if root.getroottree().docinfo.doctype:
        raise SourceError(N_("文件不得包含 DOCTYPE 或 ENTITY 声明。"))
    _ensure_bounded(root)
    read_as_current(root)
    return root


def in_utf8(data: bytes) -> bytes:
    """A file of another tool in the encoding that is read here; one in no known encoding stays what it is."""
    if len(data) > 2 * MAX_BYTES:
        return data  # refused for its size
    declared = _DECLARATION.match(data)
    said = declared[1].decode("ascii", "replace").lower() if declared else ""
    encoding = "utf-16" if data.startswith(WIDE) else said if said in OTHERS else ""
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        return data
    return _DECLARED.sub("UTF-8", text, count=1).encode() if encoding else data


def _ensure_utf8(data: bytes) -> None:
    declared = _DECLARATION.match(data)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise SourceError(N_("文件编码必须是 UTF-8。"))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise SourceError(N_("文件编码必须是 UTF-8。")) from None


def _ensure_bounded(root: etree._Element) -> None:
    count, stack = 0, [(root, 1)]
    while stack:
        element, depth = stack.pop()
        count += 1
        if count > MAX_ELEMENTS or depth > MAX_DEPTH or len(element.attrib) > MAX_ATTRIBUTES:
            raise SourceError(N_("文件内容过多或嵌套过深。"))
        if any(len(value) > MAX_ATTRIBUTE_LENGTH for value in element.attrib.values()):
            raise SourceError(N_("文件中有过长的属性。"))
        stack.extend((child, depth + 1) for child in element if isinstance(child.tag, str))


def bpmn(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def spiff(name: str) -> str:
    return f"{{{SPIFF}}}{name}"


def local_name(element: etree._Element) -> str:
    return etree.QName(element).localname


ITEMS = ("inputDataItem", "outputDataItem")
_VARIABLE = re.compile(r"[a-z][a-z0-9_]*")


def item_name(item: etree._Element) -> str:
    """The variable of an element of a multi-instance: its name, for ids are given once a file; else its id."""
    name = item.get("name", "")
    return name if _VARIABLE.fullmatch(name) else item.get("id", "")


def properties_of(element: etree._Element) -> dict[str, str]:
    """`spiffworkflow:properties` of an element, by name."""
    found = element.findall(f"{bpmn('extensionElements')}/{spiff('properties')}/{spiff('property')}")
    return {item.get("name", ""): item.get("value", "") for item in found}


def variables_of(process: etree._Element) -> dict[str, str]:
    """Declared variables of a process: name -> FEEL type."""
    prefix = "variable."
    return {
        name.removeprefix(prefix): type_ for name, type_ in properties_of(process).items() if name.startswith(prefix)
    }
