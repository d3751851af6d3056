"""A form rendered once takes effect once: the key and the answer commit with the act."""

from datetime import datetime
from typing import Any

from app.domain.errors import N_, ConflictError
from app.extensions import db
from app.storage.models import IdempotencyKey


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
