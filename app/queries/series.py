"""系列案: the cases of a series, and the sample that others are registered from."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from app.domain.access import may_separate
from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.powers import may_in
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.extensions import db
from app.queries.inbox import LIGHT
from app.storage.agendas import LEAD_MESSAGE
from app.storage.models import AgendaItem, AgendaItemCase, Case, Proceeding, SubscriptionRow
from app.storage.visibility import visible_proceedings


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    number: str
    doc_no: str
    title: str
    status: ProceedingStatus
    opened_at: datetime
    follows: str
    """Number of the leading case that it waits for; empty where it does not."""


@dataclass(frozen=True, slots=True)
class SeriesPage:
    id: str
    number: str
    title: str
    series_id: str
    members: tuple[Member, ...]
    """The other cases of the series, oldest first."""
    may_register: bool
    follows: str
    """Number of the leading case that this one waits for; empty where it does not."""
    may_separate: bool


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
    leads = _leads([sample.id, *(other.id for other, _ in found)])
    return SeriesPage(
        id=sample.id,
        number=sample.number,
        title=sample.title,
        series_id=series_id,
        members=tuple(
            Member(
                other.id,
                other.number,
                row.doc_no or "",
                other.title,
                other.status,
                other.opened_at,
                leads.get(other.id, ""),
            )
            for other, row in found
        ),
        may_register=may_in(actor, "series.register", case.lead_organ_id),
        follows=leads.get(sample.id, ""),
        may_separate=may_separate(actor),
    )


def _leads(ids: list[str]) -> dict[str, str]:
    """Case id -> number of the leading case, for those that wait for one."""
    query = (
        select(AgendaItemCase.case_id, Proceeding.number)
        .join(Proceeding, Proceeding.id == AgendaItemCase.follows)
        .join(SubscriptionRow, SubscriptionRow.proceeding_id == AgendaItemCase.case_id)
        .where(AgendaItemCase.case_id.in_(ids), SubscriptionRow.message == LEAD_MESSAGE)
    )
    return {row.case_id: row.number for row in db.session.execute(query)}


@dataclass(frozen=True, slots=True)
class SeriesCase:
    number: str
    case_id: str | None
    """None for a case that the actor may not see."""


def series_on_agenda(actor: Actor, meeting_id: str) -> dict[str, tuple[SeriesCase, ...]]:
    """Agenda item -> the cases of a series that go with its leading one, oldest first."""
    visible = select(Proceeding.id).where(visible_proceedings(actor)).subquery()
    rows = db.session.execute(
        select(AgendaItemCase.item_id, Proceeding.number, visible.c.id)
        .join(AgendaItem, AgendaItem.id == AgendaItemCase.item_id)
        .join(Proceeding, Proceeding.id == AgendaItemCase.case_id)
        .outerjoin(visible, visible.c.id == AgendaItemCase.case_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(Proceeding.opened_at, Proceeding.number)
    )
    found: defaultdict[str, list[SeriesCase]] = defaultdict(list)
    for item_id, number, case_id in rows:
        found[item_id].append(SeriesCase(number, case_id))
    return {item_id: tuple(cases) for item_id, cases in found.items()}
