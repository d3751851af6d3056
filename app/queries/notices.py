"""One notice of the reader."""

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.queries.inbox import notices_for
from app.storage.models import Notice, Proceeding


@dataclass(frozen=True, slots=True)
class NoticeTarget:
    proceeding_id: str
    kind: ProceedingKind


def get_notice(actor: Actor, notice_id: str) -> NoticeTarget:
    """What a notice is about. Raises NotFoundError."""
    row = db.session.execute(
        select(Proceeding.id, Proceeding.kind)
        .join(Notice, Notice.proceeding_id == Proceeding.id)
        .where(Notice.id == notice_id, notices_for(actor))
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return NoticeTarget(row[0], row[1])
