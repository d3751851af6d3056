"""The diagram in words (文字大纲): every step with its role, clause, deadline and state, nested as processes call.

Says what the picture says, for whoever uses a keyboard, a screen reader or paper.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.deadlines import parse_period
from app.domain.history import Act
from app.domain.proceedings import ProceedingStatus
from app.domain.roles import role_label
from app.domain.tasks import TaskStatus
from app.engine.parse import Step
from app.extensions import db
from app.law.clauses import Clause
from app.queries.drawings import process_name
from app.queries.flows import CALL, PEOPLE, WAITS, Graph, Node, graph_of
from app.queries.heads import Found
from app.queries.lamps import LampView, lamp_view
from app.queries.names import element_label, organ_names, people_names
from app.queries.predictions import Next, next_steps
from app.queries.processes import clauses_of_steps
from app.queries.published import published_in
from app.queries.whereabouts import AUTOMATIC, Place, Whereabouts, signs_of
from app.storage import withheld
from app.storage.models import HistoryEntry, Task

TOLD = PEOPLE | WAITS | {CALL}


class State(StrEnum):
    DONE = "DONE"
    CURRENT = "CURRENT"
    NEXT = "NEXT"
    """May be the very next."""
    AHEAD = "AHEAD"
    SKIPPED = "SKIPPED"
    """The procedure went past without it, or is over."""


@dataclass(frozen=True, slots=True)
class Run:
    """It was done."""

    person: str
    deputy_of: str
    """Name of the person he stood in for; empty where none."""
    organ: str
    at: datetime
    task_id: str | None


@dataclass(frozen=True, slots=True)
class Holding:
    """It waits for a person now."""

    task_id: str
    element: str
    assignee: str
    organ: str
    lamp: LampView | None
    since: datetime


@dataclass(frozen=True, slots=True)
class OutlineStep:
    process_key: str
    step_id: str
    name: str
    kind: str
    state: State
    role: str
    """Label of the role (message id); empty for what the system does."""
    clauses: tuple[Clause, ...]
    months: int
    days: int
    """The deadline as the diagram says it; both 0 without one."""
    in_working_days: bool
    deadline_kind: str
    repeated: bool
    held: bool
    """Held by a failure."""
    runs: tuple[Run, ...] = ()
    holdings: tuple[Holding, ...] = ()
    after: tuple[Next, ...] = ()
    """Of a current step: what may follow it."""
    told_above: bool = False
    """A called process that is written out further up already."""
    children: tuple["OutlineStep", ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    name: str
    steps: tuple[OutlineStep, ...]
    done: int
    current: int
    ahead: int
    skipped: int
    """Steps of people in each state, those ahead including the next ones."""
    next_steps: tuple[Next, ...]
    """What may come next, over all current steps, each once."""


@dataclass(slots=True)
class _Marks:
    """What the rows say, by process and step."""

    runs: dict[Place, list[Run]] = field(default_factory=dict)
    holdings: dict[Place, list[Holding]] = field(default_factory=dict)


def outline_of(actor: Actor, found: Found, *, automatic: bool = False, now: datetime) -> Outline:
    """Of a proceeding that the actor sees. `automatic` also tells what the system does by itself."""
    proceeding = found.proceeding
    running = proceeding.status is ProceedingStatus.RUNNING
    marks = _marks(actor, proceeding.id, now=now)
    places = Whereabouts(proceeding.release_id, signs_of(proceeding.id))
    predicted = next_steps(actor, found, places) if running else {}
    writer = _Writer(
        release_id=proceeding.release_id,
        main=proceeding.process_key,
        marks=marks,
        places=places,
        predicted=predicted,
        automatic=automatic,
    )
    steps = writer.write(proceeding.process_key, began=True, running=running)
    flat = [step for step in _all(steps) if step.kind in PEOPLE]
    count = {state: sum(step.state is state for step in flat) for state in State}
    return Outline(
        name=process_name(proceeding.release_id, proceeding.process_key),
        steps=steps,
        done=count[State.DONE],
        current=count[State.CURRENT],
        ahead=count[State.NEXT] + count[State.AHEAD],
        skipped=count[State.SKIPPED],
        next_steps=tuple(_once(step for steps in predicted.values() for step in steps)),
    )


def _all(steps: tuple[OutlineStep, ...]) -> Iterator[OutlineStep]:
    for step in steps:
        yield step
        yield from _all(step.children)


def _once(steps: Iterator[Next]) -> Iterator[Next]:
    seen = set()
    for step in steps:
        if (place := (step.process_key, step.step_id)) not in seen:
            seen.add(place)
            yield step


class _Writer:
    def __init__(
        self,
        *,
        release_id: str,
        main: str,
        marks: _Marks,
        places: Whereabouts,
        predicted: Mapping[str, tuple[Next, ...]],
        automatic: bool,
    ) -> None:
        self._release_id = release_id
        self._marks = marks
        self._predicted = predicted
        self._next = {place for steps in predicted.values() for step in steps for place in step.places}
        self._told = TOLD | AUTOMATIC if automatic else TOLD
        self._steps = published_in(release_id, main).steps
        self._clauses = clauses_of_steps(release_id, main)
        self._written: set[str] = set()
        self._places = places

    def write(self, key: str, *, began: bool, running: bool) -> tuple[OutlineStep, ...]:
        """The steps of a process. `began`: it was entered, or is running now; `running`: something may still come."""
        graph = graph_of(self._release_id, key)
        self._written.add(key)
        ahead = self._ahead(graph, key, began=began) if running else frozenset()
        return tuple(
            self._step(key, node, self._state(key, node, ahead), running=running)
            for node in graph.nodes.values()
            if node.kind in self._told
        )

    def _ahead(self, graph: Graph, key: str, *, began: bool) -> frozenset[str]:
        active = frozenset(id_ for process, id_ in self._places.active if process == key)
        if active:
            return graph.after(active)
        return frozenset() if began else graph.after(frozenset(graph.starts))

    def _state(self, key: str, node: Node, ahead: frozenset[str]) -> State:
        place = (key, node.id)
        if place in self._places.active:
            return State.CURRENT
        if place in self._next:
            return State.NEXT
        if place in self._places.entered:
            return State.DONE
        return State.AHEAD if node.id in ahead else State.SKIPPED

    def _step(self, key: str, node: Node, state: State, *, running: bool) -> OutlineStep:
        place = (key, node.id)
        step = self._steps.get(f"{key}/{node.id}")
        told_above = node.kind == CALL and node.calls in self._written
        holdings = tuple(self._marks.holdings.get(place, ()))
        return OutlineStep(
            process_key=key,
            step_id=node.id,
            name=node.name or node.id,
            kind=node.kind,
            state=state,
            **_of_diagram(step),
            clauses=self._clauses.get(key, {}).get(node.id, ()),
            repeated=node.repeated,
            held=place in self._places.held,
            runs=tuple(self._marks.runs.get(place, ())),
            holdings=holdings,
            after=self._after(key, node.id, holdings),
            told_above=told_above,
            children=() if told_above or node.kind != CALL else self._inside(node, state, running=running),
        )

    def _after(self, key: str, step_id: str, holdings: tuple[Holding, ...]) -> tuple[Next, ...]:
        sources = [held.task_id for held in holdings] or [f"{key}/{step_id}"]
        return tuple(_once(after for source in sources for after in self._predicted.get(source, ())))

    def _inside(self, node: Node, state: State, *, running: bool) -> tuple[OutlineStep, ...]:
        if not graph_of(self._release_id, node.calls).nodes:
            return ()
        coming = running and state is not State.SKIPPED
        return self.write(node.calls, began=state in (State.DONE, State.CURRENT), running=coming)


def _of_diagram(step: Step | None) -> dict[str, Any]:
    properties = step.properties if step is not None else {}
    role = properties.get("candidateRole", "")
    months, days = parse_period(properties.get("deadline") or "P0D")
    return {
        "role": role_label(role),
        "months": months,
        "days": days,
        "in_working_days": properties.get("dayCount") == "WORKING",
        "deadline_kind": properties.get("deadlineKind", ""),
    }


def _marks(actor: Actor, proceeding_id: str, *, now: datetime) -> _Marks:
    marks = _Marks()
    entries = db.session.execute(
        select(
            HistoryEntry.process_key,
            HistoryEntry.step_id,
            HistoryEntry.person_name,
            HistoryEntry.organ_name,
            HistoryEntry.at,
            HistoryEntry.task_id,
            HistoryEntry.details,
        )
        .where(HistoryEntry.proceeding_id == proceeding_id, HistoryEntry.act == Act.SUBMITTED)
        .order_by(HistoryEntry.position)
    )
    for key, step_id, person, organ, at, task_id, details in entries:
        run = Run(person, str(details.get("deputy_of") or ""), organ, at, task_id)
        marks.runs.setdefault((key, step_id), []).append(run)
    _mark_open(marks, actor, proceeding_id, now=now)
    return marks


def _mark_open(marks: _Marks, actor: Actor, proceeding_id: str, *, now: datetime) -> None:
    waiting = db.session.scalars(
        select(Task)
        .where(Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN)
        .order_by(Task.opened_at, Task.id)
    )
    tasks = withheld.shown(waiting, actor.person_id)
    organs = organ_names(actor.county_id)
    people = people_names(task.assignee_id for task in tasks)
    for task in tasks:
        holding = Holding(
            task_id=task.id,
            element=element_label(task.element, organs),
            assignee=people.get(task.assignee_id or "", ""),
            organ=organs.get(task.candidate_organ or "", ""),
            lamp=lamp_view(task.due_at, now=now, record=task.deadline) if task.deadline else None,
            since=task.opened_at,
        )
        marks.holdings.setdefault((task.process_key, task.step_id), []).append(holding)
