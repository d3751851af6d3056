"""The messages that proceedings wait for: one row for each wait, found by message and correlation."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from app.domain.advance import Advance
from app.extensions import Base, db
from app.storage.models import Proceeding, SubscriptionRow
from app.storage.prepared import Prepared

NOTHING = ""
"""The message of a row whose wait is over and that no other has taken yet. Nobody sends one of that name."""


def write(proceeding: Proceeding, advance: Advance, waiting: dict[str, Any], *, at: datetime) -> None:
    """Make the rows say what the engine waits for; `waiting` names each as `<engine task>/<message>`.

    Most steps end as many waits as they begin: a new one takes the row of one that is over, in a single statement.
    Where more end than begin, the rows left over wait for nothing until one is taken or all are deleted.
    """
    then = set(waiting.get("subscriptions", ()))
    wanted = {f"{row.task_id}/{row.message}": row for row in advance.subscriptions}
    free = sorted(then - wanted.keys(), key=lambda key: (_is_empty(key), key))
    new = [
        _values(proceeding, row.task_id, row.message, step=row.step_id, correlation=row.correlation, since=at)
        for key, row in wanted.items()
        if key not in then
    ]
    left: list[str] = []
    if new:
        left = free[len(new) :]
        emptied = [(key, _values(proceeding, _place(key)["task"], NOTHING, since=at)) for key in left]
        taken = [*zip(free, new, strict=False), *(pair for pair in emptied if not _is_empty(pair[0]))]
        _TAKEN.run([{**row, **_place(key)} for key, row in taken])
        _NEW.run(new[len(free) :])
    elif not all(map(_is_empty, free)):
        _OVER.run([_place(key) for key in free])
    else:
        return
    waiting["subscriptions"] = sorted((*wanted, *(f"{_place(key)['task']}/{NOTHING}" for key in left)))


def _is_empty(key: str) -> bool:
    return _place(key)["what"] == NOTHING


def _place(key: str) -> dict[str, str]:
    return dict(zip(("task", "what"), key.split("/", 1), strict=True))


def _values(
    proceeding: Proceeding, task_id: str, message: str, *, since: datetime, step: str = "", correlation: Any = None
) -> dict[str, Any]:
    return {
        "engine_task_id": task_id,
        "message": message,
        "proceeding_id": proceeding.id,
        "step_id": step,
        "correlation": correlation_text(correlation or {}),
        "since": since,
    }


_ROWS = Base.metadata.tables[SubscriptionRow.__tablename__]
_IS_IT = (_ROWS.c.engine_task_id == bindparam("task"), _ROWS.c.message == bindparam("what"))
_NEW = Prepared(lambda _dialect: insert(_ROWS), tuple(_ROWS.columns.keys()))
_TAKEN = Prepared(lambda _dialect: update(_ROWS).where(*_IS_IT), (*_ROWS.columns.keys(), "task", "what"))
_OVER = Prepared(lambda _dialect: delete(_ROWS).where(*_IS_IT))


def correlation_text(correlation: Any) -> str:
    """One text for a message's key and value, so that one index finds the subscriber."""
    return "&".join(f"{key}={correlation[key]}" for key in sorted(correlation))


def waits_for(proceeding: Proceeding, message: str) -> bool:
    """Whether a locked proceeding itself waits for a message, as its row says."""
    return any(key.endswith(f"/{message}") for key in proceeding.waiting.get("subscriptions", ()))


def find_subscriber(message: str, correlation: str) -> SubscriptionRow | None:
    """The subscription that takes the message; the oldest when several wait."""
    query = (
        select(SubscriptionRow)
        .where(SubscriptionRow.message == message, SubscriptionRow.correlation == correlation)
        .order_by(SubscriptionRow.since)
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()
