"""Rows around a task that are not the procedure's own: drafts, and who could take it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import joinedload

from app.domain.access import TaskFacts
from app.domain.tasks import TaskStatus
from app.extensions import Base, db
from app.storage.loading import let_go
from app.storage.models import Account, Person, Proceeding, RoleAssignment, Submission, Task, TaskDraft
from app.storage.prepared import Prepared
from app.storage.upsert import upsert
from app.storage.writing import values_of

_COLUMNS = tuple(column.name for column in Task.__table__.columns)


def facts_of(task: Task) -> TaskFacts:
    """The task as the policy sees it."""
    return TaskFacts(
        county_id=task.county_id,
        status=task.status,
        candidate_role=task.candidate_role,
        candidate_organ=task.candidate_organ,
        candidate_person=task.candidate_person,
        excluded_people=tuple(task.excluded_people),
        assignee_id=task.assignee_id,
        completed_by=task.completed_by,
        owner_id=task.owner_id,
    )


def open_tasks_of(proceedings: Collection[str], *, roles: Collection[str] = ()) -> list[Task]:
    """Open steps of these proceedings, addressed to one of the roles where some are named; each with its proceeding.

    Their rows are locked. Nothing that the command has changed so far is written for it.
    """
    query = select(Task).where(Task.proceeding_id.in_(proceedings), Task.status == TaskStatus.OPEN)
    query = query.where(Task.candidate_role.in_(roles)) if roles else query
    whole = joinedload(Task.proceeding).load_only(Proceeding.release_id, Proceeding.process_key)
    locked = query.options(whole).order_by(Task.id).with_for_update(of=Task)
    found = db.session.scalars(locked, execution_options={"autoflush": False})
    return [task for task in found if task.status is TaskStatus.OPEN]


def roles_at_work(proceeding_id: str) -> frozenset[str]:
    """Roles of the steps that wait; while nobody's step does (in the pool, for a message), that of the one done last:
    where its side has led the case, it still has it."""
    of_it = select(Task.candidate_role).where(Task.proceeding_id == proceeding_id)
    waiting = frozenset(db.session.scalars(of_it.where(Task.status == TaskStatus.OPEN)))
    if waiting:
        return waiting
    done = of_it.where(Task.status == TaskStatus.COMPLETED).order_by(Task.completed_at.desc(), Task.id.desc())
    return frozenset(db.session.scalars(done.limit(1)))


def newest_deadline(proceeding_id: str, steps: Collection[str], *, element: Mapping[str, Any]) -> dict[str, Any]:
    """The deadline of that one of the steps that opened last for the same element; empty where none has one."""
    query = select(Task.element, Task.deadline).where(Task.proceeding_id == proceeding_id, Task.step_id.in_(steps))
    rows = db.session.execute(query.order_by(Task.opened_at.desc()), execution_options={"autoflush": False})
    return next((dict(deadline) for about, deadline in rows if about == dict(element)), {})


def write_together(done: Task, *, opened: Sequence[Task], changed: Sequence[Task]) -> None:
    """A step that is done, with those that it opened or changed, in one statement; nothing else is written of them
    afterwards.

    Where there are no others, the session writes it by itself. It knows nothing of those that were opened.
    """
    known = (done, *changed)
    tasks = (*known, *opened)
    if len(tasks) == 1:
        return
    upsert(Task, [values_of(task, _COLUMNS) for task in tasks], keys=("id",))
    for task in known:
        let_go(task)


def keep_submission(submission: Submission) -> None:
    """Write a form as it was submitted, at once: facts and papers refer to it. It is never changed afterwards."""
    _SUBMISSIONS.run([values_of(submission, _SUBMITTED)])


_SUBMITTED = tuple(column.name for column in Submission.__table__.columns)
_SUBMISSIONS = Prepared(lambda _dialect: insert(Base.metadata.tables[Submission.__tablename__]), _SUBMITTED)


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
