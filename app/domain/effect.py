"""When a judgment or decision takes legal effect (law.md 3.4). The rule is statute law, the same in every county."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.deadlines import Calendar, Deadline, DeadlineKind, count

APPEAL_PERIODS = {"ADMIN_JUDGMENT": "P15D", "ADMIN_COMPENSATION_JUDGMENT": "P15D", "ADMIN_RULING": "P10D"}
"""行政诉讼法 85: 十五日 for judgments, 十日 for rulings, from service on the party."""
PUBLIC_NOTICE_DAYS = 30
"""民事诉讼法 95: thirty days after the notice appeared the document counts as served."""


@dataclass(frozen=True, slots=True)
class Effect:
    effective_date: date | None
    """None while an appeal is pending."""
    legal_effect: bool
    check_on: date | None
    """The day on which the effect can be confirmed, while it has not come."""


def effect_of(document: Mapping[str, Any], *, today: date, calendar: Calendar) -> Effect:
    """The effect of the registered document, as far as the registered facts tell.

    A first-instance judgment or ruling takes effect after the last party's appeal period, unless appealed; everything
    else (second instance, retrial, reconsideration, mediation) with service. A corrected date given with reasons wins.
    """
    override = document.get("effective_date")
    if override:
        return _on(date.fromisoformat(override), today)
    served = date.fromisoformat(document["served_date"])
    period = APPEAL_PERIODS.get(document.get("legal_doc_type", ""))
    if document.get("instance") != "FIRST" or period is None:
        return _on(served, today)
    if document.get("appeal_filed"):
        return Effect(None, False, None)
    other = document.get("other_party_served_date")
    parties = [served, *([date.fromisoformat(other)] if other else [])]
    return _on(effective_unless_appealed(parties, period, calendar=calendar), today)


def appeal_period(served: date, period: str, *, calendar: Calendar) -> Deadline:
    """One party's time to appeal, from service on that party."""
    return count(served, period, calendar=calendar, kind=DeadlineKind.STATUTE)


def effective_unless_appealed(served: Iterable[date], period: str, *, calendar: Calendar) -> date:
    """The day after the last party's last day to appeal. Raises ValueError without a party."""
    return max(appeal_period(day, period, calendar=calendar).last_day for day in served) + timedelta(days=1)


def served_by_public_notice(published: date, *, days: int = PUBLIC_NOTICE_DAYS) -> date:
    """The day on which a document published as a notice counts as served.

    The day of publication does not count. Service is an effect, not an act that somebody must still get done: the day
    does not roll when it is one of rest.
    """
    return published + timedelta(days=days)


def filing_anchor(switches: Mapping[str, Any], *, served: date, effective: date) -> date:
    """The day from which the filing period counts (switch `filingAnchor`): the later of both by default."""
    anchors = {"RECEIPT": served, "EFFECT": effective, "LATER": max(served, effective)}
    return anchors[switches.get("filingAnchor") or "LATER"]


def _on(day: date, today: date) -> Effect:
    return Effect(day, day <= today, None if day <= today else day)
