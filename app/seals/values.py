"""A short secret, such as a number, sealed for a column of the database."""

from app.seals.provider import DamagedSealError, current_key, provider

MAGIC = b"WZ1"


def seal(content: str, *, bound: str) -> bytes:
    """The text sealed with the newest key; it opens only with the same `bound`. Raises MissingKeyError."""
    key_id = current_key()
    head = _head(key_id)
    return head + provider().seal(key_id, content.encode(), head + bound.encode())


def opened(sealed: bytes, *, bound: str) -> str:
    """The text. Raises MissingKeyError, DamagedSealError."""
    key_id = key_of(sealed)
    head = _head(key_id)
    return provider().open(key_id, sealed[len(head) :], head + bound.encode()).decode()


def key_of(sealed: bytes) -> str:
    """The id of the key that it was sealed with. Raises DamagedSealError where it is no sealed value."""
    start = len(MAGIC) + 1
    if not sealed.startswith(MAGIC) or len(sealed) < start:
        raise DamagedSealError
    name = sealed[start : start + sealed[len(MAGIC)]]
    if not name.isascii():
        raise DamagedSealError
    return name.decode()


def _head(key_id: str) -> bytes:
    return MAGIC + bytes([len(key_id)]) + key_id.encode()
