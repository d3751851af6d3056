"""The module that seals, behind one small interface: ours in software, or a certified one named in config."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol

from app.domain.errors import N_, ConflictError


class MissingKeyError(ConflictError):
    """The key that something was sealed with is not on this machine; nothing was opened."""

    def __init__(self, key_id: str) -> None:
        super().__init__(N_("内容已加密保存，本机缺少编号为 %(key)s 的密钥，请联系系统管理员。"), key=key_id or "—")


class DamagedSealError(ConflictError):
    """What was sealed has been changed, cut, or put in the place of something else."""

    sentence = N_("内容已损坏或者被改动，不能打开，请联系系统管理员。")


class Provider(Protocol):
    """Seals and opens contents of up to some hundred kilobytes. Called by several threads at once.

    A class that follows it is named by `WENZE_SEAL_MODULE` as `package.module:Class`; it is made once in each process
    with the path of `WENZE_SEAL_KEY_FILE`, which may hold whatever the class needs to find its keys.
    """

    def key_ids(self) -> Sequence[str]:
        """The keys that are there now, the one that seals last; ids are at most 16 letters and digits.

        Raises MissingKeyError where there is none.
        """
        ...

    def seal(self, key_id: str, content: bytes, bound: bytes) -> bytes:
        """`content` sealed and proved together with `bound`, which is not part of the result."""
        ...

    def open(self, key_id: str, sealed: bytes, bound: bytes) -> bytes:
        """What was sealed. Raises MissingKeyError, DamagedSealError (changed, or bound to something else)."""
        ...

    def add_key(self) -> str:
        """Make a key that seals from now on; returns its id. Raises ConflictError where keys are made elsewhere."""
        ...


_in_use: list[Provider] = []


def use(module: str, key_file: Path) -> None:
    """Make the named class the provider of this process. Raises ValueError for a name that leads nowhere."""
    place, _, name = module.partition(":")
    try:
        made: Provider = getattr(import_module(place), name)(key_file)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"WENZE_SEAL_MODULE: there is no {module}") from error
    _in_use[:] = [made]


def provider() -> Provider:
    """The one in use."""
    return _in_use[0]


def current_key() -> str:
    """The id of the key that seals now. Raises MissingKeyError."""
    return provider().key_ids()[-1]
