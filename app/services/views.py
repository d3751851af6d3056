"""Saved views: a box with its filters under a name, for oneself or for everybody of one's organ."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotFoundError
from app.extensions import db
from app.storage.models import SavedView
from app.storage.transaction import transaction

MOST = 50
LONGEST_NAME = 30


def save(name: str, *, box: str, filters: Mapping[str, str], shared: bool, actor: Actor, now: datetime) -> str:
    """Keep the view; one of the same name is overwritten. Returns its id.

    Raises InvalidAnswersError (no name, too long), ConflictError (so many views already).
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidAnswersError({"name": [N_("请给视图起个名称，不超过30字。")]})
    with transaction():
        mine = SavedView.person_id == actor.person_id
        row = db.session.scalars(select(SavedView).where(mine, SavedView.name == name)).one_or_none()
        if row is None:
            if (db.session.scalar(select(func.count()).where(mine)) or 0) >= MOST:
                raise ConflictError(N_("最多保存50个视图，请先删除不用的。"))
            row = SavedView(id=uuid4().hex, person_id=actor.person_id, name=name, created_at=now)
            db.session.add(row)
        row.box, row.filters, row.shared, row.organ_id = box, dict(filters), shared, actor.organ_id
        return row.id


def remove(view_id: str, *, actor: Actor) -> None:
    """Remove one's own view. Raises NotFoundError for any other."""
    with transaction():
        row = db.session.get(SavedView, view_id)
        if row is None or row.person_id != actor.person_id:
            raise NotFoundError
        db.session.delete(row)
