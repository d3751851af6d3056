"""Rows of remarks on a proceeding, and who may be named in one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select

from app.domain.actors import Actor
from app.extensions import db
from app.storage.accounts import actor_of
from app.storage.models import Account, Comment, Organ, Person, Proceeding, Task
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


@dataclass(frozen=True, slots=True)
class Colleague:
    username: str
    name: str
    post: str


def people_like(characters: str, *, proceeding_id: str, besides: str) -> Iterator[Colleague]:
    """People of the proceeding's county with an enabled account whose name has these characters, but one.

    Who holds or did a step of it comes first. Whether somebody sees it is another question (`sees`).
    """
    involved = exists().where(
        Task.proceeding_id == proceeding_id, or_(Task.assignee_id == Person.id, Task.completed_by == Person.id)
    )
    query = (
        select(Account.username, Person.name, Organ.short_name, Person.position)
        .join(Person, Person.id == Account.person_id)
        .join(Proceeding, Proceeding.county_id == Person.county_id)
        .outerjoin(Organ, Organ.id == Person.organ_id)
        .where(Proceeding.id == proceeding_id, Account.enabled, Person.id != besides)
        .where(Person.name.contains(characters, autoescape=True))
        .order_by(involved.desc(), Organ.code, Person.name, Account.username)
    )
    for username, name, organ, position in db.session.execute(query):
        yield Colleague(username, name, " ".join(filter(None, (organ, position))))


def sees(colleague: Colleague, proceeding_id: str) -> bool:
    """Whether he may open the proceeding himself."""
    actor = actor_of(colleague.username)
    return actor is not None and may_see(actor, proceeding_id)


def who_see(proceeding: Proceeding, people: Iterable[Actor]) -> list[str]:
    """Ids of those among the people who may open the proceeding themselves."""
    return list(dict.fromkeys(actor.person_id for actor in people if may_see(actor, proceeding.id)))


def keep(comment: Comment, *, text: str, mentioned: list[str], at: datetime) -> None:
    """Other words in the place of those that were there; nothing of them is kept."""
    comment.text, comment.mentioned, comment.edited_at = text, mentioned, at
