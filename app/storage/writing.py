"""How the row of a proceeding is written at the end of a command."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import bindparam, inspect, update
from sqlalchemy.orm.attributes import flag_modified

from app.extensions import Base
from app.storage.loading import let_go
from app.storage.models import Proceeding
from app.storage.prepared import Prepared


def values_of(row: Base, names: Iterable[str]) -> dict[str, Any]:
    """Columns of a row that is new or was read in this transaction; None for those never set."""
    known = vars(row)
    return {name: known.get(name) for name in names}


def write_now(proceeding: Proceeding) -> None:
    """Write what changed in a row that this transaction will not touch again, without the session's unit of work."""
    changed = tuple(sorted(inspect(proceeding).committed_state))
    if changed:
        _changing(changed).run([{"which": proceeding.id, **{name: getattr(proceeding, name) for name in changed}}])
    let_go(proceeding)


@cache
def _changing(columns: tuple[str, ...]) -> Prepared:
    rows = Base.metadata.tables[Proceeding.__tablename__]
    return Prepared(lambda _dialect: update(rows).where(rows.c.id == bindparam("which")), (*columns, "which"))


def write_alike(one: Proceeding, other: Proceeding) -> None:
    """Let the session write both rows with one statement: what changed in one is written of the other too, as it is."""
    rows = (one, other)
    changed = {part.key for row in rows for part in inspect(row).attrs if part.history.has_changes()}
    for row in rows:
        for name in changed:
            flag_modified(row, name)
