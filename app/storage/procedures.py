"""Further procedures as rows: what one may be about, and those that are linked to a case."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from app.domain.access import SubjectFacts
from app.domain.powers import posts_with
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.subjects import SERVED_ON, SubjectKind, SubjectStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage import facts
from app.storage.models import Case, CaseFact, CaseSubject, Procedure, Proceeding, Task
from app.storage.proceedings import About, File
from app.storage.surroundings import facts_by_scope, facts_column

PROCEDURES = "procedures"
"""Where a case keeps the ids of the procedures about it that run: only these are asked for their handlers."""

REMEDIED = "remedied"
"""Where a procedure, and its case once it is concluded, keeps who did what the policy calls handling a remedy."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a procedure is to be about."""

    parent: Proceeding
    case: Case
    subject: CaseSubject | None
    named_decision: bool
    """It was asked for by the number of the decision, which only who has the paper knows."""


def find_target(county_id: str, about: str, *, subject_id: str | None) -> Target | None:
    """The case by id or number, or the subject by the number of its decision; None where there is none."""
    is_case = (Proceeding.county_id == county_id, Proceeding.kind == ProceedingKind.CASE)
    query = (
        select(Proceeding, Case, CaseSubject)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(CaseSubject, and_(CaseSubject.proceeding_id == Proceeding.id, _subject(about, subject_id)))
        .where(*is_case, or_(Proceeding.id == about, Proceeding.number == about, CaseSubject.decision_no == about))
    )
    row = db.session.execute(query.limit(1)).one_or_none()
    if row is None or (subject_id and row[2] is None):
        return None
    return Target(row[0], row[1], row[2], named_decision=row[2] is not None and row[2].decision_no == about)


def _subject(about: str, subject_id: str | None) -> ColumnElement[bool]:
    return CaseSubject.id == subject_id if subject_id else CaseSubject.decision_no == about


def subject_facts(subject: CaseSubject, served_on: str | None) -> SubjectFacts:
    return SubjectFacts(
        kind=SubjectKind(subject.kind),
        person_id=subject.person_id,
        organ_id=subject.organ_id,
        decided=subject.status != SubjectStatus.FOUND,
        served=served_on is not None,
    )


def subject_context(subject: CaseSubject, stated: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A subject as expressions of a procedure about it see it: who it is, the decision in force, the facts found.

    `stated` are the facts of its case by scope and name.
    """
    unstated: dict[str, Any] = dict.fromkeys(("person_category", "current_status", SERVED_ON))
    return {
        **unstated,
        **stated.get(subject.id, {}),
        "id": subject.id,
        "kind": subject.kind,
        "name": subject.name,
        "organ": subject.organ_id,
        "person": subject.person_id,
        "role": subject.role,
        "decision_kind": subject.decision_kind,
        "decision_no": subject.decision_no,
        "sanctions": list(subject.sanctions),
    }


def about(target: Target) -> About:
    """What a procedure that is being opened is about."""
    case = File(target.parent, target.case, None)
    return About(case, facts.read(target.parent.id), target.subject)


def subject_of(found: About | None) -> dict[str, Any] | None:
    """The same of the subject that a procedure is about."""
    return subject_context(found.subject, found.facts) if found and found.subject else None


def revision_of(subject_id: str) -> dict[str, Any]:
    """What a later procedure made of the decision on a subject: `revision`, and then the `sanctions` still in force."""
    return recorded_revision(db.session.get(CaseSubject, subject_id))


def recorded_revision(subject: CaseSubject | None) -> dict[str, Any]:
    """The same of a subject that was read already."""
    if subject is None or subject.revision is None:
        return {"revision": None}
    return {"revision": subject.revision, "sanctions": list(subject.sanctions)}


def served_days(subjects: Iterable[CaseSubject], *, today: date) -> dict[str, str]:
    """The ISO date of service by subject, for those whose decision counts as served on the office's day `today`: after
    a notice in public that is thirty days later."""
    ids = {subject.id: subject.proceeding_id for subject in subjects}
    query = select(CaseFact.scope, CaseFact.value).where(
        CaseFact.proceeding_id.in_(set(ids.values())), CaseFact.scope.in_(ids), CaseFact.name == SERVED_ON
    )
    stated = {scope: str(value) for scope, value in db.session.execute(query) if value} if ids else {}
    return {scope: day for scope, day in stated.items() if day[:10] <= today.isoformat()}


def is_running(key: str, *, parent_id: str, subject_id: str | None) -> bool:
    """Whether a procedure of this kind on the same matter runs already."""
    query = (
        select(Proceeding.number)
        .join(Procedure, Procedure.proceeding_id == Proceeding.id)
        .where(
            Procedure.key == key,
            Procedure.parent_id == parent_id,
            Procedure.subject_id == subject_id,
            Proceeding.status == ProceedingStatus.RUNNING,
        )
        .limit(1)
    )
    return db.session.scalars(query).one_or_none() is not None


def handlers_of_remedies(procedures: Collection[str]) -> frozenset[str]:
    """Who did a step of these procedures that the policy calls the handling of a remedy."""
    if not procedures:
        return frozenset()
    query = select(Task.completed_by).where(
        Task.proceeding_id.in_(procedures),
        Task.status == TaskStatus.COMPLETED,
        Task.candidate_role.in_(posts_with("remedying")),
        Task.completed_by.is_not(None),
    )
    return frozenset(db.session.scalars(query.distinct()))


@dataclass(frozen=True, slots=True)
class Linked:
    """A procedure as another one sees it."""

    id: str
    number: str
    key: str
    status: ProceedingStatus
    outcome: str | None
    subject_id: str | None
    facts: Mapping[str, Any]
    """Those without scope."""


def linked(parent_id: str, *, key: str | None = None) -> list[Linked]:
    """Procedures about a case, oldest first."""
    query = _linked().where(Procedure.parent_id == parent_id)
    return _as_linked(query.where(Procedure.key == key) if key else query)


def unlinked(county_id: str, *, key: str, stating: str) -> list[Linked]:
    """Procedures of a kind that are about no case and state the named fact, oldest first."""
    states = (CaseFact.proceeding_id == Proceeding.id, CaseFact.scope == "", CaseFact.name == stating)
    query = _linked().where(Proceeding.county_id == county_id, Procedure.key == key, Procedure.parent_id.is_(None))
    return _as_linked(query.where(exists().where(*states)))


def _linked() -> Select[Any]:
    stated = facts_column(Proceeding.__table__.c.id)
    columns = (Proceeding.id, Proceeding.number, Procedure.key, Proceeding.status, Proceeding.outcome)
    return (
        select(*columns, Procedure.subject_id, stated)
        .join(Procedure, Procedure.proceeding_id == Proceeding.id)
        .order_by(Proceeding.opened_at, Proceeding.id)
    )


def _as_linked(query: Select[Any]) -> list[Linked]:
    found = []
    for row in db.session.execute(query):
        id_, number, key, status, outcome, subject_id, stated = row
        found.append(Linked(id_, number, key, status, outcome, subject_id, facts_by_scope(stated)[""]))
    return found
