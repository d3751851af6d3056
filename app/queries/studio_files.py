"""One file of a draft, as an editor opens it, and its revisions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, union

from app.domain.actors import Actor
from app.domain.definition_drafts import Choice, DraftStatus, FileKind, kind_of
from app.domain.errors import NotFoundError
from app.domain.powers import ensure_may
from app.extensions import db
from app.storage import studio
from app.storage.models import DefinitionDraft, DraftRevision, OpenedFile

AT_WORK = timedelta(minutes=2)
"""Who saved within this time is shown as writing."""
OPEN = timedelta(seconds=45)
"""Who was seen at a file within this time has it open: two looks of an editor, and some delay."""
TOLD = timedelta(minutes=10)
"""How long somebody is told what another made of his version."""


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
    """Names of others who have it open or edited it within two minutes."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What another made of the reader's version, which was saved before his."""

    who: str
    choice: Choice
    at: datetime


@dataclass(frozen=True, slots=True)
class Company:
    """What an editor asks for from time to time while a file is open in it."""

    revision: int
    """Like that of `OpenFile`: the newest one."""
    writers: tuple[str, ...]
    chosen: tuple[Chosen, ...]


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
    """Names of others who have the file open, or edited it within two minutes."""
    edited = select(DraftRevision.changed_by_name).where(
        DraftRevision.draft_id == draft_id,
        DraftRevision.name == name,
        DraftRevision.changed_by != actor.person_id,
        DraftRevision.changed_at >= now - AT_WORK,
    )
    opened = select(OpenedFile.person_name).where(
        OpenedFile.draft_id == draft_id,
        OpenedFile.name == name,
        OpenedFile.person_id != actor.person_id,
        OpenedFile.seen_at >= now - OPEN,
    )
    return tuple(sorted(db.session.scalars(union(edited, opened))))


def company_of(actor: Actor, draft_id: str, name: str, *, now: datetime) -> Company:
    """Raises NotFoundError, NotAllowedError."""
    draft = draft_of(actor, draft_id)
    row = studio.find_draft_file(draft_id, name)
    revision = row.revision if row is not None else -_publication(draft.county_id)
    query = select(OpenedFile.person_name, OpenedFile.choice, OpenedFile.chosen_at).where(
        OpenedFile.draft_id == draft_id,
        OpenedFile.name == name,
        OpenedFile.chosen_from == actor.person_id,
        OpenedFile.chosen_at >= now - TOLD,
    )
    chosen = tuple(Chosen(who, Choice(choice), at) for who, choice, at in db.session.execute(query) if choice and at)
    return Company(revision, writers_of(actor, draft_id, name, now=now), chosen)


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
