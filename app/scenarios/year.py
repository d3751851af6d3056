"""A demonstration year: published cases again and again on other days, so that a county has cases in every stage.

A plan of a year names, for each published case, the days on which one like it comes in, and the days of the meetings.
Between two of these days everybody works on whatever is open, with a clock that moves.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.deadlines import office_day
from app.queries import counts, evidence, open_steps
from app.scenarios.demo import Stage, furnish, morning
from app.scenarios.player import Player
from app.scenarios.script import ScenarioError
from app.scenarios.world import read_yaml

PACE = timedelta(minutes=20)
"""Between two steps of one person: many cases are worked on at the same time."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR = re.compile(r"[（〔(]\d{4}[）〕)]")
_SERIAL = re.compile(r"\d+(?=\D*\Z)")
APART = 200
"""Between the numbers of two cases alike."""
SEED = 20261122
"""The same plan, number of cases and day give the same year."""
DELAYS = ((0.55, timedelta(hours=3)), (0.3, timedelta(days=2)), (0.12, timedelta(days=7)), (0.03, timedelta(days=35)))
"""How long a case of a grown year lies between two acts: most not long, a few too long. Shares add up to one."""
LOOK_AGAIN = timedelta(days=2)
"""When a case is looked at again at which nobody could do anything."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on a day: a case comes in, or a meeting is held."""

    day: date
    case: Mapping[str, Any] | None = None
    """A published case moved to the day; None for a meeting."""
    said: Mapping[str, Any] | None = None
    """What the plan says about it."""


class NotEmptyError(ScenarioError):
    """A county has cases already."""


def load(folder: Path, *, password: str, now: datetime, cases: int | None = None) -> Iterator[str]:
    """Play every plan of a year, the earliest first; says what was done. With `cases` so many in each county.

    Raises NotEmptyError.
    """
    plans = sorted((read_yaml(path) for path in folder.glob("year*.yml")), key=lambda plan: str(plan["begins"]))
    if filled := [plan["county"] for plan in plans if counts.cases_of(plan["county"])]:
        raise NotEmptyError("、".join(filled))
    yield from furnish(folder, password=password, now=now)
    for plan in plans:
        yield from play_year(plan if cases is None else grown(plan, cases, now=now), folder, now=now)


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
    found = {**plan, "repeat": [row for row in said if row["days"]], "delays": True}
    return {**found, "meetings": meetings} if plan.get("meetings") else found


def play_year(plan: Mapping[str, Any], folder: Path, *, now: datetime) -> Iterator[str]:
    """Everything in the order of its days, never past `now`."""
    year = _Year(plan, folder, now=now)
    events = [event for event in events_of(plan, year.stage.cases) if morning(event.day) < now]
    for event, until in zip(events, [*(event.day for event in events[1:]), office_day(now)], strict=True):
        year.stage.world.move_to(morning(event.day))
        for sentence in year.happen(event, number=events.index(event) + 1):
            yield f"{sentence}（{events.index(event) + 1}/{len(events)}）" if plan.get("delays") else sentence
        yield from year.work(until=min(morning(until), now))
    year.stage.world.move_to(now)
    yield from year.standings()


def events_of(plan: Mapping[str, Any], cases: Mapping[str, Mapping[str, Any]]) -> list[Event]:
    """Cases and meetings of a plan by day."""
    found = [Event(date.fromisoformat(str(day))) for day in plan.get("meetings", ())]
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


class _Year:
    """The cases of a year, who is still worked on, and which wait for a meeting."""

    def __init__(self, plan: Mapping[str, Any], folder: Path, *, now: datetime) -> None:
        self.plan = plan
        begins = morning(plan["begins"])
        self.stage = Stage(folder, county=plan["county"], begins=begins, ends=now, cases=plan["cases"])
        acts = sum(len(said["days"]) for said in plan["repeat"])
        self.stage.world.pace = PACE if not plan.get("delays") else max(timedelta(minutes=1), PACE * 30 / max(acts, 30))
        self.chance = random.Random(f"{SEED} {plan['county']}") if plan.get("delays") else None
        self.ready: dict[str, datetime] = {}
        """When a case is taken up again, by its name; in a year without delays at once."""
        self.under_way: list[Player] = []
        self.discussed: dict[str, Mapping[str, Any]] = {}
        """What the meeting says about a case, by its name."""
        self.stops_at: dict[str, str] = {}
        """The step at which a case is left, by its name; empty where it goes to its end."""

    def happen(self, event: Event, *, number: int) -> Iterator[str]:
        if event.case is not None and event.said is not None:
            yield self._open(event.case, event.said, name=f"{event.case['id']}-{number}")
        elif waiting := self._pool():
            yield self._meet(f"M-{number}", waiting)

    def _open(self, case: Mapping[str, Any], said: Mapping[str, Any], *, name: str) -> str:
        self.stage.cases[name] = dict(case)
        player = self.stage.begin({"open": name, "answers": said.get("answers")})
        self.under_way.append(player)
        self.discussed[name] = said.get("discuss") or {}
        self.stops_at[name] = str(said.get("until", ""))
        return f"{name}：{player.standing()}"

    def _pool(self) -> list[str]:
        pool = self.plan.get("pool", "")
        return [one.name for one in self.under_way if pool in evidence.waiting_of(one.proceeding_id)]

    def _meet(self, name: str, cases: list[str]) -> str:
        answers = {f"agenda-item/T_discuss#{place}": self.discussed[case] for place, case in enumerate(cases, 1)}
        return self.stage.perform({"meet": name, "cases": cases, "answers": answers})

    def standings(self) -> Iterator[str]:
        """Where every case stands that nobody failed to work on."""
        for player in self.under_way:
            yield f"{player.name}：{player.standing()}"

    def work(self, *, until: datetime) -> Iterator[str]:
        """Everybody works on what is open, case by case, until nothing is or the day comes."""
        world = self.stage.world
        while world.now < until:
            idle = True
            for player in list(self.under_way):
                if world.now >= until:
                    return
                if self.ready.get(player.name, world.now) > world.now:
                    continue
                steps = {step.key for step in open_steps.of_proceeding(player.proceeding_id)}
                stop = self.stops_at[player.name]
                if not steps or stop in steps:
                    self._lie(player.name, LOOK_AGAIN)
                    continue
                idle = False
                try:
                    one = world.now + timedelta(seconds=1)
                    player.play(until=stop or None, before=until if self.chance is None else min(until, one))
                except ScenarioError as error:  # this one is left as it stands; the others go on
                    self.under_way.remove(player)
                    yield f"{player.name}：{error}"
                if self.chance is not None:
                    usual = self.chance.choices([time for _, time in DELAYS], [share for share, _ in DELAYS])[0]
                    self._lie(player.name, usual * (0.5 + self.chance.random()))
            if idle:
                world.move_to(self._next(until))

    def _lie(self, name: str, time: timedelta) -> None:
        if self.chance is not None:
            self.ready[name] = self.stage.world.now + time

    def _next(self, until: datetime) -> datetime:
        """When something happens again while nobody has anything to do."""
        now = self.stage.world.now
        due = evidence.next_event(now)
        taken_up = (self.ready[one.name] for one in self.under_way if self.ready.get(one.name, now) > now)
        return min([until, *([due] if due is not None else []), *taken_up])
