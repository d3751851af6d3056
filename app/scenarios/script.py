"""A scenario as a file, and where it is wrong. docs/how-to-write-a-scenario.md explains the words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.scenarios.world import read_yaml


class ScenarioError(Exception):
    """The play cannot go on; the message says at which step and why."""


HEAD = {"title", "about", "shows", "county", "begins", "continues", "acts"}
ANYWHERE = {"day", "note", "then"}
ACTS: Mapping[str, frozenset[str]] = {
    "open": frozenset({"by", "organ", "published", "answers"}),
    "meeting": frozenset({"by", "cases", "answers"}),
    "procedure": frozenset({"by", "kind", "about", "subject", "answers"}),
    "do": frozenset({"of", "by", "for", "answers", "refused"}),
    "play": frozenset({"until", "leave", "answers"}),
    "wait": frozenset(),
    "wait_until": frozenset(),
    "message": frozenset({"to", "key", "with"}),
    "rule": frozenset({"regulation", "to", "by", "organ"}),
    "add_subject": frozenset({"to", "by", "organ", "role"}),
    "decide": frozenset({"facts", "rows", "gives"}),
    "look": frozenset(),
}
"""The verb of an act -> what else it may say."""


@dataclass(frozen=True, slots=True)
class Act:
    number: int
    """From 1, as a reader counts."""
    verb: str
    what: Any
    day: date | None
    said: Mapping[str, Any]
    then: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    """Path below the folder of scenarios without its ending: `filing/late_filing`."""
    title: str
    about: str
    shows: tuple[str, ...]
    """Clauses."""
    county: str
    begins: date | None
    """None where it continues another scenario."""
    continues: str | None
    acts: tuple[Act, ...]


def read(path: Path, *, root: Path) -> Scenario:
    """The scenario in a file below `root`. Raises ScenarioError."""
    return parse(read_yaml(path), name=path.relative_to(root).with_suffix("").as_posix())


def parse(data: Any, *, name: str) -> Scenario:
    """A scenario from what its file says. Raises ScenarioError."""
    if not isinstance(data, Mapping):
        raise ScenarioError(f"{name}: the file is not a scenario")
    _ensure_known(data, HEAD, where=name)
    for key in ("title", "shows", "acts"):
        if not data.get(key):
            raise ScenarioError(f"{name}: `{key}` is missing")
    if ("continues" in data) == ("county" in data and "begins" in data):
        raise ScenarioError(f"{name}: say either `continues`, or both `county` and `begins`")
    return Scenario(
        name=name,
        title=str(data["title"]),
        about=str(data.get("about", "")).strip(),
        shows=tuple(map(str, data["shows"])),
        county=str(data.get("county", "")),
        begins=_day(data["begins"], where=name) if "begins" in data else None,
        continues=data.get("continues"),
        acts=tuple(act(said, number, name=name) for number, said in enumerate(data["acts"], 1)),
    )


def act(data: Any, number: int, *, name: str) -> Act:
    """An act from what a file says about it; `name` is the scenario's, for messages. Raises ScenarioError."""
    where = f"{name}, act {number}"
    if not isinstance(data, Mapping):
        raise ScenarioError(f"{where}: not an act: {data!r}")
    verbs = [verb for verb in ACTS if verb in data]
    if len(verbs) != 1:
        raise ScenarioError(f"{where}: exactly one of {', '.join(ACTS)} is expected, not {sorted(map(str, data))}")
    verb = verbs[0]
    _ensure_known(data, {verb} | ACTS[verb] | ANYWHERE, where=where)
    return Act(
        number=number,
        verb=verb,
        what=data[verb],
        day=_day(data["day"], where=where) if "day" in data else None,
        said={key: value for key, value in data.items() if key in ACTS[verb]},
        then=data.get("then") or {},
    )


def _ensure_known(data: Mapping[Any, Any], known: set[str] | frozenset[str], *, where: str) -> None:
    unknown = [key for key in data if key not in known]
    if unknown:
        hint = " (YAML reads an unquoted on, off, yes or no as a truth value)" if {True, False} & set(unknown) else ""
        raise ScenarioError(f"{where}: unknown words {unknown}{hint}; known are {sorted(known)}")


def _day(value: Any, *, where: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ScenarioError(f"{where}: not a day: {value!r}") from None
