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


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of all scenarios of a folder."""

    entries: Mapping[str, Entry]
    by_element: Mapping[str, tuple[str, ...]]
    """As `reached` says."""

    def of_clause(self, clause: str, *, carried_by: Iterable[str] = ()) -> tuple[Entry, ...]:
        """Scenarios that name a clause, then those that reach one of its carriers (`process/Step`, `table#row`)."""
        named = [entry for entry in self.entries.values() if clause in entry.shows]
        names = (name for element in carried_by for name in self.by_element.get(element, ()))
        passing = [self.entries[name] for name in names if name in self.entries]
        return tuple(dict.fromkeys([*named, *passing]))


def known(folder: Path) -> Known:
    """Raises script.ScenarioError for a file that is no scenario."""
    return Known(entries(folder), reached(folder))


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
