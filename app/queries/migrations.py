"""The page 换版 of a process: its releases, how many run on each, and the latest changes of version."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.domain import powers
from app.domain.actors import Actor
from app.domain.errors import N_, NotFoundError
from app.domain.proceedings import ProceedingStatus
from app.extensions import db
from app.queries.drawings import process_name
from app.storage.models import MigrationRow, Proceeding, Release

LATEST = 30
"""Changes of version that the page shows."""


@dataclass(frozen=True, slots=True)
class ReleaseCount:
    id: str
    number: int
    published_at: datetime
    published_by: str
    latest: bool
    """New proceedings start on it."""
    running: int
    """Proceedings that run on it now."""


@dataclass(frozen=True, slots=True)
class Made:
    """One change of version."""

    proceeding_id: str
    number: str
    from_number: int
    to_number: int
    made_at: datetime
    made_by: str
    reason: str
    undone_at: datetime | None
    undone_by: str
    may_undo: bool


@dataclass(frozen=True, slots=True)
class MigrationPage:
    key: str
    name: str
    releases: tuple[ReleaseCount, ...]
    """The newest first."""
    target: ReleaseCount
    made: tuple[Made, ...]

    @property
    def elsewhere(self) -> int:
        """Running proceedings that are not on the target."""
        return sum(release.running for release in self.releases) - self.target.running


def migration_page(actor: Actor, process_key: str, release_id: str | None = None) -> MigrationPage:
    """Raises NotAllowedError for anybody but a process owner, NotFoundError for a process the county has not."""
    powers.ensure_may(actor, "definitions.migrate", N_("只有流程管理者可以给办理中的件换版。"))
    releases = _releases(actor, process_key)
    target = next((release for release in releases if release.id == release_id or release_id is None), None)
    if target is None:
        raise NotFoundError
    return MigrationPage(process_key, process_name(target.id, process_key), releases, target, _made(releases))


def processes_of(actor: Actor) -> tuple[tuple[str, str, int], ...]:
    """Key, name and newest number of every process of the county that people open, by key."""
    newest = (
        select(Release.process_key, func.max(Release.number).label("number"))
        .where(Release.county_id == actor.county_id)
        .group_by(Release.process_key)
        .subquery()
    )
    query = (
        select(Release.process_key, Release.id, Release.number)
        .join(newest, (newest.c.process_key == Release.process_key) & (newest.c.number == Release.number))
        .where(Release.county_id == actor.county_id)
        .order_by(Release.process_key)
    )
    return tuple(
        (row.process_key, process_name(row.id, row.process_key), row.number) for row in db.session.execute(query)
    )


def _releases(actor: Actor, process_key: str) -> tuple[ReleaseCount, ...]:
    running = (
        select(func.count())
        .select_from(Proceeding)
        .where(Proceeding.release_id == Release.id, Proceeding.status == ProceedingStatus.RUNNING)
        .correlate(Release)
        .scalar_subquery()
    )
    query = (
        select(Release.id, Release.number, Release.published_at, Release.published_by, running.label("running"))
        .where(Release.process_key == process_key, Release.county_id == actor.county_id)
        .order_by(Release.number.desc())
    )
    rows = db.session.execute(query).all()
    return tuple(
        ReleaseCount(row.id, row.number, row.published_at, row.published_by, index == 0, row.running)
        for index, row in enumerate(rows)
    )


def _made(releases: tuple[ReleaseCount, ...]) -> tuple[Made, ...]:
    of, to = aliased(Release), aliased(Release)
    query = (
        select(MigrationRow, Proceeding.number, of.number.label("before"), to.number.label("after"))
        .join(Proceeding, Proceeding.id == MigrationRow.proceeding_id)
        .join(of, of.id == MigrationRow.from_release)
        .join(to, to.id == MigrationRow.to_release)
        .where(MigrationRow.to_release.in_([release.id for release in releases]))
        .order_by(MigrationRow.made_at.desc(), Proceeding.number)
        .limit(LATEST)
    )
    return tuple(
        Made(
            proceeding_id=row.proceeding_id,
            number=number,
            from_number=before,
            to_number=after,
            made_at=row.made_at,
            made_by=row.made_by_name,
            reason=row.reason,
            undone_at=row.undone_at,
            undone_by=row.undone_by_name,
            may_undo=row.undone_at is None and not row.moved_on,
        )
        for row, number, before, after in db.session.execute(query)
    )
