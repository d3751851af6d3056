"""Writes the zip of a package piece by piece to the disk; equal contents make equal bytes.

Nothing is compressed: what compresses well is small here, and how a library packs changes with its version.
"""

import hashlib
import os
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from app.domain.errors import N_, ConflictError
from app.seals import sealed
from app.seals.provider import DamagedSealError

BLOCK = 1 << 20
LARGE = 1 << 31
_MADE = (2025, 1, 1, 0, 0, 0)
"""The date of every entry."""
_LONGEST = 60
"""Characters of a paper's own name that are kept: three bytes each, and a file system takes 255."""
_SIGNS = "（）()〔〕[]【】《》“”、，—–-_. "
LISTS = ("checksums.sha256", "checksums.sm3")


class Package:
    """One zip being written. Use as a context; `end` writes the lists of checksums."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)
        self._digests: dict[str, tuple[str, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def add(self, name: str, content: bytes) -> None:
        self.add_blocks(name, (content,))

    def add_file(self, name: str, path: Path, *, sha256: str = "") -> None:
        """A file of the disk, block by block. Raises ConflictError where it is missing or not what its digest says."""
        try:
            with sealed.opened(path) as file:
                large = sealed.size_of(path) >= LARGE
                self.add_blocks(name, iter(lambda: file.read(BLOCK), b""), large=large)
        except DamagedSealError as error:
            raise ConflictError(N_("材料文件 %(name)s 已经损坏，没有制作归档包。"), name=name) from error
        except FileNotFoundError as error:
            raise ConflictError(N_("缺少材料文件 %(name)s，没有制作归档包。"), name=name) from error
        if sha256 and self._digests[name][0] != sha256:
            raise ConflictError(N_("材料文件 %(name)s 已经损坏，没有制作归档包。"), name=name)

    def add_blocks(self, name: str, blocks: Iterable[bytes], *, large: bool = False) -> None:
        """`large`: it may be of two gigabytes or more."""
        if name in self._digests or name in LISTS:
            raise ValueError(f"{name} is in the package already")
        first, second = hashlib.sha256(), hashlib.new("sm3")
        with self._zip.open(_entry(name), "w", force_zip64=large) as entry:
            for block in blocks:
                entry.write(block)
                first.update(block)
                second.update(block)
        self._digests[name] = (first.hexdigest(), second.hexdigest())

    def end(self) -> None:
        """The two lists; nothing is added afterwards."""
        for place, name in enumerate(LISTS):
            lines = (f"{found[place]}  {file}\n" for file, found in sorted(self._digests.items()))
            with self._zip.open(_entry(name), "w") as entry:
                for line in lines:
                    entry.write(line.encode())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_STORED, 0o644 << 16, 3
    return entry


def paper_name(number: int, file_name: str) -> str:
    """Where a paper lies in the package, whatever it was called: below `papers/`, under a name of its own."""
    stem, _, suffix = file_name.rpartition(".")
    if not stem:
        stem, suffix = file_name, ""
    kept = "".join(c for c in suffix if c.isascii() and c.isalnum())[:8].lower()
    words = unicodedata.normalize("NFC", stem)
    clean = "".join(c if c in _SIGNS or unicodedata.category(c)[0] in "LN" else "_" for c in words)
    clean = clean.strip(" ._")[:_LONGEST].strip(" .") or "材料"
    return f"papers/{number:04d}-{clean}.{kept}" if kept else f"papers/{number:04d}-{clean}"


# ---- where packages lie


def path_of(folder: Path, digest: str) -> Path:
    return folder / "archives" / digest[:2] / f"{digest}.zip"


@contextmanager
def being_made(folder: Path, *, abandoned_before: datetime) -> Iterator[Path]:
    """A path to write a package at; what is left there in the end is removed, and what others left there long ago."""
    shelf = folder / "archives"
    shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in shelf.glob("*.part"):
        if left.stat().st_mtime < abandoned_before.timestamp():
            left.unlink(missing_ok=True)
    path = shelf / f"{uuid4().hex}.part"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def batches(folder: Path, *, before: datetime) -> Iterator[list[Path]]:
    """Packages that were written before an instant, shelf by shelf."""
    for shelf in sorted((folder / "archives").glob("??")):
        yield [path for path in sorted(shelf.glob("*.zip")) if path.stat().st_mtime < before.timestamp()]


def drop(paths: Iterable[Path], *, before: datetime) -> None:
    """Remove packages, those that were written anew meanwhile excepted."""
    for path in paths:
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


def digests_of(path: Path) -> tuple[str, str]:
    """SHA-256 and SM3."""
    first, second = hashlib.sha256(), hashlib.new("sm3")
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            first.update(block)
            second.update(block)
    return first.hexdigest(), second.hexdigest()


def keep(folder: Path, made: Path, digest: str) -> None:
    """Seal a whole package and make it durable under its digest. Raises MissingKeyError."""
    target = path_of(folder, digest)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = made.with_name(f"{uuid4().hex}.part")
    with made.open("rb") as file:
        blocks = iter(lambda: file.read(BLOCK), b"")
        sealed.write(part, blocks, size=made.stat().st_size, name=target.name)
    part.replace(target)
    shelf = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(shelf)
    finally:
        os.close(shelf)
