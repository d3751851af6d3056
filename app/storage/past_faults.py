"""What earlier decided cases of a county say of a person or an organ: the record that repetition is computed from."""

from datetime import date

from sqlalchemy import or_, select

from app.domain.repeats import PastFault
from app.domain.subjects import SubjectStatus
from app.extensions import db
from app.storage.models import Case, CaseFact, CaseSubject, Proceeding

FAULTS = "fault_codes"
"""The fact of a subject that the finding states: fault codes."""
ACCOUNTABLE = "ACCOUNTABLE"


def past_faults(county_id: str, *, besides: str, person_id: str | None, organ_id: str | None) -> list[PastFault]:
    """Faults for which the person, or somebody of the organ, was held to account in other cases, oldest act first.

    A decision that was revoked, and a case whose act has no date, say nothing. `besides` is the case at hand.
    """
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
            Proceeding.number,
        )
        .join(Proceeding, Proceeding.id == CaseSubject.proceeding_id)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .join(CaseFact, CaseFact.proceeding_id == Proceeding.id)
        .where(
            Proceeding.county_id == county_id,
            Proceeding.id != besides,
            CaseFact.scope == CaseSubject.id,
            CaseFact.name == FAULTS,
            CaseSubject.status != SubjectStatus.FOUND.value,
            CaseSubject.decision_kind == ACCOUNTABLE,
            Case.act_date.is_not(None),
            or_(*same),
        )
        .order_by(Case.act_date, Proceeding.number, CaseSubject.id)
    )
    return [
        PastFault(fault, day, person_id=person, organ_id=organ, series_id=series, case_no=number)
        for person, organ, faults, day, series, number in db.session.execute(query)
        for fault in faults or ()
        if isinstance(day, date)
    ]
