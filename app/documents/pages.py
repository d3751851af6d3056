"""How many pages a paper has, where its file says so. Nothing is rendered and nothing is unpacked to disk."""

import re
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

MOST = 5_000
"""More pages than this no file is believed to have."""
_PDF_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_PDF_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_DOCX_PAGES = re.compile(rb"<Pages>(\d{1,5})</Pages>")
_OFD_PAGE = re.compile(rb"<(?:\w+:)?Page\s[^>]*BaseLoc")
_MOST_STREAMS, _MOST_BYTES = 500, 2_000_000


def count_pages(content: bytes, media_type: str) -> int | None:
    """None where nobody can tell without opening it."""
    if media_type.startswith("image/"):
        return 1
    if media_type == "application/pdf":
        return _believed(_pdf_pages(content))
    if media_type == "application/ofd":
        return _believed(_in_archive(content, "Document.xml", _OFD_PAGE, len))
    if media_type.endswith("wordprocessingml.document"):
        return _believed(_in_archive(content, "docProps/app.xml", _DOCX_PAGES, lambda found: int(found[0])))
    return None


def _believed(number: int) -> int | None:
    return number if 0 < number <= MOST else None


def _pdf_pages(content: bytes) -> int:
    """Page objects that stand in the open, and those inside compressed object streams."""
    number = len(_PDF_PAGE.findall(content))
    for count, found in enumerate(_PDF_STREAM.finditer(content)):
        if count >= _MOST_STREAMS:
            break
        try:
            unpacked = zlib.decompressobj().decompress(content[found.end() :], _MOST_BYTES)
        except zlib.error:
            continue
        number += len(_PDF_PAGE.findall(unpacked))
    return number


def _in_archive(content: bytes, ending: str, pattern: re.Pattern[bytes], read: Callable[[list[bytes]], int]) -> int:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            name = next((entry for entry in archive.namelist() if entry.endswith(ending)), None)
            if name is None:
                return 0
            with archive.open(name) as part:
                found = pattern.findall(part.read(_MOST_BYTES))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error):
        return 0
    return read(found) if found else 0
