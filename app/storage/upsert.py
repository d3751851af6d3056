"""INSERT ... ON CONFLICT, the same on both databases."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Base, db


def insert_into(table: type[Base]) -> Any:
    """The dialect's INSERT, which knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    dialect = db.session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def upsert(table: type[Base], rows: Sequence[dict[str, Any]], *, keys: Sequence[str]) -> None:
    """Write all rows, of the same columns each, in one statement; a row whose keys exist is overwritten."""
    if rows:
        dialect = db.session.get_bind().dialect.name
        statement = _overwriting(dialect, table.__table__, tuple(rows[0]), tuple(keys))
        db.session.connection().execute(statement, list(rows))


@cache
def _overwriting(dialect: str, table: Table, columns: tuple[str, ...], keys: tuple[str, ...]) -> Any:
    """Built once: building it takes longer than running it."""
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    changed = {name: statement.excluded[name] for name in columns if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changed)
