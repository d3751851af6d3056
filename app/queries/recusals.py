"""回避: who was asked to step aside in a proceeding, and what the reader may do about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.recusals import GROUND_NAMES, RecusalStatus, may_be_asked, may_decide
from app.domain.roles import ROLES
from app.extensions import db
from app.queries.names import people_names
from app.storage.models import Organ, Person, Proceeding, Recusal, RoleAssignment, Task
from app.storage.recusals import posts_of
from app.storage.visibility import may_see

_ACTING = [role for role in ROLES if may_be_asked({role})]


@dataclass(frozen=True, slots=True)
class RecusalLine:
    id: str
    person: str
    ground: str
    reason: str
    requested_by: str
    requested_at: datetime
    status: RecusalStatus
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class RecusalPage:
    proceeding_id: str
    kind: str
    number: str
    title: str
    lines: tuple[RecusalLine, ...]
    people: tuple[tuple[str, str], ...]
    """Those who may be asked to step aside, id and name with organ; who already takes part comes first."""
    grounds: tuple[tuple[str, str], ...]


def recusal_page(actor: Actor, proceeding_id: str) -> RecusalPage:
    """Raises NotFoundError for a hidden or missing proceeding, which is what a recused person finds."""
    proceeding = db.session.get(Proceeding, proceeding_id)
    if proceeding is None or not may_see(actor, proceeding_id):
        raise NotFoundError
    made = db.session.scalars(
        select(Recusal).where(Recusal.proceeding_id == proceeding_id).order_by(Recusal.requested_at.desc())
    ).all()
    names = people_names(id_ for row in made for id_ in (row.person_id, row.requested_by, row.decided_by))
    return RecusalPage(
        proceeding_id=proceeding_id,
        kind=proceeding.kind.value,
        number=proceeding.number,
        title=proceeding.title,
        lines=tuple(_line(actor, row, names) for row in made),
        people=_people(actor, proceeding_id),
        grounds=tuple((ground.value, name) for ground, name in GROUND_NAMES.items()),
    )


def _line(actor: Actor, row: Recusal, names: dict[str, str]) -> RecusalLine:
    waits = row.status is RecusalStatus.REQUESTED
    held = posts_of(row.person_id) if waits else frozenset()
    return RecusalLine(
        id=row.id,
        person=names.get(row.person_id, ""),
        ground=GROUND_NAMES[row.ground],
        reason=row.reason,
        requested_by=names.get(row.requested_by, ""),
        requested_at=row.requested_at,
        status=row.status,
        decided_by=names.get(row.decided_by or "", ""),
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        may_decide=waits and may_decide(actor, person_id=row.person_id, requested_by=row.requested_by, held=held),
    )


def _people(actor: Actor, proceeding_id: str) -> tuple[tuple[str, str], ...]:
    """Those who may be asked: who holds or did a step here first, then everybody else who acts in the county."""
    here = select(Task.id).where(
        Task.proceeding_id == proceeding_id, or_(Task.assignee_id == Person.id, Task.completed_by == Person.id)
    )
    acting = select(RoleAssignment.person_id).where(RoleAssignment.role.in_(_ACTING))
    rows = db.session.execute(
        select(Person.id, Person.name, Organ.short_name)
        .outerjoin(Organ, Organ.id == Person.organ_id)
        .where(Person.county_id == actor.county_id, Person.id.in_(acting))
        .order_by(here.exists().desc(), Organ.code, Person.name)
    ).all()
    return tuple((id_, f"{name}（{organ}）" if organ else name) for id_, name, organ in rows)
