"""三员分立 in the database itself: whatever statement tries, no person comes to hold two roles that must be apart."""

from collections.abc import Iterator

from sqlalchemy import Connection

from app.domain.administrators import ADMINISTRATORS

_THREE = ", ".join(f"'{role}'" for role in ADMINISTRATORS)
REFUSAL = "administrators hold one role only"

_CLASH = (
    "EXISTS (SELECT 1 FROM role_assignments held WHERE held.person_id = NEW.person_id AND held.role <> NEW.role"
    f" AND held.id <> COALESCE(NEW.id, -1) AND (NEW.role IN ({_THREE}) OR held.role IN ({_THREE})))"
)
_BUSINESS_BY_DEPUTY = (
    "EXISTS (SELECT 1 FROM role_assignments held WHERE held.person_id IN (NEW.principal_id, NEW.deputy_id)"
    f" AND held.role IN ({_THREE}))"
)
"""Who stands in for somebody does his business: no administrator does, and nobody stands in for one."""


def install(connection: Connection) -> None:
    """Make the triggers anew. Runs after every migration."""
    for statement in (_on_postgresql if connection.dialect.name == "postgresql" else _on_sqlite)():
        connection.exec_driver_sql(statement)


def _on_sqlite() -> Iterator[str]:
    for table, condition in (("role_assignments", _CLASH), ("deputies", _BUSINESS_BY_DEPUTY)):
        for event in ("INSERT", "UPDATE"):
            name = f"apart_{table}_on_{event.lower()}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def _on_postgresql() -> Iterator[str]:
    refuse = f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'"
    # The person's row is locked first: of two grants at once the second sees what the first has written.
    lock = "PERFORM 1 FROM people WHERE id {who} ORDER BY id FOR NO KEY UPDATE"
    for table, condition, who in (
        ("role_assignments", _CLASH, "= NEW.person_id"),
        ("deputies", _BUSINESS_BY_DEPUTY, "IN (NEW.principal_id, NEW.deputy_id)"),
    ):
        yield (
            f"CREATE OR REPLACE FUNCTION keep_apart_{table}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {lock.format(who=who)}; IF {condition} THEN {refuse}; END IF; RETURN NEW; END $$"
        )
        yield f"DROP TRIGGER IF EXISTS apart ON {table}"
        yield (
            f"CREATE TRIGGER apart BEFORE INSERT OR UPDATE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION keep_apart_{table}()"
        )
