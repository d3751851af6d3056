"""The clause register of a regulation: its names, numbers, stages, switches, and every clause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import yaml

from app.domain.errors import N_, InvalidFileError


@dataclass(frozen=True, slots=True)
class Clause:
    id: str
    article: str
    modality: str
    reading: str
    """Our own one-line reading, never the official wording."""
    deadline: str | None
    carried_by: tuple[str, ...]
    declaratory: str | None


@dataclass(frozen=True, slots=True)
class Stage:
    """One point of the stepper; reached when one of its steps (`process/step`) opens."""

    key: str
    zh: str
    en: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    id: str
    county: str
    title: str
    short_title: str
    document_no: str
    issuer: str
    status: str
    in_force_from: date
    in_force_to: date | None
    case_process: str | None
    meeting_process: str | None
    number_formats: Mapping[str, str]
    """Kind of number -> format with {year} and {serial}."""
    stages: tuple[Stage, ...]
    switches: Mapping[str, Any]
    clauses: Mapping[str, Clause]
    notices: tuple[str, ...]

    def stage_of(self, process_key: str, step_id: str) -> str | None:
        """The stage that a step belongs to, or None when it belongs to no point of the stepper."""
        name = f"{process_key}/{step_id}"
        return next((stage.key for stage in self.stages if name in stage.steps), None)

    def clauses_of(self, ids: tuple[str, ...] | list[str]) -> tuple[Clause, ...]:
        return tuple(self.clauses[clause] for clause in ids if clause in self.clauses)


@lru_cache(maxsize=64)
def parse(content: bytes) -> Register:
    """The register in a file. Raises InvalidFileError with a sentence for its author."""
    try:
        data = yaml.safe_load(content)
        return Register(
            id=data["id"],
            county=data["county"],
            title=data["title"],
            short_title=data.get("short_title", data["title"]),
            document_no=data["document_no"],
            issuer=data.get("issuer", ""),
            status=data["status"],
            in_force_from=_day(data["in_force_from"]),
            in_force_to=_day(data["in_force_to"]) if data.get("in_force_to") else None,
            case_process=data.get("case_process"),
            meeting_process=data.get("meeting_process"),
            number_formats=_formats(data),
            stages=tuple(_stage(stage) for stage in data.get("stages") or ()),
            switches=_switches(data.get("switches") or {}),
            clauses={clause["id"]: _clause(clause) for clause in data["clauses"]},
            notices=tuple(str(notice) for notice in data.get("notices") or ()),
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidFileError(N_("条款登记文件无法读取：%(why)s"), why=str(error)) from error


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _formats(data: Mapping[str, Any]) -> dict[str, str]:
    formats = dict(data.get("number_formats") or {})
    formats.setdefault("CASE", data.get("number_format", "{year}-{serial:04d}"))
    return formats


def _stage(data: Mapping[str, Any]) -> Stage:
    return Stage(data["key"], data["zh"], data["en"], tuple(data.get("steps") or ()))


def _switches(data: Any) -> dict[str, Any]:
    """A switch is written plainly (`dayCount: CALENDAR`) or with its reasons (`dayCount: {default: CALENDAR, …}`)."""
    items = data.items() if isinstance(data, Mapping) else ((switch["id"], switch) for switch in data)
    return {
        name: value.get("default", value.get("value")) if isinstance(value, Mapping) else value for name, value in items
    }


def _clause(data: Mapping[str, Any]) -> Clause:
    return Clause(
        id=data["id"],
        article=data["article"],
        modality=str(data.get("modality", "")),
        reading=data["reading"],
        deadline=data.get("deadline"),
        carried_by=tuple(data.get("carried_by") or ()),
        declaratory=data.get("declaratory"),
    )
