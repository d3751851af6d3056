"""The scenarios that there are, and which of them show a clause, a step or a table row. Reads files, plays nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.scenarios import coverage, script

COVERAGE_FILE = "coverage.yml"
EXCEPTIONS_FILE = "not-reached.yml"


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    """`<folder>/<file>`: the folder is the process that it is about."""
    title: str
    about: str
    shows: tuple[str, ...]
    """Clauses that the scenario names."""


def entries(folder: Path) -> Mapping[str, Entry]:
    """All scenarios of a folder by name. Raises script.ScenarioError for a file that is none."""
    files = sorted(folder.glob("*/*.yml"))
    return _entries(folder, tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=4)
def _entries(folder: Path, files: tuple[tuple[Path, int], ...]) -> Mapping[str, Entry]:
    scenarios = (script.read(path, root=folder) for path, _ in files)
    return {s.name: Entry(s.name, s.title, s.about, s.shows) for s in scenarios}


def reached(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Element (`process/Step`, `process/From -> To`, `table#row`) -> names of scenarios, as the kept file says."""
    path = folder / COVERAGE_FILE
    return _reached(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=4)
def _reached(path: Path, _changed: int) -> Mapping[str, tuple[str, ...]]:
    return coverage.read(path.read_text("utf-8"))


def scenarios_of(clause: str, folder: Path, *, carried_by: Iterable[str] = ()) -> tuple[Entry, ...]:
    """Scenarios that name a clause, then those that reach one of its carriers (`process/Step`, `table#row`)."""
    known, by_element = entries(folder), reached(folder)
    named = [entry for entry in known.values() if clause in entry.shows]
    passing = [known[name] for element in carried_by for name in by_element.get(element, ()) if name in known]
    return tuple(dict.fromkeys([*named, *passing]))
