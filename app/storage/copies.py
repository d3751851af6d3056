"""The whole database as files, and back again: one consistent moment, while others go on writing.

SQLite by its own backup (copying the file of a running system loses rows silently), PostgreSQL table by table in one
snapshot, with no program but the driver.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, func, inspect, select, text
from sqlalchemy.pool import NullPool

from app.extensions import Base, db
from app.storage import journal
from app.storage.chains import digest_of_heads
from app.storage.models import ArchivePackage, Attachment, Erasure

FILE = "database.sqlite"
OF_ITS_OWN = {"organisation_marks"}
"""What every database draws anew for itself."""
COUNTED = ("tasks", "issued_papers")
"""A row that comes into one of these makes triggers write into another."""
SUFFIX = ".rows"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds, counted at one moment."""

    kind: str
    """sqlite or postgresql."""
    schema: str
    """Revision."""
    columns: Mapping[str, Sequence[str]]
    """By table, as the database has them."""
    rows: Mapping[str, int]
    """By table."""
    heads: str
    """SM3 over the last line of every journal chain: a chain that lost its end differs."""
    broken: Sequence[str]
    """Chains that do not verify, each with its first bad line."""
    papers: frozenset[str]
    """SHA-256 of every attachment whose content was not erased."""
    packages: frozenset[str]
    """SHA-256 of every package of a closed case."""


def is_embedded() -> bool:
    return db.engine.dialect.name == "sqlite"


def copy(folder: Path) -> Contents:
    """Write the database's files into an empty folder. Nobody who writes meanwhile has to wait."""
    return _copy_embedded(folder) if is_embedded() else _copy_tables(folder)


def contents() -> Contents:
    """What the database of this process holds now."""
    with snapshot() as connection:
        return _contents(connection)


def _copy_embedded(folder: Path) -> Contents:
    target = folder / FILE
    with db.engine.connect() as connection, closing(sqlite3.connect(target)) as copied:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.backup(copied)
        copied.execute("PRAGMA journal_mode=DELETE")  # one file, that can be looked at without leaving others beside it
        found = [row[0] for row in copied.execute("PRAGMA integrity_check")]
        if found != ["ok"]:
            raise OSError(f"integrity_check: {found[0]}")
    engine = create_engine(f"sqlite:///{target}", poolclass=NullPool)
    with engine.connect() as connection:
        return _contents(connection)


def _copy_tables(folder: Path) -> Contents:
    with snapshot() as connection:
        found = _contents(connection)
        with _driver(connection).cursor() as cursor:
            for table, columns in found.columns.items():
                names = ", ".join(f'"{name}"' for name in columns)
                out = f'COPY "{table}" ({names}) TO STDOUT'
                with (folder / f"{table}{SUFFIX}").open("wb") as file, cursor.copy(out) as rows:
                    for block in rows:
                        file.write(block)
        return found


def load(folder: Path, columns: Mapping[str, Sequence[str]]) -> None:
    """Fill the empty tables of a PostgreSQL from the files of `copy`, inside the open transaction."""
    connection = db.session.connection()
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    known = [table.name for table in Base.metadata.sorted_tables if table.name in columns]
    # what triggers count and order came with the copy: they would do it a second time
    for table in COUNTED:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    with _driver(connection).cursor() as cursor:
        for table in known:  # whoever is referred to comes first
            names = ", ".join(f'"{name}"' for name in columns[table])
            into = f'COPY "{table}" ({names}) FROM STDIN'
            with (folder / f"{table}{SUFFIX}").open("rb") as file, cursor.copy(into) as rows:
                while block := file.read(1 << 20):
                    rows.write(block)
    for table in COUNTED:
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    for table in known:
        _go_on_counting(connection, table)


def _go_on_counting(connection: Connection, table: str) -> None:
    """Numbers that the database gives go on behind those that were loaded."""
    for column in Base.metadata.tables[table].primary_key:
        where = {"table": f'"{table}"', "column": column.name}
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), where)
        if sequence is not None:
            last = connection.scalar(select(func.max(column)))
            connection.execute(
                text("SELECT setval(:s, :n, :used)"), {"s": sequence, "n": last or 1, "used": bool(last)}
            )


@contextmanager
def snapshot() -> Iterator[Connection]:
    """One moment of the database; time limits of requests do not hold here."""
    with db.engine.connect() as connection:
        if not is_embedded():
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        yield connection
        connection.rollback()


def _contents(connection: Connection) -> Contents:
    structure = inspect(connection)
    tables = sorted(set(structure.get_table_names()) & set(Base.metadata.tables) - OF_ITS_OWN)
    heads, broken = _chains(connection)
    there = Attachment.id.not_in(select(Erasure.object_id).where(Erasure.kind == "PAPER"))
    return Contents(
        kind=connection.dialect.name,
        schema=str(connection.scalar(text("SELECT version_num FROM alembic_version"))),
        columns={table: [column["name"] for column in structure.get_columns(table)] for table in tables},
        rows={
            table: connection.scalar(select(func.count()).select_from(Base.metadata.tables[table])) or 0
            for table in tables
        },
        heads=heads,
        broken=broken,
        papers=frozenset(connection.scalars(select(Attachment.sha256).where(there).distinct())),
        packages=frozenset(connection.scalars(select(ArchivePackage.sha256).distinct())),
    )


def _chains(connection: Connection) -> tuple[str, list[str]]:
    last: list[tuple[str, int, str]] = []
    lines, begins = journal.lines_in_order(connection), journal.purged_until(connection)
    found = journal.walk(lines, begins, ended=lambda scope, position, digest: last.append((scope, position, digest)))
    broken = list(dict.fromkeys(flaw.place for flaw in found))
    return digest_of_heads(last), broken


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
