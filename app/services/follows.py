"""我的关注: following a case, meeting or procedure that one may see. Nobody else learns of it."""

from datetime import datetime

from sqlalchemy import delete

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.extensions import db
from app.storage.models import Follow
from app.storage.transaction import transaction
from app.storage.upsert import insert_into
from app.storage.visibility import may_know


def follow(proceeding_id: str, *, actor: Actor, now: datetime) -> None:
    """Follow it; who follows already goes on doing so. Raises NotFoundError where it is missing or hidden."""
    with transaction():
        if not may_know(actor, proceeding_id):
            raise NotFoundError
        row = {"person_id": actor.person_id, "proceeding_id": proceeding_id, "since": now}
        db.session.execute(insert_into(Follow).values(row).on_conflict_do_nothing())


def unfollow(proceeding_id: str, *, actor: Actor) -> None:
    """Follow it no longer, whether or not it may still be seen."""
    with transaction():
        mine = (Follow.person_id == actor.person_id, Follow.proceeding_id == proceeding_id)
        db.session.execute(delete(Follow).where(*mine))
