"""The page 期限处理 of a case: what runs until when and why, and whether the clock stands."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.counted import last_day
from app.domain.deadlines import office_day
from app.domain.errors import ConflictError, NotFoundError
from app.domain.periods import ensure_extendable, leads
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries.heads import Head, get_proceeding
from app.queries.names import element_label, organ_names
from app.queries.stages import register_of
from app.queries.tasks import DeadlineView, deadline_view
from app.storage.models import Suspension, Task
from app.storage.tasks import roles_at_work


@dataclass(frozen=True, slots=True)
class SuspensionView:
    since: datetime
    reason: str
    basis: str
    by: str
    ended_at: datetime | None
    end_reason: str
    ended_by: str
    days: int | None
    """Natural days by which everything moved."""


@dataclass(frozen=True, slots=True)
class RunningStep:
    task_id: str
    name: str
    element: str
    deadline: DeadlineView | None
    may_extend: bool
    refusal: str
    """Why it can never be extended (message id); empty where it can, or where nobody would try."""
    earliest: date | None
    """The first day that an extension may name."""


@dataclass(frozen=True, slots=True)
class PeriodsPage:
    head: Head
    steps: tuple[RunningStep, ...]
    suspension: SuspensionView | None
    """The one that is open."""
    past: tuple[SuspensionView, ...]
    may_suspend: bool
    may_resume: bool


def periods_page(actor: Actor, key: str, *, now: datetime, locale: str) -> PeriodsPage:
    """The case or further procedure by id or number. Raises NotFoundError where it is missing or hidden."""
    try:
        found = get_proceeding(actor, key, ProceedingKind.CASE, locale=locale)
    except NotFoundError:
        found = get_proceeding(actor, key, ProceedingKind.PROCEDURE, locale=locale)
    proceeding = found.proceeding
    register = register_of(found.head.release_id)
    organs = organ_names(actor.county_id)
    query = select(Task).where(Task.proceeding_id == proceeding.id, Task.status == TaskStatus.OPEN)
    tasks = db.session.scalars(query.order_by(Task.due_at.is_(None), Task.due_at, Task.id)).all()
    suspensions = suspensions_of(proceeding.id)
    is_running = proceeding.status is ProceedingStatus.RUNNING
    may_lead = is_running and any(leads(actor, role) for role in roles_at_work(proceeding.id))

    def step(task: Task) -> RunningStep:
        refusal = _refusal(task, office_day(now))
        may_lead_it = is_running and proceeding.suspended_at is None and leads(actor, task.candidate_role)
        return RunningStep(
            task_id=task.id,
            name=task.name,
            element=element_label(task.element, organs),
            deadline=deadline_view(task, now=now, register=register),
            may_extend=may_lead_it and not refusal,
            refusal=refusal if may_lead_it and task.deadline else "",
            earliest=last_day(task.deadline) if task.deadline else None,
        )

    return PeriodsPage(
        head=found.head,
        steps=tuple(step(task) for task in tasks),
        suspension=next((row for row in suspensions if row.ended_at is None), None),
        past=tuple(row for row in suspensions if row.ended_at is not None),
        may_suspend=may_lead and proceeding.suspended_at is None,
        may_resume=may_lead and proceeding.suspended_at is not None,
    )


def periods_around(actor: Actor, task_id: str, *, now: datetime, locale: str) -> PeriodsPage:
    """The page of the proceeding that a step belongs to. Raises NotFoundError where it is missing or hidden."""
    proceeding_id = db.session.scalar(select(Task.proceeding_id).where(Task.id == task_id))
    if proceeding_id is None:
        raise NotFoundError
    return periods_page(actor, proceeding_id, now=now, locale=locale)


def _refusal(task: Task, today: date) -> str:
    try:
        ensure_extendable(task.deadline, today=today)
    except ConflictError as error:
        return error.sentence
    return ""


def suspensions_of(proceeding_id: str) -> tuple[SuspensionView, ...]:
    """Oldest first."""
    query = select(Suspension).where(Suspension.proceeding_id == proceeding_id).order_by(Suspension.since)
    return tuple(
        SuspensionView(
            since=row.since,
            reason=row.reason,
            basis=row.basis,
            by=row.begun_by_name,
            ended_at=row.ended_at,
            end_reason=row.end_reason,
            ended_by=row.ended_by_name,
            days=row.days,
        )
        for row in db.session.scalars(query)
    )
