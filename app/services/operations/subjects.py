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
    # a draft sent back may have named measures that the signed decision does not take
    subject.sanctions = list(facts.get("sanctions") or ()) if subject.decision_kind == "ACCOUNTABLE" else []
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


@operation("subject/suspended", result="boolean", subject_id="string")
def suspended(command: "Command", *, subject_id: str) -> bool:
    """Whether a referral suspends the decision on this subject and its result has not come in."""
    return any(
        facts.get("suspends_person") is True
        and subject_id in (facts.get("referred_persons") or ())
        and not facts.get("referral_concluded_on")
        for facts in command.facts.values()
    )


@operation("subject/investigators", result="list", subject_id="string")
def investigators(command: "Command", *, subject_id: str) -> list[str]:
    """Person ids of those who investigate one subject, leader first: where each subject has a team of its own."""
    facts = command.facts.get(subject_id, {})
    people = [facts.get("leader"), *(facts.get("members") or ())]
    return list(dict.fromkeys(person for person in people if person))


def _subject(command: "Command", subject_id: str) -> CaseSubject:
    subject = db.session.get(CaseSubject, subject_id)
    if subject is None or subject.proceeding_id != command.proceeding.id:
        raise ConflictError(N_("案件中没有该责任对象。"))
    return subject
