"""Runs migrations for Flask-Migrate, inside an application context, in one transaction."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

from app.extensions import UtcDateTime
from app.storage import administrators, evidence, file_orders, marks, searching, tallies

db = current_app.extensions["migrate"].db
LOCK = 7_304_001  # any number that only we use


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Migrations are frozen: they name the database's types, not our classes, which may change."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_name(name: str | None, _kind: str, _parents: Any) -> bool:
    """The index of the search is made by `storage.searching.install`; SQLite keeps it in tables of its own."""
    return not (name or "").startswith(searching.INDEX)


def set_foreign_keys(connection: sa.Connection, on: bool) -> None:
    """Outside the transaction, where alone SQLite heeds it.

    Batch mode copies a table and drops the old one; with foreign keys on, dropping first deletes what points to it.
    """
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def migrate(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        include_name=include_name,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Two hosts may be upgraded at once: the second waits, then finds nothing to do.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()
        if connection.dialect.name == "sqlite" and connection.execute(sa.text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("the migration left rows that point at nothing; nothing was changed")
        if sa.inspect(connection).has_table("tallies"):  # not while the first migration is being written
            tallies.install(connection)
            searching.install(connection)
            marks.install(connection)
            administrators.install(connection)
            evidence.install(connection)
            file_orders.install(connection)
            if connection.dialect.name == "sqlite":
                connection.commit()  # alembic has ended the transaction of the migrations, and begins no other


with db.engine.connect() as connection:
    set_foreign_keys(connection, on=False)
    try:
        migrate(connection)
    finally:
        set_foreign_keys(connection, on=True)
