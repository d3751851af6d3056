"""Repetition: has the same subject committed the same kind of fault before, within the year?

Computed from history alone. Cases of one series are one fault event, so an entry of the matter's own series does not
count. What counts as the same subject, and which year is meant, are rule settings.
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


@dataclass(frozen=True, slots=True)
class PastFault:
    """One fault of an earlier decided matter."""

    fault: str
    act_date: date
    person_id: str | None = None
    organ_id: str | None = None
    series_id: str | None = None
    case_no: str | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What is being judged. Without a date nothing can be said to repeat."""

    faults: frozenset[str]
    act_date: date | None
    series_id: str | None = None
    people: frozenset[str] = frozenset()
    organs: frozenset[str] = frozenset()


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
) -> Repeats:
    """Entries of the history that make the matter a repetition."""
    earlier = [entry for entry in history if _counts(entry, matter, window)]
    same_person = [entry for entry in earlier if entry.person_id is not None and entry.person_id in matter.people]
    same_organ = [entry for entry in earlier if entry.organ_id is not None and entry.organ_id in matter.organs]
    if key is RepeatKey.PERSON:
        return Repeats(tuple(same_person), tuple(entry for entry in same_organ if entry not in same_person))
    if key is RepeatKey.ORGAN:
        return Repeats(tuple(same_organ), ())
    return Repeats((*same_person, *(entry for entry in same_organ if entry not in same_person)), ())


def _counts(entry: PastFault, matter: Matter, window: RepeatWindow) -> bool:
    if matter.act_date is None or entry.fault not in matter.faults:
        return False
    if entry.series_id is not None and entry.series_id == matter.series_id:
        return False
    if entry.act_date > matter.act_date:
        return False
    if window is RepeatWindow.CALENDAR_YEAR:
        return entry.act_date.year == matter.act_date.year
    return matter.act_date <= add_months(entry.act_date, 12)
