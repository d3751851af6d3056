"""What a copy of this database has come to hold since it was copied, taken over into this one: embedded databases only.

Several copies can grow at the same time, each by itself, and come together again, as long as they only added rows.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table

from app.extensions import Base, db
from app.storage.copies import OF_ITS_OWN
from app.storage.models import Tally, WorkerBeat

MADE_HERE = OF_ITS_OWN | {Tally.__tablename__, WorkerBeat.__tablename__}
"""What triggers write when the other rows come in, or what is of no use elsewhere."""
AT_ONCE = 2_000
"""Rows in one statement."""


class ChangedError(RuntimeError):
    """A row that both had in the beginning is not the same any more."""


def copy_to(file: Path) -> None:
    """This database, as it is now, as another file."""
    db.session.rollback()
    with closing(sqlite3.connect(file)) as copied, db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.backup(copied)


def take_over(file: Path, *, beginning: Path) -> int:
    """Add what `file` holds more than `beginning`, of which it is a copy, inside the open transaction.

    Rows that the database numbers get new numbers, in the same order. Returns how many rows came. Raises ChangedError.
    """
    connection, number = db.session.connection(), 0
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # a row may refer to one that comes after it
    with closing(_opened(file)) as grown, closing(_opened(beginning)) as old:
        for table in Base.metadata.sorted_tables:
            if table.name not in MADE_HERE:
                number += _add(connection, table, new_rows(grown, old, table))
    return number


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)


def new_rows(grown: sqlite3.Connection, old: sqlite3.Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """Rows that are in one database and not in the other, in the order in which they were written."""
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    key = [place for place, column in enumerate(table.columns) if column.primary_key]
    query = f'SELECT {columns} FROM "{table.name}"'
    known = {tuple(row[place] for place in key): row for row in old.execute(query)}
    for row in grown.execute(f"{query} ORDER BY rowid"):
        before = known.get(tuple(row[place] for place in key))
        if before is None:
            yield row
        elif before != row:
            raise ChangedError(table.name)


def _add(connection: Connection, table: Table, rows: Iterator[tuple[Any, ...]]) -> int:
    numbered = table.autoincrement_column
    places = [place for place, column in enumerate(table.columns) if column is not numbered and column.computed is None]
    names = ", ".join(f'"{table.columns.keys()[place]}"' for place in places)
    query = f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join("?" * len(places))})'
    number, batch = 0, list[tuple[Any, ...]]()
    for row in rows:
        batch.append(tuple(row[place] for place in places))
        number += 1
        if len(batch) == AT_ONCE:
            connection.exec_driver_sql(query, batch)
            batch.clear()
    if batch:
        connection.exec_driver_sql(query, batch)
    return number
