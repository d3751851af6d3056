"""The pages of the studio: drafts, the county's processes and files, publications."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.domain.actors import Actor
from app.domain.definition_drafts import DraftStatus, FileKind, find_kind
from app.domain.errors import NotAllowedError
from app.extensions import db
from app.queries.studio_files import AT_WORK, draft_of
from app.storage import studio
from app.storage.models import DefinitionDraft, DraftFile, DraftRevision, Publication, Release
from app.storage.releases import hash_of


@dataclass(frozen=True, slots=True)
class DraftLine:
    id: str
    title: str
    status: DraftStatus
    files: int
    created_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class FileLine:
    name: str
    kind: FileKind | None
    title: str


@dataclass(frozen=True, slots=True)
class PublicationLine:
    id: str
    number: int
    title: str
    notes: str
    from_seeds: bool
    changed: int
    releases: tuple[str, ...]
    published_at: datetime
    published_by: str


@dataclass(frozen=True, slots=True)
class HomePage:
    open: tuple[DraftLine, ...]
    closed: tuple[DraftLine, ...]
    processes: tuple[tuple[str, int, datetime], ...]
    publications: tuple[PublicationLine, ...]


def ensure_owner(actor: Actor) -> str:
    """The county of an owner. Raises NotAllowedError."""
    if not actor.holds("owner") or actor.county_id is None:
        raise NotAllowedError
    return actor.county_id


def home_page(actor: Actor) -> HomePage:
    """Raises NotAllowedError."""
    county_id = ensure_owner(actor)
    lines = _drafts(county_id)
    ended = (DraftStatus.PUBLISHED, DraftStatus.WITHDRAWN)
    return HomePage(
        tuple(line for line in lines if line.status not in ended),
        tuple(line for line in lines if line.status in ended),
        _processes(county_id),
        publications(county_id),
    )


def _drafts(county_id: str) -> list[DraftLine]:
    counted = select(DraftFile.draft_id, func.count().label("files")).group_by(DraftFile.draft_id).subquery()
    query = (
        select(DefinitionDraft, counted.c.files)
        .outerjoin(counted, counted.c.draft_id == DefinitionDraft.id)
        .where(DefinitionDraft.county_id == county_id)
        .order_by(DefinitionDraft.changed_at.desc())
        .limit(200)
    )
    return [
        DraftLine(draft.id, draft.title, DraftStatus(draft.status), files or 0, draft.created_by_name, draft.changed_at)
        for draft, files in db.session.execute(query)
    ]


def _processes(county_id: str) -> tuple[tuple[str, int, datetime], ...]:
    query = select(Release).where(Release.county_id == county_id).order_by(Release.process_key, Release.number)
    newest = {release.process_key: release for release in db.session.scalars(query)}
    return tuple((key, release.number, release.published_at) for key, release in newest.items())


def publications(county_id: str) -> tuple[PublicationLine, ...]:
    query = select(Publication).where(Publication.county_id == county_id).order_by(Publication.number.desc()).limit(200)
    return tuple(publication_line(row) for row in db.session.scalars(query))


def publication_line(row: Publication) -> PublicationLine:
    return PublicationLine(
        row.id,
        row.number,
        row.title,
        row.notes,
        from_seeds=row.draft_id is None,
        changed=len(row.changed),
        releases=tuple(f"{release['process']} {release['number']}" for release in row.releases),
        published_at=row.published_at,
        published_by=row.published_by_name or row.published_by,
    )


@dataclass(frozen=True, slots=True)
class ChangedFile:
    name: str
    kind: FileKind | None
    how: str
    """ADDED, CHANGED, REMOVED, or SAME where the draft went back to what the county has."""
    revision: int
    overtaken: bool
    """Another publication changed the file since."""
    changed_at: datetime
    changed_by: str
    writers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftPage:
    id: str
    title: str
    status: DraftStatus
    notes: str
    created_by: str
    created_at: datetime
    changed_at: datetime
    files: tuple[ChangedFile, ...]
    others: tuple[FileLine, ...]
    """The county's files that the draft leaves as they are."""
    acts: tuple[dict[str, Any], ...]
    editors: tuple[str, ...]
    may_edit: bool
    may_approve: bool
    """The reader is a second person: he edited nothing and did not submit it."""


def draft_page(actor: Actor, draft_id: str, *, now: datetime) -> DraftPage:
    """Raises NotFoundError, NotAllowedError."""
    draft = draft_of(actor, draft_id)
    hashes = studio.hashes_of_county(draft.county_id)
    rows = studio.draft_files(draft_id)
    writers = _writers(draft_id, actor, now)
    editors = studio.editors_of(draft_id)
    status = DraftStatus(draft.status)
    second = actor.person_id not in editors and actor.person_id != draft.submitted_by
    return DraftPage(
        draft.id,
        draft.title,
        status,
        draft.notes,
        draft.created_by_name,
        draft.created_at,
        draft.changed_at,
        files=tuple(_changed(row, hashes.get(name), writers.get(name, ())) for name, row in rows.items()),
        others=tuple(FileLine(name, find_kind(name), name) for name in hashes if name not in rows),
        acts=tuple({**act, "at": datetime.fromisoformat(act["at"])} for act in draft.acts),
        editors=tuple(sorted(set(editors.values()))),
        may_edit=status is DraftStatus.EDITING,
        may_approve=status is DraftStatus.SUBMITTED and second,
    )


def _changed(row: DraftFile, current: str | None, writers: tuple[str, ...]) -> ChangedFile:
    wanted = hash_of(row.name, row.content) if row.content is not None else None
    if wanted == current:
        how = "SAME"
    elif wanted is None:
        how = "REMOVED"
    else:
        how = "ADDED" if current is None else "CHANGED"
    overtaken = current not in (row.base_hash, wanted)
    return ChangedFile(
        row.name,
        find_kind(row.name),
        how,
        row.revision,
        overtaken=overtaken,
        changed_at=row.changed_at,
        changed_by=row.changed_by_name,
        writers=writers,
    )


def _writers(draft_id: str, actor: Actor, now: datetime) -> dict[str, tuple[str, ...]]:
    query = (
        select(DraftRevision.name, DraftRevision.changed_by_name)
        .where(
            DraftRevision.draft_id == draft_id,
            DraftRevision.changed_by != actor.person_id,
            DraftRevision.changed_at >= now - AT_WORK,
        )
        .distinct()
    )
    found: dict[str, tuple[str, ...]] = {}
    for name, who in db.session.execute(query):
        found[name] = (*found.get(name, ()), who)
    return found
