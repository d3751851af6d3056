"""Rows of the hot path as objects of the session, without the machinery that sets them up anew for each statement."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Date, Select, inspect, select
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from app.domain.errors import NotFoundError
from app.extensions import Base, UtcDateTime, db
from app.storage import calendars
from app.storage.models import Proceeding
from app.storage.prepared import Prepared

Row = TypeVar("Row", bound=Base)


@cache
def columns_of(table: type[Base]) -> tuple[Any, ...]:
    """What a statement must select, in this order, for `known` to make an object of it."""
    return tuple(table.__table__.columns)


def known(table: type[Row], values: Sequence[Any]) -> Row:
    """The object of a row as the database has it now; one that the session has already shows these values."""
    mapper, names, keys = _shape(table)
    session = db.session()
    identity = mapper.identity_key_from_primary_key([values[at] for at in keys])
    found: Row | None = session.identity_map.get(identity)
    if found is not None:
        for name, value in zip(names, values, strict=True):
            set_committed_value(found, name, value)
        return found
    made: Row = mapper.class_manager.new_instance()
    made.__dict__.update(zip(names, values, strict=True))
    state = instance_state(made)
    state.key = identity
    session._update_impl(state)  # as `add` does, without a walk through what might belong to it: nothing is loaded yet
    return made


def let_go(row: Base) -> None:
    """Take a row from the session that this transaction has written by itself. As `expunge`, without a walk through
    what it is related to, which stays."""
    db.session()._expunge_states([instance_state(row)])


def new_row(table: type[Row], **values: Any) -> Row:
    """A new row of the hot path as an object: all its values at once, where stock tells each to whoever listens.

    Columns that are left out stay so: defaults of the mapped classes are filled in by the session alone.
    """
    made: Row = _shape(table)[0].class_manager.new_instance()
    made.__dict__.update(values)
    return made


def from_json(table: type[Row], rows: Iterable[Sequence[Any]]) -> list[Row]:
    """The same for rows that came as JSON beside another one, with all columns in the order of `columns_of`."""
    readers = _readers(table)
    return [known(table, [read(value) for read, value in zip(readers, row, strict=True)]) for row in rows]


@cache
def _readers(table: type[Base]) -> tuple[Callable[[Any], Any], ...]:
    kinds = {UtcDateTime: _instant, Date: _day}
    return tuple(kinds.get(type(column.type), _as_it_is) for column in columns_of(table))


def _instant(text: str | None) -> datetime | None:
    """SQLite writes UTC without saying so, PostgreSQL the offset of the connection."""
    if text is None:
        return None
    value = datetime.fromisoformat(text)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _as_it_is(value: Any) -> Any:
    return value


@cache
def _shape(table: type[Base]) -> tuple[Any, tuple[str, ...], tuple[int, ...]]:
    mapper = inspect(table)
    columns: list[Any] = list(table.__table__.columns)
    names = tuple(mapper.get_property_by_column(column).key for column in columns)
    return mapper, names, tuple(columns.index(column) for column in mapper.primary_key)


@dataclass(frozen=True, slots=True)
class Lock:
    """A statement that locks one row of each table."""

    tables: tuple[type[Base], ...]
    query: Prepared

    def rows(self, id_: str) -> list[Any]:
        """The locked rows, in the order of the tables. Raises NotFoundError."""
        found = self.query.rows({"id": id_})
        if not found:
            raise NotFoundError
        version, *values = found[0]
        calendars.seen(version)
        rows, start = [], 0
        for table in self.tables:
            end = start + len(columns_of(table))
            rows.append(known(table, values[start:end]))
            start = end
        return rows


def lock_of(*criteria: ColumnElement[bool], more: Sequence[type[Base]] = ()) -> Lock:
    """The row of a proceeding, with the rows of `more` that are joined to it, all locked; what belongs to it is read
    afterwards. A criterion asks for `id`.

    A statement that waits for a lock goes on with the locked rows as they are then, but with every other row joined to
    them as it was when the statement began: on PostgreSQL one join would show the case as it was before the winner.
    The proceeding is locked first, as everywhere, so that no two acts wait for each other.
    Rows of other proceedings may go on referring to this one meanwhile (a meeting that puts the case on its agenda):
    a lock of the key would let the two wait for each other.
    """
    tables: tuple[type[Base], ...] = (Proceeding, *more)
    names = [table.__table__ for table in tables]

    def build(_dialect: str) -> Select[Any]:
        columns = [column for table in tables for column in columns_of(table)]
        query = select(calendars.version_column(), *columns).select_from(*names).where(*criteria)
        return query.with_for_update(of=names, key_share=True)

    return Lock(tables, Prepared(build))
