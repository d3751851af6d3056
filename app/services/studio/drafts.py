"""Writing in a draft (改动稿): every save is a revision, nothing is overwritten silently, nothing runs on it yet."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from app.domain.actors import Actor
from app.domain.deadlines import OFFICE_ZONE
from app.domain.definition_drafts import (
    LONGEST_TITLE,
    MOST_FILES,
    DraftStatus,
    FileKind,
    ensure_editable,
    kind_of,
)
from app.domain.definitions import Finding
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.powers import may
from app.extensions import db
from app.services.studio import candidates, contents
from app.storage import journal, studio
from app.storage.models import DefinitionDraft, DraftFile, DraftRevision
from app.storage.transaction import transaction

SCOPE = "studio"
"""Chain of the journal."""
ONE_SITTING = timedelta(minutes=10)
"""What an editor saves by itself within this time is one revision."""


@dataclass(frozen=True, slots=True)
class Saved:
    revision: int
    content: bytes
    """Canonical: the editor goes on with this."""
    findings: tuple[Finding, ...]


class ChangedMeanwhileError(ConflictError):
    """Somebody else saved the file since it was read. Carries who, when, which revision and its content."""

    sentence = N_("%(who)s 在 %(at)s 保存过这个文件，请比较后再保存；您的内容没有丢失。")

    def __init__(self, row: DraftFile, *, at: str) -> None:
        super().__init__(None, who=row.changed_by_name, at=at)
        self.who, self.at, self.revision, self.content = row.changed_by_name, row.changed_at, row.revision, row.content


def ensure_owner(actor: Actor) -> str:
    """The county whose definitions the actor may change. Raises NotAllowedError."""
    if not may(actor, "definitions.change") or actor.county_id is None:
        raise NotAllowedError(N_("只有流程管理者可以设计流程。"))
    return actor.county_id


def id_for(key: str, *, actor: Actor) -> str:
    """The id of the draft that a person opens with a form's key: sent twice, it leads to the same one."""
    return sha256(f"{actor.person_id} {key}".encode()).hexdigest()[:32]


def open_draft(title: str, *, actor: Actor, now: datetime, county_id: str | None = None, id_: str = "") -> str:
    """A new draft over the county's current files. Returns its id.

    Raises NotAllowedError (no owner, or another county than his own), InvalidAnswersError by field.
    """
    own = ensure_owner(actor)
    if county_id not in (None, own):
        raise NotAllowedError(N_("只能设计本县的流程。"))
    with transaction():
        return new_draft(own, title, actor=actor, now=now, id_=id_).id


def new_draft(county_id: str, title: str, *, actor: Actor, now: datetime, id_: str = "") -> DefinitionDraft:
    """The row of a new draft, inside a transaction. Raises InvalidAnswersError."""
    title = " ".join(title.split())
    if not title:
        raise InvalidAnswersError({"title": [N_("请写明要改什么。")]})
    if len(title) > LONGEST_TITLE:
        raise InvalidAnswersError({"title": [N_("名称不能超过100字。")]})
    draft = DefinitionDraft(
        id=id_ or uuid4().hex,
        county_id=county_id,
        title=title,
        status=DraftStatus.EDITING,
        base=studio.hashes_of_county(county_id),
        created_at=now,
        created_by=actor.person_id,
        created_by_name=actor.name,
        changed_at=now,
        notes="",
        acts=[],
    )
    db.session.add(draft)
    db.session.flush()
    tell(draft, "open", actor=actor, now=now)
    return draft


def tell(draft: DefinitionDraft, act: str, *, actor: Actor, now: datetime, note: str = "") -> None:
    """An act on the whole draft: in its history, and in the journal."""
    line = {"at": now.astimezone(UTC).isoformat(), "name": actor.name, "act": act, "note": note}
    draft.acts = [*draft.acts, line]
    payload = {"title": draft.title, "note": note}
    journal.write_administrative(
        SCOPE, actor=actor.username, act=f"{act} draft", object_=draft.id, payload=payload, now=now
    )


@contextmanager
def edited(draft_id: str, county_id: str) -> Iterator[DefinitionDraft]:
    """One transaction in which a draft that is still being edited is changed; its row is locked.

    Raises NotFoundError, ConflictError.
    """
    with transaction():
        draft = studio.get_draft_for_update(draft_id, county_id)
        ensure_editable(DraftStatus(draft.status))
        yield draft


def save_file(
    draft_id: str,
    name: str,
    content: bytes,
    *,
    base: int,
    automatic: bool = False,
    touched: Collection[str] = (),
    actor: Actor,
    now: datetime,
) -> Saved:
    """Keep a file in the draft as its newest revision, in canonical form. `base` is the revision that was edited.

    Of a file that the draft did not change yet it is 0, or minus the number of the publication that it was read from.

    `touched` names the elements that were edited on purpose: all others must still have their extensions.

    Raises:
        ChangedMeanwhileError: somebody saved a later revision than `base`.
        ConflictError: the draft is not being edited any more.
        InvalidDefinitionError: the file cannot be read, or lost an extension (`findings` say where).
        InvalidFileError, NotAllowedError, NotFoundError: nothing was changed.
    """
    county_id = ensure_owner(actor)
    written = contents.canonical(name, content)
    with edited(draft_id, county_id) as draft:
        row = studio.find_draft_file(draft_id, name)
        if row is None or row.content != written:  # sent twice: the answer was lost, the save was not
            ensure_unchanged(row, base)
        before = row.content if row is not None else candidates.current_content(county_id, name)
        contents.ensure_nothing_lost(name, before, written, touched=touched)
        row = put(draft, name, written, base=base, automatic=automatic, actor=actor, now=now)
        revision = row.revision
    found = candidates.findings_of_draft(draft_id, county_id)
    return Saved(revision, written, found)


def remove_file(draft_id: str, name: str, *, base: int, actor: Actor, now: datetime) -> int:
    """Take a file out of the county with this draft. Returns the revision. Raises like `save_file`."""
    county_id = ensure_owner(actor)
    kind = kind_of(name)
    with edited(draft_id, county_id) as draft:
        row = studio.find_draft_file(draft_id, name)
        if row is None and candidates.current_content(county_id, name) is None:
            raise NotFoundError
        if kind is FileKind.OPTIONS or (kind is FileKind.REGISTER and name in draft.base):
            raise ConflictError(N_("选项表和已发布的条款登记不能删除。"))
        ensure_unchanged(row, base)
        return put(draft, name, None, base=base, automatic=False, actor=actor, now=now).revision


def restore_revision(draft_id: str, name: str, revision: int, *, base: int, actor: Actor, now: datetime) -> int:
    """Make an earlier revision the newest one. Returns the new revision. Raises like `save_file`."""
    county_id = ensure_owner(actor)
    with edited(draft_id, county_id) as draft:
        ensure_unchanged(studio.find_draft_file(draft_id, name), base)
        content = studio.get_revision(draft_id, name, revision).content
        return put(draft, name, content, base=base, automatic=False, actor=actor, now=now).revision


def drop_change(draft_id: str, name: str, *, base: int, actor: Actor, now: datetime) -> int:
    """Give up what the draft changes in a file: it is as the county has it today. Raises like `save_file`."""
    county_id = ensure_owner(actor)
    with edited(draft_id, county_id) as draft:
        row = studio.find_draft_file(draft_id, name)
        if row is None:
            raise NotFoundError
        ensure_unchanged(row, base)
        current = candidates.current_content(county_id, name)
        row = put(draft, name, current, base=base, automatic=False, actor=actor, now=now)
        row.base_hash = studio.hashes_of_county(county_id).get(name)
        return row.revision


def keep_over_current(draft_id: str, name: str, *, base: int, actor: Actor, now: datetime) -> int:
    """The county's file was changed by another publication meanwhile; the draft's content is meant for that one too.

    Whoever says so has compared the two. Raises like `save_file`.
    """
    county_id = ensure_owner(actor)
    with edited(draft_id, county_id) as draft:
        row = studio.find_draft_file(draft_id, name)
        if row is None:
            raise NotFoundError
        ensure_unchanged(row, base)
        row.base_hash = studio.hashes_of_county(county_id).get(name)
        draft.changed_at = now
        return row.revision


def rename_draft(draft_id: str, title: str, *, actor: Actor, now: datetime) -> None:
    """Raises NotFoundError, NotAllowedError, ConflictError, InvalidAnswersError."""
    county_id = ensure_owner(actor)
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise InvalidAnswersError({"title": [N_("名称为1至100字。")]})
    with edited(draft_id, county_id) as draft:
        draft.title, draft.changed_at = title, now


def put(
    draft: DefinitionDraft, name: str, content: bytes | None, *, base: int, automatic: bool, actor: Actor, now: datetime
) -> DraftFile:
    """Write a revision of a file in a locked draft. The same content again is no revision."""
    row = studio.find_draft_file(draft.id, name)
    if row is not None and row.content == content:
        return row
    if row is None:
        if len(studio.draft_files(draft.id)) >= MOST_FILES:
            raise ConflictError(N_("一份改动稿最多改 %(most)s 个文件，请分成几份。"), most=MOST_FILES)
        row = DraftFile(draft_id=draft.id, name=name, base_hash=_meant_for(draft, name, base), revision=0)
        db.session.add(row)
    row.revision += 1
    row.content, row.changed_at = content, now
    row.changed_by, row.changed_by_name = actor.person_id, actor.name
    draft.changed_at = now
    _keep_revision(row, automatic=automatic)
    db.session.flush()
    return row


def _meant_for(draft: DefinitionDraft, name: str, base: int) -> str | None:
    """Hash of the content that was edited: as the draft found it, or as publication `-base` left it."""
    files = draft.base
    if base < 0 and (publication := studio.find_publication(draft.county_id, -base)) is not None:
        files = publication.files
    digest: str | None = files.get(name)
    return digest


def _keep_revision(row: DraftFile, *, automatic: bool) -> None:
    last = studio.newest_revision(row.draft_id, row.name)
    same_sitting = (
        last is not None
        and last.automatic
        and automatic
        and last.changed_by == row.changed_by
        and row.changed_at - last.began_at < ONE_SITTING
    )
    if last is not None and same_sitting:
        last.revision, last.content, last.changed_at = row.revision, row.content, row.changed_at
        return
    db.session.add(
        DraftRevision(
            id=uuid4().hex,
            draft_id=row.draft_id,
            name=row.name,
            revision=row.revision,
            content=row.content,
            automatic=automatic,
            began_at=row.changed_at,
            changed_at=row.changed_at,
            changed_by=row.changed_by,
            changed_by_name=row.changed_by_name,
        )
    )


def ensure_unchanged(row: DraftFile | None, base: int) -> None:
    """Raises ChangedMeanwhileError: somebody wrote a newer revision than the one that was worked on."""
    if row is not None and row.revision != base:
        raise ChangedMeanwhileError(row, at=_clock_of(row.changed_at))


def _clock_of(moment: datetime) -> str:
    return moment.astimezone(OFFICE_ZONE).strftime("%m-%d %H:%M")


def candidate_files(draft_id: str, *, actor: Actor) -> Mapping[str, bytes]:
    """The county's current files overlaid with the draft. Raises NotFoundError, NotAllowedError."""
    county_id = ensure_owner(actor)
    studio.get_draft(draft_id, county_id)
    return candidates.files_of_draft(draft_id, county_id)


def base_files(draft_id: str, *, actor: Actor) -> Mapping[str, bytes]:
    """The same files as the draft found them. Raises NotFoundError, NotAllowedError."""
    draft = studio.get_draft(draft_id, ensure_owner(actor))
    return studio.contents_of(draft.base)
