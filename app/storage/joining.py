"""What an embedded copy of this database has come to hold since it was copied, taken over into this one.

Several copies can grow at the same time, each by itself, and come together again, as long as they only added rows. This
database may be an embedded one or a PostgreSQL: rows are read and written as the columns' values.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, RowMapping, Table, create_engine, insert, select, text
from sqlalchemy.pool import NullPool

from app.extensions import Base, db
from app.storage.copies import OF_ITS_OWN, is_embedded, snapshot
from app.storage.models import Tally, WorkerBeat

MADE_HERE = OF_ITS_OWN | {Tally.__tablename__, WorkerBeat.__tablename__}
"""What triggers write when the other rows come in, or what is of no use elsewhere."""
AT_ONCE = 2_000
"""Rows in one statement."""


class ChangedError(RuntimeError):
    """A row that both had in the beginning is not the same any more."""


def copy_to(file: Path) -> None:
    """This database, as it is now, as an embedded one; rows of a PostgreSQL come into the empty tables of `file`."""
    db.session.rollback()
    if is_embedded():
        with closing(sqlite3.connect(file)) as copied, db.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.backup(copied)
        return
    with snapshot() as source, _opened(file).begin() as target:
        target.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in _tables():
            _put(target, table, (dict(row) for row in source.execute(select(*_columns(table))).mappings()))


def take_over(file: Path, *, beginning: Path) -> int:
    """Add what `file` holds more than `beginning`, of which it is a copy, inside the open transaction.

    Rows that the database numbers get new numbers, in the same order. Returns how many rows came. Raises ChangedError.
    """
    connection, number = db.session.connection(), 0
    if is_embedded():
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # a row may refer to one that comes after it
    with _opened(file).connect() as grown, _opened(beginning).connect() as old:
        for table in _tables():
            numbered = table.autoincrement_column
            rows = new_rows(grown, old, table)
            number += _put(
                connection,
                table,
                (
                    {name: value for name, value in row.items() if numbered is None or name != numbered.name}
                    for row in rows
                ),
            )
    return number


def _opened(file: Path) -> Engine:
    return create_engine(f"sqlite:///{file}", poolclass=NullPool)


def _tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in MADE_HERE]


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.computed is None]


def new_rows(grown: Connection, old: Connection, table: Table) -> Iterator[RowMapping]:
    """Rows that are in one database and not in the other: as they were written, or by key where a table is its key."""
    query = select(*_columns(table))
    key = [column.name for column in table.primary_key]
    known = {tuple(row[name] for name in key): row for row in old.execute(query).mappings()}
    order = [text("rowid")] if table.dialect_options["sqlite"]["with_rowid"] else list(table.primary_key)
    for row in grown.execute(query.order_by(*order)).mappings():
        before = known.get(tuple(row[name] for name in key))
        if before is None:
            yield row
        elif before != row:
            raise ChangedError(table.name)


def _put(connection: Connection, table: Table, rows: Iterator[Mapping[str, Any]]) -> int:
    number, into = 0, insert(table)
    while batch := [dict(row) for row in islice(rows, AT_ONCE)]:
        connection.execute(into, batch)
        number += len(batch)
    return number
