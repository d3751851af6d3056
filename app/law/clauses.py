"""One clause of a regulation as its register says it, and what may carry a clause."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.errors import N_, InvalidFileError


class Modality(StrEnum):
    """What a clause does."""

    DECLARATION = "DECLARATION"
    CONDITION = "CONDITION"
    OBLIGATION = "OBLIGATION"
    PERMISSION = "PERMISSION"
    PROHIBITION = "PROHIBITION"


class CarrierKind(StrEnum):
    STEP = "STEP"
    """A task, event or gateway of a diagram: `process/step`."""
    ROW = "ROW"
    """A row of a decision table: `table#row`."""
    TABLE = "TABLE"
    """A whole decision table: `table`."""
    CHECK = "CHECK"
    REPORT = "REPORT"
    SWITCH = "SWITCH"
    PAGE = "PAGE"
    """A screen, by its endpoint."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries a clause, as the register writes it."""

    kind: CarrierKind
    name: str
    """Process, table, check, report, switch or endpoint."""
    part: str = ""
    """Id of the step or row."""

    def __str__(self) -> str:
        if self.kind is CarrierKind.STEP:
            return f"{self.name}/{self.part}"
        if self.kind in (CarrierKind.ROW, CarrierKind.TABLE):
            return f"{self.name}#{self.part}" if self.part else self.name
        return f"{self.kind.lower()}:{self.name}"


@dataclass(frozen=True, slots=True)
class Clause:
    id: str
    regulation: str
    article: str
    """The citation by which the text names it, e.g. 第十三条第一款第（四）项."""
    modality: Modality
    actor: str
    """Who acts; empty where nobody does."""
    trigger: str
    reading: str
    """Our own one-line reading, never the official wording."""
    deadline: str | None
    period: str | None
    """The deadline as an ISO duration, where it can be counted."""
    in_force_from: date
    in_force_to: date | None
    source: str
    carriers: tuple[Carrier, ...]
    declaratory: str | None
    """Why nothing has to carry it."""

    @property
    def anchor(self) -> str:
        """Id of its place on the regulation's page."""
        return anchor_of(self.id)

    @property
    def carried_by(self) -> tuple[str, ...]:
        return tuple(str(carrier) for carrier in self.carriers)


def anchor_of(clause_id: str) -> str:
    return re.sub(r"[^\w.]+", "-", clause_id).strip("-")


_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PATTERNS = (
    (CarrierKind.STEP, re.compile(r"(?P<name>[a-z0-9-]+)/(?P<part>\w+)")),
    (CarrierKind.ROW, re.compile(r"(?P<name>[a-z0-9-]+)#(?P<part>\w+)")),
    (CarrierKind.CHECK, re.compile(r"check:(?P<name>[a-z0-9-]+)")),
    (CarrierKind.REPORT, re.compile(r"report:(?P<name>[a-z0-9-]+)")),
    (CarrierKind.SWITCH, re.compile(r"switch:(?P<name>\w+)")),
    (CarrierKind.PAGE, re.compile(r"page:(?P<name>[\w.]+)")),
    (CarrierKind.TABLE, re.compile(rf"(?P<name>{_PLAIN.pattern})")),
)


def carrier_of(text: str) -> Carrier | None:
    """The carrier that a word of the register names, None for a word of no known shape."""
    for kind, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            groups = found.groupdict()
            return Carrier(kind, groups["name"], groups.get("part") or "")
    return None


_REQUIRED = ("article", "modality", "reading")
_KNOWN = {
    *("id", "actor", "trigger", "deadline", "period", "in_force_from", "in_force_to", "source"),
    *("carried_by", "declaratory", *_REQUIRED),
}


def clauses_of(data: Any, *, regulation: str, in_force_from: date, in_force_to: date | None) -> dict[str, Clause]:
    """The clauses of a register by id, in its order. Raises InvalidFileError with a sentence for its author."""
    found: dict[str, Clause] = {}
    for position, item in enumerate(data, 1):
        if not isinstance(item, Mapping) or not item.get("id"):
            raise InvalidFileError(N_("条款登记文件第%(position)s条没有编号。"), position=position)
        clause = _clause(item, regulation, in_force_from, in_force_to)
        if clause.id in found:
            raise InvalidFileError(N_("条款“%(id)s”登记了两次。"), id=clause.id)
        found[clause.id] = clause
    return found


def _clause(data: Mapping[str, Any], regulation: str, start: date, end: date | None) -> Clause:
    key = str(data["id"])
    for name in data:
        if name not in _KNOWN:
            raise InvalidFileError(N_("条款“%(id)s”有不认识的栏目“%(name)s”。"), id=key, name=name)
    for name in _REQUIRED:
        if not data.get(name):
            raise InvalidFileError(N_("条款“%(id)s”没有填写“%(name)s”。"), id=key, name=name)
    if data["modality"] not in set(Modality):
        raise InvalidFileError(N_("条款“%(id)s”的性质“%(name)s”不存在。"), id=key, name=data["modality"])
    if data.get("carried_by") and data.get("declaratory"):
        raise InvalidFileError(N_("条款“%(id)s”不能既写明由谁落实，又写明无须落实。"), id=key)
    return Clause(
        id=key,
        regulation=regulation,
        article=str(data["article"]),
        modality=Modality(data["modality"]),
        actor=str(data.get("actor") or ""),
        trigger=str(data.get("trigger") or ""),
        reading=str(data["reading"]),
        deadline=data.get("deadline"),
        period=data.get("period"),
        in_force_from=day_of(data.get("in_force_from")) or start,
        in_force_to=day_of(data.get("in_force_to")) or end,
        source=str(data.get("source") or ""),
        carriers=tuple(_carrier(key, word) for word in data.get("carried_by") or ()),
        declaratory=data.get("declaratory"),
    )


def _carrier(clause_id: str, word: Any) -> Carrier:
    carrier = carrier_of(str(word))
    if carrier is None:
        raise InvalidFileError(N_("条款“%(id)s”的落实方式“%(name)s”无法识别。"), id=clause_id, name=word)
    return carrier


def day_of(value: Any) -> date | None:
    """A date of a YAML file, written as a date or as text."""
    if not value:
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))
