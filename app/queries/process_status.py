"""流程状态: a published diagram with what stands at each of its steps, and the same figures as a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from app.domain.actors import Actor
from app.domain.deadlines import office_day, start_of
from app.domain.errors import N_, NotFoundError
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.extensions import db
from app.queries.drawings import caller_of, process_name
from app.queries.names import ensure_offered, organ_names
from app.queries.stages import register_of
from app.queries.standing_steps import StepFilters, counted_with_proceeding, ensure_status, open_steps
from app.queries.step_figures import Period, StepFigures, StepKey, name_all, step_figures
from app.storage.models import Case, Organ, Proceeding, Release, Task
from app.storage.releases import files_of
from app.storage.visibility import visible_proceedings


class Span(StrEnum):
    """Which steps are measured: those done in the last days, this year, or ever."""

    MONTH = "30"
    QUARTER = "90"
    YEAR = "365"
    THIS_YEAR = "year"
    EVER = "ever"


SPANS = {
    Span.MONTH: N_("近30天"),
    Span.QUARTER: N_("近90天"),
    Span.YEAR: N_("近12个月"),
    Span.THIS_YEAR: N_("本年"),
    Span.EVER: N_("全部"),
}


def period_of(span: Span, *, now: datetime) -> Period:
    if span is Span.EVER:
        return Period()
    today = office_day(now)
    if span is Span.THIS_YEAR:
        return Period(start_of(today.replace(month=1, day=1)))
    return Period(start_of(today - timedelta(days=int(span))))


@dataclass(frozen=True, slots=True)
class Version:
    release_id: str
    number: int
    published_at: datetime
    running: int
    """Proceedings that run on it and that the reader may see, of the organ that was chosen."""


@dataclass(frozen=True, slots=True)
class StatusFilters:
    release: str = ""
    """Of one version only; empty: of all versions, drawn on the newest."""
    organ: str = ""
    """涉案机关."""
    span: Span = Span.YEAR


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    key: str
    name: str
    """Message id."""
    county: str
    drawn: str
    """Release whose diagrams are shown."""
    versions: tuple[Version, ...]
    """Newest first."""
    organs: tuple[tuple[str, str], ...]
    figures: Mapping[StepKey, StepFigures]
    callers: Mapping[str, tuple[str, str]]
    """Called process -> process and call activity that call it, in what is drawn."""
    filters: StatusFilters

    @property
    def running(self) -> int:
        return sum(v.running for v in self.versions if self.filters.release in ("", v.release_id))

    @property
    def late(self) -> int:
        return sum(row.late for row in self.figures.values())

    @property
    def tokens(self) -> int:
        return sum(row.tokens for row in self.figures.values())

    def drawn_in(self, process_key: str) -> dict[str, StepFigures]:
        """Figures by element of one diagram; a call activity shows the sum of what happens inside it."""
        found = {row.step_id: row for row in self.figures.values() if row.process_key == process_key}
        for inner in self.callers:
            for called, caller in _path(inner, self.callers):
                if caller[0] == process_key:
                    mine = [row for row in self.figures.values() if row.process_key == inner]
                    found[caller[1]] = _sum(found.get(caller[1]), mine, key=(process_key, caller[1]), of=called)
        return found

    @property
    def elsewhere(self) -> tuple[StepFigures, ...]:
        """What stands at steps that the diagrams shown do not have: older versions."""
        return tuple(row for row in self.figures.values() if row.speaks and row.process_key not in self.drawings)

    @property
    def drawings(self) -> tuple[str, ...]:
        return (self.key, *sorted(self.callers))


def _path(inner: str, callers: Mapping[str, tuple[str, str]]) -> Iterable[tuple[str, tuple[str, str]]]:
    """The callers above a process, the nearest first."""
    seen: set[str] = set()
    while inner in callers and inner not in seen:
        seen.add(inner)
        yield inner, callers[inner]
        inner = callers[inner][0]


def _sum(before: StepFigures | None, rows: Sequence[StepFigures], *, key: StepKey, of: str) -> StepFigures:
    total = before or StepFigures(*key, name=of)
    return replace(
        total,
        open=total.open + sum(row.open for row in rows),
        cases=0,  # a proceeding may stand at several steps inside
        late=total.late + sum(row.late for row in rows),
        soon=total.soon + sum(row.soon for row in rows),
        suspended=total.suspended + sum(row.suspended for row in rows),
        held=total.held + sum(row.held for row in rows),
        waiting=total.waiting + sum(row.waiting for row in rows),
        longest=max([total.longest, *(row.longest for row in rows)]),
    )


def process_status(
    actor: Actor, process_key: str, filters: StatusFilters, *, now: datetime, measured: bool = True
) -> ProcessStatus:
    """What stands at the steps, and how long they take unless it is only to be counted (not `measured`).

    Raises NotFoundError where the county has no such process and for who has no figures, UnknownChoiceError for a
    version or organ that there is not. The same number of statements however many proceedings there are.
    """
    ensure_status(actor)
    versions = _versions(actor, process_key, organ=filters.organ)
    if not versions:
        raise NotFoundError
    ensure_offered("release", filters.release, {one.release_id: str(one.number) for one in versions})
    if filters.organ:
        ensure_offered("organ", filters.organ, organ_names(actor.county_id))
    drawn = filters.release or versions[0].release_id
    steps = StepFilters(main=process_key, release=filters.release, lead_organ=filters.organ)
    period = period_of(filters.span, now=now) if measured else None
    figures = step_figures(actor, steps, period=period, now=now)
    name_all(figures, (drawn, *(version.release_id for version in versions)))
    return ProcessStatus(
        key=process_key,
        name=process_name(drawn, process_key),
        county=actor.county_name,
        drawn=drawn,
        versions=versions,
        organs=_organs(actor, process_key),
        figures=figures,
        callers=_callers(drawn, process_key),
        filters=filters,
    )


def _callers(release_id: str, main: str) -> dict[str, tuple[str, str]]:
    keys = (name.removesuffix(".bpmn") for name in files_of(release_id) if name.endswith(".bpmn"))
    return {key: caller for key in keys if key != main and (caller := caller_of(release_id, key)) is not None}


def drawings_of(actor: Actor, process_key: str, release_id: str) -> dict[str, str]:
    """The diagrams of a version by process, the main one and those it calls. Raises NotFoundError."""
    ensure_status(actor)
    release = db.session.get(Release, release_id)
    if release is None or (release.county_id, release.process_key) != (actor.county_id, process_key):
        raise NotFoundError
    files = files_of(release_id)
    return {key: files[f"{key}.bpmn"].decode() for key in (process_key, *sorted(_callers(release_id, process_key)))}


def _versions(actor: Actor, process_key: str, *, organ: str) -> tuple[Version, ...]:
    runs = select(Proceeding.release_id, func.count().label("number")).where(
        visible_proceedings(actor),
        Proceeding.process_key == process_key,
        Proceeding.status == ProceedingStatus.RUNNING,
    )
    if organ:
        runs = runs.where(Proceeding.id.in_(select(Case.proceeding_id).where(Case.lead_organ_id == organ)))
    counted = runs.group_by(Proceeding.release_id).subquery()
    query = (
        select(Release.id, Release.number, Release.published_at, func.coalesce(counted.c.number, 0))
        .outerjoin(counted, counted.c.release_id == Release.id)
        .where(Release.process_key == process_key, Release.county_id == actor.county_id)
        .order_by(Release.number.desc())
    )
    return tuple(Version(*row) for row in db.session.execute(query))


def _organs(actor: Actor, process_key: str) -> tuple[tuple[str, str], ...]:
    """Lead organs of cases that run on the process."""
    query = (
        select(Organ.id, Organ.name)
        .join(Case, Case.lead_organ_id == Organ.id)
        .join(Proceeding, Proceeding.id == Case.proceeding_id)
        .where(Proceeding.process_key == process_key, Organ.county_id == actor.county_id)
        .distinct()
    )
    return tuple((row[0], row[1]) for row in db.session.execute(query.order_by(Organ.id)))


@dataclass(frozen=True, slots=True)
class ProcessCard:
    """A process of the county in the list of all."""

    key: str
    name: str
    kind: ProceedingKind
    versions: int
    running: int
    steps: int
    late: int


def process_cards(actor: Actor, *, now: datetime) -> tuple[ProcessCard, ...]:
    """Processes that start by themselves, those with most running proceedings first. Raises NotFoundError."""
    ensure_status(actor)
    releases = db.session.execute(
        select(Release.process_key, Release.id, Release.number).where(Release.county_id == actor.county_id)
    ).all()
    newest = {key: id_ for key, id_, _ in sorted(releases, key=lambda row: row.number)}
    running = _running(actor)
    steps = _open(actor, now)
    cards = (
        ProcessCard(
            key=key,
            name=process_name(release_id, key),
            kind=register_of(release_id).kind_of(key),
            versions=sum(1 for row in releases if row.process_key == key),
            running=running.get(key, 0),
            steps=steps.get(key, (0, 0))[0],
            late=steps.get(key, (0, 0))[1],
        )
        for key, release_id in newest.items()
    )
    return tuple(sorted(cards, key=lambda card: (-card.running, card.name)))


def _running(actor: Actor) -> dict[str, int]:
    running = (visible_proceedings(actor), Proceeding.status == ProceedingStatus.RUNNING)
    query = select(Proceeding.process_key, func.count()).where(*running).group_by(Proceeding.process_key)
    return {key: number for key, number in db.session.execute(query)}  # noqa: C416  (rows are no pairs to the type checker)


def _open(actor: Actor, now: datetime) -> dict[str, tuple[int, int]]:
    """Open steps and how many of them are late, by main process."""
    late = func.count().filter(Task.due_at < now)
    all_, query = StepFilters(), select(Proceeding.process_key, func.count(), late).select_from(Task)
    query = counted_with_proceeding(query, Task, all_).where(*open_steps(actor, all_, now=now))
    rows = db.session.execute(query.group_by(Proceeding.process_key))
    return {key: (number, late_ones) for key, number, late_ones in rows}
