"""What a set of plays has reached of the diagrams and tables, and what it has not.

An element is written `process/Step`, `process/From -> To` (a sequence flow) or `table#row`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app import yamlfiles
from app.scenarios.theatre import Report
from app.services.rehearsal import Outline, Passage

HEADER = """\
# Which scenarios reach which step, sequence flow and table row, without what the scenario that they continue reached.
# Written by `wenze scenarios coverage --write`; a test holds it against what the scenarios really reach.
"""
ARROW = " -> "


@dataclass(frozen=True, slots=True)
class Coverage:
    reached: Mapping[str, tuple[str, ...]]
    """Element -> names of the scenarios that reach it, for every element there is."""
    groups: Mapping[str, tuple[str, ...]]
    """Process or table -> its elements."""

    def missing(self) -> list[str]:
        """Elements that no scenario reaches."""
        return [element for element, scenarios in self.reached.items() if not scenarios]

    def lines(self) -> Iterator[tuple[str, str, str, str]]:
        """Name, steps, sequence flows, rows as `reached/all`, one line a process or table."""
        for name, elements in self.groups.items():
            rows = [element for element in elements if "#" in element]
            flows = [element for element in elements if ARROW in element]
            steps = [element for element in elements if "#" not in element and ARROW not in element]
            yield name, self._share(steps), self._share(flows), self._share(rows)

    def _share(self, elements: list[str]) -> str:
        return f"{sum(bool(self.reached[element]) for element in elements)}/{len(elements)}" if elements else ""

    def text(self) -> str:
        """The coverage as the file that is kept beside the scenarios."""
        lines = [HEADER]
        for name, elements in self.groups.items():
            lines.append(f"{name}:\n")
            lines += [f"  {_local(element, name)}: [{', '.join(self.reached[element])}]\n" for element in elements]
        return "".join(lines)


def of(reports: Iterable[Report], outlines: Mapping[str, Outline]) -> Coverage:
    """What the plays reached of the processes and of the tables that these ask."""
    found: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        for element in elements_of(report.passed, outlines):
            found[element].add(report.scenario)
    groups = _groups(outlines)
    return Coverage({e: tuple(sorted(found[e])) for group in groups.values() for e in group}, groups)


def elements_of(passed: Iterable[Passage], outlines: Mapping[str, Outline]) -> set[str]:
    """The elements behind passages. What the library drew for itself, and passages of other processes, are left out."""
    elements = set()
    for passage in passed:
        elements |= {f"{passage.table}#{row}" for row in passage.rows}
        outline = outlines.get(passage.process_key)
        if outline is None:
            continue
        elements.add(f"{passage.process_key}/{passage.step_id}")
        if (passage.came_from, passage.step_id) in outline.flows:
            elements.add(f"{passage.process_key}/{passage.came_from}{ARROW}{passage.step_id}")
    return elements


def elements_in(outlines: Mapping[str, Outline], names: Collection[str]) -> list[str]:
    """All there is to reach in some of the processes and tables."""
    return [element for group, elements in _groups(outlines).items() if group in names for element in elements]


def read(text: str) -> dict[str, tuple[str, ...]]:
    """Element -> scenarios, from the kept file."""
    data: Mapping[str, Mapping[str, Any]] = yamlfiles.read(text) or {}
    return {
        f"{name}{element}" if element.startswith("#") else f"{name}/{element}": tuple(scenarios or ())
        for name, elements in data.items()
        for element, scenarios in elements.items()
    }


def _groups(outlines: Mapping[str, Outline]) -> dict[str, tuple[str, ...]]:
    tables: dict[str, tuple[str, ...]] = {}
    for outline in outlines.values():
        tables.update(outline.tables)
    processes = {
        name: (
            *(f"{name}/{step}" for step in outline.steps),
            *dict.fromkeys(f"{name}/{source}{ARROW}{target}" for source, target in outline.flows),
        )
        for name, outline in sorted(outlines.items())
    }
    rows = {table: tuple(f"{table}#{row}" for row in ids) for table, ids in sorted(tables.items())}
    return {name: (*processes.get(name, ()), *rows.get(name, ())) for name in dict.fromkeys((*processes, *rows))}


def _local(element: str, group: str) -> str:
    """An element as its group writes it; a row keeps its mark, which YAML would take for a comment."""
    rest = element.removeprefix(group)
    return f'"{rest}"' if rest.startswith("#") else rest.removeprefix("/")
