"""Operations on one responsible subject."""

from typing import TYPE_CHECKING

from sqlalchemy import update

from app.domain.errors import N_, ConflictError
from app.domain.subjects import SubjectStatus
from app.extensions import db
from app.services.operations.messages import issue
from app.services.operations.registry import operation
from app.storage.models import CaseSubject

if TYPE_CHECKING:
    from app.services.command import Command


@operation("subject/record_decision", result="string", subject_id="string")
def record_decision(command: "Command", *, subject_id: str) -> str:
    """Copy kind and sanctions of the signed decision to the subject and give it its number, which is returned."""
    subject, facts = _subject(command, subject_id), command.facts.get(subject_id, {})
    subject.status = SubjectStatus.DECIDED.value
    subject.decision_kind = facts.get("kind")
    subject.decision_no = subject.decision_no or issue(command, kind="DECISION")
    subject.sanctions = list(facts.get("sanctions") or ())
    subject.decided_at = command.now
    return subject.decision_no


@operation("subject/conclude", result="string", subject_id="string")
def conclude(command: "Command", *, subject_id: str) -> str:
    """Everything decided about the subject is served and executed."""
    mine = update(CaseSubject).where(CaseSubject.id == subject_id, CaseSubject.proceeding_id == command.proceeding.id)
    done = db.session.scalars(mine.values(status=SubjectStatus.CONCLUDED.value).returning(CaseSubject.id)).all()
    if not done:
        raise ConflictError(N_("案件中没有该责任对象。"))
    return SubjectStatus.CONCLUDED.value


def _subject(command: "Command", subject_id: str) -> CaseSubject:
    subject = db.session.get(CaseSubject, subject_id)
    if subject is None or subject.proceeding_id != command.proceeding.id:
        raise ConflictError(N_("案件中没有该责任对象。"))
    return subject
