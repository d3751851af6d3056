"""One request held in the middle of its write while another passes: what each is answered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine

from tests.faults.crash_points import LOCK, WRITE

BEGIN, WRITE_BEGINS, COMMIT = "before its first lock", "before its first row", "before its commit"
PLACES = (BEGIN, WRITE_BEGINS, COMMIT)
OWN = frozenset({"idempotency_keys", "sessions"})
"""Tables of the request itself: what it is about is not written yet."""
PATIENCE = 120.0
"""Seconds; nothing here takes as long on a machine that is not at a standstill."""


class Hold:
    """Stops the thread that enters it, once, at a place of the statements that it sends; `go` lets it go on."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.stands = threading.Event()
        """Set when the thread has come to the place."""
        self._go = threading.Event()
        self._thread: int | None = None
        self._wrote = False

    def enter(self) -> None:
        self._thread = threading.get_ident()

    def go(self) -> None:
        self._go.set()

    def statement(self, text: str) -> None:
        if not self._mine():
            return
        written = WRITE.match(text)
        about_it = written is not None and written[2] not in OWN
        if (self.place == BEGIN and (written or LOCK.match(text))) or (self.place == WRITE_BEGINS and about_it):
            self._stand()
        self._wrote |= about_it

    def commit(self) -> None:
        if self._mine() and self.place == COMMIT and self._wrote:
            self._stand()

    def _mine(self) -> bool:
        return threading.get_ident() == self._thread and not self.stands.is_set()

    def _stand(self) -> None:
        self.stands.set()
        if not self._go.wait(PATIENCE):
            raise TimeoutError("nobody let it go on")


@contextmanager
def holding(engine: Engine, hold: Hold) -> Iterator[None]:
    """All statements and commits of an engine, for this block.

    In front of the driver, not in an event of SQLAlchemy: nobody may change its listeners while a thread is in one.
    """
    dialect, commit = engine.dialect, engine.dialect.do_commit

    def stopping(ask: Any) -> Any:
        def asked(cursor: Any, statement: str, *rest: Any, **more: Any) -> Any:
            hold.statement(statement)
            return ask(cursor, statement, *rest, **more)

        return asked

    def do_commit(connection: Any) -> None:
        hold.commit()
        commit(connection)

    asks = {name: getattr(dialect, name) for name in ("do_execute", "do_executemany", "do_execute_no_params")}
    changed = {name: stopping(ask) for name, ask in asks.items()} | {"do_commit": do_commit}
    for name, function in changed.items():
        setattr(dialect, name, function)
    try:
        yield
    finally:
        hold.go()
        for name, function in (asks | {"do_commit": commit}).items():
            setattr(dialect, name, function)


def waits_for_another(engine: Engine) -> bool:
    """Whether somebody on this server waits for a lock."""
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql("select count(*) from pg_locks where not granted").scalar())
