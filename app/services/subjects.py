"""Adding a responsible subject to a case that is investigated or decided on already: new facts brought it up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.access import may_add_subjects
from app.domain.actors import Actor
from app.domain.advance import Advance
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.history import Act
from app.domain.subjects import SubjectKind, SubjectStatus
from app.engine import run
from app.extensions import db
from app.forms.options import parse_options
from app.services import definitions
from app.services.command import Command
from app.services.operations import cases as operations
from app.storage.models import CaseSubject, Organ, Person
from app.storage.organisation import existing
from app.storage.proceedings import get_for_update
from app.storage.transaction import transaction
from app.storage.visibility import may_see

ROLES = "SUBJECT_ROLE"
LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class NewSubject:
    kind: str
    organ_id: str
    person_id: str | None
    role: str
    reason: str


def add(proceeding_id: str, subject: NewSubject, *, actor: Actor, now: datetime) -> str:
    """Add a subject with the new facts as reason; returns its id.

    It joins the finding that is under way; where the findings are made, it is found and decided on in a round of its
    own before the case goes on. Raises NotFoundError (hidden), NotAllowedError, InvalidAnswersError by field,
    ConflictError (named already, or nothing is pending any more): nothing was changed.
    """
    with transaction():
        file = get_for_update(proceeding_id)
        if not may_see(actor, proceeding_id):
            raise NotFoundError
        if not may_add_subjects(actor):
            raise NotAllowedError(N_("只有调查组组长和监察机关人员可以增加责任对象。"))
        command = Command(file, actor=actor, now=now)
        name = _checked(command, subject)
        _ensure_can_join(command, subject)
        row = {"kind": subject.kind, "organ": subject.organ_id, "role": subject.role}
        added = operations.found_subject(command, row, person=subject.person_id, name=name)
        db.session.flush()
        element = operations.pending_subject(command, added)
        details = {"reason": subject.reason.strip()}
        command.tell(Act.SUBJECT_ADDED, name, details=details)
        advance = _joined(command, element)
        if advance is None:
            command.write_evidence(act="add subject", object_=added.id, payload={**row, **details})
        else:
            command.record(command.settle(advance), act="add subject", object_=added.id, payload={**row, **details})
        return added.id


def _checked(command: Command, subject: NewSubject) -> str:
    """The name of the subject. Raises InvalidAnswersError."""
    county = command.proceeding.county_id
    organs = existing(Organ, [subject.organ_id], county_id=county)
    people = existing(Person, [subject.person_id or ""], county_id=county)
    roles = parse_options(definitions.options_of(command.proceeding.release_id)).lists.get(ROLES, ())
    problems: dict[str, list[str]] = {}
    if subject.kind not in set(SubjectKind):
        problems["kind"] = [N_("请选择责任对象是单位还是人员。")]
    if subject.organ_id not in organs:
        problems["organ_id"] = [N_("请选择单位。")]
    if subject.kind == SubjectKind.PERSON and subject.person_id not in people:
        problems["person_id"] = [N_("请选择人员。")]
    if subject.role not in {option.value for option in roles}:
        problems["role"] = [N_("请选择角色。")]
    if not 2 <= len(subject.reason.strip()) <= LONGEST_REASON:
        problems["reason"] = [N_("请写明新发现的事实和依据，不超过2000字。")]
    if problems:
        raise InvalidAnswersError(problems)
    return people[subject.person_id or ""] if subject.kind == SubjectKind.PERSON else organs[subject.organ_id]


def _ensure_can_join(command: Command, subject: NewSubject) -> None:
    """Raises ConflictError."""
    person = subject.person_id if subject.kind == SubjectKind.PERSON else None
    rows = list(db.session.scalars(select(CaseSubject).where(CaseSubject.proceeding_id == command.proceeding.id)))
    if any((row.kind, row.organ_id, row.person_id) == (subject.kind, subject.organ_id, person) for row in rows):
        raise ConflictError(N_("该对象已经在责任对象名单中。"))
    if not any(row.status != SubjectStatus.CONCLUDED for row in rows):
        raise ConflictError(N_("尚未提出责任对象，或者全部对象已经了结，不能在此增加。"))


def _joined(command: Command, element: Mapping[str, object]) -> Advance | None:
    """The advance of a finding that takes the subject in at once; None where it waits for the next round."""
    for step_id in command.register.subject_steps:
        try:
            return run.add_instance(
                command.definition,
                command.proceeding.state,
                step_id=step_id,
                element=dict(element),
                context=command.known(),
                now=command.now,
            )
        except ConflictError:
            continue  # this step does not run now
    return None
