"""How the databases are spoken to: what holds for every connection that an engine opens."""

from typing import Any

from sqlalchemy import Connection, Engine, event


def install_discipline(engine: Engine) -> None:
    """Once per process and engine, before its first connection."""
    {"sqlite": _on_sqlite, "postgresql": _on_postgresql}[engine.dialect.name](engine)


def _on_sqlite(engine: Engine) -> None:
    """WAL, full synchronisation, foreign keys, and our own BEGIN."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we emit BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=15000")  # first: the next pragma may itself need the lock
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may lose the last commits on power loss
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA trusted_schema=OFF")
        # what a statement with triggers or several rows needs to undo itself, and sorts, go to memory instead of a file
        cursor.execute("PRAGMA temp_store=MEMORY")
        # what is written again and again (the ends of indexes) goes from the log to the file once for some hundred acts
        # instead of some thirty; the log grows to 16 MB
        cursor.execute("PRAGMA wal_autocheckpoint=4000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED"))


def _on_postgresql(engine: Engine) -> None:
    from app.storage.postgresql import Connection as Keeping  # noqa: PLC0415  (the driver, only where it is used)

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, told: Any, named: Any) -> Keeping:
        return Keeping.connect(*told, **named)
