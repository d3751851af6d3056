"""The published versions of a county's processes."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.extensions import db
from app.storage.models import DefinitionFile, Regulation, Release, ReleaseFile


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    id: str
    process_key: str
    number: int
    latest: bool
    """New proceedings start on this one."""
    regulation_id: str | None
    title: str
    document_no: str
    in_force_from: date | None
    in_force_to: date | None
    digest: str
    published_at: datetime
    published_by: str


def list_releases(actor: Actor) -> tuple[ReleaseLine, ...]:
    """All releases of the actor's county, newest first within a process."""
    rows = db.session.execute(
        select(Release, Regulation)
        .outerjoin(Regulation, Regulation.id == Release.regulation_id)
        .where(Release.county_id == actor.county_id)
        .order_by(Release.process_key, Release.number.desc())
    ).all()
    latest: dict[str, int] = {}
    for release, _ in rows:
        latest.setdefault(release.process_key, release.number)
    return tuple(
        ReleaseLine(
            id=release.id,
            process_key=release.process_key,
            number=release.number,
            latest=latest[release.process_key] == release.number,
            regulation_id=release.regulation_id,
            title=regulation.title if regulation else "",
            document_no=regulation.document_no if regulation else "",
            in_force_from=regulation.in_force_from if regulation else None,
            in_force_to=regulation.in_force_to if regulation else None,
            digest=release.digest,
            published_at=release.published_at,
            published_by=release.published_by,
        )
        for release, regulation in rows
    )


def current_files() -> dict[str, bytes]:
    """All files of the newest release of every process, by their release names.

    A file that releases of two counties share is taken from the one published last.
    """
    rows = db.session.execute(select(Release.process_key, Release.county_id, Release.id).order_by(Release.number))
    newest = {(process, county): release for process, county, release in rows}
    files = (
        select(ReleaseFile.name, DefinitionFile.content)
        .join(DefinitionFile, DefinitionFile.hash == ReleaseFile.hash)
        .join(Release, Release.id == ReleaseFile.release_id)
        .where(ReleaseFile.release_id.in_(newest.values()))
        .order_by(Release.published_at, Release.number)
    )
    return dict(db.session.execute(files).all())
