"""Acts that are answered without content: with a key they take effect once, and are answered the same every time."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

from flask import request

from app.api import clock
from app.api.permission import actor
from app.domain.errors import AlreadyDoneError
from app.services.once import once as once_for


@contextmanager
def once(key: str | None) -> Iterator[None]:
    """The act inside; nothing where this caller's key took effect here before. Raises ConflictError for a key used
    elsewhere."""
    action = f"{request.method} {request.path}"
    with suppress(AlreadyDoneError), once_for(key or uuid4().hex, actor=actor(), action=action, now=clock.now()):
        yield
