"""What the pickers of a form offer: organs, people, member units, subjects, cases. Services accept the same ids."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.storage.models import Case, CaseSubject, Organ, Person, Proceeding, SubscriptionRow
from app.storage.organisation import member_units
from app.storage.visibility import visible_proceedings

POOL_MESSAGE = "AgendaDecided"
"""A case that waits for this message is in the pool (待议池)."""

Choice = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asker:
    """For which step the choices are."""

    actor: Actor
    county_id: str
    proceeding_id: str
    on: date


def choices_of(sources: Iterable[str], asker: Asker) -> dict[str, list[Choice]]:
    """`{"value": id, "label": words}` by source, for the sources that the form uses."""
    readers: dict[str, Callable[[Asker], list[Choice]]] = {
        "organs": _organs,
        "own_organs": _own_organs,
        "other_organs": _organs,  # which are one's own in the step, the server says
        "persons": _people,
        "investigators": _people,
        "members": _members,
        "case_subjects": _subjects,
        "pool_cases": _pool,
        "cases": _cases,
    }
    return {source: readers[source](asker) for source in sorted(set(sources)) if source in readers}


def _choice(value: str, label: str) -> Choice:
    return {"value": value, "label": label}


def _organs(asker: Asker) -> list[Choice]:
    rows = db.session.execute(
        select(Organ.id, Organ.name).where(Organ.county_id == asker.county_id).order_by(Organ.code)
    )
    return [_choice(key, name) for key, name in rows]


def _own_organs(asker: Asker) -> list[Choice]:
    """Organs in which the actor holds a role; which of them the step takes, the server says."""
    own = {grant.organ_id for grant in asker.actor.grants}
    return [choice for choice in _organs(asker) if choice["value"] in own]


def _people(asker: Asker) -> list[Choice]:
    rows = db.session.execute(
        select(Person.id, Person.name, Organ.short_name, Person.position)
        .outerjoin(Organ, Organ.id == Person.organ_id)
        .where(Person.county_id == asker.county_id)
        .order_by(Organ.code, Person.name)
    )
    return [_choice(key, f"{name}（{' '.join(filter(None, (organ, post)))}）") for key, name, organ, post in rows]


def _members(asker: Asker) -> list[Choice]:
    ids = member_units(asker.county_id, on=asker.on)
    names = dict(db.session.execute(select(Organ.id, Organ.name).where(Organ.id.in_(ids))).all())
    return [_choice(key, names[key]) for key in ids]


def _subjects(asker: Asker) -> list[Choice]:
    rows = db.session.execute(
        select(CaseSubject.id, CaseSubject.name).where(CaseSubject.proceeding_id == asker.proceeding_id)
    )
    return [_choice(key, name) for key, name in rows]


def _cases(asker: Asker) -> list[Choice]:
    """Cases that the asking person may see."""
    rows = db.session.execute(
        select(Proceeding.number, Proceeding.title)
        .where(Proceeding.kind == ProceedingKind.CASE, visible_proceedings(asker.actor))
        .order_by(Proceeding.number)
    )
    return [_choice(number, f"{number} {title}") for number, title in rows]


def _pool(asker: Asker) -> list[Choice]:
    waiting = select(SubscriptionRow.proceeding_id).where(SubscriptionRow.message == POOL_MESSAGE)
    rows = db.session.execute(
        select(Proceeding.number, Proceeding.title, Case.series_id, func.count().over(partition_by=Case.series_id))
        .join(Case, Case.proceeding_id == Proceeding.id)
        .where(Proceeding.id.in_(waiting), Proceeding.county_id == asker.county_id, Proceeding.suspended_at.is_(None))
        .order_by(Proceeding.number)
    )
    return [_choice(number, _pool_label(number, title, series, alike)) for number, title, series, alike in rows]


def _pool_label(number: str, title: str, series: str | None, alike: int) -> str:
    """A case of a series says so: the waiting rest of it comes along."""
    return f"{number} {title} ×{alike}" if series and alike > 1 else f"{number} {title}"
