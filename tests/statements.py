"""What a test asks the database: heard at the engine, whoever asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def asked_of(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Every statement while it lasts, with its parameters."""
    heard: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        heard.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[str]]:
    """Every SELECT, UPDATE and INSERT; told when it is over."""
    found: list[str] = []
    with asked_of(engine) as heard:
        yield found
    found += [text for text, _ in heard if text.lstrip().upper().startswith(("SELECT", "UPDATE", "INSERT"))]
