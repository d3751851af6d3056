"""How often somebody may do what is costly: counted in a small file that all workers of this machine share.

Nothing is written to the database for it, so that reading stays reading. Each key has a slot by its digest; two keys in
one slot share a limit, which is rare and errs on the strict side. Where that file cannot be written (the disk is full),
each process counts for itself until it can be: a limit is no reason to refuse anybody.
"""

import fcntl
import os
import struct
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import structlog

from app.domain.errors import TooManyError
from app.services import settings

_SLOT = struct.Struct("<QQ")
"""Number of the window, and what was counted in it."""
SLOTS = 65_536
NAME = "rates.bin"

_own: dict[int, tuple[int, int]] = {}
"""By place: window and count, while the file cannot be written."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rate:
    name: str
    most: int
    seconds: int


def count(rate: Rate, who: str, *, now: datetime) -> None:
    """One more of `who`. Raises TooManyError above the limit of the window that the clock is in."""
    window = int(now.timestamp()) // rate.seconds
    place = int.from_bytes(blake2b(f"{rate.name}\n{who}".encode(), digest_size=8).digest()) % SLOTS * _SLOT.size
    try:
        counted = _count_in_file(place, window, most=rate.most)
        _own.clear()
    except OSError as error:
        if not _own:
            log.error("rates are counted per process", why=str(error))
        counted = _one_more(_own.get(place, (0, 0)), window)
        _own[place] = (window, counted)
    if counted > rate.most:
        raise TooManyError


def _count_in_file(place: int, window: int, *, most: int) -> int:
    """Raises OSError."""
    file = os.open(_file(), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        stored = os.pread(file, _SLOT.size, place)
        counted = _one_more(_SLOT.unpack(stored) if len(stored) == _SLOT.size else (0, 0), window)
        if counted <= most:
            os.pwrite(file, _SLOT.pack(window, counted), place)
    finally:
        os.close(file)
    return counted


def _one_more(before: tuple[int, int], window: int) -> int:
    then, counted = before
    return counted + 1 if then == window else 1


def _file() -> Path:
    return settings.data_folder() / NAME
