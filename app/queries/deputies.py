"""代理: who stands in for whom around the reader, and what waits for those whom he stands in for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select

from app.domain.access import Verb, can
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.periods import leads
from app.domain.roles import ROLES, Side
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries.asked import PersonChoice, people_to_ask
from app.queries.lamps import LampView, lamp_view
from app.queries.names import people_names
from app.storage import deputies as rows
from app.storage.models import Account, Deputy, Person, Proceeding, RoleAssignment, Task
from app.storage.tasks import facts_of

MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class DeputyView:
    id: str
    principal: str
    deputy: str
    since: date
    until: date
    roles: tuple[str, ...]
    """Labels (message ids); empty for all."""
    reason: str
    set_by: str
    state: str
    """ACTIVE, COMING or OVER."""
    ended_at: datetime | None
    """When it was ended before its last day."""
    may_end: bool


@dataclass(frozen=True, slots=True)
class StandingStep:
    """An open step of somebody whom the reader stands in for."""

    task_id: str
    principal: str
    number: str
    title: str
    name: str
    held: bool
    """Whether the principal has taken it."""
    lamp: LampView


@dataclass(frozen=True, slots=True)
class DeputiesPage:
    arrangements: tuple[DeputyView, ...]
    steps: tuple[StandingStep, ...]
    principals: tuple[PersonChoice, ...]
    """For whom the reader may appoint somebody: himself first, then those whom he leads."""
    people: tuple[PersonChoice, ...]
    roles: tuple[tuple[str, str], ...]
    """Roles of the reader that can be stood in for, with their labels."""


def deputies_page(actor: Actor, *, now: datetime) -> DeputiesPage:
    """Everything of the page /me/deputies."""
    led = _led(actor)
    principals = (PersonChoice(actor.person_id, actor.name, actor.organ_name), *led)
    arrangements = rows.around([choice.id for choice in principals])
    names = people_names([id_ for row in arrangements for id_ in (row.principal_id, row.deputy_id)])
    own = {grant.role for grant in actor.own_grants()}
    return DeputiesPage(
        arrangements=tuple(_view(actor, row, names, today=office_day(now)) for row in arrangements),
        steps=steps_in_stead(actor, now=now),
        principals=principals,
        people=people_to_ask(actor),
        roles=tuple((role.id, role.label) for role in ROLES.values() if role.id in own and _can_be_stood_in(role.side)),
    )


def _can_be_stood_in(side: Side) -> bool:
    return side not in (Side.SUBJECT, Side.ADMINISTRATION)


def _led(actor: Actor) -> tuple[PersonChoice, ...]:
    """People with a role for whose time the reader answers."""
    led = [role for role in ROLES if leads(actor, role)]
    query = (
        select(Person.id, Person.name, Person.position)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .join(Account, and_(Account.person_id == Person.id, Account.enabled))
        .where(Person.county_id == actor.county_id, RoleAssignment.role.in_(led), Person.id != actor.person_id)
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return tuple(PersonChoice(id_, name, position) for id_, name, position in db.session.execute(query)) if led else ()


def _view(actor: Actor, row: Deputy, names: dict[str, str], *, today: date) -> DeputyView:
    over = row.ended_at is not None or row.until < today
    return DeputyView(
        id=row.id,
        principal=names.get(row.principal_id, ""),
        deputy=names.get(row.deputy_id, ""),
        since=row.since,
        until=row.until,
        roles=tuple(ROLES[role].label for role in row.roles if role in ROLES),
        reason=row.reason,
        set_by=row.set_by_name,
        state="OVER" if over else "COMING" if row.since > today else "ACTIVE",
        ended_at=row.ended_at,
        may_end=not over and actor.person_id in (row.principal_id, row.deputy_id, row.set_by),
    )


def steps_in_stead(actor: Actor, *, now: datetime) -> tuple[StandingStep, ...]:
    """Open steps that the reader may do as a deputy and not by himself, by their deadline."""
    grants = sorted(
        (grant for grant in actor.grants if grant.deputy_of is not None),
        key=lambda grant: (grant.deputy_of or "", grant.role, grant.organ_id or ""),
    )
    if not grants:
        return ()
    addressed = [
        and_(
            Task.candidate_role == grant.role,
            or_(Task.candidate_organ.is_(None), Task.candidate_organ == grant.organ_id),
            or_(
                Task.assignee_id == grant.deputy_of,
                and_(
                    Task.assignee_id.is_(None),
                    or_(Task.candidate_person.is_(None), Task.candidate_person == grant.deputy_of),
                ),
            ),
        )
        for grant in grants
    ]
    query = (
        select(Task, Proceeding.number, Proceeding.title)
        .join(Proceeding, Proceeding.id == Task.proceeding_id)
        .where(Task.county_id == actor.county_id, Task.status == TaskStatus.OPEN, or_(*addressed))
        .order_by(Task.due_at.is_(None), Task.due_at, Task.id)
        .limit(MOST_STEPS)
    )
    found: Sequence[tuple[Task, str, str]] = [(row[0], row[1], row[2]) for row in db.session.execute(query)]
    return tuple(
        StandingStep(
            task_id=task.id,
            principal=grant.deputy_name,
            number=number,
            title=title,
            name=task.name,
            held=task.assignee_id is not None,
            lamp=lamp_view(task.due_at, now=now, record=task.deadline),
        )
        for task, number, title in found
        if can(actor, Verb.COMPLETE, facts_of(task))
        and (
            grant := actor.without(task.excluded_people).acts_for(
                task.candidate_role, task.candidate_organ, (task.assignee_id, task.candidate_person)
            )
        )
    )
