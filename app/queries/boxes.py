"""The boxes of the workbench: what lies in each, how many, and what the filters leave."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import Lamp, TaskStatus
from app.extensions import db
from app.queries.follows import followed_by
from app.queries.lamps import has_lamp, soon_before
from app.storage import marks, tallies
from app.storage.models import Case, Follow, Notice, Organ, Proceeding, Recusal, Task, TaskDraft
from app.storage.prepared import Frozen
from app.storage.recusals import recused_from
from app.storage.visibility import (
    addressed_notices,
    claimable_tasks,
    done_and_left,
    known_proceedings,
    my_done_tasks,
    my_notices,
    my_open_tasks,
)


class Box(StrEnum):
    """In the order in which they are shown."""

    TODO = "todo"
    NOTICES = "notices"
    POOL = "pool"
    DONE = "done"
    CLOSED = "closed"
    """办结: closed or revoked, and the actor did a step of it."""
    MINE = "mine"
    DRAFTS = "drafts"
    FOLLOWED = "followed"


OF_TASKS = frozenset({Box.TODO, Box.POOL, Box.DONE, Box.DRAFTS})
"""Their rows are tasks; those of the others are notices or proceedings."""


class Order(StrEnum):
    DUE = "due"
    ARRIVED = "arrived"
    UPDATED = "updated"


OVER = (ProceedingStatus.CLOSED, ProceedingStatus.CANCELLED)
IN_ADDRESS = ("lamp", "step", "organ", "q", "kind", "case", "person", "county", "order", "read")
"""How an address names the filters."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address bar asks for; empty means all."""

    lamp: Lamp | None = None
    step: str = ""
    organ: str = ""
    text: str = ""
    kind: ProceedingKind | None = None
    number: str = ""
    """Of one case, meeting or procedure."""
    person: str = ""
    """Who acted last or opened it."""
    county: str = ""
    order: Order = Order.DUE
    read: bool = False
    """待阅 only: those already read."""

    @property
    def narrowed(self) -> bool:
        return bool(self.lamp or self.step or self.organ or self.text) or self.of_proceeding

    @property
    def of_proceeding(self) -> bool:
        return bool(self.kind or self.number or self.person or self.county)

    @classmethod
    def of_address(cls, said: Mapping[str, str]) -> "Filters":
        """What an address says; anything unknown is ignored."""

        def word(name: str) -> str:
            return said.get(name, "").strip()[:100]

        lamp, order, kind = word("lamp"), word("order"), word("kind")
        return cls(
            lamp=Lamp(lamp) if lamp in set(Lamp) else None,
            step=word("step"),
            organ=word("organ"),
            text=word("q"),
            kind=ProceedingKind(kind) if kind in set(ProceedingKind) else None,
            number=word("case"),
            person=word("person"),
            county=word("county"),
            order=Order(order) if order in set(Order) else Order.DUE,
            read=said.get("read") == "1",
        )

    @property
    def of_task_alone(self) -> bool:
        """Whether nothing but the task's own row says what is left, and in which order."""
        return not (self.text or self.of_proceeding or self.order is Order.UPDATED)

    def address(self) -> dict[str, Any]:
        """The filters as the address has them."""
        given = {
            "lamp": self.lamp.value if self.lamp else "",
            "step": self.step,
            "organ": self.organ,
            "q": self.text,
            "kind": self.kind.value if self.kind else "",
            "case": self.number,
            "person": self.person,
            "county": self.county,
            "order": self.order.value if self.order is not Order.DUE else "",
            "read": "1" if self.read else "",
        }
        return {name: value for name, value in given.items() if value}


def not_excluded(actor: Actor) -> ColumnElement[bool]:
    """Four eyes: the ids of excluded people are kept as a JSON list of strings."""
    return ~cast(Task.excluded_people, String).contains(f'"{actor.person_id}"', autoescape=True)


def notices_for(actor: Actor) -> ColumnElement[bool]:
    """Notices to the actor or to a role that he holds, of what he may see."""
    return my_notices(actor)


def criterion(actor: Actor, box: Box) -> ColumnElement[bool]:
    """Which rows lie in a box of tasks."""
    if box is Box.TODO:
        return my_open_tasks(actor)
    if box is Box.POOL:
        return and_(claimable_tasks(actor), not_excluded(actor))
    if box is Box.DRAFTS:
        return _with_draft(actor)
    return my_done_tasks(actor)


def _with_draft(actor: Actor) -> ColumnElement[bool]:
    """Open steps whose form the actor has begun to fill in, unless somebody else holds them now.

    Asked of each draft: without statistics SQLite would rather look through all open steps of the county.
    """
    step = aliased(Task)
    free = or_(step.assignee_id.is_(None), step.assignee_id == actor.person_id)
    is_open = and_(step.county_id == actor.county_id, step.status == TaskStatus.OPEN, free)
    mine = exists(select(step.id).where(step.id == TaskDraft.task_id, is_open).correlate(TaskDraft))
    return and_(
        Task.id.in_(select(TaskDraft.task_id).where(TaskDraft.person_id == actor.person_id, mine)), not_excluded(actor)
    )


def started_by(actor: Actor) -> ColumnElement[bool]:
    return and_(Proceeding.opened_by == actor.person_id, known_proceedings(actor))


def closed_with(actor: Actor) -> ColumnElement[bool]:
    """Criterion on Proceeding: closed or revoked, with a step of the actor.

    The states are named, so that their index finds what is over: from whatever is not running a database reads all
    that the actor ever did.
    """
    did = select(Task.proceeding_id).where(
        Task.completed_by == actor.person_id, Task.completed_by.is_not(None), Task.status == TaskStatus.COMPLETED
    )
    left = recused_from(actor.person_id, Proceeding.id)
    return and_(Proceeding.id.in_(did), Proceeding.status.in_(OVER), ~left)


def of_proceedings(actor: Actor, box: Box) -> ColumnElement[bool]:
    """Which rows lie in a box of proceedings."""
    if box is Box.CLOSED:
        return closed_with(actor)
    return followed_by(actor) if box is Box.FOLLOWED else started_by(actor)


def wrong_boxes() -> list[str]:
    """Boxes whose count is not what the tasks say; none in a sound database."""
    return tallies.differences()


@dataclass(frozen=True, slots=True)
class Facets:
    """What a box contains, before filters."""

    lamps: Mapping[Lamp, int]
    steps: tuple[str, ...] = ()
    organs: tuple[tuple[str, str], ...] = ()


def box_counts(actor: Actor) -> dict[Box, int]:
    """How many things lie in each box; three statements at most, the same however full they are."""
    return counted(actor).boxes


def number_held(actor: Actor) -> int:
    """How many lie in 待办, for whoever asks nothing else; one statement."""
    holder = tallies.todo_of(actor)
    return sum(tallies.read([holder], whole=()).get(holder, {}).values())


class Counted(NamedTuple):
    boxes: dict[Box, int]
    facets: Counter[tuple[str, str]]
    """Of one box, by facet and value."""
    mark: str | None
    """Of the people and offices, as `storage.marks` keeps them."""


def counted(actor: Actor, box: Box | None = None) -> Counted:
    """How many lie in each box, and in `box` by facet and value."""
    boxes = {
        Box.TODO: {tallies.todo_of(actor): 1},
        Box.POOL: tallies.pool_of(actor),
        Box.DONE: {tallies.done_of(actor): 1},
    }
    shown = boxes.get(box, {}) if box else {}
    found = tallies.read([holder for signs in boxes.values() for holder in signs], whole=shown)
    counts = dict.fromkeys(Box, 0)
    for name, signs in boxes.items():
        for holder, sign in signs.items():
            steps = (number for (facet, _), number in found.get(holder, {}).items() if facet == tallies.STEP)
            counts[name] += sign * sum(steps)
    facets: Counter[tuple[str, str]] = Counter()
    for holder, sign in shown.items():
        for key, number in found.get(holder, {}).items():
            facets[key] += sign * number
    anew, mark = _counted_anew(actor)
    counts |= {name: anew[name] for name in Box if name in anew}
    counts[Box.DONE] -= anew.get(_LEFT, 0)
    return Counted(counts, facets, mark)


def as_kept(actor: Actor) -> Actor:
    """The actor without what is of the moment, as the key of a question that is kept for him."""
    return replace(actor, confirmed_at=None, password_set_at=None)


_LEFT = "left"
"""Done, in what the actor has stepped aside from since: taken from 已办."""
_PARTS: tuple[str, ...] = (Box.NOTICES, _LEFT, Box.DRAFTS, Box.MINE, Box.CLOSED, Box.FOLLOWED)
"""What no tally keeps."""


def _counted_anew(actor: Actor) -> tuple[dict[str, int], str | None]:
    """Of each part that has anything, how many; and the mark of the people and offices.

    Most people have nothing in most parts, and to plan the question for all of them takes PostgreSQL longer than the
    rest of the page.
    """
    dialect, kept = db.engine.dialect.name, as_kept(actor)
    ((mark, *there),) = _whether_any(dialect, kept).rows()
    parts = tuple(name for name, is_any in zip(_PARTS, there, strict=True) if is_any)
    ((*numbers,),) = _numbers_of(dialect, kept, parts).rows() if parts else [()]
    return dict(zip(parts, numbers, strict=True)), mark


@lru_cache(maxsize=512)
def _whether_any(dialect: str, actor: Actor) -> Frozen:
    """Of each part: is there a row that may count? Asked of an index each, without who may see what."""
    assert dialect == db.engine.dialect.name
    person = actor.person_id
    return Frozen(
        select(
            marks.column(),
            exists().where(addressed_notices(actor), Notice.read_at.is_(None)),
            exists().where(Recusal.person_id == person),
            exists().where(TaskDraft.person_id == person),
            exists().where(Proceeding.opened_by == person),
            exists().where(Task.completed_by == person),
            exists().where(Follow.person_id == person),
        ),
        db.engine.dialect,
    )


@lru_cache(maxsize=512)
def _numbers_of(dialect: str, actor: Actor, parts: tuple[str, ...]) -> Frozen:
    """How many there are of some parts, as one question: making it takes longer than answering it."""
    assert dialect == db.engine.dialect.name
    return Frozen(select(*(_number_of(actor, part).scalar_subquery() for part in parts)), db.engine.dialect)


def _number_of(actor: Actor, part: str) -> Select[Any]:
    number = select(func.count())
    if part == Box.NOTICES:
        return number.select_from(Notice).where(notices_for(actor), Notice.read_at.is_(None))
    if part == _LEFT:
        return number.select_from(Task).where(done_and_left(actor))
    if part == Box.DRAFTS:
        return number.select_from(Task).where(_with_draft(actor))
    return number.select_from(Proceeding).where(of_proceedings(actor, Box(part)))


def facets_of(counted: Mapping[tuple[str, str], int], *, organs: Mapping[str, str], now: datetime) -> Facets:
    """Lamps with their numbers, and which steps and lead organs there are."""
    lamps, soon = dict.fromkeys(Lamp, 0), soon_before(now)
    for (facet, value), number in counted.items():
        if facet == tallies.DUE:
            lamps[_lamp(value, now=now, soon=soon)] += number
    present = {key for key, number in counted.items() if number > 0}
    found = sorted(value for facet, value in present if facet == tallies.ORGAN and value)
    return Facets(
        lamps=lamps,
        steps=tuple(sorted(value for facet, value in present if facet == tallies.STEP)),
        organs=tuple((organ, organs.get(organ, organ)) for organ in found),
    )


def _lamp(due: str, *, now: datetime, soon: datetime) -> Lamp:
    """The lamp of a deadline as it is counted, as in `has_lamp`: UTC without an offset, a word, or nothing."""
    if due in ("", tallies.SUSPENDED):
        return Lamp.SUSPENDED if due else Lamp.NONE
    at = datetime.fromisoformat(due).replace(tzinfo=UTC)
    return Lamp.OVERDUE if at < now else Lamp.SOON if at < soon else Lamp.NORMAL


def of_task(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    """What the filters ask of a task's own row."""
    asked: list[ColumnElement[bool]] = []
    if filters.lamp:
        asked.append(has_lamp(filters.lamp, now))
    if filters.step:
        asked.append(Task.name == filters.step)
    if filters.organ:
        asked.append(Task.lead_organ_id == filters.organ)
    return asked


def number_of(filters: Filters, facets: Facets, counts: Mapping[tuple[str, str], int]) -> int | None:
    """How many tasks a single filter leaves, as the box was counted; None where several filters meet."""
    if sum(map(bool, (filters.lamp, filters.step, filters.organ))) != 1:
        return None
    if filters.lamp:
        return facets.lamps[filters.lamp]
    return counts[(tallies.STEP, filters.step) if filters.step else (tallies.ORGAN, filters.organ)]


def narrowed(query: Any, filters: Filters, now: datetime) -> Any:
    """A query of tasks with their proceeding, case and lead organ, as far as the filters leave it."""
    return narrowed_to(query.where(*of_task(filters, now)), filters, Task.name)


def narrowed_to(query: Any, filters: Filters, *searched: Any) -> Any:
    """The same for whatever has a proceeding."""
    if filters.organ:
        query = query.where(Case.lead_organ_id == filters.organ)
    if filters.kind:
        query = query.where(Proceeding.kind == filters.kind)
    if filters.number:
        query = query.where(Proceeding.number == filters.number)
    if filters.person:
        query = query.where(or_(Proceeding.updated_by == filters.person, Proceeding.opened_by == filters.person))
    if filters.county:
        query = query.where(Proceeding.county_id == filters.county)
    return query.where(matches(filters.text, *searched)) if filters.text else query


def matches(text: str, *more: Any) -> ColumnElement[bool]:
    """Number, title or organ contains the text."""
    columns = (Proceeding.number, Proceeding.title, Organ.name, *more)
    return or_(*(column.contains(text, autoescape=True) for column in columns))
