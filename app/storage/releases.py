"""Releases and their files. A release never changes, so what was read once is kept for the life of the process."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

from sqlalchemy import select

from app.domain.errors import NotFoundError
from app.extensions import db
from app.storage.models import DefinitionFile, Regulation, Release, ReleaseFile

_CACHE: dict[str, Mapping[str, bytes]] = {}


def hash_of(name: str, content: bytes) -> str:
    return sha256(name.encode() + b"\0" + content).hexdigest()


def files_of(release_id: str) -> Mapping[str, bytes]:
    """All files of a release by name (`filing.bpmn`, `filing/analysis_report.form`, `options.yml`, `*.law.yml`)."""
    if release_id not in _CACHE:
        rows = db.session.execute(
            select(ReleaseFile.name, DefinitionFile.content)
            .join(DefinitionFile, DefinitionFile.hash == ReleaseFile.hash)
            .where(ReleaseFile.release_id == release_id)
        ).all()
        if not rows:
            raise NotFoundError
        _CACHE[release_id] = {row.name: row.content for row in rows}
    return _CACHE[release_id]


def file_of(release_id: str, name: str) -> bytes:
    files = files_of(release_id)
    if name not in files:
        raise NotFoundError
    return files[name]


@lru_cache(maxsize=1024)
def register_file_of(release_id: str) -> bytes:
    """The clause register of the release."""
    return next(content for name, content in files_of(release_id).items() if name.endswith(".law.yml"))


@lru_cache(maxsize=1024)
def form_hash(release_id: str, form_key: str) -> str:
    name = f"{form_key}.form"
    return hash_of(name, file_of(release_id, name))


def latest(process_key: str, county_id: str, *, regulation_id: str | None = None) -> Release:
    """The release on which a new proceeding of the county starts, under one regulation. Raises NotFoundError."""
    query = select(Release).where(Release.process_key == process_key, Release.county_id == county_id)
    if regulation_id:
        query = query.where(Release.regulation_id == regulation_id)
    release = db.session.scalars(query.order_by(Release.number.desc()).limit(1)).one_or_none()
    if release is None:
        raise NotFoundError
    return release


def find_latest(process_key: str, county_id: str) -> Release | None:
    """The newest release of a process in a county, whichever regulation it is under."""
    query = select(Release).where(Release.process_key == process_key, Release.county_id == county_id)
    return db.session.scalars(query.order_by(Release.number.desc()).limit(1)).one_or_none()


def regulation_of(county_id: str, regulation_id: str | None = None) -> Regulation:
    """The regulation of a county under which cases are opened. Raises NotFoundError."""
    query = select(Regulation).where(Regulation.county_id == county_id, Regulation.case_process.is_not(None))
    if regulation_id:
        query = query.where(Regulation.id == regulation_id)
    regulation = db.session.scalars(query.order_by(Regulation.in_force_from.desc()).limit(1)).one_or_none()
    if regulation is None:
        raise NotFoundError
    return regulation


def register_file_of_regulation(regulation_id: str) -> bytes:
    """The newest clause register of a regulation. Raises NotFoundError."""
    query = (
        select(DefinitionFile.content)
        .join(Regulation, Regulation.register_hash == DefinitionFile.hash)
        .where(Regulation.id == regulation_id)
    )
    content = db.session.scalars(query).one_or_none()
    if content is None:
        raise NotFoundError
    return content


def tables_of_regulation(regulation_id: str) -> dict[str, bytes]:
    """Decision tables that assess a case under the regulation, by table id. Raises NotFoundError."""
    regulation = db.session.get(Regulation, regulation_id)
    if regulation is None:
        raise NotFoundError
    hashes = {digest: table for table, digest in regulation.tables.items()}
    rows = db.session.execute(
        select(DefinitionFile.hash, DefinitionFile.content).where(DefinitionFile.hash.in_(hashes))
    )
    return {hashes[digest]: content for digest, content in rows}


def forget() -> None:
    """Drop the cache (another database in the same process, as tests have)."""
    _CACHE.clear()
    form_hash.cache_clear()
    register_file_of.cache_clear()
