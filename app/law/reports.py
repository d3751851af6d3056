"""What the yearly sheet and the bulletin of a regulation contain: a section of its register, never a program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.domain.errors import N_, InvalidFileError


class Measure(StrEnum):
    """What can be counted of lost cases. An indicator names one, and the facts it is counted from."""

    LOSSES = "LOSSES"
    """Lost cases; each series is counted case by case and once."""
    BY_REFERENCE = "BY_REFERENCE"
    """Cases treated like lost ones."""
    LOSS_RATE = "LOSS_RATE"
    """Lost cases of those that courts closed; `switch` decides which of the two totals."""
    FILED_ON_TIME = "FILED_ON_TIME"
    """Filed in time, of those that were due."""
    FILED_LATE = "FILED_LATE"
    NOT_FILED = "NOT_FILED"
    STEP_TAKEN = "STEP_TAKEN"
    """Cases in which one of `steps` opened."""
    LISTED_UNFILED = "LISTED_UNFILED"
    """Documents on lists of courts that nobody registered."""
    FACT = "FACT"
    """Cases in which `fact` is true, of those in which it is stated."""
    WITHIN = "WITHIN"
    """Cases in which the day `fact` came at most `period` after the day `since`, or by the day `extended_to`."""
    PROCEDURE_FACT = "PROCEDURE_FACT"
    """Further procedures `procedure` about the organ `organ` in which `fact` is true; by the day `since`."""
    EXECUTED = "EXECUTED"
    """Responsible subjects whose decision was carried out, of those held accountable."""


SHEETS = frozenset({"assessment", "bulletin"})
"""The reports that have a page: keys of the section."""
FILING = frozenset({Measure.FILED_ON_TIME, Measure.FILED_LATE, Measure.NOT_FILED})
"""A sheet with one of these counts filings; without, a late filing is nobody's fault."""
_NEEDED: Mapping[Measure, tuple[str, ...]] = {
    Measure.LOSS_RATE: ("switch",),
    Measure.STEP_TAKEN: ("steps",),
    Measure.FACT: ("fact",),
    Measure.WITHIN: ("fact", "since", "period"),
    Measure.PROCEDURE_FACT: ("fact", "since", "procedure", "organ"),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    key: str
    zh: str
    en: str
    measure: Measure
    clauses: tuple[str, ...]
    fact: str = ""
    since: str = ""
    due: str = ""
    period: str = ""
    extended_to: str = ""
    procedure: str = ""
    organ: str = ""
    switch: str = ""
    steps: tuple[str, ...] = ()
    """`process/step`."""
    where: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Facts that a case must have to be counted."""


@dataclass(frozen=True, slots=True)
class Report:
    zh: str
    en: str
    clauses: tuple[str, ...]
    note: str = ""
    """What a reader must know to read the figures (Chinese; a message id)."""
    unless: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Facts by which a person took a case out of the count."""
    indicators: tuple[Indicator, ...] = ()

    @property
    def counts_filing(self) -> bool:
        return any(indicator.measure in FILING for indicator in self.indicators)


def reports_of(data: Any) -> dict[str, Report]:
    """The section `reports` of a register. Raises KeyError, ValueError, TypeError for its author."""
    return {key: _report(value) for key, value in (data or {}).items()}


def _report(data: Mapping[str, Any]) -> Report:
    return Report(
        zh=data["zh"],
        en=data["en"],
        clauses=tuple(data.get("clauses") or ()),
        note=data.get("note", ""),
        unless=dict(data.get("unless") or {}),
        indicators=tuple(_indicator(item) for item in data.get("indicators") or ()),
    )


def _indicator(data: Mapping[str, Any]) -> Indicator:
    if data["measure"] not in set(Measure):
        sentence = N_("考核指标“%(key)s”的统计方法“%(measure)s”不存在，可以用：%(menu)s。")
        raise InvalidFileError(sentence, key=data["key"], measure=data["measure"], menu="、".join(Measure))
    measure = Measure(data["measure"])
    for name in _NEEDED.get(measure, ()):
        data[name]  # a KeyError says what is missing
    words = {name: str(data.get(name, "")) for name in INDICATOR_WORDS}
    return Indicator(
        key=data["key"],
        zh=data["zh"],
        en=data["en"],
        measure=measure,
        clauses=tuple(data.get("clauses") or ()),
        steps=tuple(data.get("steps") or ()),
        where=dict(data.get("where") or {}),
        **words,
    )


INDICATOR_WORDS = ("fact", "since", "due", "period", "extended_to", "procedure", "organ", "switch")
