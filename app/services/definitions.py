"""Publishing definition files, and the definitions that proceedings run on."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, select

from app.domain.definitions import Catalogue, Finding, Operation, Severity
from app.domain.errors import N_, InvalidDefinitionError
from app.domain.roles import ROLES
from app.engine.parse import Definition, parse
from app.engine.profile import findings
from app.engine.references import References, references_of
from app.extensions import db
from app.forms.lint import lint_file
from app.forms.options import options_in
from app.forms.parse import Form, parse_form
from app.forms.schema import field_types
from app.law.register import Register
from app.law.register import parse as parse_register
from app.services.operations import OPERATIONS
from app.storage import journal, releases
from app.storage.facts import CASE_COLUMNS, MEETING_COLUMNS
from app.storage.models import DefinitionFile, Regulation, Release, ReleaseFile
from app.storage.transaction import transaction

OPTIONS_FILE = "options.yml"


@lru_cache(maxsize=256)
def definition_of(release_id: str, process_key: str) -> Definition:
    """The parsed definition of a release; immutable, so kept for the life of the process."""
    files = releases.files_of(release_id)
    return parse({name: content for name, content in files.items() if name.endswith((".bpmn", ".dmn"))}, process_key)


@lru_cache(maxsize=2048)
def form_of(release_id: str, form_key: str) -> Form:
    return parse_form(releases.file_of(release_id, f"{form_key}.form"))


@lru_cache(maxsize=256)
def fact_names(release_id: str) -> frozenset[str]:
    """Every name that a form of the release may state: expressions read the unstated ones as null."""
    forms = (parse_form(content) for name, content in releases.files_of(release_id).items() if name.endswith(".form"))
    return frozenset(field.key for form in forms for field in form.fields if field.key)


def options_of(release_id: str) -> bytes:
    return releases.file_of(release_id, OPTIONS_FILE)


def register_of(release_id: str) -> Register:
    return parse_register(releases.register_file_of(release_id))


def read_seeds(processes: Path, forms: Path) -> dict[str, bytes]:
    """All definition files of the two seed folders by their release names."""
    seeds = {path.name: path.read_bytes() for path in sorted(processes.iterdir()) if path.is_file()}
    for path in sorted(forms.rglob("*.form")):
        seeds[path.relative_to(forms).as_posix()] = path.read_bytes()
    seeds[OPTIONS_FILE] = (forms / OPTIONS_FILE).read_bytes()
    return seeds


def publish_seeds(processes: Path, forms: Path, *, by: str, now: datetime) -> list[str]:
    """Publish every process that a register names, where its content is new. Returns `<process> <number>` of each.

    Raises:
        InvalidDefinitionError: with the linter's findings; nothing was published.
    """
    seeds = read_seeds(processes, forms)
    digest = journal.digest_of({name: releases.hash_of(name, content) for name, content in seeds.items()})
    with transaction():
        if journal.last_object("seeds") == digest:  # nothing is parsed where nothing changed
            return []
        published = _publish_all(seeds, by=by, now=now)
        journal.write_administrative("seeds", actor=by, act="publish", object_=digest, payload=published, now=now)
    return published


def publish_for_play(files: Mapping[str, bytes], *, by: str, now: datetime) -> list[str]:
    """Publish a set of files in a throw-away database. What the linter says of them is known and not asked again."""
    with transaction():
        return _publish_all(files, by=by, now=now, linted=False)


def _publish_all(seeds: Mapping[str, bytes], *, by: str, now: datetime, linted: bool = True) -> list[str]:
    published: list[str] = []
    for name, content in seeds.items():
        if not name.endswith(".law.yml"):
            continue
        register = parse_register(content)
        _keep_regulation(register, name, content, seeds, linted=linted)
        for process in register.processes:
            if release := _publish(process, register, name, seeds, by, now, linted=linted):
                published.append(f"{process} {release.number}")
    return published


def _publish(
    process: str,
    register: Register,
    register_name: str,
    seeds: Mapping[str, bytes],
    by: str,
    now: datetime,
    *,
    linted: bool = True,
) -> Release | None:
    references = references_of(seeds, process)
    files = _files_of(references, register_name, seeds) | _forms_of_case(process, register, seeds)
    digest = sha256("".join(sorted(releases.hash_of(*item) for item in files.items())).encode()).hexdigest()
    known = select(Release).where(
        Release.process_key == process, Release.county_id == register.county, Release.digest == digest
    )
    if db.session.scalars(known).one_or_none():
        return None
    if linted:
        ensure_publishable(files, references, register, clauses=_clauses_of_all(seeds))
    highest = select(func.max(Release.number)).where(
        Release.process_key == process, Release.county_id == register.county
    )
    release = Release(
        id=uuid4().hex,
        process_key=process,
        county_id=register.county,
        regulation_id=register.id,
        number=(db.session.scalar(highest) or 0) + 1,
        digest=digest,
        published_at=now,
        published_by=by,
    )
    db.session.add(release)
    db.session.flush()
    for name, content in files.items():
        db.session.add(ReleaseFile(release_id=release.id, name=name, hash=_keep_file(name, content)))
    return release


def _files_of(references: References, register_name: str, seeds: Mapping[str, bytes]) -> dict[str, bytes]:
    names = {*references.files, *(f"{form}.form" for form in references.forms), register_name, OPTIONS_FILE}
    return {name: seeds[name] for name in sorted(names) if name in seeds}


def _forms_of_case(process: str, register: Register, seeds: Mapping[str, bytes]) -> dict[str, bytes]:
    """A further procedure reads the facts of its case, so its release holds the forms that state them."""
    if register.case_process is None or process not in {kind.process for kind in register.procedures}:
        return {}
    names = (f"{form}.form" for form in references_of(seeds, register.case_process).forms)
    return {name: seeds[name] for name in sorted(names) if name in seeds}


def _keep_file(name: str, content: bytes) -> str:
    digest = releases.hash_of(name, content)
    if db.session.get(DefinitionFile, digest) is None:
        db.session.add(DefinitionFile(hash=digest, name=name, content=content))
        db.session.flush()
    return digest


def _keep_regulation(
    register: Register, name: str, content: bytes, seeds: Mapping[str, bytes], *, linted: bool = True
) -> None:
    row = db.session.get(Regulation, register.id) or Regulation(id=register.id)
    row.county_id, row.title, row.document_no = register.county, register.title, register.document_no
    row.status, row.in_force_from, row.in_force_to = register.status, register.in_force_from, register.in_force_to
    row.case_process, row.meeting_process = register.case_process, register.meeting_process
    row.register_hash = _keep_file(name, content)
    row.tables = _keep_tables(register, seeds, linted=linted)
    db.session.add(row)


def _keep_tables(register: Register, seeds: Mapping[str, bytes], *, linted: bool = True) -> dict[str, str]:
    """The tables that assess a case, by id. Raises InvalidDefinitionError: one is missing or wrong."""
    if register.assessment is None:
        return {}
    wanted = sorted(set(register.assessment.tables.values()))
    names = [f"{table}.dmn" for table in wanted]
    files = {name: seeds[name] for name in (*names, OPTIONS_FILE) if name in seeds}
    missing = frozenset(names) - files.keys()
    if linted:
        ensure_publishable(files, References(frozenset(names), missing, frozenset()), register)
    return {table: _keep_file(name, seeds[name]) for table, name in zip(wanted, names, strict=True)}


def _clauses_of_all(seeds: Mapping[str, bytes]) -> frozenset[str]:
    """Clauses of every register: a diagram that two counties share cites both of their regulations."""
    registers = (parse_register(content) for name, content in seeds.items() if name.endswith(".law.yml"))
    return frozenset(clause for register in registers for clause in register.clauses)


def ensure_publishable(
    files: Mapping[str, bytes], references: References, register: Register, *, clauses: frozenset[str] = frozenset()
) -> None:
    """Raises InvalidDefinitionError with every error that the linter finds. `clauses` may be cited besides its own."""
    found = [
        Finding(name, None, "missing-file", N_("引用的文件“%(name)s”不存在。"), {"name": name})
        for name in sorted({*references.missing, *(f"{form}.form" for form in references.forms)})
        if name not in files
    ]
    if not found:
        found = [finding for finding in _form_findings(files) if finding.severity is Severity.ERROR]
    if not found:
        diagrams = {name: content for name, content in files.items() if name.endswith((".bpmn", ".dmn"))}
        found = [
            f
            for f in findings(diagrams, catalogue_of(files, register, clauses=clauses))
            if f.severity is Severity.ERROR
        ]
    if found:
        raise InvalidDefinitionError(tuple(found))


def _form_findings(files: Mapping[str, bytes]) -> Iterator[Finding]:
    options = options_in(files[OPTIONS_FILE])
    for name, content in files.items():
        if name.endswith(".form"):
            yield from lint_file(content, file=name, options=options)


def catalogue_of(files: Mapping[str, bytes], register: Register, *, clauses: frozenset[str] = frozenset()) -> Catalogue:
    """What the diagrams of a release may refer to; `clauses` besides those of its own register."""
    forms = {
        name.removesuffix(".form"): field_types(parse_form(content), options_in(files[OPTIONS_FILE]))
        for name, content in files.items()
        if name.endswith(".form")
    }
    facts = {name: type_ for fields in forms.values() for name, type_ in fields.items()}
    return Catalogue(
        forms=forms,
        roles=frozenset(ROLES),
        clauses=clauses | frozenset(register.clauses),
        operations={key: Operation(key, entry.parameters, entry.result) for key, entry in OPERATIONS.items()},
        case_facts={**facts, **dict.fromkeys(CASE_COLUMNS, "any"), **CASE_EXTRAS},
        meeting_facts={**facts, **dict.fromkeys(MEETING_COLUMNS, "any"), **MEETING_EXTRAS},
        procedure_facts={**facts, **MEETING_EXTRAS},
    )


CASE_EXTRAS = {
    "number": "string",
    "title": "string",
    "county": "string",
    "regulation": "string",
    "status": "string",
    "lead_organ": "string",
    "legal_effect": "boolean",
    "filing_anchor": "date",
    "switches": "context",
}
MEETING_EXTRAS = {"number": "string", "title": "string", "county": "string", "status": "string", "switches": "context"}
