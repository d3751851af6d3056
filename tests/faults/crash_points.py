"""Where a process can die in the middle of a write, and one that dies there.

A point is a place between two things that the database is asked to do: the names of the points are what the program was
about to say (`INSERT submissions`), and around each commit `before commit` and `after commit`. What lies between two
statements, such as the engine's step, is met by the statement that comes next. The program knows nothing of all this:
it is watched through SQLAlchemy's events.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

BEFORE_COMMIT, AFTER_COMMIT = "before commit", "after commit"
WRITE = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)")
LOCK = re.compile(r"BEGIN IMMEDIATE|.*\bFOR UPDATE\b", re.DOTALL)


class DeathError(BaseException):
    """The process is no more. Nothing in the program catches it, as nothing catches a SIGKILL."""


class Watch:
    """The points that were passed since `start`; with a `deadly` one, death there and silence afterwards."""

    def __init__(self) -> None:
        self.points: list[str] = []
        self._deadly: int | None = None
        self._dead = False
        self._locked = False

    def start(self, deadly: int | None = None) -> None:
        """`deadly` is a place in the list of points of a run that nobody disturbed."""
        self.points, self._deadly, self._dead, self._locked = [], deadly, False, False

    @property
    def commits(self) -> int:
        return self.points.count(AFTER_COMMIT)

    def pass_(self, point: str) -> None:
        self.points.append(point)
        if self._dead or self._deadly == len(self.points) - 1:
            self._dead = True
            raise DeathError(point)

    def statement(self, text: str) -> None:
        if self._dead:
            raise DeathError(text)
        if written := WRITE.match(text):
            self.pass_(f"{written[1].split()[0]} {written[2]}")
        elif self._locked:
            self.pass_("after lock")
        self._locked = bool(LOCK.match(text))


@contextmanager
def watched(engine: Engine, watch: Watch | None = None) -> Iterator[Watch]:
    """All statements and commits of an engine."""
    watch, commit = watch or Watch(), engine.dialect.do_commit

    def before(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        watch.statement(statement)

    def do_commit(connection: Any) -> None:
        watch.pass_(BEFORE_COMMIT)
        commit(connection)
        watch.pass_(AFTER_COMMIT)

    event.listen(engine, "before_cursor_execute", before)
    engine.dialect.do_commit = do_commit  # type: ignore[method-assign]
    try:
        yield watch
    finally:
        engine.dialect.do_commit = commit  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", before)


def worth_dying_at(points: list[str]) -> list[int]:
    """Places in the list: every kind of point of every transaction once, the first of its kind."""
    chosen, seen = [], set()
    for place, point in enumerate(points):
        if point not in seen:
            chosen.append(place)
            seen.add(point)
        if point == AFTER_COMMIT:
            seen = set()
    return chosen
