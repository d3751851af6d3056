"""Rows of remarks on a proceeding, and who may be named in one."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.extensions import db
from app.storage.accounts import actor_of
from app.storage.models import Account, Comment, Person, Proceeding
from app.storage.visibility import may_see


def lock(comment_id: str) -> Comment | None:
    """The row, locked until the end of the transaction."""
    return db.session.scalars(select(Comment).where(Comment.id == comment_id).with_for_update()).one_or_none()


def of_proceeding(proceeding_id: str) -> list[Comment]:
    """Oldest first, removed ones included."""
    query = select(Comment).where(Comment.proceeding_id == proceeding_id).order_by(Comment.created_at, Comment.id)
    return list(db.session.scalars(query))


def people_called(names: Iterable[str], *, county_id: str) -> dict[str, list[Actor]]:
    """By each name: the people of the county with an enabled account who are called so."""
    wanted = sorted(set(names))
    found: dict[str, list[Actor]] = {name: [] for name in wanted}
    if not wanted:
        return found
    query = (
        select(Person.name, Account.username)
        .join(Account, Account.person_id == Person.id)
        .where(Person.county_id == county_id, Person.name.in_(wanted), Account.enabled)
        .order_by(Account.username)
    )
    for name, username in db.session.execute(query).all():
        if (actor := actor_of(username)) is not None:
            found[name].append(actor)
    return found


def who_see(proceeding: Proceeding, people: Iterable[Actor]) -> list[str]:
    """Ids of those among the people who may open the proceeding themselves."""
    return list(dict.fromkeys(actor.person_id for actor in people if may_see(actor, proceeding.id)))


def keep(comment: Comment, *, text: str, mentioned: list[str], at: datetime) -> None:
    """Other words in the place of those that were there; nothing of them is kept."""
    comment.text, comment.mentioned, comment.edited_at = text, mentioned, at
