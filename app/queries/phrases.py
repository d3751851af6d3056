"""常用语 that a person is offered: the own ones, and those of the organ."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from app.domain.actors import Actor
from app.extensions import db
from app.storage.models import Person, Phrase


@dataclass(frozen=True, slots=True)
class PhraseView:
    id: str
    text: str
    shared: bool
    mine: bool
    kept_by: str


def phrases_of(actor: Actor) -> tuple[PhraseView, ...]:
    """The own ones first, oldest first: their order does not jump."""
    offered = or_(Phrase.person_id == actor.person_id, Phrase.organ_id == actor.organ_id)
    query = (
        select(Phrase, Person.name)
        .join(Person, Person.id == Phrase.person_id)
        .where(offered if actor.organ_id else Phrase.person_id == actor.person_id)
        .order_by(Phrase.person_id != actor.person_id, Phrase.organ_id.is_not(None), Phrase.created_at, Phrase.id)
    )
    return tuple(
        PhraseView(row.id, row.text, row.organ_id is not None, row.person_id == actor.person_id, name)
        for row, name in db.session.execute(query)
    )
