"""讨论: remarks beside the record. How long they may be changed, and whom they name."""

import re
from datetime import datetime, timedelta

from app.domain.errors import N_, ConflictError, InvalidAnswersError

CHANGEABLE = timedelta(minutes=15)
"""So long the author may change or remove what he wrote."""
LONGEST = 1000
_MENTION = re.compile(r"(?<![\w.])[@＠]([\w·]{2,20})")  # noqa: RUF001 (what a Chinese keyboard gives)


def checked(text: str) -> str:
    """The text as it is kept. Raises InvalidAnswersError at `text`."""
    if not text.strip():
        raise InvalidAnswersError({"text": [N_("请填写讨论内容。")]})
    if len(text.strip()) > LONGEST:
        raise InvalidAnswersError({"text": [N_("讨论内容不超过1000字。")]})
    return text.strip()


def names_after_at(text: str) -> tuple[str, ...]:
    """What stands behind an @, each once. Chinese has no spaces: a name may be followed at once by other words."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def is_changeable(created_at: datetime, *, now: datetime) -> bool:
    return now - created_at <= CHANGEABLE


def ensure_changeable(created_at: datetime, removed_at: datetime | None, *, now: datetime) -> None:
    """Raises ConflictError."""
    if removed_at is not None:
        raise ConflictError(N_("该条讨论已经删除。"))
    if not is_changeable(created_at, now=now):
        raise ConflictError(N_("发表超过15分钟的讨论不能再修改或者删除。"))
