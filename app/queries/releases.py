"""The published versions of a county's processes."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.extensions import db
from app.storage.models import CountyFile, DefinitionFile, Regulation, Release


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


def current_files(county_id: str | None = None) -> dict[str, bytes]:
    """All files that a county has today, or every county, by their release names.

    Of a file that several counties share under one name the one that the studio published is taken.
    """
    query = (
        select(CountyFile.name, DefinitionFile.content)
        .join(DefinitionFile, DefinitionFile.hash == CountyFile.hash)
        .order_by(CountyFile.by_studio, CountyFile.county_id)
    )
    if county_id is not None:
        query = query.where(CountyFile.county_id == county_id)
    return dict(db.session.execute(query).all())
