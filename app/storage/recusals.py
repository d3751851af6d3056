"""Recusals as rows, and what a granted one changes on the open and done steps of the proceeding."""

from sqlalchemy import ColumnElement, CompoundSelect, Select, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.errors import NotFoundError
from app.domain.recusals import Post, RecusalStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage.models import Procedure, Recusal, RoleAssignment, Task


def get(recusal_id: str) -> Recusal:
    """Raises NotFoundError."""
    found = db.session.get(Recusal, recusal_id)
    if found is None:
        raise NotFoundError
    return found


def is_pending(proceeding_id: str, person_id: str) -> bool:
    """Whether a request about the person waits for its decision, or was granted."""
    query = select(Recusal.id).where(
        Recusal.proceeding_id == proceeding_id,
        Recusal.person_id == person_id,
        Recusal.status.in_((RecusalStatus.REQUESTED, RecusalStatus.GRANTED)),
    )
    return db.session.scalars(query.limit(1)).one_or_none() is not None


def posts_of(person_id: str) -> frozenset[Post]:
    """His own roles, each with its organ."""
    query = select(RoleAssignment.role, RoleAssignment.organ_id).where(RoleAssignment.person_id == person_id)
    return frozenset((role, organ) for role, organ in db.session.execute(query))


def shut_out(proceeding_id: str, person_id: str) -> list[Task]:
    """Exclude the person from every step there is. Returns the open steps that he held or that were his alone."""
    every = db.session.scalars(select(Task).where(Task.proceeding_id == proceeding_id))
    return [task for task in every if exclude(task, person_id)]


def exclude(task: Task, person_id: str) -> bool:
    """Keep the person out of a step. Whether that takes an open one from him that he held or that was his alone."""
    if person_id not in task.excluded_people:
        task.excluded_people = sorted({*task.excluded_people, person_id})
    if task.status is not TaskStatus.OPEN:
        return False
    his = person_id in (task.assignee_id, task.candidate_person)
    if task.assignee_id == person_id:
        task.assignee_id, task.claimed_at = None, None
    return his


def procedures_about(proceeding_id: str) -> list[str]:
    """Ids of the further procedures about a case: who steps aside in the case steps aside there too."""
    return list(db.session.scalars(select(Procedure.proceeding_id).where(Procedure.parent_id == proceeding_id)))


def recused_from(person_id: str, proceeding_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Criterion: the person has stepped aside in the proceeding whose id the column holds, or in its case."""
    own = _granted(person_id).where(Recusal.proceeding_id == proceeding_id)
    about = _granted(person_id).where(
        Recusal.proceeding_id == Procedure.parent_id, Procedure.proceeding_id == proceeding_id
    )
    return own.exists() | about.exists()


def left_by(person_id: str) -> CompoundSelect[str]:
    """Ids of the proceedings in which the person has stepped aside, and of the procedures about them."""
    own = select(Recusal.proceeding_id).where(Recusal.person_id == person_id, Recusal.status == RecusalStatus.GRANTED)
    about = select(Procedure.proceeding_id).where(Procedure.parent_id.in_(own))
    return union_all(own, about)


def _granted(person_id: str) -> Select[str]:
    return select(Recusal.id).where(Recusal.person_id == person_id, Recusal.status == RecusalStatus.GRANTED)
