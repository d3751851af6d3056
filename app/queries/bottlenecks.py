"""瓶颈: where proceedings wait longest and are late most, and how much lies with whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from app.domain.actors import Actor
from app.domain.errors import N_
from app.domain.loads import LoadSeen, load_seen, told
from app.domain.tasks import Lamp
from app.extensions import db
from app.queries.lamps import lamp_column
from app.queries.names import organ_names, people_names
from app.queries.process_status import Span, period_of
from app.queries.standing_steps import (
    NOBODY,
    StepFilters,
    StepRow,
    ensure_status,
    first_of_each,
    open_steps,
    with_proceeding,
)
from app.queries.step_figures import StepFigures, name_all, step_figures
from app.storage.models import Release, Task

MOST_STEPS, MOST_CASES, MOST_HOLDERS = 20, 5, 30


class Ranking(StrEnum):
    """By what the steps are ranked."""

    WAIT = "wait"
    LATE = "late"
    MEDIAN = "median"


RANKINGS = {
    Ranking.LATE: N_("超期最多"),
    Ranking.WAIT: N_("等待最久"),
    Ranking.MEDIAN: N_("办理最慢"),
}


@dataclass(frozen=True, slots=True)
class Bottleneck:
    figures: StepFigures
    filters: StepFilters
    cases: tuple[StepRow, ...]
    """The first of them: the oldest deadline first."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person or organ and how much lies there. None where the figure is too small to be told to the reader."""

    name: str
    """Empty for what nobody has taken yet."""
    open: int | None
    late: int | None
    filters: StepFilters | None
    """None where the list behind would tell what the figure does not."""


@dataclass(frozen=True, slots=True)
class Bottlenecks:
    ranking: Ranking
    span: Span
    steps: tuple[Bottleneck, ...]
    more: int
    """Steps that stand further down the list and are not shown."""
    load: LoadSeen
    people: tuple[Holder, ...]
    organs: tuple[Holder, ...]


def bottlenecks(actor: Actor, ranking: Ranking, span: Span, *, now: datetime) -> Bottlenecks:
    """Raises NotFoundError for who has no figures. The same number of statements for few cases and many."""
    ensure_status(actor)
    figures = step_figures(actor, StepFilters(), period=period_of(span, now=now), now=now)
    name_all(figures, _newest(actor))
    ranked = sorted((row for row in figures.values() if _ranks(row, ranking)), key=lambda row: _place(row, ranking))
    shown, load = ranked[:MOST_STEPS], load_seen(actor)
    first = first_of_each(actor, [(row.process_key, row.step_id) for row in shown], most=MOST_CASES, now=now)
    return Bottlenecks(
        ranking=ranking,
        span=span,
        steps=tuple(
            Bottleneck(
                row,
                StepFilters(process=row.process_key, step=row.step_id),
                first.get((row.process_key, row.step_id), ()),
            )
            for row in shown
        ),
        more=max(0, len(ranked) - MOST_STEPS),
        load=load,
        people=_people(actor, load, now),
        organs=_organs(actor, load, now),
    )


def _newest(actor: Actor) -> list[str]:
    query = select(Release.id).where(Release.county_id == actor.county_id).order_by(Release.number.desc())
    return list(db.session.scalars(query))


def _ranks(row: StepFigures, ranking: Ranking) -> bool:
    match ranking:
        case Ranking.LATE:
            return row.late > 0
        case Ranking.WAIT:
            return row.open > 0
        case Ranking.MEDIAN:
            return row.median is not None


def _place(row: StepFigures, ranking: Ranking) -> tuple[float, ...]:
    match ranking:
        case Ranking.LATE:
            return (-row.late, -row.longest)
        case Ranking.WAIT:
            return (-row.longest, -row.open)
        case Ranking.MEDIAN:
            return (-(row.median or 0), -row.done)


def _people(actor: Actor, load: LoadSeen, now: datetime) -> tuple[Holder, ...]:
    if load is LoadSeen.NOTHING:
        return ()
    rows = _lying(actor, Task.assignee_id, now)
    names = people_names(row[0] for row in rows)
    return tuple(_holder(names.get(row[0] or "", ""), row, StepFilters(person=row[0] or NOBODY), load) for row in rows)


def _organs(actor: Actor, load: LoadSeen, now: datetime) -> tuple[Holder, ...]:
    if load is LoadSeen.NOTHING:
        return ()
    names = organ_names(actor.county_id)
    rows = [row for row in _lying(actor, Task.candidate_organ, now) if row[0]]
    return tuple(_holder(names.get(row[0], row[0]), row, StepFilters(organ=row[0]), load) for row in rows)


def _lying(actor: Actor, holder: Any, now: datetime) -> Sequence[Any]:
    """Open steps by who holds them or has to act, and how many of them are late; the most first."""
    late = func.count().filter(lamp_column(now) == Lamp.OVERDUE.value)
    query = with_proceeding(select(holder, func.count().label("open"), late.label("late")).select_from(Task), Task)
    query = query.where(*open_steps(actor, StepFilters(), now=now)).group_by(holder)
    return db.session.execute(query.order_by(late.desc(), func.count().desc(), holder).limit(MOST_HOLDERS)).all()


def _holder(name: str, row: Any, filters: StepFilters, load: LoadSeen) -> Holder:
    number = told(row.open, load)
    return Holder(name, number, told(row.late, load), filters if load is LoadSeen.EXACT else None)
