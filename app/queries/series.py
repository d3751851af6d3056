"""系列案: the cases of a series, and the sample that others are registered from."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.extensions import db
from app.queries.inbox import LIGHT
from app.storage.models import Case, Proceeding
from app.storage.visibility import visible_proceedings


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    number: str
    doc_no: str
    title: str
    status: ProceedingStatus
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class SeriesPage:
    id: str
    number: str
    title: str
    series_id: str
    members: tuple[Member, ...]
    """The other cases of the series, oldest first."""
    may_register: bool


def series_page(actor: Actor, key: str) -> SeriesPage:
    """The series of a case. Raises NotFoundError."""
    cases = select(Proceeding, Case).join(Case, Case.proceeding_id == Proceeding.id).options(*LIGHT)
    visible = cases.where(Proceeding.kind == ProceedingKind.CASE, visible_proceedings(actor))
    row = db.session.execute(visible.where(or_(Proceeding.id == key, Proceeding.number == key))).one_or_none()
    if row is None:
        raise NotFoundError
    sample, case = row
    series_id = case.series_id or sample.number
    others = visible.where(Case.series_id == series_id, Proceeding.id != sample.id)
    found = db.session.execute(others.order_by(Proceeding.opened_at, Proceeding.number)).all()
    return SeriesPage(
        id=sample.id,
        number=sample.number,
        title=sample.title,
        series_id=series_id,
        members=tuple(
            Member(other.id, other.number, row.doc_no or "", other.title, other.status, other.opened_at)
            for other, row in found
        ),
        may_register=actor.holds("organ.reporter", case.lead_organ_id),
    )
