"""What a regulation runs on today: the latest releases of its processes, their steps and their tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import func, select

from app.domain.errors import NotFoundError
from app.engine.decisions import DecisionTable, read_table
from app.engine.parse import Step
from app.engine.parse import parse as parse_definition
from app.engine.sources import read_source
from app.extensions import db
from app.law.register import Register
from app.law.register import parse as parse_register
from app.storage.models import Release
from app.storage.regulations import register_files
from app.storage.releases import files_of, tables_of_regulation


@dataclass(frozen=True, slots=True)
class Published:
    """Steps by `process/step` and tables by id, each with the release that it is read from."""

    steps: Mapping[str, Step]
    tables: Mapping[str, DecisionTable]
    release_of_process: Mapping[str, str]
    release_of_table: Mapping[str, str]
    """Without the tables that no procedure asks."""
    main: tuple[str, ...]
    """Processes that start by themselves; the others are called by them."""


def registers() -> dict[str, Register]:
    """The current register of every regulation of every county, by the regulation's id."""
    return {key: parse_register(content) for key, content in register_files().items()}


def published_of(regulation_id: str) -> Published:
    """With the tables that assess a case apart from any procedure. Empty where nothing is published."""
    return _with_assessment(_latest_releases(regulation_id), tuple(sorted(tables_of_regulation(regulation_id).items())))


def published_in(release_id: str, process_key: str) -> Published:
    """What a proceeding runs on: its own release, whatever was published later."""
    return _published(((process_key, release_id),))


def _latest_releases(regulation_id: str) -> tuple[tuple[str, str], ...]:
    """Process and id of the highest release of each process of a regulation."""
    highest = (
        select(Release.process_key, Release.county_id, func.max(Release.number).label("number"))
        .where(Release.regulation_id == regulation_id)
        .group_by(Release.process_key, Release.county_id)
        .subquery()
    )
    query = select(Release.process_key, Release.id).join(
        highest,
        (Release.process_key == highest.c.process_key)
        & (Release.county_id == highest.c.county_id)
        & (Release.number == highest.c.number),
    )
    return tuple(sorted((key, id_) for key, id_ in db.session.execute(query)))


@lru_cache(maxsize=128)
def _published(releases: tuple[tuple[str, str], ...]) -> Published:
    steps: dict[str, Step] = {}
    tables: dict[str, DecisionTable] = {}
    release_of_process: dict[str, str] = {}
    release_of_table: dict[str, str] = {}
    for process_key, release_id in releases:
        files = {name: data for name, data in files_of(release_id).items() if name.endswith((".bpmn", ".dmn"))}
        definition = parse_definition(files, process_key)
        for step in definition.steps_by_process.values():
            steps.setdefault(f"{step.process_key}/{step.id}", step)
            release_of_process.setdefault(step.process_key, release_id)
        for table in definition.tables.values():
            tables.setdefault(table.id, table)
            release_of_table.setdefault(table.id, release_id)
    return Published(steps, tables, release_of_process, release_of_table, tuple(key for key, _ in releases))


@lru_cache(maxsize=32)
def _with_assessment(releases: tuple[tuple[str, str], ...], files: tuple[tuple[str, bytes], ...]) -> Published:
    procedure = _published(releases)
    tables = {key: read_table(read_source(data)) for key, data in files if key not in procedure.tables}
    return replace(procedure, tables={**procedure.tables, **tables})


def find_process(process_key: str, regulation_id: str | None) -> tuple[str, Published]:
    """The regulation that a process belongs to, and what it runs on. Raises NotFoundError.

    Several regulations may share a process; without a regulation the first of them answers.
    """
    return _find(lambda published: process_key in published.release_of_process, regulation_id)


def find_table(table_id: str, regulation_id: str | None) -> tuple[str, Published]:
    """The same for a decision table."""
    return _find(lambda published: table_id in published.tables, regulation_id)


def _find(fits: Callable[[Published], bool], regulation_id: str | None) -> tuple[str, Published]:
    for key in register_files():
        if regulation_id in (None, key) and fits(published := published_of(key)):
            return key, published
    raise NotFoundError
