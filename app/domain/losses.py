"""When a registered case counts as lost, and how its filing stands: what every yearly report counts by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import N_
from app.domain.vocabulary import LOSS, REFERENCE

NOT_COUNTED = frozenset({"REVERSED", "OUT_OF_SCOPE", "LEAD_REFUSED"})
"""Outcomes of cases that are none in the end: judgment reversed, outside the regulation, lead not taken up."""


class Standing(StrEnum):
    """Whether a case counts as lost."""

    LOST = "LOST"
    PENDING = "PENDING"
    """The document has not taken effect."""
    BY_REFERENCE = "BY_REFERENCE"
    """No lost case, but treated like one: ignored advice, an absent head …"""
    NOT_LOST = "NOT_LOST"


STANDING: Mapping[Standing, str] = {
    Standing.LOST: N_("败诉"),
    Standing.PENDING: N_("待生效"),
    Standing.BY_REFERENCE: N_("参照"),
    Standing.NOT_LOST: N_("不计"),
}


def standing_of(
    case_type: str | None, *, effective: date | None, outcome: str | None, today: date, still_lost: bool = False
) -> Standing:
    """How a case counts today. `still_lost`: the later judgment was a loss as well.

    An exempt case is a lost case: exemption is about its people, not about its result.
    """
    if outcome in NOT_COUNTED and not (outcome == "REVERSED" and still_lost):
        return Standing.NOT_LOST
    if case_type in REFERENCE:
        return Standing.BY_REFERENCE
    if case_type not in LOSS:
        return Standing.NOT_LOST if case_type else Standing.PENDING
    return Standing.LOST if effective is not None and effective <= today else Standing.PENDING


class Filing(StrEnum):
    ON_TIME = "ON_TIME"
    LATE = "LATE"
    MISSING = "MISSING"
    """The last day has passed and nothing was filed."""
    AHEAD = "AHEAD"
    """Not filed, and there is time left."""


@dataclass(frozen=True, slots=True)
class FilingRecord:
    filing: Filing
    days_late: int
    """Natural days after the last day: until it was filed, or until today."""


def filing_of(due: date | None, *, filed: date | None, today: date) -> FilingRecord | None:
    """How a filing stands that was due until a day, that day included; None where nothing is due."""
    if due is None:
        return None
    if filed is not None:
        late = max(0, (filed - due).days)
        return FilingRecord(Filing.LATE if late else Filing.ON_TIME, late)
    overdue = max(0, (today - due).days)
    return FilingRecord(Filing.MISSING if overdue else Filing.AHEAD, overdue)
