"""What earlier decided cases of a county say of a person or an organ: the record that repetition is computed from."""

from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from app.domain.deadlines import office_day
from app.domain.repeats import PastFault
from app.domain.subjects import SubjectStatus
from app.extensions import db
from app.storage.models import Case, CaseFact, CaseSubject, Proceeding

FAULTS = "fault_codes"
"""The fact of a subject that the finding states: fault codes."""
DOCUMENT_DATE = "doc_date"
"""The fact of a case: the day of its document, ISO text."""
ACCOUNTABLE = "ACCOUNTABLE"


def past_faults(county_id: str, *, besides: str, person_id: str | None, organ_id: str | None) -> list[PastFault]:
    """Faults for which the person, or somebody of the organ, was held to account in other cases, oldest act first.

    A decision that was revoked says nothing. `besides` is the case at hand.
    """
    document = aliased(CaseFact)
    same = [CaseSubject.organ_id == organ_id] if organ_id else []
    same += [CaseSubject.person_id == person_id] if person_id else []
    if not same:
        return []
    query = (
        select(
            CaseSubject.person_id,
            CaseSubject.organ_id,
            CaseFact.value,
            Case.act_date,
            Case.series_id,
            Case.area,
            Proceeding.number,
            CaseSubject.decided_at,
            document.value.label("document_date"),
        )
        .join(Proceeding, Proceeding.id == CaseSubject.proceeding_id)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .join(CaseFact, CaseFact.proceeding_id == Proceeding.id)
        .outerjoin(
            document,
            and_(document.proceeding_id == Proceeding.id, document.scope == "", document.name == DOCUMENT_DATE),
        )
        .where(
            Proceeding.county_id == county_id,
            Proceeding.id != besides,
            CaseFact.scope == CaseSubject.id,
            CaseFact.name == FAULTS,
            CaseSubject.status != SubjectStatus.FOUND.value,
            CaseSubject.decision_kind == ACCOUNTABLE,
            or_(*same),
        )
        .order_by(Case.act_date, Proceeding.number, CaseSubject.id)
    )
    return [
        PastFault(
            fault,
            row.act_date,
            person_id=row.person_id,
            organ_id=row.organ_id,
            series_id=row.series_id,
            case_no=row.number,
            area=row.area,
            document_date=date.fromisoformat(row.document_date) if row.document_date else None,
            decision_date=office_day(row.decided_at) if row.decided_at else None,
        )
        for row in db.session.execute(query)
        for fault in row.value or ()
    ]
