"""What a paper says, as plain text: the words of a Word file, the rows of a sheet or of a text table.

The file is never trusted: parts are read up to a limit, XML is parsed without entities, network or DTD.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable
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


@dataclass(frozen=True, slots=True)
class Preview:
    kind: PreviewKind
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    cut: bool = False
    """Whether there is more than is shown."""


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
    body = etree.fromstring(content, parser)
    found = (_paragraph(element) for element in body.iter(f"{WORD}p"))
    return _text([text for text in found if text.strip()])


def _paragraph(element: Any) -> str:
    words = []
    for part in element.iter(f"{WORD}t", f"{WORD}tab", f"{WORD}br"):
        words.append(part.text or "" if part.tag == f"{WORD}t" else "\t" if part.tag == f"{WORD}tab" else "\n")
    return "".join(words)


def _plain(path: Path) -> Preview:
    return _text([line for line in _decoded(path).splitlines() if line.strip()])


def _text(paragraphs: list[str]) -> Preview:
    shown, left = [], MOST_CHARACTERS
    for paragraph in paragraphs[:MOST_PARAGRAPHS]:
        if left <= 0:
            break
        shown.append(paragraph[:left])
        left -= len(paragraph)
    cut = left < 0 or len(shown) < len(paragraphs)
    return Preview(PreviewKind.TEXT, paragraphs=tuple(shown), cut=cut)


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
