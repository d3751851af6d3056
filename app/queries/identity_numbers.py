"""身份证号码 of a case: masked, whose they are, and who had which one shown to him and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from app.domain.access import may_reveal_identity_number
from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.extensions import db
from app.queries.names import people_names
from app.storage import identity_numbers as rows
from app.storage.models import CaseSubject, IdentityNumberReading, Proceeding, SealedIdentityNumber, Task
from app.storage.visibility import may_see


@dataclass(frozen=True, slots=True)
class NumberReading:
    person: str
    reason: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class NumberLine:
    id: str
    whose: str
    """Name of the person or subject; empty where the form does not tell."""
    masked: str
    step: str
    """Name of the step at which it was entered."""
    entered_by: str
    entered_at: datetime
    readings: tuple[NumberReading, ...]


@dataclass(frozen=True, slots=True)
class NumbersPage:
    proceeding_id: str
    number: str
    title: str
    lines: tuple[NumberLine, ...]


def has_numbers(actor: Actor, proceeding_id: str) -> bool:
    """Whether the case has a number that the actor may have shown to him; he sees the case."""
    everyone = may_reveal_identity_number(actor, entered_by="")
    named = (SealedIdentityNumber.proceeding_id == proceeding_id, SealedIdentityNumber.submission_id.is_not(None))
    own = () if everyone else (SealedIdentityNumber.entered_by == actor.person_id,)
    return bool(db.session.scalar(select(exists().where(*named, *own))))


def numbers_page(actor: Actor, proceeding_id: str) -> NumbersPage:
    """Those of the case that the actor may have shown to him. Raises NotFoundError where he may none."""
    proceeding = db.session.get(Proceeding, proceeding_id)
    if proceeding is None or not may_see(actor, proceeding_id):
        raise NotFoundError
    found = [
        row for row in rows.submitted_in(proceeding_id) if may_reveal_identity_number(actor, entered_by=row.entered_by)
    ]
    if not found and not may_reveal_identity_number(actor, entered_by=""):
        raise NotFoundError
    return NumbersPage(proceeding.id, proceeding.number, proceeding.title, tuple(_lines(found)))


def _lines(found: list[SealedIdentityNumber]) -> Iterable[NumberLine]:
    ids = [row.id for row in found]
    query = select(IdentityNumberReading).where(IdentityNumberReading.number_id.in_(ids))
    readings = db.session.scalars(query.order_by(IdentityNumberReading.read_at)).all()
    of_subjects = select(CaseSubject.id, CaseSubject.name).where(CaseSubject.id.in_([row.about for row in found]))
    subjects = dict(db.session.execute(of_subjects).all())
    of_steps = select(Task.id, Task.name).where(Task.id.in_([row.task_id for row in found]))
    steps = dict(db.session.execute(of_steps).all())
    people = people_names([*(row.about for row in found), *(row.entered_by for row in found), *_readers(readings)])
    for row in found:
        yield NumberLine(
            id=row.id,
            whose=subjects.get(row.about) or people.get(row.about, ""),
            masked=row.masked,
            step=steps.get(row.task_id, ""),
            entered_by=people.get(row.entered_by, ""),
            entered_at=row.entered_at,
            readings=tuple(
                NumberReading(people.get(one.person_id, ""), one.reason, one.read_at)
                for one in readings
                if one.number_id == row.id
            ),
        )


def _readers(readings: Iterable[IdentityNumberReading]) -> Iterable[str]:
    return (one.person_id for one in readings)
