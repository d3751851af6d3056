"""The policy of `app.domain.access` as SQL: which proceedings and tasks an actor may know of."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, literal_column, not_, or_, select, true

from app.domain.access import bars, hats, keeps_done_steps, knows_own_procedures, may_read_own_decision, roles_seeing
from app.domain.actors import Actor, Grant
from app.domain.notifications import DECISION, REMINDERS
from app.domain.policy import Relation
from app.domain.roles import ROLES, Reach
from app.domain.subjects import SERVED_ON, SubjectKind, SubjectStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage import tallies
from app.storage.models import Case, CaseFact, CaseSubject, Notice, Procedure, Proceeding, SideTask, Task
from app.storage.recusals import left_by, recused_from


def _addressed_to(actor: Actor, roles: set[str]) -> ColumnElement[bool]:
    """Steps addressed to the actor by role and organ, whoever did them."""
    pairs = [
        and_(
            Task.candidate_role == grant.role,
            or_(Task.candidate_organ.is_(None), _in_one_of(Task.candidate_organ, grant)),
        )
        for grant in sorted(actor.grants, key=lambda grant: (grant.role, grant.organ_id or ""))
        if grant.role in roles
    ]
    return or_(*pairs) if pairs else false()


def _in_one_of(organ: Any, grant: Grant) -> ColumnElement[bool]:
    """Criterion: the column names the organ in which the role is held, or one that this organ goes on with."""
    return or_(organ == grant.organ_id, organ.in_(sorted(grant.before))) if grant.before else organ == grant.organ_id


def visible_proceedings(actor: Actor) -> ColumnElement[bool]:
    """Criterion on Proceeding: the same answer as `access.can_see_proceeding`.

    Who sees a case knows of the procedures about it; who has a step in such a procedure sees the case.
    """
    ways = (
        _visible(hat) if principal is None else and_(_visible(hat), not_(has_left(principal, Proceeding.id)))
        for hat, principal in hats(actor)
        if hat.county_id is not None
    )
    return or_(false(), *ways)


def has_left(person_id: str, proceeding_id: Any) -> ColumnElement[bool]:
    """Criterion: the person is shut out of the proceeding whose id the column holds, because he stepped aside."""
    return recused_from(person_id, proceeding_id) if bars(Relation.RECUSED, "case") else false()


def _visible(actor: Actor) -> ColumnElement[bool]:
    """The same for one hat of the actor."""
    of_county = Proceeding.county_id == actor.county_id if bars(Relation.OTHER_COUNTY, "case") else true()
    own_county = and_(of_county, not_(has_left(actor.person_id, Proceeding.id)))
    if any(ROLES[role].reach is Reach.COUNTY for role in roles_seeing(actor, Relation.SUPERIOR)):
        return own_county
    if roles_seeing(actor, Relation.OTHER_ORGAN):
        return own_county
    linked = select(Procedure.proceeding_id).correlate_except(Procedure)
    about = [
        *_of_organs(actor, Procedure.parent_id, roles_seeing(actor, Relation.ABOUT_UNIT)),
        *_steps_of(actor, Procedure.parent_id, roles_seeing(actor, Relation.ABOUT_OWN)),
    ]
    linked_own = _steps_of(actor, Procedure.proceeding_id, roles_seeing(actor, Relation.LINKED_OWN))
    ways = [
        *_of_organs(actor, Proceeding.id, roles_seeing(actor, Relation.UNIT)),
        *_steps_of(actor, Proceeding.id, roles_seeing(actor, Relation.OWN)),
        *(exists(linked.where(Procedure.proceeding_id == Proceeding.id, or_(*about))) for _ in about[:1]),
        *(exists(linked.where(Procedure.parent_id == Proceeding.id, way)) for way in linked_own),
    ]
    return and_(own_county, or_(false(), *ways))


def may_see(actor: Actor, proceeding_id: str) -> bool:
    """Whether the actor may open the proceeding as a whole."""
    query = select(Proceeding.id).where(Proceeding.id == proceeding_id, visible_proceedings(actor))
    return db.session.scalars(query).one_or_none() is not None


def _of_organs(actor: Actor, proceeding_id: Any, roles: frozenset[str]) -> list[ColumnElement[bool]]:
    """One of these roles is held in an organ of the case whose id the column holds."""
    organs = {
        organ
        for grant in actor.grants
        if grant.role in roles and ROLES[grant.role].reach is Reach.ORGAN
        for organ in grant.organs
    }
    if not organs:
        return []
    # asked of each proceeding, by its key: the other way round all cases of the county would be looked through
    of_organs = select(Case.proceeding_id).where(
        Case.proceeding_id == proceeding_id, or_(Case.lead_organ_id.in_(organs), Case.nominal_entity.in_(organs))
    )
    # one row per implementing organ, written beside the list answer, so that this is an index look-up
    implementing = select(CaseFact.proceeding_id).where(
        CaseFact.proceeding_id == proceeding_id,
        CaseFact.name == "implementing_entity",
        CaseFact.scope.in_(organs),
    )
    return [exists(of_organs.correlate_except(Case)), exists(implementing.correlate_except(CaseFact))]


def _steps_of(actor: Actor, proceeding_id: Any, roles: frozenset[str]) -> list[ColumnElement[bool]]:
    """A step there is or was addressed to one of these roles, or is the actor's own."""
    if not roles:
        return []
    mine = or_(
        and_(_addressed_to(actor, set(roles)), Task.candidate_person.is_(None)),
        Task.candidate_person == actor.person_id,
        Task.assignee_id == actor.person_id,
        Task.completed_by == actor.person_id,
    )
    return [exists(select(Task.id).where(Task.proceeding_id == proceeding_id, mine).correlate_except(Task))]


def own_procedures(actor: Actor) -> ColumnElement[bool]:
    """Criterion on Proceeding: procedures about the actor, or the organ he speaks for, of which he sees his part."""
    mine = (
        select(Procedure.proceeding_id)
        .join(CaseSubject, CaseSubject.id == Procedure.subject_id)
        .where(Procedure.proceeding_id == Proceeding.id, own_subjects(actor))
        .correlate_except(Procedure, CaseSubject)
    )
    if not knows_own_procedures():
        return false()
    return and_(Proceeding.county_id == actor.county_id, exists(mine))


def known_proceedings(actor: Actor) -> ColumnElement[bool]:
    """Criterion on Proceeding: those seen as a whole, and the procedures about the actor himself."""
    return or_(visible_proceedings(actor), own_procedures(actor))


def may_know(actor: Actor, proceeding_id: str) -> bool:
    """Whether the actor may know of the proceeding, as a whole or of his own part."""
    query = select(Proceeding.id).where(Proceeding.id == proceeding_id, known_proceedings(actor))
    return db.session.scalars(query).one_or_none() is not None


def own_subjects(actor: Actor) -> ColumnElement[bool]:
    """Criterion on CaseSubject: the actor himself, or the organ he speaks for."""
    organs = sorted(organ for grant in actor.grants if grant.role == "subject.organ" for organ in grant.organs)
    ways: list[ColumnElement[bool]] = [
        and_(CaseSubject.kind == SubjectKind.ORGAN, CaseSubject.organ_id.in_(organs)),
    ]
    ways.append(and_(CaseSubject.kind == SubjectKind.PERSON, CaseSubject.person_id == actor.person_id))
    return or_(*ways)


IS_OPEN = Task.status == literal_column(f"'{TaskStatus.OPEN.name}'")
"""Written out, not a parameter: only so do the databases see that their indexes of open tasks apply."""

IS_COMPLETED = Task.status == literal_column(f"'{TaskStatus.COMPLETED.name}'")
"""The same for those that were done."""


def addressed_tasks(actor: Actor) -> ColumnElement[bool]:
    """Criterion on Task: open steps that the actor may take, or that somebody has taken whom they suit as well."""
    if actor.county_id is None:
        return false()
    roles = {grant.role for grant in actor.grants if grant.role in ROLES}
    by_role = and_(Task.candidate_person.is_(None), _addressed_to(actor, roles))
    by_person = and_(Task.candidate_person == actor.person_id, Task.candidate_role.in_(tallies.own_roles(actor)))
    return and_(Task.county_id == actor.county_id, IS_OPEN, or_(by_role, by_person))


def claimable_tasks(actor: Actor) -> ColumnElement[bool]:
    """待领: open, addressed to the actor, held by nobody. Four eyes are checked on the few rows that remain."""
    return or_(false(), *pool_parts(actor))


def pool_parts(actor: Actor) -> list[ColumnElement[bool]]:
    """The same in parts of which each is one stretch of an index; no task lies in two of them.

    The last are the steps addressed to the actor by name; all tasks of any other name the same organ, or none.
    """
    if actor.county_id is None:
        return []
    free = and_(Task.county_id == actor.county_id, IS_OPEN, Task.assignee_id.is_(None))
    by_role = [
        and_(free, Task.candidate_person.is_(None), Task.candidate_role == role, Task.candidate_organ == organ)
        for role, organ in tallies.pool_keys(actor)
    ]
    return [
        *by_role,
        and_(free, Task.candidate_person == actor.person_id, Task.candidate_role.in_(tallies.own_roles(actor))),
    ]


def my_open_tasks(actor: Actor) -> ColumnElement[bool]:
    """待办: held by the actor."""
    return and_(Task.county_id == actor.county_id, IS_OPEN, Task.assignee_id == actor.person_id)


def my_done_tasks(actor: Actor) -> ColumnElement[bool]:
    """已办: completed by the actor, except in what he has stepped aside from since."""
    still_mine = (
        not_(recused_from(actor.person_id, Task.proceeding_id)) if bars(Relation.RECUSED, "done_steps") else true()
    )
    if not keeps_done_steps():
        return false()
    return and_(Task.completed_by == actor.person_id, Task.status == TaskStatus.COMPLETED, still_mine)


def done_and_left(actor: Actor) -> ColumnElement[bool]:
    """Completed by the actor in what he has stepped aside from since."""
    mine = and_(Task.completed_by == actor.person_id, Task.status == TaskStatus.COMPLETED)
    return and_(mine, Task.proceeding_id.in_(left_by(actor.person_id)))


def my_notices(actor: Actor) -> ColumnElement[bool]:
    """Criterion on Notice: those to the actor himself or to a role that he holds, of what he may see.

    A notice about a step is also for who may take or holds that step (a subject sees no whole file) or is asked beside
    it, and one about a decision for whom it was served on. A reminder goes when its step is done.
    """
    about = select(Proceeding.id).where(Proceeding.id == Notice.proceeding_id, known_proceedings(actor))
    open_step = and_(Task.id == Notice.task_id, or_(my_open_tasks(actor), addressed_tasks(actor)))
    left = recused_from(actor.person_id, Notice.proceeding_id)
    asked = and_(SideTask.task_id == Notice.task_id, SideTask.person_id == actor.person_id)
    step = or_(
        exists(select(Task.id).where(open_step).correlate_except(Task)),
        exists(select(SideTask.id).where(asked).correlate_except(SideTask)),
    )
    ways = [exists(about.correlate_except(Proceeding)), and_(step, not_(left))]
    if may_read_own_decision(decided=True, served=True):
        ways.append(and_(Notice.kind == DECISION, _served_there(actor), not_(left)))
    seen = or_(*ways)
    still_open = exists(select(Task.id).where(Task.id == Notice.task_id, IS_OPEN).correlate_except(Task))
    says_something = or_(Notice.kind.not_in(REMINDERS), still_open)
    return and_(addressed_notices(actor), seen, says_something)


def addressed_notices(actor: Actor) -> ColumnElement[bool]:
    """Criterion on Notice: those to the actor himself or to a role that he holds, seen or not."""
    to_role = [
        and_(Notice.role == grant.role, or_(Notice.organ_id.is_(None), _in_one_of(Notice.organ_id, grant)))
        for grant in sorted(actor.grants, key=lambda grant: (grant.role, grant.organ_id or ""))
    ]
    to_me = and_(Notice.person_id.is_not(None), Notice.person_id == actor.person_id)
    to_roles = and_(Notice.person_id.is_(None), or_(false(), *to_role))
    return and_(Notice.county_id == actor.county_id, or_(to_me, to_roles))


def _served_there(actor: Actor) -> ColumnElement[bool]:
    """Criterion on Notice: in that case a decision on the actor, or on the organ he speaks for, was served."""
    served = (
        select(CaseFact.proceeding_id)
        .join(CaseSubject, and_(CaseSubject.id == CaseFact.scope, CaseSubject.proceeding_id == CaseFact.proceeding_id))
        .where(
            CaseFact.proceeding_id == Notice.proceeding_id,
            CaseFact.name == SERVED_ON,
            CaseSubject.status != SubjectStatus.FOUND,
            own_subjects(actor),
        )
    )
    return exists(served.correlate_except(CaseFact, CaseSubject))
