"""Files that lie sealed, in pieces, so that a large one is written and read with the memory of one piece.

    header   magic (8 bytes, the first is zero), length and name of the key, length of the content (8)
    pieces   each covers 256 KiB of the content, the last one what is left: length (4), what the provider made of it

Every piece is bound to the file's name, to the header and to its number: none can be changed, left out, swapped, taken
from another file or from another place, and a file does not open under another name. What begins otherwise was kept
before there were seals and is read as it is.
"""

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from app.seals.provider import DamagedSealError, current_key, provider

MAGIC = b"\x00WENZES1"
PIECE = 1 << 18
_SIZE, _LENGTH = 8, 4
_LONGEST_PIECE = PIECE + 4096
"""What a provider may add to a piece is far less."""


def write(path: Path, blocks: Iterable[bytes], *, size: int, name: str = "") -> None:
    """Seal `size` bytes into the new file `path`, durable (mode 0600). `name`: what the file will be called.

    Raises MissingKeyError: nothing is left behind.
    """
    key_id = current_key()
    header = MAGIC + bytes([len(key_id)]) + key_id.encode() + size.to_bytes(_SIZE, "big")
    bound = _bound(header, name or path.name)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(header)
            for number, piece in enumerate(_pieces(blocks)):
                sealed = provider().seal(key_id, piece, bound + number.to_bytes(_SIZE, "big"))
                file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = bytearray()
    for block in blocks:
        rest += block
        while len(rest) >= PIECE:
            yield bytes(rest[:PIECE])
            del rest[:PIECE]
    if rest:
        yield bytes(rest)


def _bound(header: bytes, name: str) -> bytes:
    return header + name.encode() + b"\0"


def opened(path: Path) -> BinaryIO:
    """The content of a file, to be read and sought in. Raises OSError, MissingKeyError; reading: DamagedSealError."""
    return unsealed(path.open("rb"), name=path.name)


def unsealed(file: BinaryIO, *, name: str) -> BinaryIO:
    """The content of an open file, whose closing closes that."""
    try:
        header = _header(file)
        if header is None:
            file.seek(0)
            return file
        return io.BufferedReader(_Sealed(file, header, name), buffer_size=PIECE)
    except BaseException:
        file.close()
        raise


def read(path: Path) -> bytes:
    """The whole content. Raises OSError, MissingKeyError, DamagedSealError."""
    with opened(path) as file:
        return file.read()


def verify(path: Path) -> None:
    """Read it to its end. Raises OSError, MissingKeyError, DamagedSealError."""
    with opened(path) as file:
        while file.read(PIECE):
            pass


def size_of(path: Path) -> int:
    """Bytes of the content; of a sealed file as its header says. Raises OSError."""
    with path.open("rb") as file:
        header = _header(file)
        return int.from_bytes(header[-_SIZE:], "big") if header else path.stat().st_size


def is_whole(path: Path) -> bool:
    """Whether nothing is missing at the end of a file, as far as lengths tell: nothing is opened. Raises OSError."""
    with path.open("rb") as file:
        header = _header(file)
        if header is None:
            return True
        size, place = int.from_bytes(header[-_SIZE:], "big"), len(header)
        for _ in range(-(-size // PIECE)):
            file.seek(place)
            place += _LENGTH + int.from_bytes(file.read(_LENGTH), "big")
        return place == path.stat().st_size


def key_of(path: Path) -> str:
    """The id of the key that the file was sealed with; empty where it lies open. Raises OSError."""
    with path.open("rb") as file:
        header = _header(file)
    return header[len(MAGIC) + 1 : -_SIZE].decode("ascii", "replace") if header else ""


def _header(file: BinaryIO) -> bytes | None:
    """The header of a sealed file, behind which the file then stands; None for one that is not sealed."""
    begin = file.read(len(MAGIC) + 1)
    if not begin.startswith(MAGIC) or len(begin) <= len(MAGIC):
        return None
    return begin + file.read(begin[-1] + _SIZE)


class _Sealed(io.RawIOBase):
    """Opens piece by piece; nothing that was not proved is handed on."""

    def __init__(self, file: BinaryIO, header: bytes, name: str) -> None:
        super().__init__()
        self._file, self._bound = file, _bound(header, name)
        self._key = header[len(MAGIC) + 1 : -_SIZE].decode("ascii", "replace")
        self._size = int.from_bytes(header[-_SIZE:], "big")
        self._places = [len(header)]
        """Where pieces begin in the file, as far as is known."""
        self._place, self._number, self._piece = 0, -1, b""
        if self._size:
            self._load(0)  # a lost key is told when the file is opened, not on the way

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence])
        return self._place

    def readinto(self, buffer: Any) -> int:
        if self._place >= self._size or not len(buffer):
            return 0
        number, begin = divmod(self._place, PIECE)
        if number != self._number:
            self._load(number)
        given = self._piece[begin : begin + len(buffer)]
        buffer[: len(given)] = given
        self._place += len(given)
        return len(given)

    def _load(self, number: int) -> None:
        while len(self._places) <= number:
            last = self._places[-1]
            self._file.seek(last)
            self._places.append(last + _LENGTH + self._length())
        self._file.seek(self._places[number])
        sealed = self._file.read(self._length())
        piece = provider().open(self._key, sealed, self._bound + number.to_bytes(_SIZE, "big"))
        is_last = (number + 1) * PIECE >= self._size
        if len(piece) != min(PIECE, self._size - number * PIECE) or (is_last and self._file.read(1)):
            raise DamagedSealError
        self._number, self._piece = number, piece

    def _length(self) -> int:
        found = int.from_bytes(self._file.read(_LENGTH), "big")
        if not 0 < found <= _LONGEST_PIECE:
            raise DamagedSealError
        return found

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
