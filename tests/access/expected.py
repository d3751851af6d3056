"""`expectations.yml`: who is let in where. Everything that is not listed there fails."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app import yamlfiles

FILE = Path(__file__).with_name("expectations.yml")
Place = tuple[str, str]
"""Route, and what it is about."""


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yamlfiles.read(FILE.read_text("utf-8"))
    return data


def readers() -> dict[Place, frozenset[str]]:
    """Who is let in at each place."""
    return _listed("readings")


def writers() -> dict[Place, frozenset[str]]:
    """Who does what each address that writes is there for, `written`; and who is turned back with a reason, `told`."""
    return _listed("writings")


def canary_readers() -> dict[str, dict[str, frozenset[str]]]:
    """Who may meet the sentences of a side, by kind of proceeding (`case`, `meeting`)."""
    return {
        kind: {side: frozenset(people) for side, people in sides.items()}
        for kind, sides in _data()["sentences"].items()
    }


def strangers_told() -> frozenset[str]:
    """Addresses that write, where who is not signed in meets something else than the door."""
    return frozenset(_data()["strangers_told"])


def open_to_strangers() -> frozenset[str]:
    return frozenset(_data()["strangers"])


def _listed(part: str) -> dict[Place, frozenset[str]]:
    found: dict[Place, frozenset[str]] = {}
    for group in _data()[part]:
        for route, abouts in group["routes"].items():
            for about in abouts or [""]:
                assert (route, about) not in found, f"listed twice: {route} {about}"
                found[route, about] = frozenset(group["who"])
    return found


def written(seen: Mapping[Place, Iterable[str]]) -> str:
    """The lines of the file that say what was seen; to be read by a person before they are believed."""
    groups: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for (route, about), people in sorted(seen.items()):
        groups.setdefault(tuple(people), {}).setdefault(route, []).append(about)
    lines: list[str] = []
    for people, routes in sorted(groups.items(), key=lambda item: (-len(item[0]), item[0])):
        lines += [f"  - who: [{', '.join(people)}]", "    routes:"]
        lines += [f'      "{route}": [{", ".join(a for a in abouts if a)}]' for route, abouts in sorted(routes.items())]
    return "\n".join(lines)
