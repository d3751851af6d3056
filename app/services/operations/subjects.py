"""Operations on one responsible subject."""

from datetime import date
from typing import TYPE_CHECKING, Any

from app.domain.errors import N_, ConflictError
from app.domain.repeats import DateBasis, Matter, PastFault, RepeatKey, RepeatWindow, SameType, find_repeats
from app.domain.subjects import SubjectStatus
from app.services.operations.messages import issue
from app.services.operations.registry import operation
from app.storage.models import CaseSubject
from app.storage.past_faults import DOCUMENT_DATE, past_faults

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
    _subject(command, subject_id).status = SubjectStatus.CONCLUDED.value
    return SubjectStatus.CONCLUDED.value


@operation("subject/current_status", result="string", repeatable=True, subject_id="string")
def current_status(command: "Command", *, subject_id: str) -> str | None:
    """What became of a person, as it was recorded, or else as the finding states it; None for an organ."""
    recorded = _subject(command, subject_id).current_status
    return recorded or command.facts.get(subject_id, {}).get("current_status")


@operation("subject/standing", result="context", repeatable=True, subject_id="string")
def standing(command: "Command", *, subject_id: str) -> dict[str, Any]:
    """The same `current_status`, and `current_organ`: where a person serves whose transfer was recorded, else null."""
    recorded = _subject(command, subject_id)
    stated = command.facts.get(subject_id, {}).get("current_status")
    return {"current_status": recorded.current_status or stated, "current_organ": recorded.current_organ_id}


@operation("subject/suspended", result="boolean", repeatable=True, subject_id="string")
def suspended(command: "Command", *, subject_id: str) -> bool:
    """Whether a referral suspends the decision on this subject and its result has not come in."""
    return any(
        facts.get("suspends_person") is True
        and subject_id in (facts.get("referred_persons") or ())
        and not facts.get("referral_concluded_on")
        for facts in command.facts.values()
    )


@operation("subject/investigators", result="list", repeatable=True, subject_id="string")
def investigators(command: "Command", *, subject_id: str) -> list[str]:
    """Person ids of those who investigate one subject, leader first: where each subject has a team of its own."""
    facts = command.facts.get(subject_id, {})
    people = [facts.get("leader"), *(facts.get("members") or ())]
    return list(dict.fromkeys(person for person in people if person))


def _subject(command: "Command", subject_id: str) -> CaseSubject:
    subject = command.subject(subject_id)
    if subject is None:
        raise ConflictError(N_("案件中没有该责任对象。"))
    return subject


@operation("subject/history", result="list", repeatable=True, subject_id="string")
def history(command: "Command", *, subject_id: str) -> list[dict[str, Any]]:
    """Faults for which the subject, or somebody of its organ, was held to account in other cases of the county."""
    return [
        {
            "person_id": past.person_id,
            "organ_id": past.organ_id,
            "fault": past.fault,
            "area": past.area,
            "act_date": _iso(past.act_date),
            "document_date": _iso(past.document_date),
            "decision_date": _iso(past.decision_date),
            "series_id": past.series_id,
            "case_no": past.case_no,
        }
        for past in _record_of(command, _subject(command, subject_id))
    ]


@operation("subject/repeat", result="context", repeatable=True, subject_id="string", faults="list")
def repeat(command: "Command", *, subject_id: str, faults: list[str] | None) -> dict[str, Any]:
    """Whether the record makes the faults a repetition: `within_year`, `by_organ` (only the organ is the same), and the
    case numbers that say so. Who, which year, which day and what is alike are rule settings of the case."""
    subject, case, switches = _subject(command, subject_id), command.file.case, command.switches
    document = command.facts[""].get(DOCUMENT_DATE)
    matter = Matter(
        faults=frozenset(faults or ()),
        act_date=case.act_date if case else None,
        series_id=case.series_id if case else None,
        people=frozenset({subject.person_id} if subject.person_id else ()),
        organs=frozenset({subject.organ_id}),
        area=case.area if case else None,
        document_date=date.fromisoformat(document) if document else None,
        decision_date=command.today,
    )
    found = find_repeats(
        _record_of(command, subject),
        matter,
        key=RepeatKey(switches.get("repeatKey", RepeatKey.PERSON)),
        window=RepeatWindow(switches.get("repeatWindow", RepeatWindow.ROLLING_YEAR)),
        basis=DateBasis(switches.get("repeatDateBasis", DateBasis.ACT_DATE)),
        same_type=SameType(switches.get("sameTypeBasis", SameType.FAULT_CODE)),
    )
    cases = dict.fromkeys(past.case_no for past in (*found.by_key, *found.by_organ))
    return {"within_year": bool(found.by_key), "by_organ": bool(found.by_organ), "cases": list(cases)}


@operation("subject/repeats", result="boolean", repeatable=True, subject_id="string", faults="list")
def repeats(command: "Command", *, subject_id: str, faults: list[str] | None) -> bool:
    """Whether the record shows the same kind of fault of the same subject within the year."""
    return bool(repeat(command, subject_id=subject_id, faults=faults)["within_year"])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _record_of(command: "Command", subject: CaseSubject) -> list[PastFault]:
    return past_faults(
        command.proceeding.county_id,
        besides=command.proceeding.id,
        person_id=subject.person_id,
        organ_id=subject.organ_id,
    )
