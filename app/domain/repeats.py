"""Repetition: has the same subject committed the same kind of fault before, within the year?

Computed from history alone. Cases of one series are one fault event, so an entry of the matter's own series does not
count. What counts as the same subject, which year and which day is meant, and what is the same kind of fault, are rule
settings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.deadlines import add_months


class RepeatKey(StrEnum):
    """Who has to be the same."""

    PERSON = "PERSON"
    ORGAN = "ORGAN"
    BOTH = "BOTH"
    """The person or the organ."""


class RepeatWindow(StrEnum):
    ROLLING_YEAR = "ROLLING_YEAR"
    """To the corresponding day of the next year, that day included."""
    CALENDAR_YEAR = "CALENDAR_YEAR"


class DateBasis(StrEnum):
    """Which day the year is counted from, and to."""

    ACT_DATE = "ACT_DATE"
    DOCUMENT_DATE = "DOCUMENT_DATE"
    DECISION_DATE = "DECISION_DATE"


class SameType(StrEnum):
    FAULT_CODE = "FAULT_CODE"
    """The same item of the list of faults."""
    AREA = "AREA"
    """The same field of administration, whatever the fault."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of a matter, as far as they are known."""

    act: date | None = None
    document: date | None = None
    """Of the court's or reviewing organ's document."""
    decision: date | None = None
    """Of the decision that holds somebody to account."""

    def on(self, basis: DateBasis) -> date | None:
        return {
            DateBasis.ACT_DATE: self.act,
            DateBasis.DOCUMENT_DATE: self.document,
            DateBasis.DECISION_DATE: self.decision,
        }[basis]


@dataclass(frozen=True, slots=True)
class PastFault:
    """One fault of an earlier decided matter."""

    fault: str
    act_date: date | None
    person_id: str | None = None
    organ_id: str | None = None
    series_id: str | None = None
    case_no: str | None = None
    area: str | None = None
    document_date: date | None = None
    decision_date: date | None = None

    @property
    def dates(self) -> Dates:
        return Dates(self.act_date, self.document_date, self.decision_date)


@dataclass(frozen=True, slots=True)
class Matter:
    """What is being judged. Without a date, or without the field of administration where that is asked for, nothing
    can be said to repeat."""

    faults: frozenset[str]
    act_date: date | None
    series_id: str | None = None
    people: frozenset[str] = frozenset()
    organs: frozenset[str] = frozenset()
    area: str | None = None
    document_date: date | None = None
    decision_date: date | None = None
    """The day on which the decision is being made."""

    @property
    def dates(self) -> Dates:
        return Dates(self.act_date, self.document_date, self.decision_date)


@dataclass(frozen=True, slots=True)
class Repeats:
    by_key: tuple[PastFault, ...]
    """Earlier faults of the same subject, as the setting understands it."""
    by_organ: tuple[PastFault, ...]
    """Earlier faults where only the organ is the same."""


def find_repeats(
    history: Iterable[PastFault],
    matter: Matter,
    *,
    key: RepeatKey = RepeatKey.PERSON,
    window: RepeatWindow = RepeatWindow.ROLLING_YEAR,
    basis: DateBasis = DateBasis.ACT_DATE,
    same_type: SameType = SameType.FAULT_CODE,
) -> Repeats:
    """Entries of the history that make the matter a repetition."""
    alike = [entry for entry in history if _same_type(entry, matter, same_type) and not _same_series(entry, matter)]
    earlier = once_per_series(
        entry for entry in alike if _within_year(entry.dates.on(basis), matter.dates.on(basis), window)
    )
    same_person = [entry for entry in earlier if entry.person_id is not None and entry.person_id in matter.people]
    same_organ = [entry for entry in earlier if entry.organ_id is not None and entry.organ_id in matter.organs]
    if key is RepeatKey.PERSON:
        return Repeats(tuple(same_person), tuple(entry for entry in same_organ if entry not in same_person))
    if key is RepeatKey.ORGAN:
        return Repeats(tuple(same_organ), ())
    return Repeats((*same_person, *(entry for entry in same_organ if entry not in same_person)), ())


def once_per_series(entries: Iterable[PastFault]) -> list[PastFault]:
    """The cases of one series are one fault event of a subject; the first entry speaks for it."""
    events: dict[object, PastFault] = {}
    for number, entry in enumerate(entries):
        event = (entry.series_id, entry.fault, entry.person_id, entry.organ_id) if entry.series_id else number
        events.setdefault(event, entry)
    return list(events.values())


def _same_type(entry: PastFault, matter: Matter, same_type: SameType) -> bool:
    if same_type is SameType.AREA:
        return bool(matter.faults) and matter.area is not None and entry.area == matter.area
    return entry.fault in matter.faults


def _same_series(entry: PastFault, matter: Matter) -> bool:
    return entry.series_id is not None and entry.series_id == matter.series_id


def _within_year(before: date | None, now: date | None, window: RepeatWindow) -> bool:
    if before is None or now is None or before > now:
        return False
    if window is RepeatWindow.CALENDAR_YEAR:
        return before.year == now.year
    return now <= add_months(before, 12)
