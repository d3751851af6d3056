"""What the page of regulation packs offers: the regulations of the county that may go out."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.actors import Actor
from app.extensions import db
from app.storage.models import County, Regulation


@dataclass(frozen=True, slots=True)
class RegulationLine:
    id: str
    title: str
    document_no: str
    in_force_from: date


@dataclass(frozen=True, slots=True)
class PacksPage:
    regulations: tuple[RegulationLine, ...]
    """Of the actor's county; empty for the system administrator, who has none."""
    counties: tuple[str, ...]
    """Names of all counties of this system, for the system administrator."""


def packs_page(actor: Actor) -> PacksPage:
    if actor.county_id is None:
        return PacksPage((), tuple(db.session.scalars(select(County.name).order_by(County.id))))
    query = select(Regulation).where(Regulation.county_id == actor.county_id).order_by(Regulation.in_force_from.desc())
    lines = (RegulationLine(row.id, row.title, row.document_no, row.in_force_from) for row in db.session.scalars(query))
    return PacksPage(tuple(lines), ())
