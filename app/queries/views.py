"""The saved views that a person can open: his own, and those shared in his organ."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from app.domain.actors import Actor
from app.extensions import db
from app.storage.models import Person, SavedView


@dataclass(frozen=True, slots=True)
class View:
    id: str
    name: str
    box: str
    filters: Mapping[str, str]
    mine: bool
    shared: bool
    owner: str


def views_of(actor: Actor) -> tuple[View, ...]:
    """His own first, each by name. A shared view is only a question: everybody sees what he may see anyway."""
    mine = SavedView.person_id == actor.person_id
    offered = and_(SavedView.organ_id == actor.organ_id, SavedView.shared) if actor.organ_id else mine
    rows = db.session.execute(
        select(SavedView, Person.name)
        .join(Person, Person.id == SavedView.person_id)
        .where(or_(mine, offered))
        .order_by(SavedView.person_id != actor.person_id, SavedView.name, SavedView.id)
    )
    return tuple(
        View(
            id=row.id,
            name=row.name,
            box=row.box,
            filters=row.filters,
            mine=row.person_id == actor.person_id,
            shared=row.shared,
            owner=owner,
        )
        for row, owner in rows
    )
