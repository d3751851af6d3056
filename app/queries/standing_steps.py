"""环节清单: the steps at which proceedings stand now. Whoever counts them counts with the same criteria."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.domain.access import may_see_status
from app.domain.actors import Actor
from app.domain.errors import NotFoundError, Sentence
from app.domain.loads import LoadSeen, load_seen
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import Lamp
from app.extensions import db
from app.queries.boxes import matches
from app.queries.drawings import places_of
from app.queries.lamps import LampView, lamp_column, lamp_view
from app.queries.names import element_label, ensure_offered, organ_names, people_names
from app.queries.places_asked import ensure_places
from app.storage import withheld
from app.storage.models import Case, IncidentRow, Organ, Proceeding, SubscriptionRow, Task
from app.storage.visibility import IS_OPEN, visible_proceedings

PER_PAGE = 50
NOBODY = "-"
"""As a person in the address: taken by nobody yet."""


class Standing(StrEnum):
    """Why a proceeding stands at a step."""

    TASK = "TASK"
    """Somebody has to do it."""
    HELD = "HELD"
    """A failure holds it."""
    WAITING = "WAITING"
    """It waits for a message from another proceeding."""


@dataclass(frozen=True, slots=True)
class StepFilters:
    process: str = ""
    step: str = ""
    main: str = ""
    """Process that the proceeding runs on, which may call `process`."""
    release: str = ""
    lamp: str = ""
    lead_organ: str = ""
    """涉案机关."""
    person: str = ""
    """Who holds it, `NOBODY` for who has not been found yet."""
    organ: str = ""
    """Organ that has to act."""
    text: str = ""

    def address(self, standing: Standing = Standing.TASK) -> dict[str, str | None]:
        """As the address of the list says it."""
        said = {one.name: getattr(self, one.name) or None for one in fields(self)}
        return {**said, "standing": None if standing is Standing.TASK else standing.value}


@dataclass(frozen=True, slots=True)
class StepRow:
    proceeding_id: str
    kind: ProceedingKind
    number: str
    title: str
    lead_organ: str
    process_key: str
    step: str
    """Name of the step (message id)."""
    element: str
    since: datetime
    holder: str
    role: str
    organ: str
    """Who has to act."""
    lamp: LampView | None
    sentence: str
    """Of a held step: why (message id); empty otherwise."""


@dataclass(frozen=True, slots=True)
class StepList:
    rows: tuple[StepRow, ...]
    total: int
    page: int
    pages: int
    step_name: str
    """Where all rows are of one step."""


def ensure_status(actor: Actor) -> None:
    """Raises NotFoundError for who does not see where all proceedings of the county stand."""
    if not may_see_status(actor):
        raise NotFoundError


def running(actor: Actor, filters: StepFilters) -> list[ColumnElement[bool]]:
    """Criteria on the proceeding (and its case and lead organ) of a step."""
    criteria = [visible_proceedings(actor), Proceeding.status == ProceedingStatus.RUNNING]
    if filters.main:
        criteria.append(Proceeding.process_key == filters.main)
    if filters.release:
        criteria.append(Proceeding.release_id == filters.release)
    if filters.lead_organ:
        criteria.append(Case.lead_organ_id == filters.lead_organ)
    if filters.text:
        criteria.append(matches(filters.text))
    return criteria


def open_steps(actor: Actor, filters: StepFilters, *, now: datetime) -> list[ColumnElement[bool]]:
    """Criteria on open steps and their proceedings."""
    criteria = [IS_OPEN, Task.county_id == actor.county_id, *running(actor, filters)]
    if filters.process:
        criteria.append(Task.process_key == filters.process)
    if filters.step:
        criteria.append(Task.step_id == filters.step)
    if filters.lamp in set(Lamp):
        criteria.append(lamp_column(now) == filters.lamp)
    if filters.person:
        criteria.append(Task.assignee_id.is_(None) if filters.person == NOBODY else Task.assignee_id == filters.person)
    if filters.organ:
        criteria.append(Task.candidate_organ == filters.organ)
    return criteria


def with_proceeding(query: Any, of: Any) -> Any:
    """Joined with what `running` narrows."""
    return (
        query.join(Proceeding, Proceeding.id == of.proceeding_id)
        .outerjoin(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
    )


def counted_with_proceeding(query: Any, of: Any, filters: StepFilters) -> Any:
    """The same for a count: thousands of cases and organs that no filter asks for are not looked up."""
    if filters.lead_organ or filters.text:
        return with_proceeding(query, of)
    return query.join(Proceeding, Proceeding.id == of.proceeding_id)


def step_list(
    actor: Actor, standing: Standing, filters: StepFilters, *, page: int = 1, per_page: int = PER_PAGE, now: datetime
) -> StepList:
    """One page of steps at which something stands: the oldest deadline, else the longest wait first."""
    ensure_status(actor)
    if (filters.person or filters.organ) and load_seen(actor) is not LoadSeen.EXACT:
        raise NotFoundError
    for name in ("organ", "lead_organ"):
        ensure_offered(name, getattr(filters, name), organ_names(actor.county_id))
    found = _asked(actor, standing, filters, now).limit(per_page).offset((page - 1) * per_page)
    rows = db.session.execute(found).all()
    total = rows[0].total if rows else 0
    if not rows:
        ensure_places(actor, main=filters.main, release=filters.release, process=filters.process, step=filters.step)
    shown = _named(actor, standing, rows, now)
    names = {row.step for row in shown}
    return StepList(shown, total, page, max(1, -(-total // per_page)), names.pop() if len(names) == 1 else "")


def first_of_each(
    actor: Actor, steps: Sequence[tuple[str, str]], *, most: int, now: datetime
) -> dict[tuple[str, str], tuple[StepRow, ...]]:
    """The first open ones of each step (process and step), as `step_list` orders them, in one statement."""
    if not steps:
        return {}
    wanted = or_(*(and_(Task.process_key == process, Task.step_id == step) for process, step in steps))
    place = func.row_number().over(partition_by=(Task.process_key, Task.step_id), order_by=_ORDER).label("place")
    ranked = with_proceeding(select(Task.id, place), Task).where(wanted, *open_steps(actor, StepFilters(), now=now))
    first = ranked.subquery()
    query = with_proceeding(select(Task, *_HEAD).join(first, first.c.id == Task.id), Task)
    rows = db.session.execute(query.where(first.c.place <= most).order_by(*_ORDER)).all()
    found: dict[tuple[str, str], list[StepRow]] = {}
    for row, shown in zip(rows, _named(actor, Standing.TASK, rows, now), strict=True):
        found.setdefault((row[0].process_key, row[0].step_id), []).append(shown)
    return {key: tuple(listed) for key, listed in found.items()}


_ORDER = (Task.due_at.asc().nulls_last(), Task.opened_at, Task.id)


def _named(actor: Actor, standing: Standing, rows: Sequence[Any], now: datetime) -> tuple[StepRow, ...]:
    organs = organ_names(actor.county_id)
    shown = [_row(standing, row, organs, now) for row in rows]
    if standing is Standing.TASK:
        named = {task.id for task in withheld.shown((row[0] for row in rows), actor.person_id)}
        shown = [
            line if row[0].id in named else replace(line, element="") for line, row in zip(shown, rows, strict=True)
        ]
    people = people_names(row.holder for row in shown)
    return tuple(replace(row, holder=people.get(row.holder, "")) for row in shown)


_HEAD = (
    *(Proceeding.kind, Proceeding.number, Proceeding.title, Proceeding.release_id, Organ.name.label("lead_organ")),
    func.count().over().label("total"),
)


def _asked(actor: Actor, standing: Standing, filters: StepFilters, now: datetime) -> Any:
    if standing is Standing.TASK:
        query = with_proceeding(select(Task, *_HEAD), Task).where(*open_steps(actor, filters, now=now))
        return query.order_by(*_ORDER)
    kind: Any = IncidentRow if standing is Standing.HELD else SubscriptionRow
    query = with_proceeding(select(kind, *_HEAD), kind).where(*running(actor, filters))
    if filters.step:
        query = query.where(kind.step_id == filters.step)
    return query.order_by(kind.since, kind.engine_task_id)


def _row(standing: Standing, row: Any, organs: Mapping[str, str], now: datetime) -> StepRow:
    thing = row[0]
    head = (thing.proceeding_id, row.kind, row.number, row.title, row.lead_organ or "")
    if standing is Standing.TASK:
        return StepRow(
            *head,
            process_key=thing.process_key,
            step=thing.name,
            element=element_label(thing.element, organs),
            since=thing.opened_at,
            holder=thing.assignee_id or "",
            role=thing.candidate_role,
            organ=organs.get(thing.candidate_organ or "", ""),
            lamp=lamp_view(thing.due_at, now=now, record=thing.deadline),
            sentence="",
        )
    if standing is Standing.HELD:
        place, name, sentence = thing.process_key, thing.name, held_in_words(thing.sentence, thing.values)
    else:
        known = places_of(row.release_id).get(thing.step_id)
        place, name, sentence = (known.process_key, known.name, "") if known else ("", thing.step_id, "")
    return StepRow(
        *head,
        process_key=place,
        step=name,
        element="",
        since=thing.since,
        holder="",
        role="",
        organ="",
        lamp=None,
        sentence=sentence,
    )


def held_in_words(sentence: str, values: Mapping[str, Any]) -> str:
    """Why a step is held (a message id with its values)."""
    return Sentence(sentence, **values) if values else sentence
