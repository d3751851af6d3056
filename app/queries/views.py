"""The saved views that a person can open: his own, and those shared in his organ."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select

from app.domain.actors import Actor
from app.storage.models import Person, SavedView
from app.storage.prepared import Prepared


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
    rows = _VIEWS.rows({"person": actor.person_id, "organ": actor.organ_id})
    views = (
        View(id_, name, box, filters, mine=person_id == actor.person_id, shared=shared, owner=owner)
        for id_, name, box, filters, person_id, shared, owner in rows
    )
    return tuple(sorted(views, key=lambda view: not view.mine))


_VIEWS = Prepared(
    lambda _dialect: (
        select(*(getattr(SavedView, name) for name in ("id", "name", "box", "filters", "person_id", "shared")))
        .add_columns(Person.name.label("owner"))
        .join(Person, Person.id == SavedView.person_id)
        .where(
            or_(
                SavedView.person_id == bindparam("person"),
                and_(SavedView.organ_id == bindparam("organ"), SavedView.shared),
            )
        )
        .order_by(SavedView.name, SavedView.id)
    )
)
