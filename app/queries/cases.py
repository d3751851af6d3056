"""The case register and the case page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.domain.access import may_add_subjects, may_exchange, may_record_status, sides_read
from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.roles import Side, role_label
from app.domain.subjects import SubjectKind
from app.domain.tasks import Lamp, TaskStatus
from app.extensions import db
from app.queries.case_filters import NO_STAGE, CaseFilters, first_due, narrowed
from app.queries.heads import Head, get_proceeding
from app.queries.inbox import LIGHT
from app.queries.labels import label_in, label_of, resolution_label
from app.queries.lamps import LampView, lamp_view
from app.queries.legal import OpeningChoice, opening_choices
from app.queries.links import Openable, ProcedureRow, linked_procedures, openable_for
from app.queries.names import element_label, ensure_offered, organ_names, people_names
from app.queries.outcomes import revision_label
from app.queries.stages import register_of
from app.queries.stories import Line, Story, story_of
from app.queries.tasks import DeadlineView, deadline_view, next_task_of
from app.queries.waits import Wait, waits_of
from app.storage import withheld
from app.storage.models import AgendaItem, AgendaItemCase, Case, CaseSubject, IncidentRow, Organ, Proceeding, Task
from app.storage.visibility import visible_proceedings

PER_PAGE = 50
STANDINGS = "CURRENT_STATUS"


@dataclass(frozen=True, slots=True)
class CaseRow:
    id: str
    number: str
    title: str
    organ: str
    case_type: str
    stage: str
    """Name of the stage in the reader's language; empty before the first."""
    status: ProceedingStatus
    opened_at: datetime
    closed_at: datetime | None
    lamp: LampView
    """Of the step that is due first."""


@dataclass(frozen=True, slots=True)
class Register:
    rows: tuple[CaseRow, ...]
    total: int
    page: int
    pages: int
    stages: tuple[tuple[str, str], ...]
    organs: tuple[tuple[str, str], ...]
    running: int
    closed: int
    may_open: bool
    may_exchange: bool
    regulations: tuple[OpeningChoice, ...]
    """Regulations under which the actor opens cases."""
    opening_organs: tuple[tuple[str, str], ...] = ()
    """Id and name of the organs of whose cases he may open one, where that is any of the county."""


def _opening_organs(actor: Actor, choices: tuple[OpeningChoice, ...]) -> tuple[tuple[str, str], ...]:
    if not any(choice.any_organ for choice in choices):
        return ()
    query = select(Organ.id, Organ.name).where(Organ.county_id == actor.county_id, Organ.valid_to.is_(None))
    return tuple((row.id, row.name) for row in db.session.execute(query.order_by(Organ.name)))


def case_register(
    actor: Actor, filters: CaseFilters, *, page: int = 1, per_page: int = PER_PAGE, now: datetime, locale: str
) -> Register:
    """One page of the cases that the actor may see, newest first."""
    visible = (Proceeding.kind == ProceedingKind.CASE) & visible_proceedings(actor)
    stages, organs, running, closed = _facets(visible, locale)
    ensure_offered("organ", filters.organ, organ_names(actor.county_id))
    ensure_offered("stage", filters.stage, {NO_STAGE: "—", **dict(stages)})
    query = (
        select(Proceeding, Case.case_type, Organ.name, first_due(), func.count().over())
        .join(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(visible, *narrowed(filters, now=now))
        .order_by(Proceeding.opened_at.desc(), Proceeding.id)
        .options(*LIGHT)
        .limit(per_page)
        .offset((page - 1) * per_page)
    )
    found = db.session.execute(query).all()
    total = found[0][4] if found else 0
    openings = opening_choices(actor, now=now)
    return Register(
        rows=tuple(_row(proceeding, code, organ, due_at, now, locale) for proceeding, code, organ, due_at, _ in found),
        total=total,
        page=page,
        pages=max(1, -(-total // per_page)),
        stages=stages,
        organs=organs,
        running=running,
        closed=closed,
        may_open=bool(openings),
        may_exchange=may_exchange(actor),
        regulations=openings,
        opening_organs=_opening_organs(actor, openings),
    )


def _row(
    proceeding: Proceeding, code: str | None, organ: str | None, due_at: Any, now: datetime, locale: str
) -> CaseRow:
    is_running = proceeding.status is ProceedingStatus.RUNNING
    return CaseRow(
        id=proceeding.id,
        number=proceeding.number,
        title=proceeding.title,
        organ=organ or "",
        case_type=label_of(proceeding.release_id, "case_type", code, locale=locale),
        stage=_stage_name(proceeding.release_id, proceeding.stage, locale),
        status=proceeding.status,
        opened_at=proceeding.opened_at,
        closed_at=proceeding.closed_at,
        lamp=lamp_view(due_at, now=now, suspended=proceeding.suspended_at is not None)
        if is_running
        else LampView(Lamp.NONE, 0, None),
    )


def _stage_name(release_id: str, key: str, locale: str) -> str:
    stage = next((stage for stage in register_of(release_id).stages if stage.key == key), None)
    if stage is None:
        return ""
    return stage.en if locale == "en" else stage.zh


def _facets(
    visible: ColumnElement[bool], locale: str
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...], int, int]:
    rows = db.session.execute(
        select(func.min(Proceeding.release_id), Proceeding.stage, Proceeding.status, Organ.id, Organ.name, func.count())
        .join(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(visible)
        .group_by(Proceeding.stage, Proceeding.status, Organ.id, Organ.name)
    ).all()
    releases = {row[0] for row in rows}
    present = {row[1] for row in rows}
    order = [stage for release_id in sorted(releases) for stage in register_of(release_id).stages]
    stages = {stage.key: stage.en if locale == "en" else stage.zh for stage in order if stage.key in present}
    organs = sorted({(row[3], row[4]) for row in rows if row[3]})
    running = sum(row[5] for row in rows if row[2] is ProceedingStatus.RUNNING)
    closed = sum(row[5] for row in rows if row[2] is ProceedingStatus.CLOSED)
    return tuple(stages.items()), tuple(organs), running, closed


@dataclass(frozen=True, slots=True)
class OpenStep:
    task_id: str
    name: str
    element: str
    role: str
    """Label of the role (message id)."""
    organ: str
    assignee: str
    opened_at: datetime
    deadline: DeadlineView | None
    process_key: str
    step_id: str


@dataclass(frozen=True, slots=True)
class Subject:
    id: str
    name: str
    kind: SubjectKind
    role: str
    status: str
    standing: str
    """What became of the person since the act, in words; empty while nothing was recorded."""
    since: date | None
    reads_decision: bool
    """Whether the actor may know what was decided, if anything; else the rest is empty."""
    decision: str = ""
    """Label of the decision's kind; empty before."""
    decision_no: str = ""
    revision: str = ""
    """What a later procedure made of the decision, in words; empty while it stands."""
    revision_no: str = ""
    sanctions: tuple[str, ...] = ()
    """What is in force now."""


@dataclass(frozen=True, slots=True)
class Participant:
    role: str
    """Label of the role (message id)."""
    people: tuple[tuple[str, tuple[str, ...]], ...]
    """Names by organ."""


@dataclass(frozen=True, slots=True)
class Incident:
    engine_task_id: str
    name: str
    sentence: str
    values: dict[str, Any]
    since: datetime


@dataclass(frozen=True, slots=True)
class Agenda:
    meeting_id: str
    meeting_number: str
    item_no: int
    resolution: str


@dataclass(frozen=True, slots=True)
class CasePage:
    head: Head
    steps: tuple[OpenStep, ...]
    waits: tuple[Wait, ...]
    my_task_id: str | None
    """The open step that the actor can go on with."""
    story: Story
    opinions: tuple[Line, ...]
    subjects: tuple[Subject, ...]
    participants: tuple[Participant, ...]
    agenda: tuple[Agenda, ...]
    incidents: tuple[Incident, ...]
    procedures: tuple[ProcedureRow, ...]
    """关联程序."""
    openable: tuple[Openable, ...]
    may_add_subjects: bool
    may_record_status: bool


def case_page(actor: Actor, key: str, *, now: datetime, locale: str) -> CasePage:
    """The case by id or number. Raises NotFoundError where it is missing or hidden."""
    found = get_proceeding(actor, key, ProceedingKind.CASE, locale=locale)
    head = found.head
    organs = organ_names(actor.county_id)
    story = story_of(actor, head.id, release_id=head.release_id, locale=locale)
    return CasePage(
        head=head,
        steps=open_steps(actor, head.id, organs, now=now),
        waits=waits_of(head.id, head.release_id),
        my_task_id=next_task_of(actor, head.id),
        story=story,
        opinions=tuple(line for line in story.lines if line.opinion and (line.opinion.text or line.opinion.verdict)),
        subjects=_subjects(actor, head, locale),
        participants=participants_of(story),
        agenda=_agenda(head, locale),
        incidents=incidents_of(head.id),
        procedures=linked_procedures(actor, head.id, locale=locale),
        openable=openable_for(actor, found.proceeding, found.case.regulation_id, now=now) if found.case else (),
        may_add_subjects=may_add_subjects(actor) and head.status is ProceedingStatus.RUNNING,
        may_record_status=may_record_status(actor) and head.status is ProceedingStatus.RUNNING,
    )


def open_steps(actor: Actor, proceeding_id: str, organs: dict[str, str], *, now: datetime) -> tuple[OpenStep, ...]:
    """Where the proceeding stands: every human step that waits and is not kept from him, the one due first on top."""
    waiting = db.session.scalars(
        select(Task)
        .where(Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN)
        .order_by(Task.due_at.is_(None), Task.due_at, Task.opened_at, Task.id)
    )
    tasks = withheld.shown(waiting, actor.person_id)
    people = people_names(task.assignee_id for task in tasks)
    return tuple(
        OpenStep(
            task_id=task.id,
            name=task.name,
            element=element_label(task.element, organs),
            role=role_label(task.candidate_role),
            organ=organs.get(task.candidate_organ or "", ""),
            assignee=people.get(task.assignee_id or "", ""),
            opened_at=task.opened_at,
            deadline=deadline_view(task, now=now),
            process_key=task.process_key,
            step_id=task.step_id,
        )
        for task in tasks
    )


def participants_of(story: Story) -> tuple[Participant, ...]:
    """Who acted, by role, in the order of their first act."""
    people: dict[str, dict[str, dict[str, None]]] = {}
    for line in story.lines:
        if line.role and line.person:
            people.setdefault(line.role, {}).setdefault(line.organ, {})[line.person] = None
    return tuple(
        Participant(role, tuple((organ, tuple(names)) for organ, names in organs.items()))
        for role, organs in people.items()
    )


def incidents_of(proceeding_id: str) -> tuple[Incident, ...]:
    rows = db.session.scalars(
        select(IncidentRow).where(IncidentRow.proceeding_id == proceeding_id).order_by(IncidentRow.since)
    )
    return tuple(Incident(row.engine_task_id, row.name, row.sentence, dict(row.values), row.since) for row in rows)


def _subjects(actor: Actor, head: Head, locale: str) -> tuple[Subject, ...]:
    """Who is held responsible: for those who may read what the decider writes. Who only records what became of people,
    or brings up others, sees who they are and nothing of what was decided."""
    reads = Side.DECIDER in sides_read(actor)
    if not (reads or may_record_status(actor) or may_add_subjects(actor)):
        return ()
    rows = db.session.scalars(select(CaseSubject).where(CaseSubject.proceeding_id == head.id).order_by(CaseSubject.id))
    return tuple(
        Subject(
            id=row.id,
            name=row.name,
            kind=SubjectKind(row.kind),
            role=label_of(head.release_id, "subjects.role", row.role, locale=locale),
            status=row.status if reads else "",
            reads_decision=reads,
            **(_decided(row, head.release_id, locale) if reads else {}),
            standing=label_in(head.release_id, STANDINGS, row.current_status, locale=locale),
            since=row.status_since,
        )
        for row in rows
    )


def _decided(row: CaseSubject, release_id: str, locale: str) -> dict[str, Any]:
    return {
        "decision": label_of(release_id, "kind", row.decision_kind, locale=locale),
        "decision_no": row.decision_no or "",
        "revision": revision_label(release_id, row.revision, locale),
        "revision_no": row.revision_no or "",
        "sanctions": tuple(label_of(release_id, "sanctions", code, locale=locale) for code in row.sanctions),
    }


def _agenda(head: Head, locale: str) -> tuple[Agenda, ...]:
    rows = db.session.execute(
        select(Proceeding, AgendaItem.item_no, AgendaItem.resolution)
        .join(Proceeding, Proceeding.id == AgendaItem.meeting_id)
        .outerjoin(AgendaItemCase, and_(AgendaItemCase.item_id == AgendaItem.id, AgendaItemCase.case_id == head.id))
        .where(or_(AgendaItem.case_id == head.id, AgendaItemCase.case_id == head.id))
        .order_by(Proceeding.opened_at)
        .options(*LIGHT)
    )
    return tuple(
        Agenda(meeting.id, meeting.number, item, resolution_label(meeting.release_id, code, locale))
        for meeting, item, code in rows
    )
