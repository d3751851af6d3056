"""Anchors: what the journal was at a moment, in a file outside the database that is only ever added to.

A chain cannot tell of an end that was cut off with its head, nor of lines that somebody who has the key chained anew.
An anchor names the last line of every chain that grew since the one before, and is chained to that by the same keys.
"""

import fcntl
import hmac
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from app.domain.errors import N_
from app.storage import journal

BLOCK = 1 << 16
"""Bytes read at a time from the end of the file."""
Heads = Mapping[str, tuple[int, str]]
"""Scope -> position and digest of the last line."""


@dataclass(frozen=True, slots=True)
class Anchor:
    number: int
    at: datetime
    why: str
    """HOUR, STOP, BACKUP or ASKED."""
    lines: int
    """Of all chains, what was taken away after its time included."""
    digest: str
    """SM3 over the heads of all chains, as a backup's manifest has it."""
    heads: Heads
    """Of the chains that grew."""
    mac: str
    """Its signature, over the one before too: who wrote this down elsewhere can prove the whole file."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A line of the file that is not what follows the line before."""

    line: int
    why: str


@dataclass(slots=True)
class Standing:
    """Where the file of the anchors ends."""

    last: Anchor | None = None
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    unfit: list[Unfit] = field(default_factory=list)


def read(path: Path) -> Iterator[Anchor | Unfit]:
    """Every line of the file; nothing where there is no file."""
    if not path.exists():
        return
    with path.open("rb") as file:
        yield from _read(file)


def _read(file: BinaryIO) -> Iterator[Anchor | Unfit]:
    number, previous = 0, ""
    for place, line in enumerate(file, 1):
        said = _said(line)
        if said is None:
            yield Unfit(place, N_("不是完整的锚点。"))
            continue
        key = journal.keys().get(said["key"])
        if key is None or not hmac.compare_digest(_mac(key, said), said["mac"]):
            yield Unfit(place, N_("签名不符，被改动或用别的密钥签署。"))
        elif said["previous"] != previous or said["n"] != number + 1:
            yield Unfit(place, N_("与前一个锚点不相接，中间有缺失或调换。"))
        number, previous = said["n"], said["mac"]
        yield _anchor(said)


def _anchor(said: Mapping[str, Any]) -> Anchor:
    heads = {scope: (position, digest) for scope, (position, digest) in said["heads"].items()}
    at = datetime.fromisoformat(said["at"])
    return Anchor(said["n"], at, said["why"], said["lines"], said["digest"], heads, said["mac"])


_FIELDS = {"n": int, "at": str, "why": str, "lines": int, "digest": str, "heads": dict, "previous": str, "key": str}


def _said(line: bytes) -> dict[str, Any] | None:
    try:
        said = orjson.loads(line)
        if line.endswith(b"\n") and all(isinstance(said[name], kind) for name, kind in _FIELDS.items()):
            datetime.fromisoformat(said["at"])
            mac = said["mac"]  # digests of other letters than ASCII's cannot be compared
            if all(len(head) == 2 for head in said["heads"].values()) and isinstance(mac, str) and mac.isascii():
                return dict(said)
    except (ValueError, KeyError, TypeError):
        return None
    return None


def _mac(key: bytes, said: Mapping[str, Any]) -> str:
    signed = {name: said[name] for name in _FIELDS}
    return hmac.digest(key, b"anchor\n" + orjson.dumps(signed, option=orjson.OPT_SORT_KEYS), "sm3").hex()


def standing(path: Path) -> Standing:
    """The last anchor, and the heads that all of them together name."""
    found = Standing()
    for one in read(path):
        if isinstance(one, Unfit):
            found.unfit.append(one)
        else:
            found.last = one
            found.heads.update(one.heads)
    return found


def last(path: Path) -> Anchor | None:
    """The last line of the file, where it is an anchor signed with a key of ours."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        tail, begin = b"", end
        while begin > 0 and b"\n" not in tail[:-1]:
            begin = max(0, begin - BLOCK)
            file.seek(begin)
            tail = file.read(end - begin)
    said = _said(tail.rstrip(b"\n").rpartition(b"\n")[2] + b"\n") if tail.endswith(b"\n") else None
    key = journal.keys().get(said["key"]) if said else None
    if said is None or key is None or not hmac.compare_digest(_mac(key, said), said["mac"]):
        return None
    return _anchor(said)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Inside, nobody else of this machine adds an anchor."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(path, os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def append(
    path: Path, last: Anchor | None, heads: Heads, *, why: str, grown: Heads, digest: str, now: datetime
) -> Anchor:
    """Add one anchor and wait until it is on the disk. `last` is what the file ends with, under `held`."""
    id_ = next(reversed(list(journal.keys())))
    key = journal.keys()[id_]
    said: dict[str, Any] = {
        "n": last.number + 1 if last else 1,
        "at": now.isoformat(),
        "why": why,
        "lines": sum(position for position, _ in heads.values()),
        "digest": digest,
        "heads": {scope: list(head) for scope, head in sorted(grown.items())},
        "previous": last.mac if last else "",
        "key": id_,
    }
    said["mac"] = _mac(key, said)
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(file).st_size
        line = orjson.dumps(said) + b"\n"
        if size and os.pread(file, 1, size - 1) != b"\n":
            line = b"\n" + line  # what was torn off stays to be seen, on a line of its own
        written = os.write(file, line)
        if written != len(line):
            os.ftruncate(file, size)
            raise OSError("no room for an anchor")
        os.fsync(file)
    finally:
        os.close(file)
    return _anchor(said)
