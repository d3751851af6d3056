"""Counts SQL statements and commits of one act."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

MOST_STATEMENTS = 15
"""Of one completed step over HTTP: the session, the policy, the act and its evidence."""
BOUNDARIES = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass
class Count:
    act: str
    statements: list[str] = field(default_factory=list)
    commits: int = 0
    until_commit: int = 0
    """Statements up to the last commit; those after it only look for the page that comes next."""


class Meter:
    """Listens to an engine; `counts` keeps one entry per measured act."""

    def __init__(self, engine: Engine) -> None:
        self.counts: list[Count] = []
        self._open: Count | None = None
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    @contextmanager
    def measure(self, act: str) -> Iterator[None]:
        self._open = Count(act)
        yield
        self.counts.append(self._open)
        self._open = None

    def _statement(self, _c: Any, _cursor: Any, statement: str, _p: Any, _ctx: Any, _many: Any) -> None:
        if self._open is not None and not statement.upper().startswith(BOUNDARIES):
            self._open.statements.append(statement)

    def _commit(self, _connection: Any) -> None:
        if self._open is not None:
            self._open.commits += 1
            self._open.until_commit = len(self._open.statements)
