"""A demonstration year, played: between two days of the plan everybody works on whatever is open, on a moved clock.

The play can be kept after any event and gone on with by another process (`Year.memory`, `Year.recall`).
"""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.deadlines import office_day
from app.queries import counts, evidence, open_steps
from app.scenarios import year_turns
from app.scenarios.demo import Stage, morning
from app.scenarios.player import Player
from app.scenarios.script import ScenarioError
from app.scenarios.world import read_yaml
from app.scenarios.year_plans import SEED, Event, events_of, grown

PACE = timedelta(minutes=20)
"""Between two steps of one person: many cases are worked on at the same time."""
DELAYS = ((0.55, timedelta(hours=3)), (0.3, timedelta(days=2)), (0.12, timedelta(days=7)), (0.03, timedelta(days=35)))
"""How long a case of a grown year lies between two acts: most not long, a few too long. Shares add up to one."""
HOLDING = "joint-meeting/T_hold"
"""A meeting that was convened waits here for its day."""
NEVER = 36_500
"""Days after which a suspended case goes on of which the plan does not say it."""
LOOK_AGAIN = timedelta(days=2)
"""When a case is looked at again at which nobody could do anything."""


class NotEmptyError(ScenarioError):
    """A county has cases already."""


def plans_of(folder: Path, *, cases: int | None, now: datetime) -> list[dict[str, Any]]:
    """The plans of a folder, the earliest first; with `cases` so many in each county."""
    plans = sorted((read_yaml(path) for path in folder.glob("year*.yml")), key=lambda plan: str(plan["begins"]))
    return plans if cases is None else [grown(plan, cases, now=now) for plan in plans]


def ensure_empty(plans: list[dict[str, Any]]) -> None:
    """Raises NotEmptyError where a county has cases."""
    if filled := [plan["county"] for plan in plans if counts.cases_of(plan["county"])]:
        raise NotEmptyError("、".join(filled))


def play_year(plan: Mapping[str, Any], folder: Path, *, now: datetime) -> Iterator[str]:
    """Everything in the order of its days, never past `now`."""
    yield from Year(plan, folder, now=now).play()


class Year:
    """The cases of a year, who is still worked on, and which wait for a meeting."""

    def __init__(self, plan: Mapping[str, Any], folder: Path, *, now: datetime) -> None:
        self.plan, self.now = plan, now
        begins = morning(plan["begins"])
        self.stage = Stage(folder, county=plan["county"], begins=begins, ends=now, cases=plan["cases"])
        self.stage.world.ends = now
        self.events = [event for event in events_of(plan, self.stage.cases) if morning(event.day) < now]
        self.happened = 0
        """How many of the events are over, and worked off until the next one."""
        acts = sum(len(said["days"]) for said in plan["repeat"])
        self.stage.world.pace = PACE if not plan.get("delays") else max(timedelta(minutes=1), PACE * 30 / max(acts, 30))
        self.chance = random.Random(f"{SEED} {plan['county']}") if plan.get("delays") else None
        self.ready: dict[str, datetime] = {}
        """When a case is taken up again, by its name; in a year without delays at once."""
        self.under_way: list[Player] = []
        self.meetings: dict[str, list[str]] = {}
        """The names of the cases of each meeting that was convened, by its own name."""
        self.over: set[str] = set()
        """Names of cases that are closed: nobody looks at them again."""
        self.discussed: dict[str, Mapping[str, Any]] = {}
        """What the meeting says about a case, by its name."""
        self.stops_at: dict[str, str] = {}
        """The step at which a case is left, by its name; empty where it goes to its end."""
        self.to_come: list[int] = []
        """Numbers of events beside the steps that have had nobody yet to whom they could happen."""
        self.suspended: set[str] = set()
        """Names of cases that stand still until they are ready again."""

    def play(self, *, keep: Callable[[], None] = lambda: None) -> Iterator[str]:
        """What is left of the year; `keep` is called after every event, while nothing is half done."""
        days: list[date] = [*(event.day for event in self.events), office_day(self.now)]
        while self.happened < len(self.events):
            number, event = self.happened + 1, self.events[self.happened]
            self.stage.world.move_to(morning(event.day))
            for sentence in self._happen(event, number=number):
                yield f"{sentence}（{number}/{len(self.events)}）" if self.chance is not None else sentence
            yield from self._work(until=min(morning(days[number]), self.now))
            self.happened = number
            keep()
        self.stage.world.move_to(self.now)
        yield from self._standings()

    # ---- what is kept

    def memory(self) -> dict[str, Any]:
        """What another process needs, beside the database, to go on: plain values."""
        return {
            "happened": self.happened,
            "now": self.stage.world.now.isoformat(),
            "chance": self.chance.getstate() if self.chance is not None else None,
            "proceedings": self.stage.world.proceedings,
            "meetings": self.meetings,
            "visits": {player.name: player.visits for player in self.under_way},
            "under_way": [player.name for player in self.under_way],
            "over": sorted(self.over),
            "suspended": sorted(self.suspended),
            "to_come": self.to_come,
            "ready": {name: moment.isoformat() for name, moment in self.ready.items()},
        }

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Stand where the year stood when `memory` was taken, on the database of that moment."""
        world = self.stage.world
        world.proceedings.update(memory["proceedings"])
        players = {player.name: player for player in self._players(int(memory["happened"]))}
        self.meetings = {name: list(cases) for name, cases in memory["meetings"].items()}
        for player in players.values():
            player.names["case_no"] = player.number
        players |= {name: self._convened(name) for name in self.meetings}
        players |= {player.name: player for player in self._applicants(int(memory["happened"]))}
        self.under_way = [players[name] for name in memory["under_way"]]
        for player in players.values():
            player.visits.update(memory["visits"].get(player.name, {}))
        self.over, self.suspended = set(memory["over"]), set(memory["suspended"])
        self.to_come = list(memory["to_come"])
        self.ready = {name: datetime.fromisoformat(moment) for name, moment in memory["ready"].items()}
        self.happened, world.now = int(memory["happened"]), datetime.fromisoformat(memory["now"])
        if self.chance is not None:
            version, state, gauss = memory["chance"]
            self.chance.setstate((version, tuple(state), gauss))

    def _players(self, happened: int) -> Iterator[Player]:
        for number, event in enumerate(self.events[:happened], 1):
            if event.case is not None and event.said is not None:
                yield self._enter(event.case, event.said, name=name_of(event.case, number))

    def _applicants(self, happened: int) -> Iterator[Player]:
        for number, event in enumerate(self.events[:happened], 1):
            if event.turn == year_turns.REMEDY and event.said is not None:
                yield self._applicant(event.said, number)

    # ---- what happens

    def _happen(self, event: Event, *, number: int) -> Iterator[str]:
        if event.case is not None and event.said is not None:
            player = self._enter(event.case, event.said, name=name_of(event.case, number))
            self.stage.open(player)
            self.under_way.append(player)
            yield f"{player.name}：{player.standing()}"
        elif event.turn:
            self.to_come.append(number)
        elif waiting := self._pool():
            yield self._convene(f"M-{number}", waiting)
        for number in list(self.to_come):
            if (befallen := self._turn(number)) is not None:
                self.to_come.remove(number)
                yield f"{befallen.name}：{befallen.standing()}"

    def _applicant(self, said: Mapping[str, Any], number: int) -> Player:
        """Somebody who will play a review."""
        name = f"R-{number}"
        self.stops_at[name] = str(said.get("until", ""))
        return Player(self.stage.world, name, answers=said.get("answers") or {})

    def _turn(self, number: int) -> Player | None:
        """Let something happen beside the steps; None while there is nobody to whom it could."""
        event = self.events[number - 1]
        said: Mapping[str, Any] = event.said or {}
        if event.turn == year_turns.REMEDY:
            player = self._applicant(said, number)
            if not year_turns.ask_for_review(player, self.stage.world):
                return None
            self.under_way.append(player)
            return player
        ended = self.over | self.suspended
        alive = [one for one in self.under_way if one.name in self.stage.cases and one.name not in ended]
        random.Random(f"{SEED} {number}").shuffle(alive)
        happened = year_turns.befall(event.turn, alive, self.stage.world, said)
        if happened is not None and event.turn == year_turns.SUSPEND:
            self.suspended.add(happened.name)
            self.ready[happened.name] = self.stage.world.now + timedelta(days=int(said.get("lasting", NEVER)))
        return happened

    def _enter(self, case: Mapping[str, Any], said: Mapping[str, Any], *, name: str) -> Player:
        """Somebody who will play the case."""
        self.stage.cases[name] = dict(case)
        self.discussed[name] = said.get("discuss") or {}
        self.stops_at[name] = str(said.get("until", ""))
        return self.stage.enter({"open": name, "answers": said.get("answers")})

    def _pool(self) -> list[str]:
        pool = self.plan.get("pool", "")
        alive = (one for one in self.under_way if one.name not in self.over)
        return [one.name for one in alive if pool in evidence.waiting_of(one.proceeding_id)]

    def _convene(self, name: str, cases: list[str]) -> str:
        """A meeting is prepared at once, and held on the day for which it was convened."""
        self.meetings[name] = cases
        player = self._convened(name)
        player.open_meeting(f"{self.plan['county']}.jmo.director").play(until=HOLDING, before=self.now)
        self.under_way.append(player)
        if day := evidence.facts_of(player.proceeding_id)[""].get("meeting_date"):
            self.ready[name] = datetime.fromisoformat(day)
        return f"{name}：{player.standing()}"

    def _convened(self, name: str) -> Player:
        """Somebody who plays a meeting, with what it will say about each of its cases."""
        cases = self.meetings[name]
        answers = {f"agenda-item/T_discuss#{place}": self.discussed[case] for place, case in enumerate(cases, 1)}
        self.stops_at[name] = ""
        return self.stage.meeting({"meet": name, "cases": cases, "answers": answers})

    def _standings(self) -> Iterator[str]:
        """Where every case stands that nobody failed to work on."""
        for player in self.under_way:
            if player.name not in self.meetings:
                yield f"{player.name}：{player.standing()}"

    def _work(self, *, until: datetime) -> Iterator[str]:
        """Everybody works on what is open, case by case, until nothing is or the day comes."""
        world = self.stage.world
        while world.now < until:
            idle = True
            for player in list(self.under_way):
                if world.now >= until:
                    return
                if self._lies(player):
                    continue
                steps = open_steps.of_proceeding(player.proceeding_id)
                stop = self.stops_at[player.name]
                if not steps or any(step.key == stop for step in steps):
                    self._leave(player)
                    continue
                idle = False
                try:
                    if self.chance is None or player.name in self.meetings:
                        player.play(until=stop or None, before=until)
                    else:
                        player.do(steps[0])
                except ScenarioError as error:  # this one is left as it stands; the others go on
                    self.under_way.remove(player)
                    yield f"{player.name}：{error}"
                if self.chance is not None and player.name not in self.meetings:
                    usual = self.chance.choices([time for _, time in DELAYS], [share for share, _ in DELAYS])[0]
                    self._lie(player.name, usual * (0.5 + self.chance.random()))
            if idle:
                world.move_to(self._next(until))

    def _lies(self, player: Player) -> bool:
        """Whether nobody looks at it now. What stood suspended until now goes on."""
        now = self.stage.world.now
        if player.name in self.over or self.ready.get(player.name, now) > now:
            return True
        if player.name in self.suspended:
            if not year_turns.resume(player, self.stage.world):
                self._lie(player.name, LOOK_AGAIN)
                return True
            self.suspended.remove(player.name)
        return False

    def _leave(self, player: Player) -> None:
        """Nobody can do anything about it now, or ever again."""
        if open_steps.proceeding_of(player.proceeding_id).closed_at is not None:
            self.over.add(player.name)
        self._lie(player.name, LOOK_AGAIN)

    def _lie(self, name: str, time: timedelta) -> None:
        if self.chance is not None:
            self.ready[name] = self.stage.world.now + time

    def _next(self, until: datetime) -> datetime:
        """When something happens again while nobody has anything to do."""
        now = self.stage.world.now
        due = evidence.next_event(now)
        alive = (one.name for one in self.under_way if one.name not in self.over)
        taken_up = (self.ready[name] for name in alive if self.ready.get(name, now) > now)
        return min([until, *([due] if due is not None else []), *taken_up])


def name_of(case: Mapping[str, Any], number: int) -> str:
    """How a case of the year is called, by the published one and the event that brought it."""
    return f"{case['id']}-{number}"
