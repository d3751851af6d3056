"""Rows around a task that are not the procedure's own: drafts, and who could take it."""

from sqlalchemy import delete, select

from app.extensions import db
from app.storage.models import Account, Person, RoleAssignment, Task, TaskDraft


def delete_drafts(task_id: str) -> None:
    db.session.execute(delete(TaskDraft).where(TaskDraft.task_id == task_id))


def find_account_holder(task: Task, person_id: str) -> str | None:
    """The name of the person if he or she may take the task, else None."""
    if person_id in task.excluded_people or task.candidate_person not in (None, person_id):
        return None
    query = (
        select(Person.name)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(
            Person.id == person_id,
            Person.county_id == task.county_id,
            Account.enabled,
            RoleAssignment.role == task.candidate_role,
        )
        .limit(1)
    )
    if task.candidate_organ is not None:
        query = query.where(RoleAssignment.organ_id == task.candidate_organ)
    return db.session.scalars(query).one_or_none()
