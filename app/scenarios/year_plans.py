"""What happens in a demonstration year: published cases again and again on other days, and meetings.

A plan (`demo/year*.yml`) names, for each published case, the days on which one like it comes in, and the days of the
meetings; `grown` makes one of it with any number of cases.
"""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.deadlines import office_day

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR = re.compile(r"[（〔(]\d{4}[）〕)]")
_SERIAL = re.compile(r"\d+(?=\D*\Z)")
APART = 200
"""Between the numbers of two cases alike."""
SEED = 20261122
"""The same plan, number of cases and day give the same year."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on a day: a case comes in, a meeting is held, or a case takes a turn."""

    day: date
    case: Mapping[str, Any] | None = None
    """A published case moved to the day; None for a meeting or a turn."""
    said: Mapping[str, Any] | None = None
    """What the plan says about it."""
    turn: str = ""
    """What happens beside the steps to a case that is drawn then (see `year_turns`)."""


def grown(plan: Mapping[str, Any], cases: int, *, now: datetime) -> dict[str, Any]:
    """A plan with so many cases: each a case that the plan names, on another working day, some left where some stand.

    Meetings are held every month, and `delays` lets the cases lie between two acts.
    """
    chance = random.Random(f"{SEED} {plan['county']} {cases}")
    first = date.fromisoformat(str(plan["begins"])) + timedelta(days=7)
    last = min(office_day(now), first + timedelta(days=360)) - timedelta(days=1)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    days = [day for day in days if day.weekday() < 5]
    rows = [dict(row) for row in plan["repeat"]]
    said = [{**row, "days": []} for row in rows]
    for _ in range(cases):
        chance.choice(said)["days"].append(chance.choice(days).isoformat())
    meetings = [day.isoformat() for day in days if day.weekday() == 2 and day.day <= 7]
    turns = [{**row, "days": _turned(row, days, cases, chance)} for row in plan.get("turns", ())]
    found = {**plan, "repeat": [row for row in said if row["days"]], "turns": turns, "delays": True}
    return {**found, "meetings": meetings} if plan.get("meetings") else found


def _turned(row: Mapping[str, Any], days: Sequence[date], cases: int, chance: random.Random) -> list[str]:
    """Days on which something happens beside the steps: once for so many cases, between two parts of the year."""
    first, last = (int(len(days) * part) for part in row["between"])
    times = max(1, round(cases * row["share"]))
    return sorted(chance.choice(days[first:last] or days).isoformat() for _ in range(times))


def events_of(plan: Mapping[str, Any], cases: Mapping[str, Mapping[str, Any]]) -> list[Event]:
    """Cases, meetings and turns of a plan by day."""
    found = [Event(date.fromisoformat(str(day))) for day in plan.get("meetings", ())]
    for said in plan.get("turns", ()):
        found += [Event(date.fromisoformat(str(day)), said=said, turn=said["turn"]) for day in said["days"]]
    copies: Counter[str] = Counter()
    for said in plan["repeat"]:
        for day in said["days"]:
            moved, case = date.fromisoformat(str(day)), cases[said["case"]]
            found.append(Event(moved, moved_to(case, moved, copy=copies[said["case"]]), said))
            copies[said["case"]] += 1
    return sorted(found, key=lambda event: (event.day, event.case is None))


def moved_to(case: Mapping[str, Any], day: date, *, copy: int) -> dict[str, Any]:
    """A case like a published one, registered on another day: its dates move along, its document has its own number."""
    days = (day - date.fromisoformat(str(case["registered_on"]))).days
    document = {**_shifted(case["legal_document"], days)}
    number = _SERIAL.sub(lambda found: str(int(found[0]) + APART * (copy + 1)), str(document["doc_no"]))
    year = date.fromisoformat(document["doc_date"]).year
    document["doc_no"] = _YEAR.sub(lambda found: found[0][0] + str(year) + found[0][-1], number, count=1)
    return {**case, "legal_document": document, "answers": _shifted(case.get("answers") or {}, days)}


def _shifted(value: Any, days: int) -> Any:
    """The same with every day in it moved."""
    if isinstance(value, Mapping):
        return {key: _shifted(item, days) for key, item in value.items()}
    if isinstance(value, list):
        return [_shifted(item, days) for item in value]
    text = value.isoformat() if isinstance(value, date) else value
    if isinstance(text, str) and _DAY.fullmatch(text):
        return (date.fromisoformat(text) + timedelta(days=days)).isoformat()
    return value
