"""A .docx as blocks for a page of the browser: what stands on the paper, without opening an office program."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree

from app.documents.letters.templates import WORD

MOST_BLOCKS = 800
MOST_BYTES = 8_000_000
_LARGE = 20
"""Points from which on a line is shown as a title."""


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    span: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table where `rows` are given."""

    text: str = ""
    align: str = "left"
    """left, center, right or both."""
    title: bool = False
    red: bool = False
    indented: bool = False
    rows: tuple[tuple[Cell, ...], ...] = ()
    shares: tuple[int, ...] = ()
    """Widths of a table's columns in per cent."""


def blocks_of(content: bytes) -> tuple[Block, ...]:
    """The blocks of the body in their order; empty where the file cannot be read."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open("word/document.xml") as part:
            source = part.read(MOST_BYTES)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        body = etree.fromstring(source, parser).find(f"{WORD}body")
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, etree.XMLSyntaxError):
        return ()
    return tuple(_blocks(body))[:MOST_BLOCKS] if body is not None else ()


def _blocks(body: Any) -> Iterator[Block]:
    for element in body:
        if element.tag == f"{WORD}p" and (text := _text(element)):
            yield _paragraph(element, text)
        elif element.tag == f"{WORD}tbl":
            rows = tuple(tuple(_cells(row)) for row in element.iter(f"{WORD}tr"))
            yield Block(rows=rows, shares=_shares(element))


def _shares(table: Any) -> tuple[int, ...]:
    widths = [int(column.get(f"{WORD}w", "0")) for column in table.iter(f"{WORD}gridCol")]
    return tuple(round(100 * width / sum(widths)) for width in widths) if sum(widths) else ()


def _paragraph(element: Any, text: str) -> Block:
    size = element.find(f".//{WORD}rPr/{WORD}sz")
    colour = element.find(f".//{WORD}rPr/{WORD}color")
    align = element.find(f"{WORD}pPr/{WORD}jc")
    indent = element.find(f"{WORD}pPr/{WORD}ind")
    return Block(
        text=text,
        align=str(align.get(f"{WORD}val")) if align is not None else "left",
        title=size is not None and int(size.get(f"{WORD}val", "0")) >= 2 * _LARGE,
        red=colour is not None and colour.get(f"{WORD}val") == "FF0000",
        indented=indent is not None and indent.get(f"{WORD}firstLineChars") is not None,
    )


def _cells(row: Any) -> Iterator[Cell]:
    for cell in row.iterchildren(f"{WORD}tc"):
        span = cell.find(f"{WORD}tcPr/{WORD}gridSpan")
        lines = [_text(paragraph) for paragraph in cell.iter(f"{WORD}p")]
        yield Cell("\n".join(lines).strip("\n"), int(span.get(f"{WORD}val")) if span is not None else 1)


def _text(paragraph: Any) -> str:
    words = []
    for part in paragraph.iter(f"{WORD}t", f"{WORD}tab", f"{WORD}br"):
        words.append(part.text or "" if part.tag == f"{WORD}t" else "\t" if part.tag == f"{WORD}tab" else "\n")
    return "".join(words)
