"""Acts that have no answer to keep: sent once or twice, a form takes effect once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from app.domain.actors import Actor
from app.domain.errors import AlreadyDoneError
from app.storage import idempotency
from app.storage.transaction import beginning_with


@contextmanager
def once(key: str, *, actor: Actor, action: str, now: datetime) -> Iterator[None]:
    """The act inside, one transaction, commits together with its key.

    Raises AlreadyDoneError where this person's `action` with this key took effect before, ConflictError where the key
    belongs to another action: nothing was changed. A refused act leaves the key unused.
    """

    def keep_key() -> None:
        idempotency.wait_for(key, person_id=actor.person_id)
        if idempotency.find(key, person_id=actor.person_id, action=action) is not None:
            raise AlreadyDoneError
        idempotency.keep(key, person_id=actor.person_id, action=action, answer={}, now=now)

    with beginning_with(keep_key):
        yield
