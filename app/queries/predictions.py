"""What comes next: the ways that a proceeding can take from where it stands, as far as the reader may know.

A gateway is decided by what was answered and the reader may read; a question that the present step itself is to
answer is open, unless a draft of the reader answers it already. Where it is open, every way is told with its condition.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from app.domain.access import can_read_submission
from app.domain.actors import Actor
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.feel.checking import names_of
from app.feel.errors import FeelError
from app.feel.interpreter import evaluate
from app.queries.answers import form_of
from app.queries.flows import CALL, PEOPLE, WAITS, Node, Way, graph_of
from app.queries.heads import Found
from app.queries.stages import register_of
from app.queries.whereabouts import LATEST, Place, Whereabouts
from app.storage.facts import columns_of, scope_of
from app.storage.models import CaseFact, Submission, Task, TaskDraft
from app.storage.proceedings import File

FARTHEST = 60
"""Nodes looked through from one step."""


@dataclass(frozen=True, slots=True)
class Given:
    """A question on the way, and the answer that leads here."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Next:
    """A step that may come next; certain where nothing has to be given."""

    process_key: str
    step_id: str
    name: str
    kind: str
    given: tuple[Given, ...]
    through: tuple[Place, ...] = ()
    """Calls that are entered on the way there, the innermost first."""

    @property
    def places(self) -> tuple[Place, ...]:
        """The step, and those calls."""
        return (self.process_key, self.step_id), *self.through


@dataclass(frozen=True, slots=True)
class Known:
    """What expressions may read here, by name."""

    values: Mapping[str, Any]
    """Answers as process variables."""
    case: Mapping[str, Any]


Caller = Callable[[str], Place | None]
"""The call to which a process that is at work now goes back when it ends."""


def known_to(actor: Actor, found: Found) -> Known:
    """What was answered so far and the actor may read. Later answers stand before earlier ones."""
    proceeding = found.proceeding
    submissions = db.session.execute(
        select(Submission.data, Submission.person_id, Task.candidate_role)
        .join(Task, Task.id == Submission.task_id)
        .where(Submission.proceeding_id == proceeding.id)
        .order_by(Submission.submitted_at, Submission.id)
    )
    values: dict[str, Any] = {}
    for data, person_id, role in submissions:
        if can_read_submission(actor, performer_id=person_id, role=role):
            values |= data
    stated = db.session.execute(
        select(CaseFact.name, CaseFact.value, Submission.person_id, Task.candidate_role)
        .join(Submission, Submission.id == CaseFact.submission_id)
        .join(Task, Task.id == Submission.task_id)
        .where(CaseFact.proceeding_id == proceeding.id, CaseFact.scope == "")
    )
    readable = {
        name: value
        for name, value, person_id, role in stated
        if can_read_submission(actor, performer_id=person_id, role=role)
    }
    core = columns_of(File(proceeding, found.case, found.meeting))
    settings = {"switches": {**register_of(proceeding.release_id).switches, **proceeding.switches}}
    plain = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in core.items()}
    return Known(values, {**readable, **{k: v for k, v in plain.items() if v is not None}, **settings})


def next_steps(actor: Actor, found: Found, places: Whereabouts) -> dict[str, tuple[Next, ...]]:
    """By the id of each open task, and as `process/step` of each event that waits: the steps that may follow."""
    known = known_to(actor, found)
    proceeding = found.proceeding
    tasks = db.session.scalars(
        select(Task).where(Task.proceeding_id == proceeding.id, Task.status == TaskStatus.OPEN)
    ).all()
    drafts = _drafts(actor, [task.id for task in tasks])
    told: dict[tuple[str, str, Place | None], tuple[Next, ...]] = {}
    answer: dict[str, tuple[Next, ...]] = {}
    for task in tasks:
        caller = partial(places.caller, moment=(LATEST, scope_of(task.element)))
        place = (task.process_key, task.step_id, caller(task.process_key))
        if task.id in drafts or place not in told:
            during = _during(proceeding.release_id, task.form_key, known, drafts.get(task.id))
            told[place] = tuple(_Walk(proceeding.release_id, during, caller).from_(task.process_key, task.step_id))
        answer[task.id] = told[place]
    for key, step_id in sorted(places.waiting):
        answer[f"{key}/{step_id}"] = tuple(_Walk(proceeding.release_id, known, places.caller).from_(key, step_id))
    return answer


def _drafts(actor: Actor, task_ids: list[str]) -> dict[str, Mapping[str, Any]]:
    if not task_ids:
        return {}
    of_actor = (TaskDraft.person_id == actor.person_id, TaskDraft.task_id.in_(task_ids))
    return {row.task_id: row.data for row in db.session.scalars(select(TaskDraft).where(*of_actor))}


def _during(release_id: str, form_key: str, known: Known, draft: Mapping[str, Any] | None) -> Known:
    """Without what the present step is to answer anew, with what its draft says already."""
    asked = {component.key for component in form_of(release_id, form_key).fields}
    said = {name: value for name, value in (draft or {}).items() if value not in (None, "", [])}
    return Known(
        {**{name: value for name, value in known.values.items() if name not in asked}, **said},
        {**{name: value for name, value in known.case.items() if name not in asked}, **said},
    )


class _Walk:
    def __init__(self, release_id: str, known: Known, caller: Caller) -> None:
        self._release_id = release_id
        self._caller = caller
        self._called_from: dict[str, tuple[str, str]] = {}
        """Where this walk itself went into a process."""
        self._context = {**known.values, "case": dict(known.case)}
        self._known = known
        self._seen: set[tuple[str, str]] = set()

    def from_(self, process_key: str, step_id: str) -> Iterator[Next]:
        node = graph_of(self._release_id, process_key).nodes.get(step_id)
        if node is not None:
            yield from self._onward(process_key, node, ())

    def _onward(self, process_key: str, node: Node, given: tuple[Given, ...]) -> Iterator[Next]:
        for way, more in self._open_ways(node):
            yield from self._at(process_key, way.target, (*given, *more))

    def _at(self, process_key: str, id_: str, given: tuple[Given, ...]) -> Iterator[Next]:
        node = graph_of(self._release_id, process_key).nodes.get(id_)
        if node is None or (process_key, id_) in self._seen or len(self._seen) > FARTHEST:
            return
        self._seen.add((process_key, id_))
        if node.kind in PEOPLE or node.kind in WAITS:
            yield Next(process_key, id_, node.name, node.kind, given, tuple(self._calls_above(process_key)))
        elif node.kind == CALL and graph_of(self._release_id, node.calls).starts:
            self._called_from[node.calls] = (process_key, id_)
            for start in graph_of(self._release_id, node.calls).starts:
                yield from self._at(node.calls, start, given)
        elif node.kind == "endEvent":
            yield from self._back(process_key, given)
        else:
            yield from self._onward(process_key, node, given)

    def _calls_above(self, process_key: str) -> Iterator[Place]:
        """Calls by which this walk itself came here."""
        here = self._called_from.get(process_key)
        while here is not None:
            yield here
            here = self._called_from.get(here[0])

    def _back(self, process_key: str, given: tuple[Given, ...]) -> Iterator[Next]:
        caller = self._called_from.get(process_key) or self._caller(process_key)
        if caller is not None:
            node = graph_of(self._release_id, caller[0]).nodes.get(caller[1])
            if node is not None:
                yield from self._onward(caller[0], node, given)

    def _open_ways(self, node: Node) -> list[tuple[Way, tuple[Given, ...]]]:
        """The ways that are taken, or every one that may be, each with what leads there."""
        if node.kind not in ("exclusiveGateway", "inclusiveGateway") or len(node.ways) < 2:
            return [(way, ()) for way in node.ways]
        asked = [way for way in node.ways if way.condition]
        decided = [self._holds(way.condition) for way in asked]
        if None not in decided:
            taken = [way for way, holds in zip(asked, decided, strict=True) if holds]
            taken = taken[:1] if node.kind == "exclusiveGateway" else taken
            return [(way, ()) for way in taken or [way for way in node.ways if way.is_default]]
        may = [way for way in node.ways if not way.condition or decided[asked.index(way)] is not False]
        return [(way, (Given(node.name, way.name),)) for way in may]

    def _holds(self, condition: str) -> bool | None:
        """None where it reads something that nobody has stated yet, or the reader may not know."""
        try:
            if any(not self._knows(name) for name in names_of(condition)):
                return None
            value = evaluate(condition, self._context)
        except FeelError:
            return None
        return value if isinstance(value, bool) else None

    def _knows(self, name: str) -> bool:
        first, _, rest = name.partition(".")
        if first == "case":
            return self._known.case.get(rest.partition(".")[0]) is not None
        return self._known.values.get(first) is not None
