"""The pages of the studio: drafts, the county's processes and files, publications."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from app.documents.letters.templates import template_title
from app.domain.actors import Actor
from app.domain.definition_drafts import DraftStatus, FileKind, find_kind
from app.domain.errors import DomainError, NotAllowedError
from app.domain.powers import may
from app.engine.blank import title_in
from app.extensions import db
from app.law.register import parse as parse_register
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
    """Empty: nobody, it came with the program."""


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """A process that proceedings start on, in its newest release."""

    key: str
    title: str
    number: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class HomePage:
    open: tuple[DraftLine, ...]
    closed: tuple[DraftLine, ...]
    processes: tuple["ProcessLine", ...]
    publications: tuple[PublicationLine, ...]


def ensure_owner(actor: Actor) -> str:
    """The county of an owner. Raises NotAllowedError."""
    if not may(actor, "definitions.change") or actor.county_id is None:
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


def _processes(county_id: str) -> tuple[ProcessLine, ...]:
    query = select(Release).where(Release.county_id == county_id).order_by(Release.process_key, Release.number)
    newest = {release.process_key: release for release in db.session.scalars(query)}
    hashes = studio.hashes_of_county(county_id)
    wanted = {name: hashes[name] for key in newest if (name := f"{key}.bpmn") in hashes}
    titles = titles_of(studio.contents_of(wanted))
    return tuple(
        ProcessLine(key, titles.get(f"{key}.bpmn", key), release.number, release.published_at)
        for key, release in newest.items()
    )


def titles_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """What each file is called in words; its name where it says nothing."""
    return {name: _title(name, content) for name, content in files.items()}


@lru_cache(maxsize=4096)
def _title(name: str, content: bytes) -> str:
    try:
        match find_kind(name):
            case FileKind.DIAGRAM | FileKind.TABLE:
                return title_in(content) or name
            case FileKind.FORM:
                form = json.loads(content)
                return str((form.get("properties") or {}).get("title") or form.get("title") or name)
            case FileKind.REGISTER:
                return parse_register(content).short_title
            case FileKind.LETTER:
                return template_title(content) or name
            case FileKind.SCENARIO:
                found = re.search(rb"^title: *(.+)$", content, re.M)
                return found[1].decode().strip("\"' ") if found else name
    except (DomainError, ValueError, AttributeError):
        return name
    return name


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
        published_by=row.published_by_name or (row.published_by if row.draft_id else ""),
    )


@dataclass(frozen=True, slots=True)
class ChangedFile:
    name: str
    title: str
    kind: FileKind | None
    how: str
    """ADDED, CHANGED, REMOVED, or SAME where the draft went back to what the county has."""
    revision: int
    overtaken: bool
    """Another publication changed the file since."""
    changed_at: datetime
    changed_by: str


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
    at_work: Mapping[tuple[str, ...], tuple[str, ...]]
    """Who else changed files just now -> which."""
    others: Mapping[FileKind, tuple[FileLine, ...]]
    """The county's files that the draft leaves as they are."""
    acts: tuple[dict[str, Any], ...]
    editors: tuple[str, ...]
    submitted_by: str
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
        files=tuple(_changed(row, hashes.get(name)) for name, row in rows.items()),
        at_work=_at_work(writers),
        others=_others({name: digest for name, digest in hashes.items() if name not in rows}),
        acts=tuple({**act, "at": datetime.fromisoformat(act["at"])} for act in draft.acts),
        editors=tuple(sorted(set(editors.values()))),
        submitted_by=_submitter(draft),
        may_edit=status is DraftStatus.EDITING,
        may_approve=status is DraftStatus.SUBMITTED and second,
    )


def _submitter(draft: DefinitionDraft) -> str:
    return next((str(act["name"]) for act in reversed(draft.acts) if act["act"] == "submit"), "")


def _others(hashes: Mapping[str, str]) -> dict[FileKind, tuple[FileLine, ...]]:
    titles = titles_of(studio.contents_of(hashes))
    found: dict[FileKind, tuple[FileLine, ...]] = {}
    for kind in FileKind:
        lines = tuple(FileLine(name, kind, titles.get(name, name)) for name in hashes if find_kind(name) is kind)
        if lines:
            found[kind] = lines
    return found


def _changed(row: DraftFile, current: str | None) -> ChangedFile:
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
        _title(row.name, row.content) if row.content is not None else row.name,
        find_kind(row.name),
        how,
        row.revision,
        overtaken=overtaken,
        changed_at=row.changed_at,
        changed_by=row.changed_by_name,
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


def _at_work(writers: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """A pack brings dozens of files at once: told by people, not file by file."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for name, people in sorted(writers.items()):
        found[people] = (*found.get(people, ()), name)
    return found


@dataclass(frozen=True, slots=True)
class PublicationPage:
    line: PublicationLine
    newest: bool
    editors: tuple[str, ...]
    scenarios: str
    releases: tuple[tuple[str, str, int], ...]
    """Id, process and number of each new release."""
    changed: tuple[tuple[str, str], ...]
    """Name of each file and how it changed (ADDED, CHANGED, REMOVED)."""
    draft_id: str | None


def publication_page(actor: Actor, publication_id: str) -> PublicationPage:
    """Raises NotFoundError, NotAllowedError."""
    county_id = ensure_owner(actor)
    row = studio.get_publication(publication_id, county_id)
    last = studio.last_publication(county_id)
    return PublicationPage(
        publication_line(row),
        newest=last is not None and last.id == row.id,
        editors=tuple(row.editors),
        scenarios=row.scenarios,
        releases=tuple((one["id"], one["process"], one["number"]) for one in row.releases),
        changed=tuple((one["name"], _how(one["before"], one["after"])) for one in row.changed),
        draft_id=row.draft_id,
    )


def _how(before: str | None, after: str | None) -> str:
    if before is None:
        return "ADDED"
    return "REMOVED" if after is None else "CHANGED"


def files_of_publication(actor: Actor, publication_id: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files that a publication changed, as they were before and after. Raises NotFoundError, NotAllowedError."""
    row = studio.get_publication(publication_id, ensure_owner(actor))
    before = {one["name"]: one["before"] for one in row.changed if one["before"]}
    after = {one["name"]: one["after"] for one in row.changed if one["after"]}
    return studio.contents_of(before), studio.contents_of(after)


def current_files(actor: Actor) -> dict[str, bytes]:
    """All files of the owner's county, as they are today. Raises NotAllowedError."""
    return studio.files_of_county(ensure_owner(actor))
