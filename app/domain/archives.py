"""What a zip from anybody may be: looked at entry by entry in memory, never unpacked to disk."""

import zipfile
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from io import BytesIO

PIECE = 1 << 16
_LINK = 0o120000


@dataclass(frozen=True, slots=True)
class Bounds:
    entries: int = 2000
    inflated: int = 100 * 1024 * 1024
    """Bytes of all entries together."""
    ratio: int = 100
    """How many times larger than the file they may be; the smallest files count as 64 KiB."""


class HarmfulArchiveError(ValueError):
    """Too large when unpacked, or it names places outside itself, or its directory lies."""


def ensure_harmless(content: bytes, *, bounds: Bounds = Bounds()) -> None:
    """Raises HarmfulArchiveError, zipfile.BadZipFile (damaged, encrypted)."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            declared = sum(entry.file_size for entry in entries)
            if len(entries) > bounds.entries or declared > _most(content, bounds):
                raise HarmfulArchiveError
            if any(entry.header_offset == 0 for entry in entries) != bool(entries):
                raise HarmfulArchiveError  # something lies before it, which another reader would take for the file
            if any(_is_outside(entry) for entry in entries) or _has_doubles(entries):
                raise HarmfulArchiveError
            if sum(len(piece) for piece in _pieces(archive, entries, bounds.inflated)) != declared:
                raise HarmfulArchiveError
    except HarmfulArchiveError:
        raise
    except Exception as error:  # zipfile and zlib raise a dozen kinds for a damaged file
        raise zipfile.BadZipFile(str(error)) from error


def _most(content: bytes, bounds: Bounds) -> int:
    return min(bounds.inflated, bounds.ratio * max(len(content), 1 << 16))


def _is_outside(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename.replace("\\", "/")
    strange = name.startswith("/") or ":" in name or "//" in name or ".." in name.split("/") or "\\" in entry.filename
    return strange or entry.external_attr >> 16 & 0o170000 == _LINK


def _has_doubles(entries: list[zipfile.ZipInfo]) -> bool:
    return len({entry.filename.casefold() for entry in entries}) != len(entries)


def _pieces(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], most: int) -> Iterator[bytes]:
    """What the entries really hold: the directory may say less. Raises HarmfulArchiveError beyond `most` bytes."""
    left = most
    for entry in entries:
        honest = copy(entry)
        honest.file_size = left + 1  # or the reader stops where the directory says
        with archive.open(honest) as part:
            while piece := part.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise HarmfulArchiveError
                yield piece
