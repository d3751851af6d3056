"""How often somebody may do what is costly: counted in a small file that all workers of this machine share.

Nothing is written to the database for it, so that reading stays reading. Each key has a slot by its digest; two keys in
one slot share a limit, which is rare and errs on the strict side.
"""

import fcntl
import os
import struct
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from app.domain.errors import TooManyError
from app.services import settings

_SLOT = struct.Struct("<QQ")
"""Number of the window, and what was counted in it."""
SLOTS = 65_536
NAME = "rates.bin"


@dataclass(frozen=True, slots=True)
class Rate:
    name: str
    most: int
    seconds: int


def count(rate: Rate, who: str, *, now: datetime) -> None:
    """One more of `who`. Raises TooManyError above the limit of the window that the clock is in."""
    window = int(now.timestamp()) // rate.seconds
    place = int.from_bytes(blake2b(f"{rate.name}\n{who}".encode(), digest_size=8).digest()) % SLOTS * _SLOT.size
    file = os.open(_file(), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        stored = os.pread(file, _SLOT.size, place)
        then, counted = _SLOT.unpack(stored) if len(stored) == _SLOT.size else (0, 0)
        counted = counted + 1 if then == window else 1
        if counted <= rate.most:
            os.pwrite(file, _SLOT.pack(window, counted), place)
    finally:
        os.close(file)
    if counted > rate.most:
        raise TooManyError


def _file() -> Path:
    return settings.data_folder() / NAME
