"""对比: a draft with what it began from, two releases of a process, two publications; in words and on the drawings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.comparisons import Comparison
from app.domain.errors import N_, NotAllowedError, NotFoundError, Sentence
from app.domain.powers import may
from app.engine.comparing import compare
from app.extensions import db
from app.storage import studio
from app.storage.models import DefinitionDraft, Publication, Release
from app.storage.releases import files_of, hash_of


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are held against each other."""

    key: str
    """`r-<id>` of a release, `p-<id>` of a publication, `d-<id>` of a draft, `b-<id>` of what a draft began from."""
    name: Sentence
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ComparePage:
    old: Side
    new: Side
    comparison: Comparison
    process_key: str
    """The process whose releases are compared; empty for whole sets of files."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Both contents of one file; None where one has none."""

    old: bytes | None
    new: bytes | None


def ensure_reader(actor: Actor) -> str:
    """The county whose versions the actor may read. Raises NotAllowedError."""
    if actor.county_id is None or not may(actor, "definitions.read"):
        raise NotAllowedError(N_("只有流程管理者和督办领导可以查看流程版本。"))
    return actor.county_id


def compare_draft(actor: Actor, draft_id: str) -> ComparePage:
    """What a draft changes in the files that it began from. Raises NotAllowedError, NotFoundError."""
    return compare_page(actor, f"b-{draft_id}", f"d-{draft_id}")


def compare_page(actor: Actor, old: str, new: str) -> ComparePage:
    """Two sides by their keys. Raises NotAllowedError, NotFoundError."""
    county_id = ensure_reader(actor)
    (before, before_files, process), (after, after_files, other) = (_side(actor, county_id, key) for key in (old, new))
    then, now = _differing(before_files, after_files)
    return ComparePage(before, after, compare(then, now), process if process == other else "")


def contents_of(actor: Actor, old: str, new: str, name: str) -> Contents:
    """One file of both sides. Raises NotAllowedError, NotFoundError: neither has it."""
    county_id = ensure_reader(actor)
    before, after = (_side(actor, county_id, key)[1].get(name) for key in (old, new))
    if before is None and after is None:
        raise NotFoundError
    return Contents(_content(before, name), _content(after, name))


Files = Mapping[str, str | bytes]
"""File name -> content, or the hash of a stored one."""


def _side(actor: Actor, county_id: str, key: str) -> tuple[Side, Files, str]:
    """The side with its files, and the process where it is a release."""
    kind, _, id_ = key.partition("-")
    if kind == "r":
        release = db.session.get(Release, id_)
        if release is None or release.county_id != county_id:
            raise NotFoundError
        name = Sentence(N_("%(process)s 第%(number)s版"), process=release.process_key, number=release.number)
        return Side(key, name, release.published_at), dict(files_of(id_)), release.process_key
    if kind == "p":
        publication = studio.get_publication(id_, county_id)
        return Side(key, publication_name(publication), publication.published_at), dict(publication.files), ""
    if kind in ("b", "d"):
        return _draft_side(actor, kind, id_)
    raise NotFoundError


def publication_name(publication: Publication) -> Sentence:
    return Sentence(N_("第%(number)s次发布“%(title)s”"), number=publication.number, title=Sentence(publication.title))


def _draft_side(actor: Actor, kind: str, draft_id: str) -> tuple[Side, Files, str]:
    if not may(actor, "definitions.change"):
        raise NotAllowedError(N_("改动稿只有流程管理者可以查看。"))
    draft = studio.get_draft(draft_id, actor.county_id)
    base: dict[str, str | bytes] = dict(draft.base)
    if kind == "b":
        return Side(f"b-{draft_id}", Sentence(N_("改动之前")), draft.created_at), base, ""
    return Side(f"d-{draft_id}", _draft_name(draft), draft.changed_at), _overlaid(draft, base), ""


def _draft_name(draft: DefinitionDraft) -> Sentence:
    return Sentence(N_("改动稿“%(title)s”"), title=draft.title)


def _overlaid(draft: DefinitionDraft, base: Files) -> Files:
    files = dict(base)
    for name, row in studio.draft_files(draft.id).items():
        if row.content is None:
            files.pop(name, None)
        else:
            files[name] = row.content
    return files


def _differing(old: Files, new: Files) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Only the files that differ, read where only their hash was known."""
    names = [name for name in {*old, *new} if _hash(name, old.get(name)) != _hash(name, new.get(name))]
    return _read({n: old[n] for n in names if n in old}), _read({n: new[n] for n in names if n in new})


def _hash(name: str, content: str | bytes | None) -> str | None:
    return hash_of(name, content) if isinstance(content, bytes) else content


def _read(files: Files) -> dict[str, bytes]:
    found = studio.contents_of({name: digest for name, digest in files.items() if isinstance(digest, str)})
    return found | {name: content for name, content in files.items() if isinstance(content, bytes)}


def _content(kept: str | bytes | None, name: str) -> bytes | None:
    return studio.contents_of({name: kept})[name] if isinstance(kept, str) else kept


@dataclass(frozen=True, slots=True)
class Choice:
    """A side that may be chosen, the newest first."""

    key: str
    name: Sentence
    at: datetime


def choices(actor: Actor, process_key: str) -> tuple[Choice, ...]:
    """Releases of the process, or the county's publications where no process is named. Raises NotAllowedError."""
    county_id = ensure_reader(actor)
    if process_key:
        releases = select(Release).where(Release.county_id == county_id, Release.process_key == process_key)
        return tuple(
            Choice(f"r-{r.id}", Sentence(N_("第%(number)s版"), number=r.number), r.published_at)
            for r in db.session.scalars(releases.order_by(Release.number.desc()))
        )
    publications = select(Publication).where(Publication.county_id == county_id)
    return tuple(
        Choice(f"p-{p.id}", publication_name(p), p.published_at)
        for p in db.session.scalars(publications.order_by(Publication.number.desc()).limit(200))
    )


def compare_contents(name: str, contents: Contents) -> Comparison:
    """The comparison of one file alone."""
    then = {} if contents.old is None else {name: contents.old}
    now = {} if contents.new is None else {name: contents.new}
    return compare(then, now)
