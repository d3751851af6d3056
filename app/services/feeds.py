"""The calendar feed: a secret address under which a person's own calendar reads his deadlines."""

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select, update

from app.domain.actors import Actor
from app.extensions import db
from app.services import settings
from app.storage import accounts, journal
from app.storage import notifications as rows
from app.storage.models import CalendarFeed
from app.storage.transaction import transaction


def create(*, actor: Actor, now: datetime) -> str:
    """A new token, shown this once; the one before is revoked."""
    token = secrets.token_urlsafe(32)
    with transaction():
        _revoke(actor, now)
        db.session.add(CalendarFeed(digest=_digest(token), person_id=actor.person_id, created_at=now))
        journal.write_administrative(
            "notifications", actor=actor.username, act="feed", object_="", payload={"digest": _digest(token)}, now=now
        )
    return token


def revoke(*, actor: Actor, now: datetime) -> None:
    """The address answers no more; without one nothing happens."""
    with transaction():
        if _revoke(actor, now):
            journal.write_administrative(
                "notifications", actor=actor.username, act="feed revoked", object_="", payload={}, now=now
            )


def _revoke(actor: Actor, now: datetime) -> int:
    live = (CalendarFeed.person_id == actor.person_id, CalendarFeed.revoked_at.is_(None))
    found = db.session.scalars(select(CalendarFeed.digest).where(*live)).all()
    if found:
        db.session.execute(update(CalendarFeed).where(*live).values(revoked_at=now))
    return len(found)


def reader_of(token: str) -> Actor | None:
    """Whose deadlines an address gives, with the roles held now; None for an unknown or revoked one."""
    query = select(CalendarFeed.person_id)
    person = db.session.scalars(
        query.where(CalendarFeed.digest == _digest(token), CalendarFeed.revoked_at.is_(None))
    ).one_or_none()
    username = rows.username_of(person) if person else None
    return accounts.actor_of(username, demo=settings.is_demo()) if username else None


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
