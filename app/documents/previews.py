"""What a paper says, as plain text: the words of a Word file, the rows of a sheet or of a text table.

The file is never trusted: parts are read up to a limit, XML is parsed without entities, network or DTD.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from lxml import etree

from app import sheetfiles
from app.domain.errors import ConflictError
from app.seals import sealed

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_BYTES = 8_000_000
MOST_PARAGRAPHS = 2_000
MOST_CHARACTERS = 200_000
MOST_ROWS, MOST_COLUMNS = 200, 30


class PreviewKind(StrEnum):
    FRAME = "FRAME"
    """The browser shows it itself, in a frame of its own."""
    IMAGE = "IMAGE"
    TEXT = "TEXT"
    TABLE = "TABLE"
    NONE = "NONE"


Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    kind: PreviewKind
    blocks: tuple[str | Rows, ...] = ()
    """Of a text: its paragraphs and, where they stand between them, its tables."""
    rows: Rows = ()
    cut: bool = False
    """Whether there is more than is shown."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The words alone: those of a table's row in one line."""
        lines = ((block,) if isinstance(block, str) else ("\t".join(row) for row in block) for block in self.blocks)
        return tuple(line for group in lines for line in group)


NOTHING = Preview(PreviewKind.NONE)


def preview_of(path: Path, media_type: str) -> Preview:
    """What can be shown of a stored paper; NONE where it is missing, broken or of a kind that nobody can show."""
    if media_type == "application/pdf":
        return Preview(PreviewKind.FRAME)
    if media_type.startswith("image/"):
        return Preview(PreviewKind.IMAGE)
    read = _READERS.get(media_type)
    if read is None:
        return NOTHING
    try:
        return read(path)
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return NOTHING
    except (etree.XMLSyntaxError, csv.Error, ConflictError):  # the last: its seal does not open
        return NOTHING


def _word(path: Path) -> Preview:
    with sealed.opened(path) as file, zipfile.ZipFile(file) as archive, archive.open("word/document.xml") as part:
        content = part.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return NOTHING
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(content, parser)
    return _text(_blocks((root,)))


def _blocks(element: Iterable[Any]) -> Iterator[str | Rows]:
    """Paragraphs with words and tables in their order, also inside of what only wraps them."""
    for child in element:
        if child.tag == f"{WORD}p":
            text = _paragraph(child)
            if text.strip():
                yield text
        elif child.tag == f"{WORD}tbl":
            yield _word_table(child)
        else:
            yield from _blocks(child)


def _word_table(table: Any) -> Rows:
    """A table inside of a cell is words of the cell."""
    rows = [tuple(_cell(cell) for cell in _own(row, "tc"))[:MOST_COLUMNS] for row in _own(table, "tr")]
    return tuple(row for row in rows if any(row))


def _own(element: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also where a control wraps them; not those of inner tables."""
    for child in element:
        if child.tag == f"{WORD}{name}":
            yield child
        elif child.tag not in (f"{WORD}tbl", f"{WORD}tc"):
            yield from _own(child, name)


def _cell(cell: Any) -> str:
    return "\n".join(text for part in cell.iter(f"{WORD}p") if (text := _paragraph(part)).strip())


def _paragraph(element: Any) -> str:
    words = []
    for part in element.iter(f"{WORD}t", f"{WORD}tab", f"{WORD}br"):
        words.append(part.text or "" if part.tag == f"{WORD}t" else "\t" if part.tag == f"{WORD}tab" else "\n")
    return "".join(words)


def _plain(path: Path) -> Preview:
    return _text(line for line in _decoded(path).splitlines() if line.strip())


def _text(blocks: Iterable[str | Rows]) -> Preview:
    """The first of them: no more paragraphs (a row counts as one) and characters than the limits say."""
    shown: list[str | Rows] = []
    lines, left = MOST_PARAGRAPHS, MOST_CHARACTERS
    for block in blocks:
        if lines <= 0 or left <= 0:
            return Preview(PreviewKind.TEXT, blocks=tuple(shown), cut=True)
        if isinstance(block, str):
            shown.append(block[:left])
            lines, left = lines - 1, left - len(block)
        else:
            kept = block[: min(lines, MOST_ROWS)]
            shown.append(kept)
            lines = lines - len(block) if len(kept) == len(block) else -1
            left -= sum(len(cell) for row in kept for cell in row)
    return Preview(PreviewKind.TEXT, blocks=tuple(shown), cut=lines < 0 or left < 0)


def _decoded(path: Path) -> str:
    """UTF-8 with or without mark, else the encoding of older office programs."""
    with sealed.opened(path) as file:
        content = file.read(MOST_BYTES)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _comma(path: Path) -> Preview:
    return _table(list(csv.reader(io.StringIO(_decoded(path)))))


def _sheet(path: Path) -> Preview:
    return _table(sheetfiles.rows_of(sealed.read(path), most=MOST_ROWS + 1, used_alone=True))


def _table(rows: list[list[str]]) -> Preview:
    shown = tuple(tuple(row[:MOST_COLUMNS]) for row in rows[:MOST_ROWS])
    return Preview(PreviewKind.TABLE, rows=shown, cut=len(rows) > MOST_ROWS)


_READERS: dict[str, Callable[[Path], Preview]] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _word,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _sheet,
    "text/plain": _plain,
    "text/csv": _comma,
}
