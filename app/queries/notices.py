"""Notices of the reader: one, and how many he has not read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.storage.models import Notice, Person, Proceeding, Task
from app.storage.visibility import addressed_tasks, my_notices, my_open_tasks


@dataclass(frozen=True, slots=True)
class NoticeTarget:
    """A notice and what it is about."""

    id: str
    proceeding_id: str
    kind: ProceedingKind
    task_id: str | None
    """The open step it is about, where it is for the reader to do."""
    name: str
    """Kind of the notice."""
    text: str
    by: str
    """Name of who caused it; empty for the procedure."""
    at: datetime
    read_at: datetime | None


def get_notice(actor: Actor, notice_id: str) -> NoticeTarget:
    """Raises NotFoundError where it is none of the actor's."""
    found = find_notice(actor, notice_id)
    if found is None:
        raise NotFoundError
    return found


def find_notice(actor: Actor, notice_id: str) -> NoticeTarget | None:
    """The same; None where it is none of the actor's."""
    query = (
        select(Notice, Proceeding.id, Proceeding.kind, Person.name)
        .join(Proceeding, Proceeding.id == Notice.proceeding_id)
        .outerjoin(Person, Person.id == Notice.by_person)
        .where(Notice.id == notice_id, my_notices(actor))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    notice = row[0]
    mine = select(Task.id).where(Task.id == notice.task_id, or_(my_open_tasks(actor), addressed_tasks(actor)))
    return NoticeTarget(
        id=notice.id,
        proceeding_id=row[1],
        kind=row[2],
        task_id=db.session.scalars(mine).one_or_none() if notice.task_id else None,
        name=notice.kind,
        text=notice.text,
        by=row[3] or "",
        at=notice.created_at,
        read_at=notice.read_at,
    )


def unread_count(actor: Actor) -> int:
    """How many notices wait to be read."""
    query = select(func.count()).select_from(Notice).where(my_notices(actor), Notice.read_at.is_(None))
    return db.session.scalar(query) or 0
