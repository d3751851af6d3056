"""What a process may keep of the people, their offices and their tokens: as long as the database shows the same mark.

Triggers draw a new mark with every change of these tables, whatever statement did it, in the same transaction. Who
reads something that is kept reads the mark beside it, in a statement that runs anyway: a value of another mark is never
used. Marks are drawn at random, so none comes a second time, not even in another database.
"""

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from app.extensions import Base, db
from app.storage.models import OrganisationMark
from app.storage.prepared import Prepared

WATCHED = (
    "accounts",
    "api_tokens",
    "counties",
    "deputies",
    "member_units",
    "organs",
    "people",
    "regulations",
    "role_assignments",
    "security_rules",
)
UNMARKED = {"accounts": {"used_at"}}
"""Columns by table that nothing kept depends on and that change often: when an account was used last."""
MOST = 10_000
"""Values kept; then a process begins anew."""

Kept = dict[Any, Any]
_kept: "WeakKeyDictionary[Engine, tuple[str, Kept]]" = WeakKeyDictionary()


def column() -> Any:
    """The mark, to be read beside something else."""
    return select(OrganisationMark.mark).scalar_subquery()


def current() -> str | None:
    """The mark by itself, for whoever reads nothing else it could stand beside; None in a database without triggers."""
    rows = _MARK.rows({})
    return rows[0][0] if rows else None


_MARK = Prepared(lambda _dialect: select(OrganisationMark.mark))


def latest() -> tuple[str | None, Kept]:
    """The mark seen last and what is kept under it: of use only where the mark, read again, is still the same."""
    return _kept.get(db.engine, (None, {}))


def under(mark: str | None) -> Kept:
    """Where to keep what was read in the same statement as the mark, or after it."""
    if mark is None:  # a database without triggers
        return {}
    seen, kept = latest()
    if seen != mark or len(kept) >= MOST:
        kept = {}
        _kept[db.engine] = (mark, kept)
    return kept


def install(connection: Connection) -> None:
    """Make the triggers anew, and draw the first mark. Runs after every migration."""
    for statement in (_on_postgresql if connection.dialect.name == "postgresql" else _on_sqlite)():
        connection.exec_driver_sql(statement)


def _on_sqlite() -> Iterator[str]:
    drawn = "lower(hex(randomblob(16)))"
    yield f"INSERT OR REPLACE INTO organisation_marks (id, mark) VALUES (1, {drawn})"
    for table in WATCHED:
        for event in ("INSERT", "UPDATE", "DELETE"):
            name = f"mark_{table}_on_{event.lower()}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            draw = f"UPDATE organisation_marks SET mark = {drawn};"
            change = _update_of(table) if event == "UPDATE" else event
            yield f"CREATE TRIGGER {name} AFTER {change} ON {table} BEGIN {draw} END"


def _update_of(table: str) -> str:
    columns = (column.name for column in Base.metadata.tables[table].columns)
    return f"UPDATE OF {', '.join(name for name in columns if name not in UNMARKED.get(table, ()))}"


def _on_postgresql() -> Iterator[str]:
    drawn = "md5(random()::text || clock_timestamp()::text || txid_current()::text)"
    yield (
        f"INSERT INTO organisation_marks (id, mark) VALUES (1, {drawn})"
        " ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"
    )
    yield (
        "CREATE OR REPLACE FUNCTION mark_organisation() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN UPDATE organisation_marks SET mark = {drawn}; RETURN NULL; END $$"
    )
    for table in WATCHED:
        yield f"DROP TRIGGER IF EXISTS mark_on_change ON {table}"
        yield (
            f"CREATE TRIGGER mark_on_change AFTER INSERT OR {_update_of(table)} OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION mark_organisation()"
        )
