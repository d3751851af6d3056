"""Rows of the studio: a county's current files, drafts over them, publications."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from app.domain.errors import NotFoundError
from app.extensions import db
from app.storage.models import (
    County,
    CountyFile,
    DefinitionDraft,
    DefinitionFile,
    DraftFile,
    DraftRevision,
    Publication,
    ReleaseFile,
)
from app.storage.releases import hash_of


def hold_county(county_id: str) -> None:
    """Publications of one county happen one after the other. Raises NotFoundError."""
    row = db.session.scalars(select(County).where(County.id == county_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError


def hashes_of_county(county_id: str) -> dict[str, str]:
    """Name and hash of every file that the county has today."""
    query = select(CountyFile.name, CountyFile.hash).where(
        CountyFile.county_id == county_id, CountyFile.hash.is_not(None)
    )
    return {name: str(digest) for name, digest in db.session.execute(query.order_by(CountyFile.name))}


def rows_of_county(county_id: str) -> dict[str, CountyFile]:
    return {row.name: row for row in db.session.scalars(select(CountyFile).where(CountyFile.county_id == county_id))}


def contents_of(hashes: Mapping[str, str]) -> dict[str, bytes]:
    """The contents of files by name, from their hashes."""
    wanted = sorted(set(hashes.values()))
    found: dict[str, bytes] = {}
    for start in range(0, len(wanted), 500):
        query = select(DefinitionFile.hash, DefinitionFile.content).where(
            DefinitionFile.hash.in_(wanted[start : start + 500])
        )
        found.update(db.session.execute(query).all())
    return {name: found[digest] for name, digest in hashes.items() if digest in found}


def files_of_county(county_id: str) -> dict[str, bytes]:
    """The files that the county has today: `filing.bpmn`, `filing/report.form`, `options.yml`, `scenarios/…`."""
    query = (
        select(CountyFile.name, DefinitionFile.content)
        .join(DefinitionFile, DefinitionFile.hash == CountyFile.hash)
        .where(CountyFile.county_id == county_id)
        .order_by(CountyFile.name)
    )
    return dict(db.session.execute(query).all())


def keep_files(files: Mapping[str, bytes]) -> dict[str, str]:
    """Store contents that are not stored yet. Returns name and hash of each."""
    hashes = {name: hash_of(name, content) for name, content in files.items()}
    wanted = sorted(set(hashes.values()))
    known: set[str] = set()
    for start in range(0, len(wanted), 500):
        query = select(DefinitionFile.hash).where(DefinitionFile.hash.in_(wanted[start : start + 500]))
        known.update(db.session.scalars(query))
    for name, digest in hashes.items():
        if digest not in known:
            known.add(digest)
            db.session.add(DefinitionFile(hash=digest, name=name, content=files[name]))
    db.session.flush()
    return hashes


def get_draft(draft_id: str, county_id: str | None) -> DefinitionDraft:
    """A draft of the county. Raises NotFoundError."""
    draft = db.session.get(DefinitionDraft, draft_id)
    if draft is None or draft.county_id != county_id:
        raise NotFoundError
    return draft


def get_draft_for_update(draft_id: str, county_id: str | None) -> DefinitionDraft:
    """The same, locked. Raises NotFoundError."""
    query = select(DefinitionDraft).where(DefinitionDraft.id == draft_id).with_for_update()
    draft = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if draft is None or draft.county_id != county_id:
        raise NotFoundError
    return draft


def draft_files(draft_id: str) -> dict[str, DraftFile]:
    query = select(DraftFile).where(DraftFile.draft_id == draft_id).order_by(DraftFile.name)
    return {row.name: row for row in db.session.scalars(query.execution_options(populate_existing=True))}


def find_draft_file(draft_id: str, name: str) -> DraftFile | None:
    return db.session.get(DraftFile, (draft_id, name), populate_existing=True)


def newest_revision(draft_id: str, name: str) -> DraftRevision | None:
    query = select(DraftRevision).where(DraftRevision.draft_id == draft_id, DraftRevision.name == name)
    return db.session.scalars(query.order_by(DraftRevision.revision.desc()).limit(1)).one_or_none()


def get_revision(draft_id: str, name: str, revision: int) -> DraftRevision:
    """Raises NotFoundError."""
    query = select(DraftRevision).where(
        DraftRevision.draft_id == draft_id, DraftRevision.name == name, DraftRevision.revision == revision
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def editors_of(draft_id: str) -> dict[str, str]:
    """Id and name of everybody who ever edited a file of the draft."""
    query = select(DraftRevision.changed_by, DraftRevision.changed_by_name).where(DraftRevision.draft_id == draft_id)
    return dict(db.session.execute(query.order_by(DraftRevision.changed_at)).all())


def last_other_editor(draft_id: str, name: str, person_id: str) -> str | None:
    """Id of whoever else saved the file last."""
    query = select(DraftRevision.changed_by).where(
        DraftRevision.draft_id == draft_id, DraftRevision.name == name, DraftRevision.changed_by != person_id
    )
    return db.session.scalars(query.order_by(DraftRevision.revision.desc()).limit(1)).one_or_none()


def last_publication(county_id: str) -> Publication | None:
    query = select(Publication).where(Publication.county_id == county_id)
    return db.session.scalars(query.order_by(Publication.number.desc()).limit(1)).one_or_none()


def find_publication(county_id: str, number: int) -> Publication | None:
    query = select(Publication).where(Publication.county_id == county_id, Publication.number == number)
    return db.session.scalars(query).one_or_none()


def publication_of_draft(draft_id: str) -> Publication | None:
    return db.session.scalars(select(Publication).where(Publication.draft_id == draft_id)).one_or_none()


def get_publication(publication_id: str, county_id: str | None) -> Publication:
    """Raises NotFoundError."""
    found = db.session.get(Publication, publication_id)
    if found is None or found.county_id != county_id:
        raise NotFoundError
    return found


def next_publication(county_id: str) -> int:
    """The county is held."""
    return (db.session.scalar(select(func.max(Publication.number)).where(Publication.county_id == county_id)) or 0) + 1


def released_hashes(release_ids: Collection[str]) -> dict[str, str]:
    """Files of releases by name and hash; a later id of the collection wins."""
    found: dict[str, str] = {}
    for release_id in release_ids:
        query = select(ReleaseFile.name, ReleaseFile.hash).where(ReleaseFile.release_id == release_id)
        found.update(db.session.execute(query).all())
    return found
