"""An independent reader of a played year: what the history and the submitted forms say, added up in plain Python.

Only five things are taken from elsewhere, because the history does not tell them: when a step was opened, until when it
was due, that it was withdrawn, which organ or person it was about, and who may not do it. None of the product's queries
is used; the register and the forms are read as the files they are.
"""

import json
import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from app import yamlfiles
from app.domain.deadlines import OFFICE_ZONE
from app.law.calendar import legal_calendar
from config import ROOT

DAY = timedelta(days=1)
StepKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    act: str
    key: StepKey
    name: str
    task_id: str | None
    organ: str | None
    person: str | None
    details: Mapping[str, Any]
    answers: Mapping[str, Any]
    """Of the submission, where there is one."""
    form: str

    @property
    def step(self) -> str:
        return "/".join(self.key)


@dataclass(frozen=True, slots=True)
class Post:
    """A role that somebody holds in an organ."""

    person: str
    role: str
    organ: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A step as it was opened."""

    id: str
    case: str
    key: StepKey
    at: datetime
    due: datetime | None
    suspended: bool
    withdrawn: bool
    element: Mapping[str, Any]
    role: str
    organ: str | None
    named: str | None
    """The only person who may do it."""
    apart: frozenset[str]
    """People who may not do it."""


@dataclass(slots=True)
class Story:
    """One proceeding."""

    id: str
    lines: list[Line] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)

    @property
    def opened(self) -> Line:
        return next(line for line in self.lines if line.act == "OPENED")

    @property
    def process(self) -> str:
        return self.opened.key[0]

    @property
    def county(self) -> str:
        return str(self.opened.organ).partition(".")[0]

    @property
    def closed(self) -> datetime | None:
        return next((line.at for line in self.lines if line.act == "CLOSED"), None)

    @property
    def suspended(self) -> bool:
        """Whether its clock stands."""
        acts = [line.act for line in self.lines if line.act in ("SUSPENDED", "RESUMED")]
        return acts[-1:] == ["SUSPENDED"]

    def facts(self, scope: str = "") -> dict[str, Any]:
        """What was stated last, form by form."""
        found: dict[str, Any] = {}
        for line in self.lines:
            if line.act == "SUBMITTED" and line.details.get("scope", "") == scope:
                found |= {name: value for name, value in line.answers.items() if value is not None}
        return found

    def scopes(self) -> set[str]:
        return {str(line.details.get("scope", "")) for line in self.lines} - {""}

    def standing(self) -> list[Opening]:
        """Steps that somebody has to do still."""
        done = {line.task_id for line in self.lines if line.act == "SUBMITTED"}
        return [one for one in self.openings if one.id not in done and not one.withdrawn]

    def told(self, key: str) -> Iterator[Any]:
        """What the details of the lines say under a name."""
        yield from (line.details[key] for line in self.lines if key in line.details)

    def received(self, message: str) -> Iterator[Mapping[str, Any]]:
        for line in self.lines:
            if line.act == "MESSAGE_RECEIVED" and line.details.get("message") == message:
                yield line.details["payload"]

    def in_pool(self) -> bool:
        """Whether the meeting has to decide: collated since, and nothing was heard of the meeting's decision."""
        if self.closed is not None or any(one.key[0] == "screening" for one in self.standing()):
            return False
        last = [line.step for line in self.lines if line.step in ("screening/T_collate", "screening/W_pool")]
        return last[-1:] == ["screening/T_collate"]

    def stage(self, stages: Mapping[str, Iterable[str]]) -> str:
        """That of the step which was opened last, among those that belong to a stage; empty before the first."""
        of = {step: key for key, steps in stages.items() for step in steps}
        opened = sorted(self.openings, key=lambda one: one.at)
        return next((of[step] for one in reversed(opened) if (step := "/".join(one.key)) in of), "")

    def holder(self, opening: Opening, posts: Iterable[Post]) -> str | None:
        """Who has it in hand: who took it last, else the only person who can do it; None while nobody does."""
        held = None if opening.named is None else opening.named
        able = {post.person for post in posts if post.role == opening.role and opening.organ in (None, post.organ)}
        if held is None and len(able - opening.apart) == 1:
            held = next(iter(able - opening.apart))
        for line in self.lines:
            if line.task_id == opening.id and line.act in ("CLAIMED", "RELEASED"):
                held = line.person if line.act == "CLAIMED" else None
            assert line.act != "TRANSFERRED", "whom it was handed to would have to be read, too"
        return held

    # ---- dates of the law

    def effective(self) -> date | None:
        """First instance: the day after the time for an appeal, fifteen days from the last service, has run out."""
        facts = self.facts()
        if "served_date" not in facts:
            return None
        served = [
            date.fromisoformat(facts[name]) for name in ("served_date", "other_party_served_date") if name in facts
        ]
        if facts.get("effective_date"):
            return date.fromisoformat(facts["effective_date"])
        if facts.get("instance") != "FIRST":
            return served[0]
        return working(max(served) + 15 * DAY) + DAY

    @property
    def standing_as(self) -> str:
        """LOST, REFERENCE, PENDING (the document has not taken effect), or nothing."""
        kind = str(self.facts().get("case_type", ""))
        if not kind:
            return "PENDING"
        if kind == "WON" or self.facts().get("counted_as_loss") is False:
            return ""
        return "REFERENCE" if kind.startswith("REF_") else "LOST"

    def filing_due(self) -> date | None:
        effective = self.effective()
        return None if effective is None else working(effective + 10 * DAY)


def working(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not legal_calendar().is_working(day):
        day += DAY
    return day


def office_day(moment: datetime) -> date:
    return moment.astimezone(OFFICE_ZONE).date()


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=OFFICE_ZONE)


def read(file: Path) -> dict[str, Story]:
    """Every proceeding by its id."""
    stories: dict[str, Story] = {}
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        query = (
            "SELECT h.*, s.data AS data, s.form_key AS form FROM history h"
            " LEFT JOIN submissions s ON s.id = h.submission_id ORDER BY h.proceeding_id, h.position"
        )
        for row in connection.execute(query):
            stories.setdefault(row["proceeding_id"], Story(row["proceeding_id"])).lines.append(_line(row))
        for row in connection.execute("SELECT * FROM tasks ORDER BY rowid"):
            stories[row["proceeding_id"]].openings.append(_opening(row))
    return stories


def _line(row: sqlite3.Row) -> Line:
    return Line(
        at=_moment(row["at"]),
        act=row["act"],
        key=(row["process_key"], row["step_id"]),
        name=row["name"],
        task_id=row["task_id"],
        organ=row["organ_id"],
        person=row["person_id"],
        details=json.loads(row["details"]),
        answers=json.loads(row["data"]) if row["data"] else {},
        form=row["form"] or "",
    )


def _opening(row: sqlite3.Row) -> Opening:
    return Opening(
        id=row["id"],
        case=row["proceeding_id"],
        key=(row["process_key"], row["step_id"]),
        at=_moment(row["opened_at"]),
        due=_moment(row["due_at"]) if row["due_at"] else None,
        suspended=bool((json.loads(row["deadline"]) or {}).get("suspended_since")) if row["deadline"] else False,
        withdrawn=row["status"] == "WITHDRAWN",
        element=json.loads(row["element"]),
        role=row["candidate_role"],
        organ=row["candidate_organ"],
        named=row["candidate_person"],
        apart=frozenset(json.loads(row["excluded_people"])),
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# ---- the journal


def acts_of(file: Path) -> dict[str, Counter[tuple[str, datetime]]]:
    """Acts of people by proceeding: what, and when, as the journal keeps them."""
    found: dict[str, Counter[tuple[str, datetime]]] = defaultdict(Counter)
    with closing(sqlite3.connect(file)) as connection:
        for scope, act, at in connection.execute("SELECT scope, act, at FROM journal"):
            found[scope][act, _moment(at)] += 1
    return found


# ---- files of people and of the register


def posts_of(file: Path, county: str) -> list[Post]:
    """Who holds which role where, and may sign in."""
    query = (
        "SELECT r.person_id, r.role, r.organ_id FROM role_assignments r JOIN people p ON p.id = r.person_id"
        " JOIN accounts a ON a.person_id = p.id"
        " WHERE p.county_id = ? AND a.enabled = 1"
    )
    with closing(sqlite3.connect(file)) as connection:
        return [Post(*row) for row in connection.execute(query, (county,))]


def stages_of(regulation: str) -> dict[str, tuple[str, list[str]]]:
    """Name and steps of each stage by its key, in their order, from the file of the register."""
    register = yamlfiles.read((ROOT / "processes" / f"{regulation}.law.yml").read_text("utf-8"))
    return {stage["key"]: (stage["zh"], stage["steps"]) for stage in register["stages"]}


# ---- figures of steps


@dataclass(slots=True)
class Step:
    open: int = 0
    cases: set[str] = field(default_factory=set)
    late: int = 0
    soon: int = 0
    suspended: int = 0
    oldest: datetime | None = None
    took: list[float] = field(default_factory=list)
    """Days, of those done in the period."""

    @property
    def median(self) -> float | None:
        return median(self.took) if self.took else None

    @property
    def ninetieth(self) -> float | None:
        return sorted(self.took)[math.ceil(len(self.took) * 0.9) - 1] if self.took else None


def steps_of(stories: Iterable[Story], *, now: datetime, days: int) -> dict[StepKey, Step]:
    """Figures of every step at which something stands or was done in so many days."""
    since = midnight(office_day(now) - days * DAY)
    found: dict[StepKey, Step] = defaultdict(Step)
    for story in stories:
        for opening in story.standing():
            step = found[opening.key]
            step.open += 1
            step.cases.add(story.id)
            lamp = lamp_of(opening, now=now)
            step.late, step.soon = step.late + (lamp == "OVERDUE"), step.soon + (lamp == "SOON")
            step.suspended += lamp == "SUSPENDED"
            step.oldest = min(step.oldest or opening.at, opening.at)
        openings = {opening.id: opening for opening in story.openings}
        for line in story.lines:
            if line.act == "SUBMITTED" and line.at >= since:
                took = line.at - openings[str(line.task_id)].at
                found[line.key].took.append(took.total_seconds() / DAY.total_seconds())
    return dict(found)


def lamp_of(opening: Opening, *, now: datetime) -> str:
    """NORMAL, SOON (due within three working days after today), OVERDUE, SUSPENDED, NONE."""
    if opening.due is not None and opening.due < now:
        return "OVERDUE"
    if opening.suspended:
        return "SUSPENDED"
    if opening.due is None:
        return "NONE"
    return "SOON" if opening.due < soon_before(now) else "NORMAL"


def soon_before(now: datetime) -> datetime:
    day, left = office_day(now), 4
    while left:
        day += DAY
        left -= legal_calendar().is_working(day)
    return midnight(day)


def lamp_of_case(story: Story, *, now: datetime) -> str:
    """That of its open step which is due first; while nothing is late, that the clock stands."""
    due = [one for one in story.standing() if one.due is not None]
    if story.suspended and all(lamp_of(one, now=now) != "OVERDUE" for one in due):
        return "SUSPENDED"
    return lamp_of(min(due, key=lambda one: str(one.due)), now=now) if due else "NONE"


# ---- words


@cache
def words_of(form_key: str, field_name: str) -> dict[str, str]:
    """What the choices of a field are called, from the files of the form and the options."""
    form = json.loads((ROOT / "forms" / f"{form_key}.form").read_text("utf-8"))
    todo, name = list(form["components"]), None
    while todo:
        component = todo.pop()
        todo += component.get("components", [])
        if component.get("key") == field_name:
            name = component["properties"]["options"]
    options = yamlfiles.read((ROOT / "forms" / "options.yml").read_text("utf-8"))
    return {str(row["value"]): row["zh"] for row in options[name]}
