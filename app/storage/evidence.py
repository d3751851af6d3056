"""What the database itself refuses: to change or take away a line of the journal or the history, or a submission.

Who may write to the database through the product cannot unwrite, whatever the program does wrong. An owner of the
database can still drop the triggers; that is what the key of the chain is for (`storage.journal`).
"""

from collections.abc import Iterator

from sqlalchemy import Connection

KEPT = ("journal", "history", "submissions")
REFUSAL = "evidence is only ever added to"


def install(connection: Connection) -> None:
    """Make the triggers anew. Runs after every migration."""
    embedded = connection.dialect.name == "sqlite"
    for statement in _on_sqlite() if embedded else _on_postgresql():
        connection.exec_driver_sql(statement)


def lift(connection: Connection) -> None:
    """Take the triggers away until the next `install`: for a laboratory that damages what it then finds."""
    for table in KEPT:
        if connection.dialect.name == "sqlite":
            for event in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS keep_{table}_on_{event}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS keep_rows ON {table}")
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS keep_all ON {table}")


def _on_sqlite() -> Iterator[str]:
    for table in KEPT:
        for event in ("update", "delete"):
            name = f"keep_{table}_on_{event}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"


def _on_postgresql() -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION keep_evidence() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for table in KEPT:
        for name, event, each in (("rows", "UPDATE OR DELETE", "ROW"), ("all", "TRUNCATE", "STATEMENT")):
            yield f"DROP TRIGGER IF EXISTS keep_{name} ON {table}"
            yield (
                f"CREATE TRIGGER keep_{name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION keep_evidence()"
            )
