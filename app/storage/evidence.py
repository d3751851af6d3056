"""What the database itself refuses: to change or take away a line of the journal or the history, or a submission.

Two things only get past it, and both want an order that was written down first in the same transaction: lines of the
journal older than half a year go by a row in `journal_purges`, and the content of a submission by a row in `erasures`.

Who may write to the database through the product cannot unwrite, whatever the program does wrong. An owner of the
database can still drop the triggers; that is what the key of the chain is for (`storage.journal`).
"""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection

KEPT = ("journal", "history", "submissions")
ORDERS = ("journal_purges", "erasures")
REFUSAL = "evidence is only ever added to"
LEAST_KEPT = timedelta(days=180)
"""For which the law has logs kept (网络安全法); the database's own clock counts it."""

_ORDERED = "EXISTS (SELECT 1 FROM journal_purges p WHERE p.scope = OLD.scope AND p.until_position >= OLD.position)"
_ERASED = "SELECT 1 FROM erasures e WHERE e.kind = 'SUBMISSION' AND e.object_id = OLD.id AND "
_SAME = " AND ".join(
    f"NEW.{name} {{same}} OLD.{name}"
    for name in (
        *("id", "proceeding_id", "task_id", "form_key", "form_hash"),
        *("on_behalf_of", "person_id", "organ_id", "submitted_at"),
    )
)


def install(connection: Connection) -> None:
    """Make the triggers anew. Runs after every migration."""
    embedded = connection.dialect.name == "sqlite"
    for statement in _on_sqlite() if embedded else _on_postgresql():
        connection.exec_driver_sql(statement)


def lift(connection: Connection) -> None:
    """Take the triggers away until the next `install`: for a laboratory that damages what it then finds."""
    for table in (*KEPT, *ORDERS):
        if connection.dialect.name == "sqlite":
            for event in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS keep_{table}_on_{event}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS keep_rows ON {table}")
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS keep_all ON {table}")


def _on_sqlite() -> Iterator[str]:
    young = f"OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{LEAST_KEPT.days} days')"
    # functions of JSON are not trusted in a trigger (trusted_schema), so the text is compared
    erased = f"""EXISTS ({_ERASED}NEW.data = '{{"erased":"' || e.id || '"}}') AND {_SAME.format(same="IS")}"""
    unless = {
        ("journal", "delete"): f" WHEN {young} OR NOT {_ORDERED}",
        ("submissions", "update"): f" WHEN NOT ({erased})",
    }
    for table in (*KEPT, *ORDERS):
        for event in ("update", "delete"):
            name = f"keep_{table}_on_{event}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table}{unless.get((table, event), '')}"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def _on_postgresql() -> Iterator[str]:
    old = f"OLD.at <= clock_timestamp() - interval '{LEAST_KEPT.days} days' AND {_ORDERED}"
    erased = f"EXISTS ({_ERASED}NEW.data->>'erased' = e.id) AND {_SAME.format(same='IS NOT DISTINCT FROM')}"
    lets = {
        "journal": f"IF TG_OP = 'DELETE' THEN IF {old} THEN RETURN OLD; END IF; END IF;",
        "submissions": f"IF TG_OP = 'UPDATE' THEN IF {erased} THEN RETURN NEW; END IF; END IF;",
    }
    yield (
        "CREATE OR REPLACE FUNCTION keep_evidence() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for table in (*KEPT, *ORDERS):
        # a function for each: what it compares are columns of that table
        yield (
            f"CREATE OR REPLACE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {lets.get(table, '')} RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        for name, event, each, done in (
            ("rows", "UPDATE OR DELETE", "ROW", f"keep_{table}"),
            ("all", "TRUNCATE", "STATEMENT", "keep_evidence"),
        ):
            yield f"DROP TRIGGER IF EXISTS keep_{name} ON {table}"
            yield f"CREATE TRIGGER keep_{name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {done}()"
