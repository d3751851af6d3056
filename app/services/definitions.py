"""Publishing definition files, and the definitions that proceedings run on."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import structlog

from app.domain.errors import N_, DomainError
from app.engine.parse import Definition, parse
from app.feel import FeelType
from app.forms.parse import Form, parse_form
from app.forms.schema import IDENTITY_NUMBER, type_of
from app.law.register import Register
from app.law.register import parse as parse_register
from app.services import linting, publishing
from app.services.linting import OPTIONS_FILE, catalogue_of
from app.storage import journal, releases, studio
from app.storage.transaction import transaction

__all__ = ["OPTIONS_FILE", "catalogue_of"]

log = structlog.get_logger()


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


@lru_cache(maxsize=256)
def unstated(release_id: str) -> Mapping[str, None]:
    """Each of them without a value."""
    return dict.fromkeys(fact_names(release_id))


@lru_cache(maxsize=256)
def column_types(release_id: str, table: str) -> Mapping[str, FeelType]:
    """FEEL types of the columns of tables of that name, in whichever form of the release; no identity number is one."""
    forms = (parse_form(content) for name, content in releases.files_of(release_id).items() if name.endswith(".form"))
    tables = (field for form in forms for field in form.fields if field.key == table and field.type == "table")
    columns = (column for field in tables for column in field.columns if column.type != IDENTITY_NUMBER)
    return {column.key: type_of(column, None) for column in columns if column.key}


def options_of(release_id: str) -> bytes:
    return releases.file_of(release_id, OPTIONS_FILE)


def register_of(release_id: str) -> Register:
    return parse_register(releases.register_file_of(release_id))


def read_seeds(processes: Path, forms: Path) -> dict[str, bytes]:
    """All definition files of the two seed folders by their release names."""
    seeds = {path.name: path.read_bytes() for path in sorted(processes.iterdir()) if path.is_file()}
    for path in sorted((processes / "scenarios").glob("*/*.yml")):
        seeds[path.relative_to(processes).as_posix()] = path.read_bytes()
    for path in sorted(forms.rglob("*.form")):
        seeds[path.relative_to(forms).as_posix()] = path.read_bytes()
    for path in sorted((forms / "letters").glob("*.docx")):
        seeds[path.relative_to(forms).as_posix()] = path.read_bytes()
    seeds[OPTIONS_FILE] = (forms / OPTIONS_FILE).read_bytes()
    return seeds


def publish_seeds(processes: Path, forms: Path, *, by: str, now: datetime) -> list[str]:
    """Publish every process that a register names, where its content is new. Returns `<process> <number>` of each.

    What the studio of a county published is never replaced. Where a new seed does not fit to it the county keeps its
    releases as they are, and the log says so.

    Raises:
        InvalidDefinitionError: with the linter's findings; nothing was published.
    """
    seeds = read_seeds(processes, forms)
    digest = journal.digest_of({name: releases.hash_of(name, content) for name, content in seeds.items()})
    published: list[str] = []
    with transaction():
        if journal.last_object("seeds") == digest:  # nothing is parsed where nothing changed
            return []
        registers = linting.registers_in(seeds)
        clauses = linting.clauses_in(registers.values())
        for county_id in dict.fromkeys(register.county for register in registers.values()):
            published += _publish_county(county_id, seeds, clauses, by, now)
        journal.write_administrative("seeds", actor=by, act="publish", object_=digest, payload=published, now=now)
    return published


def _publish_county(
    county_id: str, seeds: Mapping[str, bytes], clauses: frozenset[str], by: str, now: datetime
) -> list[str]:
    studio.hold_county(county_id)
    rows = studio.rows_of_county(county_id)
    own = {name: row.hash for name, row in rows.items() if row.by_studio}
    files = {name: content for name, content in seeds_of(county_id, seeds).items() if name not in own}
    files |= studio.contents_of({name: digest for name, digest in own.items() if digest is not None})
    try:
        plan = publishing.plan_of(county_id, files, clauses=clauses)
    except DomainError as refusal:
        if not own:
            raise
        log.warning("seeds do not fit to what the studio published", county=county_id, why=str(refusal))
        return []
    made = publishing.make_releases(plan, by=by, now=now)
    publishing.keep_county(
        county_id,
        files,
        draft_id=None,
        made=made,
        title=N_("随程序发布"),
        notes="",
        editors=[],
        scenarios="",
        by=by,
        by_name="",
        now=now,
    )
    return [f"{release.process_key} {release.number}" for release in made]


def seeds_of(county_id: str, seeds: Mapping[str, bytes]) -> dict[str, bytes]:
    """The seeds that a county uses: what its registers reach, and the scenarios that play in it."""
    held = {OPTIONS_FILE} & seeds.keys()
    for name, register in linting.registers_in(seeds).items():
        if register.county != county_id:
            continue
        for process in register.processes:
            held |= linting.closure_of(process, register, name, seeds).files.keys()
        if (tables := linting.tables_of(register, seeds)) is not None:
            held |= tables.files.keys()
        held.add(name)
    held |= {name for name in seeds if name.startswith(SCENARIOS) and _county_of_scenario(name, seeds) == county_id}
    return {name: seeds[name] for name in sorted(held)}


def _county_of_scenario(name: str, seeds: Mapping[str, bytes]) -> str:
    """Said in its head, or in that of the scenario which it continues."""
    seen: set[str] = set()
    while name in seeds and name not in seen:
        seen.add(name)
        if found := _COUNTY.search(seeds[name]):
            return found[1].decode()
        before = _CONTINUES.search(seeds[name])
        name = f"{SCENARIOS}{before[1].decode()}.yml" if before else ""
    return ""


SCENARIOS = "scenarios/"
_COUNTY = re.compile(rb"^county: *([\w-]+)", re.M)
_CONTINUES = re.compile(rb"^continues: *([\w/-]+)", re.M)
