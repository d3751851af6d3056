"""机关: every organ with what is in it, and what became of those that were dissolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.administrators import ensure_power
from app.domain.deadlines import office_day
from app.domain.errors import NotFoundError
from app.domain.organs import predecessors
from app.domain.powers import may
from app.extensions import db
from app.storage import organs as rows
from app.storage.models import County, JournalLine, Organ
from app.storage.organs import NOTHING, Left


@dataclass(frozen=True, slots=True)
class OrganLine:
    id: str
    name: str
    short_name: str
    county_id: str
    county: str
    left: Left
    ended_on: date | None
    """The first day on which it was no more."""
    successor_id: str
    successor: str
    """Name of who goes on with what it left; empty while it lasts."""
    basis: str
    """The paper by which it was dissolved."""


@dataclass(frozen=True, slots=True)
class OrgansPage:
    lines: tuple[OrganLine, ...]
    may_dissolve: bool


@dataclass(frozen=True, slots=True)
class OrganPage:
    line: OrganLine
    predecessors: tuple[str, ...]
    """Names of the organs that it goes on with."""
    choices: tuple[tuple[str, str], ...]
    """Id and name of those that could go on with it."""
    acts: tuple[JournalLine, ...]
    may_dissolve: bool


def organs_page(actor: Actor, *, now: datetime) -> OrgansPage:
    """All organs of all counties. Raises NotFoundError for who is none of the three administrators."""
    ensure_power(actor, "accounts.read")
    return OrgansPage(tuple(_lines(rows.left_in(on=office_day(now)))), may(actor, "accounts.make"))


def organ_page(actor: Actor, organ_id: str, *, now: datetime) -> OrganPage:
    """One of them. Raises NotFoundError."""
    ensure_power(actor, "accounts.read")
    lines = {line.id: line for line in _lines(rows.left_in(on=office_day(now), only=organ_id))}
    if organ_id not in lines:
        raise NotFoundError
    line = lines[organ_id]
    others = [other for other in lines.values() if other.county_id == line.county_id and other.id != organ_id]
    before = predecessors({other.id: other.successor_id for other in lines.values() if other.successor_id})
    acts = select(JournalLine).where(JournalLine.scope == "accounts", JournalLine.object == organ_id)
    return OrganPage(
        line=line,
        predecessors=tuple(lines[id_].name for id_ in sorted(before.get(organ_id, ()))),
        choices=tuple((other.id, other.name) for other in others if not other.successor),
        acts=tuple(db.session.scalars(acts.order_by(JournalLine.id.desc()).limit(20))),
        may_dissolve=may(actor, "accounts.make") and not line.successor,
    )


def _lines(left: Mapping[str, Left]) -> list[OrganLine]:
    query = select(Organ, County.name).join(County, County.id == Organ.county_id)
    found = db.session.execute(query.order_by(Organ.county_id, Organ.code)).all()
    names = {organ.id: organ.name for organ, _ in found}
    return [
        OrganLine(
            id=organ.id,
            name=organ.name,
            short_name=organ.short_name,
            county_id=organ.county_id,
            county=county,
            left=left.get(organ.id, NOTHING),
            ended_on=organ.valid_to + timedelta(days=1) if organ.successor_id and organ.valid_to else None,
            successor_id=organ.successor_id or "",
            successor=names.get(organ.successor_id or "", ""),
            basis=organ.dissolution_basis,
        )
        for organ, county in found
    ]
