"""The policy of `app.domain.access` as SQL: which proceedings and tasks an actor may know of."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from app.domain.actors import Actor
from app.domain.roles import ROLES, Reach, Side
from app.domain.tasks import TaskStatus
from app.storage.models import Case, CaseFact, Proceeding, Task


def _addressed_to(actor: Actor, roles: set[str]) -> ColumnElement[bool]:
    """Steps addressed to the actor by role and organ, whoever did them."""
    pairs = [
        and_(
            Task.candidate_role == grant.role,
            or_(Task.candidate_organ.is_(None), Task.candidate_organ == grant.organ_id),
        )
        for grant in sorted(actor.grants, key=lambda grant: (grant.role, grant.organ_id or ""))
        if grant.role in roles
    ]
    return or_(*pairs) if pairs else false()


def visible_proceedings(actor: Actor) -> ColumnElement[bool]:
    """Criterion on Proceeding: the same answer as `access.can_see_proceeding`."""
    if actor.county_id is None:
        return false()
    own_county = Proceeding.county_id == actor.county_id
    if actor.reaches_county():
        return own_county
    ways: list[ColumnElement[bool]] = []
    organs = actor.organs_reached()
    if organs:
        of_organs = select(Case.proceeding_id).where(
            or_(Case.lead_organ_id.in_(organs), Case.nominal_entity.in_(organs))
        )
        ways.append(Proceeding.id.in_(of_organs))
        # one row per implementing organ, written beside the list answer, so that this is an index look-up
        implementing = select(CaseFact.proceeding_id).where(
            CaseFact.name == "implementing_entity", CaseFact.scope.in_(organs)
        )
        ways.append(Proceeding.id.in_(implementing))
    roles = {
        role.id for role in actor.roles() if role.side is not Side.SUBJECT and role.reach in (Reach.STEPS, Reach.ORGAN)
    }
    if roles:
        mine = or_(
            and_(_addressed_to(actor, roles), Task.candidate_person.is_(None)),
            Task.candidate_person == actor.person_id,
            Task.assignee_id == actor.person_id,
            Task.completed_by == actor.person_id,
        )
        ways.append(exists(select(Task.id).where(Task.proceeding_id == Proceeding.id, mine)))
    return and_(own_county, or_(*ways)) if ways else false()


def addressed_tasks(actor: Actor) -> ColumnElement[bool]:
    """Criterion on Task: open steps that the actor may take. Four eyes are checked on the few rows that remain."""
    if actor.county_id is None:
        return false()
    roles = {grant.role for grant in actor.grants if grant.role in ROLES}
    by_role = and_(Task.candidate_person.is_(None), _addressed_to(actor, roles))
    by_person = and_(Task.candidate_person == actor.person_id, Task.candidate_role.in_(roles))
    return and_(Task.county_id == actor.county_id, Task.status == TaskStatus.OPEN, or_(by_role, by_person))


def claimable_tasks(actor: Actor) -> ColumnElement[bool]:
    """待领: addressed to the actor, held by nobody."""
    return and_(addressed_tasks(actor), Task.assignee_id.is_(None))


def my_open_tasks(actor: Actor) -> ColumnElement[bool]:
    """待办: held by the actor."""
    return and_(Task.county_id == actor.county_id, Task.status == TaskStatus.OPEN, Task.assignee_id == actor.person_id)


def my_done_tasks(actor: Actor) -> ColumnElement[bool]:
    """已办: completed by the actor."""
    return and_(Task.completed_by == actor.person_id, Task.status == TaskStatus.COMPLETED)
