"""A form rendered once takes effect once: the key and the answer commit with the act."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.domain.errors import N_, ConflictError
from app.extensions import db
from app.storage.models import IdempotencyKey


def wait_for(key: str, *, person_id: str) -> None:
    """Let acts with the same key follow one another until the commit, where no row exists yet that could be locked.

    SQLite has one writer anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{person_id}/{key}", 0))))


def find(key: str, *, person_id: str, action: str) -> dict[str, Any] | None:
    """The answer given to this key before. Raises ConflictError when it was used for something else."""
    row = db.session.get(IdempotencyKey, (key, person_id))
    if row is None:
        return None
    if row.action != action:
        raise ConflictError(N_("该请求标识已用于其他操作，请刷新页面后重试。"))
    return dict(row.answer)


def keep(key: str, *, person_id: str, action: str, answer: dict[str, Any], now: datetime) -> None:
    db.session.add(IdempotencyKey(key=key, person_id=person_id, action=action, answer=answer, created_at=now))
