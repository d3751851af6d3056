"""One file of a draft, as an editor opens it, and its revisions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.definition_drafts import DraftStatus, FileKind, kind_of
from app.domain.errors import NotFoundError
from app.domain.powers import ensure_may
from app.extensions import db
from app.storage import studio
from app.storage.models import DefinitionDraft, DraftRevision

AT_WORK = timedelta(minutes=2)
"""Who saved within this time is shown as writing."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    draft_id: str
    draft_title: str
    editable: bool
    name: str
    kind: FileKind
    content: bytes
    revision: int
    """What a save must name as its base; negative where the draft did not change the file yet."""
    changed_by: str
    """Empty where the draft did not change it."""
    changed_at: datetime | None
    writers: tuple[str, ...]
    """Names of others who edited it within two minutes."""


@dataclass(frozen=True, slots=True)
class RevisionLine:
    revision: int
    name: str
    changed_at: datetime
    changed_by: str
    automatic: bool
    newest: bool
    removed: bool


def draft_of(actor: Actor, draft_id: str) -> DefinitionDraft:
    """A draft of the actor's county. Raises NotAllowedError (no owner), NotFoundError."""
    ensure_may(actor, "definitions.change")
    return studio.get_draft(draft_id, actor.county_id)


def open_file(actor: Actor, draft_id: str, name: str, *, now: datetime) -> OpenFile:
    """Raises NotFoundError (no such file, or the draft removes it), NotAllowedError, InvalidFileError."""
    draft = draft_of(actor, draft_id)
    kind = kind_of(name)
    row = studio.find_draft_file(draft_id, name)
    content = row.content if row is not None else _current(draft.county_id, name)
    if content is None:
        raise NotFoundError
    return OpenFile(
        draft_id,
        draft.title,
        editable=DraftStatus(draft.status) is DraftStatus.EDITING,
        name=name,
        kind=kind,
        content=content,
        revision=row.revision if row is not None else -_publication(draft.county_id),
        changed_by=row.changed_by_name if row is not None else "",
        changed_at=row.changed_at if row is not None else None,
        writers=writers_of(actor, draft_id, name, now=now),
    )


def _current(county_id: str, name: str) -> bytes | None:
    digest = studio.hashes_of_county(county_id).get(name)
    return studio.contents_of({name: digest}).get(name) if digest is not None else None


def _publication(county_id: str) -> int:
    last = studio.last_publication(county_id)
    return last.number if last is not None else 0


def writers_of(actor: Actor, draft_id: str, name: str, *, now: datetime) -> tuple[str, ...]:
    """Names of others who edited the file within two minutes."""
    query = (
        select(DraftRevision.changed_by_name)
        .where(
            DraftRevision.draft_id == draft_id,
            DraftRevision.name == name,
            DraftRevision.changed_by != actor.person_id,
            DraftRevision.changed_at >= now - AT_WORK,
        )
        .distinct()
    )
    return tuple(sorted(db.session.scalars(query)))


def revisions_of(actor: Actor, draft_id: str, name: str) -> tuple[RevisionLine, ...]:
    """Newest first. Raises NotFoundError, NotAllowedError."""
    draft_of(actor, draft_id)
    query = select(DraftRevision).where(DraftRevision.draft_id == draft_id, DraftRevision.name == name)
    rows = list(db.session.scalars(query.order_by(DraftRevision.revision.desc()).limit(200)))
    return tuple(
        RevisionLine(
            row.revision,
            row.name,
            row.changed_at,
            row.changed_by_name,
            automatic=row.automatic,
            newest=place == 0,
            removed=row.content is None,
        )
        for place, row in enumerate(rows)
    )


def revision_content(actor: Actor, draft_id: str, name: str, revision: int) -> bytes:
    """Raises NotFoundError, NotAllowedError."""
    draft_of(actor, draft_id)
    content = studio.get_revision(draft_id, name, revision).content
    if content is None:
        raise NotFoundError
    return content
