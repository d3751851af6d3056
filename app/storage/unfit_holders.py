"""Open steps in the hands of somebody who may not do them any more, or within nobody's reach."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, or_, select

from app.extensions import db
from app.storage.models import Account, Deputy, Person, RoleAssignment, Task
from app.storage.visibility import IS_OPEN


def held_without_right(*, today: date, most: int, only: str | None = None) -> list[str]:
    """Ids of steps, the longest open first, whose holder has the role neither himself nor as a deputy today.

    Not those that are his by name or were delegated to him: they never were a matter of his role. With `only` it is
    asked of one step.
    """
    asked = (IS_OPEN, Task.assignee_id.is_not(None), Task.candidate_person.is_(None), Task.owner_id.is_(None))
    own = _has_role(Task.assignee_id, today)
    principal = exists(
        select(Deputy.id).where(
            Deputy.deputy_id == Task.assignee_id,
            Deputy.since <= today,
            Deputy.until >= today,
            Deputy.ended_at.is_(None),
            _covers_the_role(),
            _has_role(Deputy.principal_id, today),
        )
    )
    query = select(Task.id).where(*asked, ~own, ~principal).order_by(Task.opened_at, Task.id).limit(most)
    return list(db.session.scalars(query.where(Task.id == only) if only else query))


def _covers_the_role() -> ColumnElement[bool]:
    """A deputyship for some roles only (a JSON list of ids, empty for all) covers the role of the step."""
    roles = cast(Deputy.roles, Text)
    return or_(roles == "[]", roles.like('%"' + Task.candidate_role + '"%'))


def of_nobody(*, today: date, most: int) -> list[Task]:
    """Open steps that nobody has claimed and nobody could: no one in the county holds their role, in their organ where
    they name one. The longest open first."""
    query = select(Task).where(
        IS_OPEN,
        Task.assignee_id.is_(None),
        Task.candidate_person.is_(None),
        ~_has_role(select(Person.id).where(Person.county_id == Task.county_id).correlate(Task), today),
    )
    return list(db.session.scalars(query.order_by(Task.opened_at, Task.id).limit(most)))


def _has_role(people: Any, today: date) -> ColumnElement[bool]:
    """One of the people (an id, or a query of ids) may sign in and holds the role of the step, in its organ where it
    names one."""
    whose = RoleAssignment.person_id.in_(people) if isinstance(people, Select) else RoleAssignment.person_id == people
    return exists(
        select(RoleAssignment.id)
        .join(Account, and_(Account.person_id == RoleAssignment.person_id, Account.enabled))
        .where(
            whose,
            RoleAssignment.role == Task.candidate_role,
            or_(Task.candidate_organ.is_(None), RoleAssignment.organ_id == Task.candidate_organ),
            or_(RoleAssignment.valid_from.is_(None), RoleAssignment.valid_from <= today),
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= today),
        )
    )
