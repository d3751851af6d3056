"""Questions to the reader beside somebody else's step (加签, 征求意见), what he lent (委派), and whom one can ask."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, bindparam, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.handling import SideKind, SideStatus
from app.domain.proceedings import ProceedingKind
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries.handling import SideView, side_view
from app.queries.heads import is_visible
from app.storage.models import Account, Organ, Person, Proceeding, SideTask, Task
from app.storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class PersonChoice:
    id: str
    name: str
    organ: str


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A question to the actor, or a step that he lent; more of the case only where his roles say so."""

    side: SideView
    task_id: str
    number: str
    title: str
    step: str
    proceeding_id: str
    kind: ProceedingKind
    opens_file: bool
    waits: bool
    """Whether an answer is still wanted."""


def people_to_ask(actor: Actor) -> tuple[PersonChoice, ...]:
    """Everybody of the county with an account, by organ and name; not the actor himself."""
    query = (
        select(Person.id, Person.name, Organ.short_name)
        .join(Account, Account.person_id == Person.id)
        .outerjoin(Organ, Organ.id == Person.organ_id)
        .where(Person.county_id == actor.county_id, Person.id != actor.person_id, Account.enabled)
        .distinct()
        .order_by(Organ.short_name, Person.name, Person.id)
    )
    return tuple(PersonChoice(id_, name, organ or "") for id_, name, organ in db.session.execute(query))


def asked_of(actor: Actor) -> tuple[AskedPage, ...]:
    """Questions that wait for the actor's answer, the oldest first."""
    return tuple(item for item in beside_steps(actor) if item.side.kind is not SideKind.DELEGATION)


def beside_steps(actor: Actor) -> tuple[AskedPage, ...]:
    """Questions that wait for the actor's answer, and steps that he lent to somebody (委派), the oldest first."""
    waiting = [id_ for (id_,) in _WAITING.rows({"person": actor.person_id})]
    if not waiting:  # as on most pages
        return ()
    query = (
        select(SideTask, Task)
        .join(Task, Task.id == SideTask.task_id)
        .where(SideTask.id.in_(waiting))
        .order_by(SideTask.asked_at, SideTask.id)
    )
    return tuple(_asked(actor, row, task) for row, task in db.session.execute(query))


def _waiting(of: ColumnElement[bool], who: InstrumentedAttribute[str]) -> Select[str]:
    return (
        select(SideTask.id)
        .join(Task, Task.id == SideTask.task_id)
        .where(who == bindparam("person"), SideTask.status == SideStatus.OPEN, of, Task.status == TaskStatus.OPEN)
    )


_LENT = SideTask.kind == SideKind.DELEGATION
_WAITING = Prepared(
    lambda _dialect: union_all(_waiting(~_LENT, SideTask.person_id), _waiting(_LENT, SideTask.asked_by))
)


def asked_page(actor: Actor, side_task_id: str) -> AskedPage:
    """Raises NotFoundError where the actor was not asked."""
    row = db.session.get(SideTask, side_task_id)
    if row is None or row.person_id != actor.person_id or row.kind is SideKind.DELEGATION:
        raise NotFoundError
    return _asked(actor, row, db.session.get_one(Task, row.task_id))


def _asked(actor: Actor, row: SideTask, task: Task) -> AskedPage:
    proceeding = db.session.get_one(Proceeding, task.proceeding_id)
    side = side_view(actor, row, task)
    return AskedPage(
        side=side,
        task_id=task.id,
        number=proceeding.number,
        title=proceeding.title,
        step=task.name,
        proceeding_id=proceeding.id,
        kind=proceeding.kind,
        opens_file=is_visible(actor, proceeding.id),
        waits=side.may_answer,
    )
