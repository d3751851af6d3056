"""The keys of what lies sealed: another one, and everything that older ones sealed is sealed anew.

A new key seals from the moment it is there; what is sealed anew is told by the key that it names, so a run that was
ended goes on where it stood, and people work meanwhile.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.documents import store
from app.seals import sealed
from app.seals.provider import DamagedSealError, MissingKeyError, current_key, provider
from app.services import settings
from app.storage import identity_numbers, journal
from app.storage.transaction import transaction

KEYS = "keys"
"""The chain of what was done with keys."""
BATCH = 200
"""Values sealed anew in one transaction."""


@dataclass(frozen=True, slots=True)
class Census:
    """What lies sealed, by the key that sealed it; the empty key stands for what lies open."""

    current: str
    known: tuple[str, ...]
    files: Mapping[str, int]
    values: Mapping[str, int]

    @property
    def lost(self) -> tuple[str, ...]:
        """Keys that something was sealed with and that are not here."""
        used = {*self.files, *self.values} - {""}
        return tuple(sorted(used - set(self.known)))

    @property
    def left(self) -> int:
        """How much is not sealed with the key of today."""
        return sum(count for found in (self.files, self.values) for key, count in found.items() if key != self.current)


@dataclass(frozen=True, slots=True)
class Resealed:
    files: int
    values: int
    damaged: tuple[str, ...]
    """Names of what could not be opened; it stays as it was."""


def census() -> Census:
    """Read the head of every file and count the values. Raises MissingKeyError where no key is left at all."""
    known = tuple(provider().key_ids())
    kept = Counter(sealed.key_of(path) for path in store.kept_files(settings.data_folder()))
    return Census(known[-1], known, kept, identity_numbers.counted_by_key())


def add(*, by: str, now: datetime) -> str:
    """Make a key that seals from now on; returns its id. Raises ConflictError."""
    made = provider().add_key()
    _tell("add key", made, {"key": made}, by=by, now=now)
    return made


def reseal(*, by: str, now: datetime) -> Resealed:
    """Seal everything with the newest key that is not yet. May be ended and called again. Raises MissingKeyError."""
    key = current_key()
    _tell("reseal", key, {"key": key, "begins": True}, by=by, now=now)
    damaged: list[str] = []
    values = _reseal_values(damaged)
    files = _reseal_files(damaged)
    done = Resealed(files, values, tuple(damaged))
    _tell("reseal", key, {"key": key, "files": files, "values": values, "damaged": damaged}, by=by, now=now)
    return done


def _reseal_values(damaged: list[str]) -> int:
    count, after = 0, ""
    while True:
        with transaction():
            batch = identity_numbers.not_sealed_with(current_key(), after=after, most=BATCH)
            if not batch:
                return count
            for row in batch:
                try:
                    identity_numbers.reseal(row)
                    count += 1
                except (MissingKeyError, DamagedSealError):
                    damaged.append(row.id)
            after = batch[-1].id


def _reseal_files(damaged: list[str]) -> int:
    count = 0
    for path in store.kept_files(settings.data_folder()):
        try:
            count += store.reseal(path)
        except (MissingKeyError, DamagedSealError):
            damaged.append(path.name)
    return count


def _tell(act: str, object_: str, payload: Mapping[str, object], *, by: str, now: datetime) -> None:
    with transaction():
        journal.write_administrative(KEYS, actor=by, act=act, object_=object_, payload=payload, now=now)
