"""A file that only a key opens: AES-256-GCM in pieces, so that it is written and read as a stream of any length.

    header   magic (8 bytes), name of the key (8), salt (32)
    pieces   of 1 MiB each, the last one shorter, 16 bytes of proof behind each

Key and nonces of a file come from the office's key and the salt (HKDF-SHA256). A nonce holds the number of the piece
and whether it is the last one; each piece proves the header too. So no piece can be changed, left out, swapped, taken
from another file or cut off without being found, and nothing that was not proved is ever handed on.
"""

import re
import secrets
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.errors import N_, InvalidFileError

MAGIC = b"WENZEBK1"
PIECE = 1 << 20
_PROOF, _NAME, _SALT, _PREFIX = 16, 8, 32, 7
_KEY = re.compile(r"[0-9a-f]{64}")


def keys_in(path: Path) -> list[bytes]:
    """The keys of a file, 64 hexadecimal digits a line, the one in use last. Raises InvalidFileError."""
    try:
        lines = [line.strip() for line in path.read_text("ascii").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidFileError(N_("备份密钥文件 %(name)s 不能读取。"), name=path.name) from error
    if not lines or not all(_KEY.fullmatch(line) for line in lines):
        raise InvalidFileError(N_("备份密钥文件 %(name)s 的格式不对：每行应为64个十六进制数字。"), name=path.name)
    return [bytes.fromhex(line) for line in lines]


def new_key() -> str:
    """A line of such a file."""
    return secrets.token_hex(32)


def name_of(key: bytes) -> bytes:
    """By which a file tells the key that it was sealed with; nothing of the key follows from it."""
    return sha256(b"wenze backup key\0" + key).digest()[:_NAME]


def _derived(key: bytes, salt: bytes) -> tuple[AESGCM, bytes]:
    made = HKDF(algorithm=SHA256(), length=32 + _PREFIX, salt=salt, info=b"wenze backup").derive(key)
    return AESGCM(made[:32]), made[32:]


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class SealedWriter:
    """Seals what is written to it. `close` writes the last piece, without which the file does not open."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file, self._rest, self._number = file, bytearray(), 0
        salt = secrets.token_bytes(_SALT)
        self._header = MAGIC + name_of(key) + salt
        self._cipher, self._prefix = _derived(key, salt)
        file.write(self._header)

    def write(self, content: bytes) -> int:
        self._rest += content
        while len(self._rest) > PIECE:  # never the last one: that is written when all is known
            self._put(bytes(self._rest[:PIECE]), last=False)
            del self._rest[:PIECE]
        return len(content)

    def close(self) -> None:
        self._put(bytes(self._rest), last=True)
        self._rest.clear()

    def _put(self, piece: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, piece, self._header))
        self._number += 1


class SealedReader:
    """Reads a sealed file from its begin to its end."""

    def __init__(self, file: BinaryIO, keys: list[bytes]) -> None:
        """Raises InvalidFileError where none of the keys is the file's."""
        self._file, self._ready, self._number = file, b"", 0
        self._header = file.read(len(MAGIC) + _NAME + _SALT)
        named, salt = self._header[len(MAGIC) : -_SALT], self._header[-_SALT:]
        key = next((key for key in keys if name_of(key) == named), None)
        if key is None:
            raise InvalidFileError(N_("这份备份是加密的，所给的密钥都打不开它。"))
        self._cipher, self._prefix = _derived(key, salt)
        self._ahead = file.read(PIECE + _PROOF)
        self._over = False

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; fewer only at the end. Raises InvalidFileError where something was changed or is gone."""
        while not self._over and (size < 0 or len(self._ready) < size):
            self._ready += self._next()
        cut = len(self._ready) if size < 0 else size
        given, self._ready = self._ready[:cut], self._ready[cut:]
        return given

    def _next(self) -> bytes:
        sealed, self._ahead = self._ahead, self._file.read(PIECE + _PROOF)
        self._over = not self._ahead
        nonce = _nonce(self._prefix, self._number, last=self._over)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag as error:
            raise InvalidFileError(N_("备份文件已经损坏或者被改动，不能使用。")) from error


def is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
