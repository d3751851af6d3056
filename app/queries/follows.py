"""Whether somebody follows a proceeding."""

from sqlalchemy import ColumnElement, exists, select

from app.domain.actors import Actor
from app.extensions import db
from app.storage.models import Follow, Proceeding
from app.storage.visibility import known_proceedings


def is_followed(actor: Actor, proceeding_id: str) -> bool:
    mine = (Follow.person_id == actor.person_id, Follow.proceeding_id == proceeding_id)
    return db.session.scalars(select(Follow.proceeding_id).where(*mine)).one_or_none() is not None


def followed_by(actor: Actor) -> ColumnElement[bool]:
    """Criterion on Proceeding: followed, and still to be seen.

    Asked of each that is followed: without statistics SQLite would rather look through all proceedings of the county.
    """
    known = select(Proceeding.id).where(Proceeding.id == Follow.proceeding_id, known_proceedings(actor))
    mine = select(Follow.proceeding_id).where(
        Follow.person_id == actor.person_id, exists(known.correlate_except(Proceeding))
    )
    return Proceeding.id.in_(mine)
