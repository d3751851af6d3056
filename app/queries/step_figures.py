"""How many proceedings stand at each step, how many are late, and how long the step takes: in a few statements, however
many proceedings there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from app.domain.actors import Actor
from app.domain.tasks import Lamp
from app.extensions import db
from app.queries.drawings import places_of
from app.queries.lamps import lamp_column
from app.queries.standing_steps import StepFilters, counted_with_proceeding, open_steps, running
from app.storage.durations import seconds_between, took_of
from app.storage.models import Case, IncidentRow, Proceeding, SubscriptionRow, Task
from app.storage.visibility import IS_COMPLETED, visible_proceedings

DAY = 86400.0
WAITED_FOR = frozenset({"receiveTask", "intermediateCatchEvent"})
"""Kinds of step at which a message is waited for; at a boundary something else is done meanwhile."""
StepKey = tuple[str, str]
"""Process and step."""


@dataclass(slots=True)
class StepFigures:
    """Figures of one step. Days are natural days with a fraction, whole days and nights included."""

    process_key: str
    step_id: str
    name: str = ""
    """Message id."""
    open: int = 0
    """Steps that somebody has to do now; a round (会签) has several in one case."""
    cases: int = 0
    """Proceedings that these belong to."""
    late: int = 0
    soon: int = 0
    suspended: int = 0
    held: int = 0
    waiting: int = 0
    """Messages that are waited for here."""
    longest: float = 0.0
    """How long the oldest open one has been waiting."""
    done: int = 0
    """How many were done in the period; what follows is of these."""
    median: float | None = None
    ninetieth: float | None = None

    @property
    def speaks(self) -> bool:
        """Whether there is anything to say about now."""
        return bool(self.open or self.held or self.waiting)

    @property
    def lamp(self) -> Lamp:
        """The worst of what stands here."""
        if self.late:
            return Lamp.OVERDUE
        return Lamp.SOON if self.soon else Lamp.SUSPENDED if self.suspended else Lamp.NORMAL

    @property
    def tokens(self) -> int:
        return self.open + self.held + self.waiting


@dataclass(frozen=True, slots=True)
class Period:
    """Steps done from an instant on; None means at any time."""

    since: datetime | None = None


@dataclass(slots=True)
class _Gathered:
    rows: dict[StepKey, StepFigures] = field(default_factory=dict)

    def at(self, process_key: str, step_id: str, name: str = "") -> StepFigures:
        row = self.rows.setdefault((process_key, step_id), StepFigures(process_key, step_id))
        row.name = row.name or name
        return row


def step_figures(
    actor: Actor, filters: StepFilters, *, period: Period | None, now: datetime
) -> dict[StepKey, StepFigures]:
    """By process and step, of all proceedings that the actor may see. Four statements.

    Without a `period` nothing is measured, which takes most of the time.
    """
    gathered = _Gathered()
    _count_open(gathered, actor, filters, now)
    _count_held(gathered, actor, filters)
    _count_waiting(gathered, actor, filters)
    if period is not None:
        _measure(gathered, actor, filters, period)
    return gathered.rows


def _number(criterion: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((criterion, 1), else_=0))


def _count_open(gathered: _Gathered, actor: Actor, filters: StepFilters, now: datetime) -> None:
    lamp = lamp_column(now)
    places = (Task.process_key, Task.step_id)
    query = select(
        *places,
        func.max(Task.name).label("name"),
        func.count().label("open"),
        func.count(Task.proceeding_id.distinct()).label("cases"),
        _number(lamp == Lamp.OVERDUE.value).label("late"),
        _number(lamp == Lamp.SOON.value).label("soon"),
        _number(lamp == Lamp.SUSPENDED.value).label("suspended"),
        func.min(Task.opened_at).label("oldest"),
    )
    query = counted_with_proceeding(query.select_from(Task), Task, filters).where(*open_steps(actor, filters, now=now))
    for row in db.session.execute(query.group_by(*places)):
        found = gathered.at(row.process_key, row.step_id, row.name)
        found.open, found.cases = row.open, row.cases
        found.late, found.soon, found.suspended = int(row.late), int(row.soon), int(row.suspended)
        found.longest = (now - row.oldest).total_seconds() / DAY


def _count_held(gathered: _Gathered, actor: Actor, filters: StepFilters) -> None:
    places = (IncidentRow.process_key, IncidentRow.step_id)
    query = select(*places, func.max(IncidentRow.name).label("name"), func.count().label("number"))
    query = counted_with_proceeding(query.select_from(IncidentRow), IncidentRow, filters)
    for row in db.session.execute(query.where(*running(actor, filters)).group_by(*places)):
        gathered.at(row.process_key, row.step_id, row.name).held += row.number


def _count_waiting(gathered: _Gathered, actor: Actor, filters: StepFilters) -> None:
    """The rows say the step only; what it is and where it stands the release says."""
    places = (Proceeding.release_id, SubscriptionRow.step_id)
    query = select(*places, func.count().label("number"))
    query = counted_with_proceeding(query.select_from(SubscriptionRow), SubscriptionRow, filters)
    for row in db.session.execute(query.where(*running(actor, filters)).group_by(*places)):
        place = places_of(row.release_id).get(row.step_id)
        if place is not None and place.kind in WAITED_FOR:
            gathered.at(place.process_key, row.step_id, place.name).waiting += row.number


def _measure(gathered: _Gathered, actor: Actor, filters: StepFilters, period: Period) -> None:
    """Of steps done in the period, whether their proceeding still runs or not.

    The proceedings are found once and each step is looked up among them (`coalesce` keeps the databases from beginning
    with the proceedings and reading every task of each).
    """
    criteria = [Task.county_id == actor.county_id, IS_COMPLETED]
    if period.since is not None:
        criteria.append(Task.completed_at >= period.since)
    of = [visible_proceedings(actor)]
    for column, value in ((Proceeding.process_key, filters.main), (Proceeding.release_id, filters.release)):
        if value:
            of.append(column == value)
    if filters.lead_organ:
        of.append(Proceeding.id.in_(select(Case.proceeding_id).where(Case.lead_organ_id == filters.lead_organ)))
    rows = select(Task.id).where(*criteria, func.coalesce(Task.proceeding_id, "").in_(select(Proceeding.id).where(*of)))
    took = seconds_between(Task.opened_at, Task.completed_at)
    for told in took_of(rows, by=(Task.process_key, Task.step_id), seconds=took):
        process_key, step_id = told.key
        found = gathered.at(process_key, step_id)
        found.done, found.median, found.ninetieth = told.number, told.median / DAY, told.ninetieth / DAY


def name_all(figures: Mapping[StepKey, StepFigures], releases: Iterable[str]) -> None:
    """Names of steps at which nothing stands now, as the newest release that has them calls them."""
    for release_id in releases:
        places = places_of(release_id)
        for row in figures.values():
            if not row.name and row.step_id in places:
                row.name = places[row.step_id].name
    for row in figures.values():
        row.name = row.name or row.step_id
