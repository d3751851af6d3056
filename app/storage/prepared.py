"""Statements of the hot path as the database gets them: compiled once for each kind of database, then run as text.

SQLAlchemy makes a cache key of the whole statement each time it runs one, which takes longer than the answer. The
driver's errors, the transaction and whoever listens to statements are the same either way.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect

from app.extensions import db
from app.storage.transaction import connection_in_use

Convert = Callable[[Any], Any]
_KEPT: Mapping[str, Mapping[str, Any]] = {"psycopg": {"prepare": True}}
"""What runs again and again is prepared by the driver the first time, and kept (`storage/postgresql.py`): after a few
runs its plan is one for all values. A `Frozen` question has one person's values, and gets a plan for them each time."""


class Prepared:
    """One statement. `build` makes it for a kind of database; `names` are the columns of an INSERT or UPDATE.

    Every column and parameter must be given: defaults of the mapped classes are not known here. No list of values of
    changing length (`IN`) may be in it.
    """

    def __init__(self, build: Callable[[str], Any], names: Sequence[str] | None = None) -> None:
        self._build = build
        self._names = list(names) if names is not None else None
        self._texts: dict[str, _Text] = {}

    def run(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write, once for each row; nothing for no rows."""
        if rows:
            connection = _connection()
            text = self._text(connection.dialect)
            values = [text.bound(row) for row in rows]
            _ask(connection, text.sql, values[0] if len(values) == 1 else values, reads=False)

    def rows(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """What a SELECT finds, as plain values."""
        connection = _connection()
        text = self._text(connection.dialect)
        return list(map(text.read, _ask(connection, text.sql, text.bound(values))))

    def _text(self, dialect: Dialect) -> "_Text":
        found = self._texts.get(dialect.name)
        if found is None:
            found = self._texts[dialect.name] = _Text(self._build(dialect.name), dialect, self._names)
        return found


class Frozen:
    """A question with all its values, compiled once and asked again and again: what a person's own boxes are read with.

    Lists of values (`IN`) may be in it, for they never change.
    """

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        whole = compiled.construct_expanded_state()
        self._sql: str = whole.statement
        lists = {name: base for base, names in whole.parameter_expansion.items() for name in names}
        self._values: Any = dict(whole.parameters)
        for name, value in self._values.items():
            bind = compiled.binds[lists.get(name, name)]
            processor = bind.type.dialect_impl(dialect).bind_processor(dialect)
            self._values[name] = processor(value) if processor is not None else value
        if whole.positiontup is not None:
            self._values = tuple(self._values[name] for name in whole.positiontup)
        self._readers = _readers_of(compiled, dialect)

    def rows(self) -> list[tuple[Any, ...]]:
        """What it finds, as plain values."""
        return [_read(self._readers, row) for row in _ask(_connection(), self._sql, self._values, kept=False)]


def _connection() -> Connection:
    return connection_in_use.get() or db.session.connection()


def _ask(connection: Connection, sql: str, values: Any, *, reads: bool = True, kept: bool = True) -> Sequence[Any]:
    """The rows of the answer, as the driver gives them, where it `reads`; a statement that is `kept` is prepared for
    the next time. A list of values is a statement for each.

    What SQLAlchemy makes of a statement and of its answer takes longer than both; who listens to statements hears of
    these too, and the driver's errors come out as SQLAlchemy's.
    """
    cursor, many = connection.connection.cursor(), isinstance(values, list)
    try:
        for heard in connection.dispatch.before_cursor_execute:
            sql, values = heard(connection, cursor, sql, values, None, many)
        if many:
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values, **(_KEPT.get(connection.dialect.driver, {}) if kept else {}))
        return cursor.fetchall() if reads else ()
    except connection.dialect.loaded_dbapi.Error as error:
        connection._handle_dbapi_exception(error, sql, values, cursor, None)
    finally:
        cursor.close()


class _Text:
    """The statement as one kind of database gets it, and what its types make of values on the way in and out."""

    def __init__(self, statement: Any, dialect: Dialect, names: list[str] | None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self.sql: str = compiled.string
        self._positions: list[str] | None = compiled.positiontup
        self._constants = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        wanted = self._positions if self._positions is not None else list(compiled.binds)
        self._binders: list[tuple[str, Convert | None]] = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in wanted
        ]
        self._readers = _readers_of(compiled, dialect)

    def bound(self, row: Mapping[str, Any]) -> Any:
        """The values as the driver wants them. Raises KeyError where one is missing."""
        given = {**self._constants, **row} if self._constants else row
        if self._positions is not None:
            return tuple([given[name] if bind is None else bind(given[name]) for name, bind in self._binders])
        return {name: given[name] if bind is None else bind(given[name]) for name, bind in self._binders}

    def read(self, row: Any) -> tuple[Any, ...]:
        """A row with its values as the types have them."""
        return _read(self._readers, row)


def _readers_of(compiled: Any, dialect: Dialect) -> list[tuple[int, Convert]]:
    """By place: what the types of a statement's columns make of the driver's values."""
    columns = getattr(compiled, "_result_columns", ())
    readers = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
    return [(at, reader) for at, reader in enumerate(readers) if reader]


def _read(readers: list[tuple[int, Convert]], row: Any) -> tuple[Any, ...]:
    if not readers:
        return tuple(row)
    values = list(row)
    for at, reader in readers:
        values[at] = reader(values[at])
    return tuple(values)
