"""Templates of papers for comparing: paragraphs, cells, headers, fields and settings of a Word file.

A paragraph has no id: what stands in both versions is found by its words, and what lies between by its place.
"""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from io import BytesIO
from typing import Any

from lxml import etree

from app.domain.comparisons import Change, Mark
from app.domain.errors import N_, Sentence
from app.engine.comparing.subjects import OTHER, UnreadableError, cut

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LARGEST, MOST = 20_000_000, 5_000
"""Bytes of one part, and paragraphs and cells of a file; what is more is compared only as a whole."""
TEXT, FIELDS, LAYOUT = N_("文字"), N_("域"), N_("排版")
_PAGE: Mapping[str, str] = {"pgSz": N_("纸张"), "pgMar": N_("页边距"), "cols": N_("分栏")}
_TOLD: Mapping[str, str] = {
    "title": N_("标题"),
    "subject": N_("主题"),
    "creator": N_("作者"),
    "description": N_("备注"),
    "identifier": N_("标识"),
    "language": N_("语言"),
}
_VOLATILE = ("docProps/", "customXml/", "word/settings.xml", "word/webSettings.xml", "word/rsids", "[Content_Types]")
"""Parts that change with every save, or that are told by themselves."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or a cell of a table."""

    where: Sentence
    kind: str
    """Part of the file, and whether it is a paragraph or a cell: only such are matched with each other."""
    text: str
    fields: str
    layout: str


@dataclass(frozen=True, slots=True)
class Paper:
    pieces: tuple[Piece, ...]
    settings: Mapping[str, str]
    """Facet of the pages or of the file itself -> value in words."""
    rest: Mapping[str, str] = field(default_factory=dict)
    """Every other part -> its content, told apart and never shown."""


def changes_between(file: str, old: bytes, new: bytes) -> list[Change]:
    """All lines of one template. Raises UnreadableError."""
    then, now = read(old), read(new)
    lines = [*_of_pieces(file, then.pieces, now.pieces)]
    whole = Sentence(N_("文书模板"))
    for name in dict.fromkeys((*then.settings, *now.settings)):
        before, after = then.settings.get(name, ""), now.settings.get(name, "")
        if before != after:
            lines.append(Change(file, Mark.CHANGED, whole, None, Sentence(name), cut(before), cut(after)))
    if then.rest != now.rest:
        lines.append(Change(file, Mark.CHANGED, whole, None, Sentence(OTHER)))
    return lines


def _of_pieces(file: str, old: tuple[Piece, ...], new: tuple[Piece, ...]) -> Iterator[Change]:
    first, second = ([(piece.kind, piece.text) for piece in pieces] for pieces in (old, new))
    for _, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        then, now = list(old[a:b]), list(new[c:d])
        while then and now and then[0].kind == now[0].kind:
            yield from _of_one(file, then.pop(0), now.pop(0))
        yield from (Change(file, Mark.REMOVED, _whole(piece)) for piece in then)
        yield from (Change(file, Mark.ADDED, _whole(piece)) for piece in now)


def _whole(piece: Piece) -> Sentence:
    return Sentence(N_("%(place)s“%(text)s”"), place=piece.where, text=cut(piece.text))


def _of_one(file: str, old: Piece, new: Piece) -> Iterator[Change]:
    facets = ((TEXT, old.text, new.text), (FIELDS, old.fields, new.fields))
    different = [(name, then, now) for name, then, now in facets if then != now]
    for name, then, now in different:
        yield Change(file, Mark.CHANGED, new.where, None, Sentence(name), cut(then), cut(now))
    if not different and old.layout != new.layout:
        yield Change(file, Mark.CHANGED, new.where, None, Sentence(LAYOUT))


def read(data: bytes) -> Paper:
    """Raises UnreadableError."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if any(entry.file_size > LARGEST for entry in archive.infolist()):
                raise UnreadableError
            parts = {name: archive.read(name) for name in sorted(archive.namelist())}
        pieces, settings = _body_of(parts)
        return Paper(pieces, {**settings, **_told_by_itself(parts)}, _rest_of(parts))
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, etree.XMLSyntaxError) as problem:
        raise UnreadableError from problem


def _parsed(content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


def _body_of(parts: Mapping[str, bytes]) -> tuple[tuple[Piece, ...], dict[str, str]]:
    if "word/document.xml" not in parts:
        raise UnreadableError
    body = _parsed(parts["word/document.xml"]).find(f"{W}body")
    if body is None:
        raise UnreadableError
    pieces = [*_pieces(body, "")]
    for prefix, beginning in ((N_("页眉"), "word/header"), (N_("页脚"), "word/footer")):
        for name in parts:
            if name.startswith(beginning):
                pieces += _pieces(_parsed(parts[name]), prefix)
    if len(pieces) > MOST:
        raise UnreadableError
    return tuple(pieces), _pages(body)


def _pieces(body: Any, prefix: str) -> Iterator[Piece]:
    paragraphs = tables = 0
    for element in _blocks(body):
        if element.tag == f"{W}p":
            paragraphs += 1
            where = Sentence(N_("第%(number)s段"), number=paragraphs)
            yield _piece(element, _within(prefix, where), f"{prefix}p")
            continue
        tables += 1
        for row, line in enumerate(element.findall(f"{W}tr"), 1):
            for cell, box in enumerate(line.findall(f"{W}tc"), 1):
                where = Sentence(N_("第%(table)s个表格第%(row)s行第%(cell)s格"), table=tables, row=row, cell=cell)
                yield _piece(box, _within(prefix, where), f"{prefix}c")


def _blocks(body: Any) -> Iterator[Any]:
    for element in body:
        if element.tag in (f"{W}p", f"{W}tbl"):
            yield element
        elif element.tag in (f"{W}sdt", f"{W}sdtContent"):
            yield from _blocks(element)


def _within(prefix: str, place: Sentence) -> Sentence:
    return Sentence(N_("%(part)s%(place)s"), part=Sentence(prefix), place=place) if prefix else place


def _piece(element: Any, where: Sentence, kind: str) -> Piece:
    text = "\n".join(_text(part) for part in element.iter(f"{W}p"))
    codes = [node.text or "" for node in element.iter(f"{W}instrText")]
    codes += [node.get(f"{W}instr", "") for node in element.iter(f"{W}fldSimple")]
    return Piece(where, kind, text, " ".join(" ".join(codes).split()), _stable(element))


def _text(paragraph: Any) -> str:
    return "".join(node.text or "" for node in paragraph.iter(f"{W}t"))


def _stable(element: Any) -> str:
    """How it is set, without the marks that Word gives anew with every save."""
    drawn = []
    for node in element.iter():
        if isinstance(node.tag, str) and node.tag not in (
            f"{W}t",
            f"{W}instrText",
            f"{W}proofErr",
            f"{W}lastRenderedPageBreak",
        ):
            kept = {
                name: value for name, value in sorted(node.attrib.items()) if "rsid" not in name and "Id" not in name
            }
            drawn.append(f"{node.tag}{kept}")
    return "".join(drawn)


def _pages(body: Any) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for section in body.iter(f"{W}sectPr"):
        for tag, name in _PAGE.items():
            for node in section.findall(f"{W}{tag}"):
                values = (
                    f"{etree.QName(key).localname} {_length(value)}" for key, value in sorted(node.attrib.items())
                )
                found.setdefault(name, []).append("，".join(values))
    return {name: "；".join(values) for name, values in found.items()}


def _length(value: str) -> str:
    """Twentieths of a point as millimetres."""
    return f"{int(value) / 56.693:.1f} mm" if value.lstrip("-").isdecimal() and len(value) < 7 else value


def _told_by_itself(parts: Mapping[str, bytes]) -> dict[str, str]:
    if "docProps/core.xml" not in parts:
        return {}
    root = _parsed(parts["docProps/core.xml"])
    said = {etree.QName(node).localname: (node.text or "").strip() for node in root if isinstance(node.tag, str)}
    return {name: said[key] for key, name in _TOLD.items() if said.get(key)}


def _rest_of(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Styles, numbering, pictures: whatever else the paper is drawn from."""
    found = {}
    for name, content in parts.items():
        shown = name.startswith(("word/document.xml", "word/header", "word/footer", *_VOLATILE)) or name.endswith(
            ".rels"
        )
        if not shown:
            found[name] = _stable(_parsed(content)) if name.endswith(".xml") else content.hex()
    return found
