"""Further procedures as lines, linked to a case or listed; and which of them the actor may open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased, defer

from app.domain.access import ensure_may_open
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import NotAllowedError, NotFoundError
from app.domain.proceedings import ProceedingStatus
from app.domain.roles import ROLES, Side
from app.domain.subjects import SubjectStatus
from app.extensions import db
from app.law.register import About, ProcedureKind
from app.law.register import parse as parse_register
from app.queries.labels import label_of
from app.queries.outcomes import outcome_label
from app.queries.stages import register_of
from app.storage.attachments import ServedPaper, served_papers
from app.storage.models import Case, CaseSubject, Procedure, Proceeding, Regulation
from app.storage.procedures import served_days, subject_facts
from app.storage.releases import register_file_of_regulation
from app.storage.visibility import known_proceedings, own_subjects, visible_proceedings

LIGHT = (defer(Proceeding.state), defer(Proceeding.waiting))


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    id: str
    number: str
    title: str
    zh: str
    en: str
    """What this kind of procedure is called, as the register says."""
    subject: str
    parent_id: str | None
    """The case; None where there is none, or the actor may not open it."""
    parent_number: str
    status: ProceedingStatus
    outcome: str
    """Label of the outcome; empty while it runs."""
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Openable:
    """A kind of procedure that the actor may open here."""

    key: str
    zh: str
    en: str
    about: About
    regulation_id: str
    subjects: tuple[tuple[str, str], ...] = ()
    """Subjects that it may be about: id, and name with the number of the decision."""


@dataclass(frozen=True, slots=True)
class OwnDecision:
    """A served decision on the actor himself, or on the organ he speaks for."""

    subject_id: str
    case_number: str
    name: str
    decision_no: str
    decision: str
    sanctions: tuple[str, ...]
    served_on: str
    papers: tuple[ServedPaper, ...]
    """Everything that was served on him in the matter, the newest first."""
    openable: tuple[Openable, ...]

    @property
    def decision_paper(self) -> ServedPaper | None:
        """The decision itself in its newest version; what was served later about an application has another number."""
        return next((paper for paper in self.papers if paper.number == self.decision_no), None)


@dataclass(frozen=True, slots=True)
class OwnNotice:
    """A paper that was served on the actor, or on the organ he speaks for, before a decision was."""

    case_number: str
    name: str
    """Of the subject."""
    paper: ServedPaper
    served_on: date


@dataclass(frozen=True, slots=True)
class OwnPapers:
    """Everything that was served on the actor, the newest first."""

    decisions: tuple[OwnDecision, ...] = ()
    notices: tuple[OwnNotice, ...] = ()


def rows_of(actor: Actor, criterion: ColumnElement[bool], *, locale: str, limit: int, offset: int = 0) -> "Rows":
    """Procedures that fit and that the actor may know of, newest first."""
    parent, seen = aliased(Proceeding), aliased(Proceeding)
    may_open = select(seen.id).where(seen.id == Procedure.parent_id).where(_seen(actor, seen)).exists()
    query = (
        select(Proceeding, Procedure.key, CaseSubject.name, parent.id, parent.number, may_open, func.count().over())
        .join(Procedure, Procedure.proceeding_id == Proceeding.id)
        .outerjoin(CaseSubject, CaseSubject.id == Procedure.subject_id)
        .outerjoin(parent, parent.id == Procedure.parent_id)
        .where(criterion, known_proceedings(actor))
        .order_by(Proceeding.opened_at.desc(), Proceeding.id)
        .options(*LIGHT)
        .limit(limit)
        .offset(offset)
    )
    found = db.session.execute(query).all()
    return Rows(tuple(_row(row, locale) for row in found), found[0][-1] if found else 0)


@dataclass(frozen=True, slots=True)
class Rows:
    rows: tuple[ProcedureRow, ...]
    total: int
    """Over all pages."""


def _seen(actor: Actor, table: Any) -> ColumnElement[bool]:
    visible: ColumnElement[bool] = table.id.in_(select(Proceeding.id).where(visible_proceedings(actor)))
    return visible


def _row(row: Any, locale: str) -> ProcedureRow:
    proceeding, key, subject, parent_id, parent_number, may_open, _ = row
    kind = register_of(proceeding.release_id).procedure(key)
    return ProcedureRow(
        id=proceeding.id,
        number=proceeding.number,
        title=proceeding.title,
        zh=kind.zh if kind else key,
        en=kind.en if kind else key,
        subject=subject or "",
        parent_id=parent_id if may_open else None,
        parent_number=parent_number or "",
        status=proceeding.status,
        outcome=outcome_label(proceeding, kind, locale),
        opened_at=proceeding.opened_at,
        closed_at=proceeding.closed_at,
    )


def linked_procedures(actor: Actor, case_id: str, *, locale: str) -> tuple[ProcedureRow, ...]:
    """What is linked to a case that the actor sees, newest first."""
    return rows_of(actor, Procedure.parent_id == case_id, locale=locale, limit=100).rows


def openable_for(actor: Actor, case: Proceeding, regulation_id: str, *, now: datetime) -> tuple[Openable, ...]:
    """Kinds of procedure that the actor, who sees the case, may open about it."""
    kinds = [kind for kind in kinds_of(regulation_id) if kind.about is not About.NONE]
    if not any(actor.holds(role) for kind in kinds for role in kind.openers):
        return ()
    of_case = CaseSubject.proceeding_id == case.id
    subjects = list(db.session.scalars(select(CaseSubject).where(of_case).order_by(CaseSubject.name, CaseSubject.id)))
    served = served_days(subjects, today=office_day(now))
    return tuple(filter(None, (_for_case(actor, kind, regulation_id, subjects, served) for kind in kinds)))


def _for_case(
    actor: Actor, kind: ProcedureKind, regulation_id: str, subjects: Iterable[CaseSubject], served: dict[str, str]
) -> Openable | None:
    if kind.about is About.CASE:
        return _openable(kind, regulation_id) if _may(actor, kind, None, None) else None
    fitting = tuple(
        (subject.id, f"{subject.name} {subject.decision_no or ''}".strip())
        for subject in subjects
        if _may(actor, kind, subject, served.get(subject.id))
    )
    return _openable(kind, regulation_id, fitting) if fitting else None


def _may(actor: Actor, kind: ProcedureKind, subject: CaseSubject | None, served_on: str | None) -> bool:
    facts = subject_facts(subject, served_on) if subject else None
    try:
        ensure_may_open(actor, kind.openers, subject=facts, needs_service=kind.served)
    except (NotAllowedError, NotFoundError):
        return False
    return True


def _openable(kind: ProcedureKind, regulation_id: str, subjects: tuple[tuple[str, str], ...] = ()) -> Openable:
    return Openable(kind.key, kind.zh, kind.en, kind.about, regulation_id, subjects)


def kinds_of(regulation_id: str) -> tuple[ProcedureKind, ...]:
    """What the newest register of a regulation lists."""
    return parse_register(register_file_of_regulation(regulation_id)).procedures


def openable_by_officials(actor: Actor) -> tuple[Openable, ...]:
    """What an official may open without a case at hand: by the number of a decision, or about no case."""
    regulations = db.session.scalars(select(Regulation.id).where(Regulation.county_id == actor.county_id))
    return tuple(
        _openable(kind, regulation_id)
        for regulation_id in sorted(regulations)
        for kind in kinds_of(regulation_id)
        if kind.about is not About.CASE and _is_official(actor, kind)
    )


def _is_official(actor: Actor, kind: ProcedureKind) -> bool:
    return any(actor.holds(role) and ROLES[role].side is not Side.SUBJECT for role in kind.openers)


def own_papers(actor: Actor, *, now: datetime, locale: str) -> OwnPapers:
    """What was served on the actor: decisions, with what he may open about each, and notices where none is served."""
    query = (
        select(CaseSubject, Proceeding, Case.regulation_id)
        .join(Proceeding, Proceeding.id == CaseSubject.proceeding_id)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .where(Proceeding.county_id == actor.county_id, own_subjects(actor))
        .order_by(CaseSubject.decided_at.desc(), CaseSubject.id)
        .options(*LIGHT)
    )
    found = db.session.execute(query).all()
    today = office_day(now)
    decided = [subject for subject, _, _ in found if subject.status != SubjectStatus.FOUND]
    served = served_days(decided, today=today) if decided else {}
    papers = served_papers([subject.id for subject, _, _ in found], today=today) if found else {}
    notices = (
        OwnNotice(case.number, subject.name, paper, paper.served_on)
        for subject, case, _ in found
        for paper in papers.get(subject.id, ())
        if subject.id not in served and paper.served_on is not None
    )
    return OwnPapers(
        decisions=tuple(
            _own(actor, subject, case, regulation_id, served[subject.id], papers.get(subject.id, ()), locale)
            for subject, case, regulation_id in found
            if subject.id in served
        ),
        notices=tuple(sorted(notices, key=lambda notice: notice.served_on, reverse=True)),
    )


def _own(
    actor: Actor,
    subject: CaseSubject,
    case: Proceeding,
    regulation_id: str,
    served_on: str,
    papers: Iterable[ServedPaper],
    locale: str,
) -> OwnDecision:
    release = case.release_id
    kinds = (kind for kind in kinds_of(regulation_id) if kind.about is About.SUBJECT)
    return OwnDecision(
        subject_id=subject.id,
        case_number=case.number,
        name=subject.name,
        decision_no=subject.decision_no or "",
        decision=label_of(release, "kind", subject.decision_kind, locale=locale),
        sanctions=tuple(label_of(release, "sanctions", code, locale=locale) for code in subject.sanctions),
        served_on=served_on,
        papers=tuple(papers),
        openable=tuple(_openable(kind, regulation_id) for kind in kinds if _may(actor, kind, subject, served_on)),
    )
