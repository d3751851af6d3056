"""The dates of a case that follow from its document: effect, filing period, reminders."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.calendars import LegalCalendar
from app.domain.deadlines import DayCount, DeadlineKind, count, end_of, start_of
from app.domain.effect import effect_of, filing_anchor

if TYPE_CHECKING:
    from app.services.command import Command

FILING_PERIOD = "P10D"
"""Used only where the register's clause gives no period of its own (switch `filingPeriod`)."""
URGE_PERIOD = "P10D"
"""Working days after which an organ that was urged in vain no longer holds its case up: an internal time limit, as
long as the inner steps of a report take together."""
REMINDED_BEFORE = (5, 2)
"""Days before the last day on which the organ is reminded."""


@dataclass(frozen=True, slots=True)
class CaseDates:
    effective_date: date | None
    filing_due: date | None
    instants: dict[str, Any]
    """What the diagram gets: ISO text, or null where there is none yet."""


def dates_of(command: "Command", calendar: LegalCalendar) -> CaseDates:
    """When the document takes effect and until when it must be filed, as a calendar counts it."""
    document = command.context()["case"]
    effect = effect_of(document, today=command.today, calendar=calendar)
    instants: dict[str, Any] = {
        "effective_date": effect.effective_date.isoformat() if effect.effective_date else None,
        "legal_effect": effect.legal_effect,
        "effect_check_at": start_of(effect.check_on).isoformat() if effect.check_on else None,
        "filing_due_at": None,
        "filing_remind_at": None,
        "filing_remind2_at": None,
        "filing_unfiled_at": None,
    }
    served = command.file.case.served_date if command.file.case else None
    if effect.effective_date is None or served is None:
        return CaseDates(effect.effective_date, None, instants)
    switches = command.switches
    deadline = count(
        filing_anchor(switches, served=served, effective=effect.effective_date),
        switches.get("filingPeriod") or FILING_PERIOD,
        calendar=calendar,
        day_count=DayCount(switches.get("dayCount") or "CALENDAR"),
        kind=DeadlineKind.REGULATION,
    )
    first, second = (start_of(deadline.last_day - timedelta(days=days)).isoformat() for days in REMINDED_BEFORE)
    urged = count(
        max(deadline.last_day, command.today),
        URGE_PERIOD,
        calendar=calendar,
        day_count=DayCount.WORKING,
        kind=DeadlineKind.INTERNAL,
    )
    instants |= {
        "filing_unfiled_at": end_of(urged.last_day).isoformat(),
        "filing_due_at": end_of(deadline.last_day).isoformat(),
        "filing_remind_at": first,
        "filing_remind2_at": second,
    }
    return CaseDates(effect.effective_date, deadline.last_day, instants)
