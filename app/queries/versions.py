"""版本: the releases of a process, who made them and why, and what runs on each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.extensions import db
from app.queries.comparisons import ensure_reader
from app.queries.drawings import process_name
from app.queries.studio import publication_line
from app.storage.models import Proceeding, Publication, Release
from app.storage.visibility import visible_proceedings

MOST_RUNNING = 200


@dataclass(frozen=True, slots=True)
class Version:
    release_id: str
    number: int
    latest: bool
    published_at: datetime
    published_by: str
    """Empty: nobody, it came with the program."""
    publication_id: str
    """Empty for releases from before publications were recorded."""
    title: str
    notes: str
    editors: tuple[str, ...]
    scenarios: str
    running: int
    ended: int


@dataclass(frozen=True, slots=True)
class Running:
    """A proceeding that runs on a version, where the reader may know of it."""

    id: str
    kind: ProceedingKind
    number: str
    title: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class VersionsPage:
    key: str
    name: str
    versions: tuple[Version, ...]
    """The newest first."""
    chosen: Version | None
    running: tuple[Running, ...]
    """On the chosen version: only those that the reader may see, which for an owner are none."""
    hidden: int
    """How many more run on it."""


def versions_page(actor: Actor, process_key: str, release_id: str = "") -> VersionsPage:
    """Raises NotAllowedError, NotFoundError: the county has no such process or version."""
    county_id = ensure_reader(actor)
    versions = _versions(county_id, process_key)
    if not versions:
        raise NotFoundError
    chosen = next((version for version in versions if version.release_id == release_id), None)
    if release_id and chosen is None:
        raise NotFoundError
    running = _running(actor, chosen.release_id) if chosen else ()
    hidden = chosen.running - len(running) if chosen else 0
    name = process_name(versions[0].release_id, process_key)
    return VersionsPage(process_key, name, versions, chosen, running, hidden)


def _versions(county_id: str, process_key: str) -> tuple[Version, ...]:
    releases = db.session.scalars(
        select(Release)
        .where(Release.county_id == county_id, Release.process_key == process_key)
        .order_by(Release.number.desc())
    ).all()
    made = _publications(county_id)
    counts = _counts([release.id for release in releases])
    return tuple(
        _version(release, made.get(release.id), counts, latest=place == 0) for place, release in enumerate(releases)
    )


def _version(
    release: Release, made: Publication | None, counts: dict[tuple[str, str], int], *, latest: bool
) -> Version:
    running = counts.get((release.id, ProceedingStatus.RUNNING), 0)
    return Version(
        release_id=release.id,
        number=release.number,
        latest=latest,
        published_at=release.published_at,
        published_by=publication_line(made).published_by if made else release.published_by,
        publication_id=made.id if made else "",
        title=made.title if made else "",
        notes=made.notes if made else "",
        editors=tuple(made.editors) if made else (),
        scenarios=made.scenarios if made else "",
        running=running,
        ended=sum(count for (id_, _), count in counts.items() if id_ == release.id) - running,
    )


def _publications(county_id: str) -> dict[str, Publication]:
    """Release -> the publication that made it."""
    rows = db.session.scalars(select(Publication).where(Publication.county_id == county_id))
    return {str(release["id"]): row for row in rows for release in row.releases}


def _counts(releases: list[str]) -> dict[tuple[str, str], int]:
    query = (
        select(Proceeding.release_id, Proceeding.status, func.count())
        .where(Proceeding.release_id.in_(releases))
        .group_by(Proceeding.release_id, Proceeding.status)
    )
    return {(release, status): count for release, status, count in db.session.execute(query)}


def _running(actor: Actor, release_id: str) -> tuple[Running, ...]:
    query = (
        select(Proceeding.id, Proceeding.kind, Proceeding.number, Proceeding.title, Proceeding.opened_at)
        .where(
            Proceeding.release_id == release_id,
            Proceeding.status == ProceedingStatus.RUNNING,
            visible_proceedings(actor),
        )
        .order_by(Proceeding.opened_at, Proceeding.id)
        .limit(MOST_RUNNING)
    )
    return tuple(
        Running(r.id, ProceedingKind(r.kind), r.number, r.title, r.opened_at) for r in db.session.execute(query)
    )
