"""概览: how the cases stand that somebody sees. Each figure is that of the register under its filters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from app.domain.access import may_see_overview
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import NotFoundError
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import Lamp
from app.extensions import db
from app.queries.case_filters import (
    MEETING,
    NO_STAGE,
    REMEDY,
    CaseFilters,
    in_remedy,
    lamp_of_case,
    period_of,
    waits_for_meeting,
    within,
)
from app.queries.stages import stage_names
from app.storage.models import Case, Organ, Proceeding
from app.storage.visibility import visible_proceedings

MONTHS = 12
RUNNING, CLOSED = ProceedingStatus.RUNNING.value, ProceedingStatus.CLOSED.value


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the filters under which the register of cases lists just these cases."""

    number: int
    filters: CaseFilters


@dataclass(frozen=True, slots=True)
class Group:
    """The running cases of a stage or organ."""

    key: str
    zh: str
    en: str
    open: Figure
    late: Figure
    soon: Figure
    suspended: Figure


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    opened: Figure
    closed: Figure


@dataclass(frozen=True, slots=True)
class Overview:
    open: Figure
    late: Figure
    soon: Figure
    suspended: Figure
    meeting: Figure
    """Wait for the joint meeting."""
    remedy: Figure
    """A review or appeal is running."""
    closed: Figure
    closed_this_year: Figure
    stages: tuple[Group, ...]
    """In the order in which cases pass them."""
    organs: tuple[Group, ...]
    """Those with most open cases first."""
    months: tuple[Month, ...]
    """The last twelve, the oldest first."""

    @property
    def is_empty(self) -> bool:
        return not (self.open.number or self.closed.number)


@dataclass(slots=True)
class _Count:
    """Running cases by lamp, while they are added up."""

    name: str = ""
    releases: set[str] = field(default_factory=set)
    lamps: dict[str, int] = field(default_factory=dict)

    def add(self, lamp: str, number: int) -> None:
        self.lamps[lamp] = self.lamps.get(lamp, 0) + number


def overview(actor: Actor, *, now: datetime) -> Overview:
    """Raises NotFoundError for who sees no cases as a whole. Three statements, however many cases there are."""
    if not may_see_overview(actor):
        raise NotFoundError
    visible = and_(Proceeding.kind == ProceedingKind.CASE, visible_proceedings(actor))
    rows = _running(visible, now)
    year = f"{office_day(now):%Y}"
    closed, this_year, remedy = _others(visible, year)
    stages, organs = _grouped(rows)
    totals = _Count()
    for row in rows:
        totals.add(row.lamp, row.number)
    lamps = totals.lamps
    return Overview(
        open=_figure(sum(lamps.values()), status=RUNNING),
        late=_of_lamp(lamps, Lamp.OVERDUE),
        soon=_of_lamp(lamps, Lamp.SOON),
        suspended=_of_lamp(lamps, Lamp.SUSPENDED),
        meeting=_figure(sum(row.number for row in rows if row.waits), status=RUNNING, at=MEETING),
        remedy=_figure(remedy, at=REMEDY),
        closed=_figure(closed, status=CLOSED),
        closed_this_year=_figure(this_year, status=CLOSED, closed=year),
        stages=_stage_groups(stages),
        organs=_organ_groups(organs),
        months=_months(visible, months_until(office_day(now))),
    )


def _figure(number: int, **filters: str) -> Figure:
    return Figure(number, CaseFilters(**filters))


def _of_lamp(lamps: Mapping[str, int], lamp: Lamp, **filters: str) -> Figure:
    return _figure(lamps.get(lamp.value, 0), status=RUNNING, lamp=lamp.value, **filters)


def _running(visible: ColumnElement[bool], now: datetime) -> Sequence[Any]:
    """Running cases by stage, organ, lamp and whether the meeting has to decide."""
    of_each = (
        select(
            Proceeding.release_id.label("release_id"),
            Proceeding.stage.label("stage"),
            Case.lead_organ_id.label("organ_id"),
            Organ.name.label("organ"),
            lamp_of_case(now).label("lamp"),
            waits_for_meeting().label("waits"),
        )
        .join(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(visible, Proceeding.status == ProceedingStatus.RUNNING)
        .subquery()
    )
    by = (of_each.c.release_id, of_each.c.stage, of_each.c.organ_id, of_each.c.organ, of_each.c.lamp, of_each.c.waits)
    return db.session.execute(select(*by, func.count().label("number")).group_by(*by)).all()


def _others(visible: ColumnElement[bool], year: str) -> tuple[int, int, int]:
    """Closed at all, closed this year, and with a remedy that is running."""
    is_closed = Proceeding.status == ProceedingStatus.CLOSED
    days = period_of(year)
    closed_now = and_(is_closed, within(Proceeding.closed_at, days)) if days else is_closed
    query = select(_number(is_closed), _number(closed_now), _number(in_remedy()))
    row = db.session.execute(query.join(Case, Case.proceeding_id == Proceeding.id).where(visible)).one()
    return int(row[0] or 0), int(row[1] or 0), int(row[2] or 0)


def _number(criterion: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((criterion, 1), else_=0))


def _grouped(rows: Sequence[Any]) -> tuple[dict[str, _Count], dict[str, _Count]]:
    stages: dict[str, _Count] = {}
    organs: dict[str, _Count] = {}
    for row in rows:
        stage = stages.setdefault(row.stage, _Count())
        stage.releases.add(row.release_id)
        stage.add(row.lamp, row.number)
        if row.organ_id:
            organs.setdefault(row.organ_id, _Count(row.organ or row.organ_id)).add(row.lamp, row.number)
    return stages, organs


def _group(key: str, zh: str, en: str, lamps: Mapping[str, int], **filters: str) -> Group:
    return Group(
        key=key,
        zh=zh,
        en=en,
        open=_figure(sum(lamps.values()), status=RUNNING, **filters),
        late=_of_lamp(lamps, Lamp.OVERDUE, **filters),
        soon=_of_lamp(lamps, Lamp.SOON, **filters),
        suspended=_of_lamp(lamps, Lamp.SUSPENDED, **filters),
    )


def _stage_groups(stages: Mapping[str, _Count]) -> tuple[Group, ...]:
    """Those that the releases know in their order; before the first stage a case has none."""
    names: dict[str, tuple[str, str]] = {}
    for (_, key), name in stage_names(sorted({one for count in stages.values() for one in count.releases})).items():
        names.setdefault(key, name)
    order = ["", *names]
    return tuple(
        _group(key or NO_STAGE, *names.get(key, ("", "")), stages[key].lamps, stage=key or NO_STAGE)
        for key in order
        if key in stages
    )


def _organ_groups(organs: Mapping[str, _Count]) -> tuple[Group, ...]:
    groups = (_group(key, count.name, count.name, count.lamps, organ=key) for key, count in organs.items())
    return tuple(sorted(groups, key=lambda group: (-group.open.number, -group.late.number, group.key)))


def months_until(today: date) -> tuple[str, ...]:
    """The last twelve months, this one at the end, as filters say them."""
    last = today.year * 12 + today.month - 1
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in range(last - MONTHS + 1, last + 1))


def _months(visible: ColumnElement[bool], months: Iterable[str]) -> tuple[Month, ...]:
    """Cases opened and closed in each month, in one statement."""
    periods = {month: days for month in months if (days := period_of(month)) is not None}
    is_closed = Proceeding.status == ProceedingStatus.CLOSED
    columns = [
        _number(criterion)
        for days in periods.values()
        for criterion in (within(Proceeding.opened_at, days), and_(is_closed, within(Proceeding.closed_at, days)))
    ]
    query = select(*columns).join(Case, Case.proceeding_id == Proceeding.id).where(visible)
    numbers = [int(number or 0) for number in db.session.execute(query).one()]
    return tuple(
        Month(
            first=days[0],
            opened=_figure(numbers[2 * position], opened=month),
            closed=_figure(numbers[2 * position + 1], status=CLOSED, closed=month),
        )
        for position, (month, days) in enumerate(periods.items())
    )
