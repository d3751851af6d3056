"""The head of a case or meeting, the same on every page that shows one; and the refusal where it may not be seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import defer

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import NotFoundError, Sentence
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.extensions import db
from app.law.register import Register
from app.queries.act_dates import warnings_on
from app.queries.labels import label_of
from app.queries.legal import LegalStatus, legal_status
from app.queries.outcomes import outcome_label
from app.queries.rules import FollowedRule, departures
from app.queries.stages import StageView, register_of, stepper
from app.storage.models import Case, Meeting, Organ, Procedure, Proceeding, Release
from app.storage.visibility import known_proceedings, may_see, visible_proceedings


@dataclass(frozen=True, slots=True)
class Head:
    id: str
    kind: ProceedingKind
    number: str
    title: str
    status: ProceedingStatus
    outcome: str
    """Label of the outcome; empty while it runs."""
    lead_organ: str
    tags: tuple[str, ...]
    document_no: str
    regulation: str
    release_number: int
    release_id: str
    process_key: str
    stages: tuple[StageView, ...]
    departures: tuple[FollowedRule, ...]
    """Rule settings in which it differs from the register's recommendation."""
    series_id: str
    """Of a case that is one of a series; empty otherwise."""
    opened_at: datetime
    closed_at: datetime | None
    meeting_date: datetime | None
    place: str
    suspended_since: datetime | None = None
    """Set while the clock stands (中止)."""
    warnings: tuple[Sentence, ...] = ()
    """What a person must weigh about the age of the act."""
    legal: LegalStatus | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The rows behind a head, for the page's other parts."""

    proceeding: Proceeding
    case: Case | None
    meeting: Meeting | None
    head: Head
    procedure: Procedure | None = None


def get_proceeding(actor: Actor, key: str, kind: ProceedingKind, *, locale: str) -> Found:
    """The proceeding by id or number. Raises NotFoundError where it is missing or hidden: the answer is the same."""
    return find_proceeding(actor, key, kind, own=False, locale=locale)


def find_proceeding(actor: Actor, key: str, kind: ProceedingKind, *, own: bool, locale: str) -> Found:
    """The same; with `own` also a procedure about the actor himself, of which he sees his part."""
    visible = known_proceedings(actor) if own else visible_proceedings(actor)
    query = _query().where(or_(Proceeding.id == key, Proceeding.number == key), Proceeding.kind == kind, visible)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFoundError
    return _found(row, locale)


def find_seen(actor: Actor, key: str, *, locale: str) -> Found:
    """A case, meeting or procedure that the actor sees as a whole, by id or number. Raises NotFoundError."""
    row = db.session.execute(
        _query().where(or_(Proceeding.id == key, Proceeding.number == key), visible_proceedings(actor))
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return _found(row, locale)


def is_visible(actor: Actor, proceeding_id: str) -> bool:
    """Whether the actor may open the case or meeting as a whole."""
    return may_see(actor, proceeding_id)


def head_of(proceeding_id: str, *, locale: str) -> Found:
    """The head of a proceeding whose task the actor may see; the task's own check went before."""
    return _found(db.session.execute(_query().where(Proceeding.id == proceeding_id)).one(), locale)


def _query() -> Any:
    query: Any = (
        select(Proceeding, Case, Meeting, Procedure, Organ.name, Release.number)
        .join(Release, Release.id == Proceeding.release_id)
        .outerjoin(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Meeting, Meeting.proceeding_id == Proceeding.id)
        .outerjoin(Procedure, Procedure.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .options(defer(Proceeding.state))
    )
    return query


def _outcome(proceeding: Proceeding, procedure: Procedure | None, register: Register, locale: str) -> str:
    """Label of the outcome; a further procedure's from the option list that the register names for its kind."""
    kind = register.procedure(procedure.key) if procedure else None
    if kind is not None and kind.outcomes:
        return outcome_label(proceeding, kind, locale)
    return label_of(proceeding.release_id, "outcome", proceeding.outcome, locale=locale)


def _found(row: Any, locale: str) -> Found:
    proceeding, case, meeting, procedure, organ, number = row
    register = register_of(proceeding.release_id)
    tags: tuple[str, ...] = ()
    if case is not None:
        pairs = (("case_type", case.case_type), ("instance", case.instance))
        tags = tuple(label_of(proceeding.release_id, name, code, locale=locale) for name, code in pairs if code)
    head = Head(
        id=proceeding.id,
        kind=proceeding.kind,
        number=proceeding.number,
        title=proceeding.title,
        status=proceeding.status,
        outcome=_outcome(proceeding, procedure, register, locale),
        lead_organ=organ or "",
        tags=tags,
        document_no=register.document_no,
        regulation=register.short_title,
        release_number=number,
        release_id=proceeding.release_id,
        process_key=proceeding.process_key,
        stages=stepper(proceeding) if case is not None else (),
        departures=departures(proceeding),
        series_id=(case.series_id or "") if case is not None else "",
        opened_at=proceeding.opened_at,
        closed_at=proceeding.closed_at,
        meeting_date=meeting.meeting_date if meeting else None,
        place=(meeting.place or "") if meeting else "",
        suspended_since=proceeding.suspended_at,
        warnings=warnings_on(
            case.act_date,
            opened_on=office_day(proceeding.opened_at),
            in_force_from=register.in_force_from,
            switches={**register.switches, **proceeding.switches},
        )
        if case is not None
        else (),
        legal=legal_status(register),
    )
    return Found(proceeding, case, meeting, head, procedure)
