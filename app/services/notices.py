"""Notices (待阅)."""

from datetime import datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.extensions import db
from app.storage.models import Notice
from app.storage.transaction import transaction
from app.storage.visibility import my_notices


def mark_read(notice_id: str, *, actor: Actor, now: datetime) -> str:
    """已阅; the first reader stays on record. Returns the proceeding's id. Raises NotFoundError."""
    with transaction():
        notice = db.session.get(Notice, notice_id, with_for_update=True)
        if notice is None or notice.county_id != actor.county_id or not _is_for(notice, actor):
            raise NotFoundError
        if notice.read_at is None:
            notice.read_by, notice.read_at = actor.person_id, now
        return notice.proceeding_id


def _is_for(notice: Notice, actor: Actor) -> bool:
    if notice.person_id is not None:
        return notice.person_id == actor.person_id
    return actor.holds(notice.role, notice.organ_id)


def mark_all_read(*, actor: Actor, now: datetime) -> int:
    """All that wait for the actor are read; returns how many. What came in meanwhile for others stays theirs."""
    with transaction():
        waiting = (
            select(Notice)
            .where(my_notices(actor), Notice.read_at.is_(None))
            .with_for_update(of=Notice, skip_locked=True)
        )
        found = db.session.scalars(waiting).all()
        for notice in found:
            notice.read_by, notice.read_at = actor.person_id, now
        return len(found)
