"""SM4-GCM in software (GM/T 0002, by `cryptography`), with keys in a file outside the database. No certified module.

The file has a line `<id> <32 hexadecimal digits>` for each key; the last one seals, all of them open. It is read again
as soon as it changes, so a new key is in use everywhere on the machine without a restart.
"""

import os
import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from app.domain.errors import N_, ConflictError
from app.seals.provider import DamagedSealError, MissingKeyError
from config import kept_in

NONCE, PROOF = 12, 16
_LINE = re.compile(r"([0-9a-z]{1,16}) ([0-9a-f]{32})")


class Sm4Provider:
    """See `app.seals.provider.Provider`. The first key is made with the file, when the product first starts."""

    def __init__(self, key_file: Path) -> None:
        self._file = key_file
        self._known: tuple[tuple[int, ...], dict[str, bytes]] = ((), {})
        kept_in(key_file, new_line())

    def key_ids(self) -> Sequence[str]:
        return tuple(self._keys()) or self._none("")

    def seal(self, key_id: str, content: bytes, bound: bytes) -> bytes:
        # a nonce of chance: one key may seal 2^32 times, of which a large office uses a few thousandths in ten years
        nonce = secrets.token_bytes(NONCE)
        sealing = Cipher(SM4(self._key(key_id)), GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(bound)
        return nonce + sealing.update(content) + sealing.finalize() + sealing.tag

    def open(self, key_id: str, sealed: bytes, bound: bytes) -> bytes:
        key = self._key(key_id)
        if len(sealed) < NONCE + PROOF:
            raise DamagedSealError
        nonce, content, tag = sealed[:NONCE], sealed[NONCE:-PROOF], sealed[-PROOF:]
        opening = Cipher(SM4(key), GCM(nonce, tag)).decryptor()
        opening.authenticate_additional_data(bound)
        try:
            return opening.update(content) + opening.finalize()
        except InvalidTag as error:
            raise DamagedSealError from error

    def add_key(self) -> str:
        return add_key(self._file)

    def _key(self, key_id: str) -> bytes:
        return self._keys().get(key_id) or self._none(key_id)

    def _none(self, key_id: str) -> NoReturn:
        raise MissingKeyError(key_id)

    def _keys(self) -> Mapping[str, bytes]:
        try:
            found = self._file.stat()
            stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
            if self._known[0] != stamp:
                self._known = (stamp, keys_in(self._file.read_text("ascii")))
        except (OSError, UnicodeDecodeError, ValueError):
            return {}
        return self._known[1]


def keys_in(text: str) -> dict[str, bytes]:
    """The keys by id. Raises ValueError for a line of another form."""
    keys: dict[str, bytes] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = _LINE.fullmatch(line)
        if found is None or found[1] in keys:
            raise ValueError("each line is an id of its own, a blank and 32 hexadecimal digits")
        keys[found[1]] = bytes.fromhex(found[2])
    return keys


def new_line() -> str:
    """A line with a new key. Its id is drawn too: another machine's first key never passes for this one's."""
    return f"{secrets.token_hex(4)} {secrets.token_hex(16)}\n"


def add_key(key_file: Path) -> str:
    """Add a key that seals from now on; returns its id. The file is replaced as a whole, so nobody reads half of it.

    Raises ConflictError where the file cannot be read: keys that are lost are looked for, not replaced.
    """
    try:
        before = key_file.read_text("ascii")
        keys_in(before)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ConflictError(N_("密钥文件 %(name)s 不能读取或者格式不对。"), name=key_file.name) from error
    line = new_line()
    part = key_file.with_name(f".{key_file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{before.rstrip()}\n{line}")
            file.flush()
            os.fsync(file.fileno())
        part.replace(key_file)
    finally:
        part.unlink(missing_ok=True)
    return line.partition(" ")[0]
