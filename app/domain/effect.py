"""When a judgment or decision takes legal effect (law.md 3.4). The rule is statute law, the same in every county."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.deadlines import Calendar, DeadlineKind, count

APPEAL_PERIODS = {"ADMIN_JUDGMENT": "P15D", "ADMIN_COMPENSATION_JUDGMENT": "P15D", "ADMIN_RULING": "P10D"}
"""行政诉讼法 85: 十五日 for judgments, 十日 for rulings, from service on the party."""


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
    last = max(count(day, period, calendar=calendar, kind=DeadlineKind.STATUTE).last_day for day in parties)
    return _on(last + timedelta(days=1), today)


def _on(day: date, today: date) -> Effect:
    return Effect(day, day <= today, None if day <= today else day)
