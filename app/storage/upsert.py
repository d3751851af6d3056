"""INSERT ... ON CONFLICT, the same on both databases."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Base, db
from app.storage.prepared import Prepared


def insert_into(table: type[Base]) -> Any:
    """The dialect's INSERT, which knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    dialect = db.session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def upsert(table: type[Base], rows: Sequence[dict[str, Any]], *, keys: Sequence[str]) -> None:
    """Write all rows, of the same columns each, in one statement; a row whose keys exist is overwritten."""
    if rows:
        _writing(table.__table__, tuple(rows[0]), tuple(keys)).run(rows)


@cache
def _writing(table: Table, columns: tuple[str, ...], keys: tuple[str, ...]) -> Prepared:
    return Prepared(lambda dialect: _overwriting(dialect, table, columns, keys), columns)


def _overwriting(dialect: str, table: Table, columns: tuple[str, ...], keys: tuple[str, ...]) -> Any:
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    changed = {name: statement.excluded[name] for name in columns if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changed)
