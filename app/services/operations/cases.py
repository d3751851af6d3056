"""Operations on a case: its dates, its entities and subjects, its end."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.domain.errors import N_, ConflictError
from app.domain.subjects import TABLE, WHO, SubjectKind, SubjectStatus
from app.extensions import db
from app.law.calendar import legal_calendar
from app.services.dates import dates_of
from app.services.operations.registry import operation
from app.services.operations.remedies import submission_of
from app.services.operations.series import tell_followers
from app.storage.models import CaseSubject
from app.storage.subjects import recorded_status

if TYPE_CHECKING:
    from app.services.command import Command


@operation("case/compute_dates", result="context", repeatable=True)
def compute_dates(command: "Command") -> dict[str, Any]:
    """When the document takes effect and until when it must be filed; keeps both on the case."""
    case = _case(command)
    dates = dates_of(command, legal_calendar())
    case.effective_date = dates.effective_date
    if dates.filing_due is not None:
        case.filing_due = dates.filing_due
    return dates.instants


@operation("case/entities", result="list", repeatable=True)
def entities(command: "Command") -> list[dict[str, Any]]:
    """Implementing and nominal organs of the case."""
    document = command.context()["case"]
    implementing = list(document.get("implementing_entities") or ())
    nominal = document.get("nominal_entity")
    roles = dict.fromkeys(implementing, "IMPLEMENTING")
    if nominal:
        roles[nominal] = "IMPLEMENTING_AND_NOMINAL" if nominal in roles else "NOMINAL"
    names = command.surroundings.organ_names(roles)
    return [{"id": organ, "name": names.get(organ, organ), "role": role} for organ, role in roles.items()]


@operation("case/investigators", result="list", repeatable=True)
def investigators(command: "Command") -> list[str]:
    """Person ids of the investigation team, leader first."""
    facts = command.facts[""]
    people = [facts.get("leader"), *(facts.get("members") or ())]
    return list(dict.fromkeys(person for person in people if person))


@operation("case/record_subjects", result="list")
def record_subjects(command: "Command") -> list[dict[str, Any]]:
    """Create the subjects that a table `subjects` names, wherever it was filled in, and that are new.

    Returns all not yet concluded. A row without `kind` is about a person where it names one.
    """
    rows = [_kind_of(row) for facts in command.facts.values() for row in facts.get(TABLE) or ()]
    if any(row["kind"] == SubjectKind.PERSON and not row.get("person") for row in rows):
        raise ConflictError(N_("责任人员须写明是谁，请在责任对象表中选择人员。"))
    known = {(subject.kind, subject.organ_id, subject.person_id) for subject in command.subjects}
    new: dict[tuple[str, str, str | None], dict[str, Any]] = {}
    for row in rows:
        if _who(row) not in known:
            new.setdefault(_who(row), row)
    organs = command.surroundings.organ_names(organ for _, organ, person in new if not person)
    people = command.surroundings.people_names(person for _, _, person in new)
    for (_, organ, person), row in new.items():
        found_subject(command, row, person=person, name=people.get(person, "") if person else organs.get(organ, ""))
    _learn_columns(command, {_who(row): row for row in rows})
    return pending_subjects(command)


def _learn_columns(command: "Command", rows: Mapping[tuple[str, str, str | None], Mapping[str, Any]]) -> None:
    """Keep what else the newest row says of each subject. A form about the subject itself that spoke before it wins."""
    types = command.column_types(TABLE)
    types = {name: type_ for name, type_ in types.items() if name not in WHO}
    if not types or not rows:
        return
    submission_id = submission_of(command)
    for subject in command.subjects:
        row = rows.get((subject.kind, subject.organ_id, subject.person_id), {})
        known = {} if command.states(TABLE) else command.facts.get(subject.id, {})
        said = {name: value for name, value in row.items() if name in types and name not in known}
        command.learn(said, types=types, scope=subject.id, submission_id=submission_id)


def _who(row: Mapping[str, Any]) -> tuple[str, str, str | None]:
    return row["kind"], row["organ"], row["person"] if row["kind"] == SubjectKind.PERSON else None


def _kind_of(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = row.get("kind") or (SubjectKind.PERSON if row.get("person") else SubjectKind.ORGAN).value
    return {**row, "kind": kind}


def found_subject(command: "Command", row: Mapping[str, Any], *, person: str | None, name: str) -> CaseSubject:
    """A new subject of the case, the last of its subjects, nothing decided yet. `row` has `kind`, `organ`, `role`."""
    subject = CaseSubject(
        id=uuid4().hex,
        proceeding_id=command.proceeding.id,
        kind=row["kind"],
        organ_id=row["organ"],
        person_id=person,
        name=name,
        role=row.get("role") or "",
        status=SubjectStatus.FOUND.value,
        sanctions=[],
    )
    command.subjects.append(subject)
    db.session.add(subject)
    if person:  # the steps that open from now on are not for him to judge
        waiting = command.proceeding.waiting
        command.proceeding.waiting = {**waiting, "subjects": sorted({*waiting.get("subjects", ()), person})}
    return subject


@operation("case/pending_subjects", result="list", repeatable=True)
def pending_subjects(command: "Command") -> list[dict[str, Any]]:
    """Subjects on whom nothing has been decided yet, each with the facts found about it."""
    return [pending_subject(command, subject) for subject in command.subjects if subject.status == SubjectStatus.FOUND]


@operation("case/subjects", result="list", repeatable=True)
def known_subjects(command: "Command") -> list[dict[str, Any]]:
    """Every subject of the case, each with the facts found about it, its status and what was decided."""
    return [
        {**pending_subject(command, subject), "status": subject.status, "decision_kind": subject.decision_kind}
        for subject in command.subjects
    ]


def pending_subject(command: "Command", subject: CaseSubject) -> dict[str, Any]:
    """A subject as diagrams see it: who it is, and the facts stated about it."""
    return {
        **command.facts.get(subject.id, {}),
        **recorded_status(subject),
        "id": subject.id,
        "kind": subject.kind,
        "name": subject.name,
        "organ": subject.organ_id,
        "person": subject.person_id,
        "role": subject.role,
    }


@operation("case/close", result="string", outcome="string")
def close(command: "Command", *, outcome: str | None) -> str:
    """Name the outcome of the case; it ends when its diagram does. Cases that still follow it are told."""
    command.proceeding.outcome = outcome or ""
    tell_followers(command, outcome=outcome)
    return outcome or ""


def _case(command: "Command") -> Any:
    if command.file.case is None:
        raise ConflictError(N_("该操作只能用于案件。"))
    return command.file.case
