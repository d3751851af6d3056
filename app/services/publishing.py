"""Making releases of a county's files, all together: from the seeds and from the studio alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from app.domain.errors import N_, ConflictError
from app.extensions import db
from app.law.register import Register
from app.services import linting
from app.services.linting import Closure
from app.storage import releases, studio
from app.storage.models import CountyFile, Publication, Regulation, Release, ReleaseFile


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing a county's files would make, once it was looked through."""

    county_id: str
    files: Mapping[str, bytes]
    registers: Mapping[str, Register]
    changed: tuple[tuple[Closure, str], ...]
    """Processes whose release would be new, with the digest of its files."""


def plan_of(county_id: str, files: Mapping[str, bytes], *, clauses: frozenset[str]) -> Plan:
    """Which processes of the county change. Raises InvalidDefinitionError, InvalidFileError: nothing may be published.

    `clauses` of other counties may be cited by diagrams that are shared.
    """
    registers = linting.registers_in(files)
    known = clauses | linting.clauses_in(registers.values())
    changed = []
    for name, register in registers.items():
        if (tables := linting.tables_of(register, files)) is not None:
            linting.ensure_publishable(tables)
        for process in register.processes:
            closure = linting.closure_of(process, register, name, files)
            digest = sha256("".join(closure.hashes).encode()).hexdigest()
            newest = releases.find_latest(process, county_id)
            if newest is None or newest.digest != digest:
                linting.ensure_publishable(closure, clauses=known)
                changed.append((closure, digest))
    return Plan(county_id, files, registers, tuple(changed))


def make_releases(plan: Plan, *, by: str, now: datetime) -> list[Release]:
    """Write what was planned: regulations with their tables, and a release of each changed process. The county is held.

    Raises ConflictError: a register has the id of another county's regulation.
    """
    for name, register in plan.registers.items():
        _keep_regulation(plan.county_id, register, name, plan.files)
    return [_make(plan.county_id, closure, digest=digest, by=by, now=now) for closure, digest in plan.changed]


def _make(county_id: str, closure: Closure, *, digest: str, by: str, now: datetime) -> Release:
    newest = releases.find_latest(closure.process, county_id)
    release = Release(
        id=uuid4().hex,
        process_key=closure.process,
        county_id=county_id,
        regulation_id=closure.register.id,
        number=(newest.number if newest else 0) + 1,
        digest=digest,
        published_at=now,
        published_by=by,
    )
    db.session.add(release)
    db.session.flush()
    for name, hash_ in studio.keep_files(closure.files).items():
        db.session.add(ReleaseFile(release_id=release.id, name=name, hash=hash_))
    db.session.flush()
    return release


def _keep_regulation(county_id: str, register: Register, name: str, files: Mapping[str, bytes]) -> None:
    row = db.session.get(Regulation, register.id) or Regulation(id=register.id, county_id=county_id)
    if row.county_id != county_id:
        raise ConflictError(N_("制度标识 %(id)s 已由其他县使用，请改名。"), id=register.id)
    row.title, row.document_no = register.title, register.document_no
    row.status, row.in_force_from, row.in_force_to = register.status, register.in_force_from, register.in_force_to
    row.case_process, row.meeting_process = register.case_process, register.meeting_process
    row.register_hash = studio.keep_files({name: files[name]})[name]
    row.tables = _keep_tables(register, files)
    db.session.add(row)
    db.session.flush()


def _keep_tables(register: Register, files: Mapping[str, bytes]) -> dict[str, str]:
    """The tables that assess a case, by id."""
    closure = linting.tables_of(register, files)
    if closure is None:
        return {}
    tables = {name: content for name, content in closure.files.items() if name.endswith(".dmn")}
    return {name.removesuffix(".dmn"): hash_ for name, hash_ in studio.keep_files(tables).items()}


def keep_county(
    county_id: str,
    files: Mapping[str, bytes],
    *,
    draft_id: str | None,
    made: list[Release],
    title: str,
    notes: str,
    editors: list[str],
    scenarios: str,
    by: str,
    by_name: str,
    now: datetime,
) -> Publication | None:
    """Make these the county's current files, and the record of it; None where nothing changed. The county is held.

    Files that the studio published or removed are its own from then on: without a draft they are left as they are.
    """
    hashes = studio.keep_files(files)
    rows = studio.rows_of_county(county_id)
    before = {name: row.hash for name, row in rows.items() if row.hash is not None}
    changed = [
        {"name": name, "before": before.get(name), "after": hashes.get(name)}
        for name in sorted({*before, *hashes})
        if before.get(name) != hashes.get(name)
    ]
    if not changed and not made:
        return None
    _write_rows(county_id, rows, changed, by_studio=draft_id is not None)
    publication = Publication(
        id=uuid4().hex,
        county_id=county_id,
        number=studio.next_publication(county_id),
        draft_id=draft_id,
        title=title,
        notes=notes,
        files=hashes,
        changed=changed,
        releases=[{"process": one.process_key, "number": one.number, "id": one.id} for one in made],
        editors=editors,
        scenarios=scenarios,
        published_at=now,
        published_by=by,
        published_by_name=by_name,
    )
    db.session.add(publication)
    db.session.flush()
    return publication


def _write_rows(
    county_id: str, rows: Mapping[str, CountyFile], changed: list[dict[str, str | None]], *, by_studio: bool
) -> None:
    for change in changed:
        name = str(change["name"])
        row = rows.get(name)
        if row is None:
            db.session.add(CountyFile(county_id=county_id, name=name, hash=change["after"], by_studio=by_studio))
        elif change["after"] is None and not by_studio:
            db.session.delete(row)
        else:
            row.hash, row.by_studio = change["after"], row.by_studio or by_studio
    db.session.flush()
