"""The one place that begins and ends a write."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, NoResultFound, SAWarning
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from app.domain.errors import ConflictError
from app.extensions import OUTAGES, db

log = structlog.get_logger()

_FLAG = "wenze_in_transaction"
_FIRST = "wenze_first"
_GONE = (StaleDataError, ObjectDeletedError, NoResultFound)
"""A row that was read is no more when it is written, read again or locked."""
_TAKEN = frozenset({"23503", "23505", "SQLITE_CONSTRAINT_FOREIGNKEY", "SQLITE_CONSTRAINT_PRIMARYKEY"})
_TAKEN |= {"SQLITE_CONSTRAINT_UNIQUE"}
"""How the databases say that a key is there already, or that the row it points at is not."""
_GONE_ALREADY = "DELETE statement on table"
"""How SQLAlchemy begins to say that a row is gone already when it is removed: it would only warn."""
warnings.filterwarnings("error", message=_GONE_ALREADY, category=SAWarning)
connection_in_use: ContextVar[Connection | None] = ContextVar("connection_in_use", default=None)
"""The connection of the open transaction: asking the session for it takes longer than a small statement."""


@contextmanager
def transaction() -> Iterator[None]:
    """All or nothing, one commit. Services open it, never one inside another; nothing else in the app commits.

    On SQLite the write lock is taken at once (BEGIN IMMEDIATE): an upgrade from a read would fail under load and
    `busy_timeout` does not cure it. Nothing is flushed on the way: every row goes out once, with its last values; who
    reads what was just added flushes first.

    Raises ConflictError where somebody else was faster: a key that this one made too, a row that is gone meanwhile.
    """
    session = db.session()
    if session.info.get(_FLAG):
        raise RuntimeError("A service called another service: move the shared step into domain or storage.")
    session.rollback()  # ends the read that a page began when it looked up its actor
    session.info[_FLAG] = True
    before = connection_in_use.set(None)
    try:
        connection_in_use.set(session.connection(execution_options={"sqlite_begin": "IMMEDIATE"}))
        with session.no_autoflush:
            if (first := session.info.pop(_FIRST, None)) is not None:
                first()
            yield
        session.commit()
    except OUTAGES:
        session.invalidate()  # a file opened while it was read-only stays so: the next one opens it afresh
        raise
    except (IntegrityError, SAWarning, *_GONE) as error:
        session.rollback()
        if not _lost_a_race(error):
            raise  # a value that no row may have is a fault of ours
        log.warning("lost a race", why=str(getattr(error, "orig", error)).partition("\n")[0])
        raise ConflictError from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[_FLAG] = False
        connection_in_use.reset(before)


def _lost_a_race(error: Exception) -> bool:
    if isinstance(error, SAWarning):
        return str(error).startswith(_GONE_ALREADY)
    if not isinstance(error, IntegrityError):
        return True
    return getattr(error.orig, "sqlstate", getattr(error.orig, "sqlite_errorname", None)) in _TAKEN


@contextmanager
def beginning_with(first: Callable[[], None]) -> Iterator[None]:
    """What the next transaction inside does before all else, under its lock; it commits or vanishes with it."""
    db.session.info[_FIRST] = first
    try:
        yield
    finally:
        db.session.info.pop(_FIRST, None)


@contextmanager
def savepoint() -> Iterator[None]:
    """A part of the transaction that may fail on its own, such as one operation of a step."""
    with db.session.begin_nested():
        yield


@contextmanager
def glance() -> Iterator[None]:
    """One prepared question by itself, such as who calls: a connection, and nothing that the session would begin."""
    with db.engine.connect() as connection:
        before = connection_in_use.set(connection)
        try:
            yield
        finally:
            connection_in_use.reset(before)


@contextmanager
def snapshot() -> Iterator[None]:
    """Several reads that agree with each other, whatever is committed meanwhile. Nothing is written or locked."""
    db.session.rollback()
    if db.session.get_bind().dialect.name != "sqlite":  # there every read transaction is one
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield
    finally:
        db.session.rollback()


def ping() -> None:
    """Raises when the database does not answer."""
    db.session.execute(text("select 1"))
