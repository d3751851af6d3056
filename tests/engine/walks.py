"""The same random commands on copies of a proceeding: never stored, stored whole, stored pruned, left at rest."""

import json
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.advance import Advance, OpenTask, Subscription
from app.domain.errors import ConflictError
from app.engine import moves, run, settled
from app.engine.parse import Definition
from tests.engine.grammar import FLAGS, MEMBERS
from tests.engine.invention import Invention
from tests.engine.proceedings import NOON

_live: dict[bytes, Any] = {}


@contextmanager
def kept(how: str) -> Iterator[None]:
    """Keep proceedings in memory ("live"), as bytes without pruning ("whole"), pruned and built whole each time
    ("pruned"), or pruned, with every called process at rest that may be ("resting")."""
    before = (run.load, moves.dump, moves.prune, settled.FEW)
    if how == "live":
        run.load, moves.dump = _take, _leave
    if how in ("live", "whole"):
        moves.prune = lambda workflow: None
    settled.FEW = 0 if how == "resting" else sys.maxsize
    try:
        yield
    finally:
        run.load, moves.dump, moves.prune, settled.FEW = before


def _leave(workflow: Any, _rests: Any) -> bytes:
    key = str(len(_live)).encode()
    _live[key] = workflow
    return key


def _take(definition: Definition, key: bytes, *, engine: Any, concern: Any = None) -> Any:
    workflow = _live[key]
    workflow.script_engine = engine
    return workflow


@dataclass(frozen=True)
class Command:
    """One thing done to a proceeding, in terms that mean the same in every copy (task ids differ)."""

    verb: str
    step: str = ""
    element: str = "{}"
    place: int = 0
    """Which of several equal ones."""
    values: tuple[tuple[str, Any], ...] = ()
    days: int = 0


@dataclass(frozen=True)
class Given:
    """What a proceeding starts with and what operations answer."""

    variables: dict[str, Any]
    context: dict[str, Any]
    correlation: dict[str, str]


RANDOM_DIAGRAM = Given({"case_no": "A1", "members": list(MEMBERS)}, {}, {"case_no": "A1"})


class Copy:
    """One of the copies."""

    def __init__(self, definition: Definition, how: str, given: Given) -> None:
        self.definition = definition
        self.how = how
        self.given = given
        self.now: datetime = NOON
        with kept(how):
            self.last = self._answered(
                run.start(definition, variables=given.variables, context=given.context, now=self.now)
            )

    def open(self) -> list[OpenTask]:
        with kept(self.how):
            return sorted(run.open_tasks(self.definition, self.last.state), key=_order)

    def apply(self, command: Command) -> None:
        """Raises LookupError when the command does not apply (any more)."""
        with kept(self.how):
            self.last = self._answered(self._advance(command))

    def _advance(self, command: Command) -> Advance:
        given: dict[str, Any] = {"context": self.given.context, "now": self.now}
        match command.verb:
            case "wait":
                self.now = given["now"] = self.now + timedelta(days=command.days)
                return run.fire_due(self.definition, self.last.state, **given)
            case "postpone":
                dues = {t.task_id: t.due_at + timedelta(days=command.days) for t in self.last.timers}
                return run.reschedule(self.definition, self.last.state, dues, **given)
            case "do":
                task = self._find(self.open(), command)
                return run.complete_task(
                    self.definition, self.last.state, task.id, answers=dict(command.values), **given
                )
            case "deliver":
                waiting = [s for s in self.last.subscriptions if s.step_id == command.step]
                if len(waiting) != 1:  # which of several instances takes it is not the copies' business
                    raise LookupError(command.step)
                return self._deliver(waiting, command, given)
        raise AssertionError(command.verb)

    def _deliver(self, waiting: list[Subscription], command: Command, given: dict[str, Any]) -> Advance:
        target = waiting[0]
        return run.deliver_message(
            self.definition,
            self.last.state,
            subscription_task_id=target.task_id,
            message=target.message,
            payload={**dict(command.values), **target.correlation},
            correlation=target.correlation,
            **given,
        )

    def _find(self, tasks: list[OpenTask], command: Command) -> OpenTask:
        matching = [t for t in tasks if t.step_id == command.step and _json(t.element) == command.element]
        if command.place >= len(matching):
            raise LookupError(command.step)
        return matching[command.place]

    def _answered(self, advance: Advance) -> Advance:
        while advance.requests:
            advance = run.resume(advance, {request.id: self._result(request.step_id) for request in advance.requests})
        return advance

    def _result(self, step_id: str) -> Any:
        """What an operation answers: always the same for a step, of the type that its variable has."""
        spec = next(
            spec.task_specs[step_id]
            for spec in [self.definition.spec, *self.definition.called.values()]
            if step_id in spec.task_specs
        )
        return self.given.variables.get(getattr(spec, "result_variable", ""), "answered")

    def fingerprint(self) -> dict[str, Any]:
        """Everything another room can see, without task ids."""
        last = self.last
        return {
            "open": sorted((t.step_id, _json(t.element), _json(t.variables)) for t in self.open()),
            "timers": sorted((t.step_id, t.due_at.isoformat()) for t in last.timers),
            "subscriptions": sorted((s.step_id, _json(s.correlation)) for s in last.subscriptions),
            "messages": sorted(_json(m.payload) for m in last.messages),
            "steps": sorted((s.step_id, _json(s.element)) for s in last.steps),
            "incidents": sorted((i.step_id, i.sentence, i.detail) for i in last.incidents),
            "opened": sorted(t.step_id for t in last.opened),
            "closed": sorted(c.completed for c in last.closed),
            "completed": last.completed,
        }


class Walk:
    """Draws commands from what the pruned copy offers and applies them to all."""

    def __init__(
        self,
        definition: Definition,
        rng: random.Random,
        *,
        invention: Invention | None = None,
        given: Given | None = None,
    ) -> None:
        _live.clear()
        self.rng = rng
        self.invention = invention
        self.given = given or RANDOM_DIAGRAM
        if invention is not None:
            self.given = Given(invention.variables(), invention.context(), {})
        self.copies = [Copy(definition, how, self.given) for how in ("live", "whole", "resting", "pruned")]
        self.commands: list[Command] = []

    @property
    def stuck(self) -> bool:
        """Nobody and nothing is waited for, only incidents are left."""
        last = self.copies[-1].last
        return not self.copies[-1].open() and not last.timers and not last.subscriptions

    @property
    def ended(self) -> bool:
        return self.copies[-1].last.completed

    def step(self) -> None:
        self.commands.append(self._draw())
        for copy in self.copies:
            copy.apply(self.commands[-1])

    def difference(self) -> str | None:
        prints = [copy.fingerprint() for copy in self.copies]
        return next(
            (
                f"{copy.how}.{key}: {other[key]!r} != {prints[0][key]!r}"
                for copy, other in zip(self.copies[1:], prints[1:], strict=True)
                for key in other
                if other[key] != prints[0][key]
            ),
            None,
        )

    def _draw(self) -> Command:
        copy = self.copies[-1]
        tasks = copy.open()
        choices: list[Command] = []
        for task in tasks:
            equal = [t for t in tasks if (t.step_id, t.element) == (task.step_id, task.element)]
            place = next(index for index, other in enumerate(equal) if other.id == task.id)
            choices += [Command("do", task.step_id, _json(task.element), place, self._answers(task))] * 4
        for waiting in copy.last.subscriptions:
            single = sum(s.step_id == waiting.step_id for s in copy.last.subscriptions) == 1
            # most messages of our own diagrams end everything: an appeal, a reversal
            if single and (self.invention is None or not tasks or self.rng.random() < 0.1):
                payload = self.invention.payload(waiting.message) if self.invention else (("n", len(self.commands)),)
                choices.append(Command("deliver", waiting.step_id, values=payload))
        if copy.last.timers or not choices:
            choices += [Command("wait", days=self.rng.randint(1, 12))] * 2
        if copy.last.timers and self.rng.random() < 0.3:
            choices.append(Command("postpone", days=self.rng.randint(0, 9)))
        return self.rng.choice(choices)

    def _answers(self, task: OpenTask) -> tuple[tuple[str, Any], ...]:
        if self.invention is not None:
            return self.invention.answers()
        if task.step_id.startswith(("urge", "vote")):
            number = task.step_id.removeprefix("vote").removeprefix("urge")
            return ((f"ballot{number}", self.rng.choice("ab")),) if task.step_id.startswith("vote") else ()
        flags = self.rng.sample(FLAGS, self.rng.randint(0, 2))
        return tuple((flag, self.rng.choice("abb")) for flag in flags)


def replay(definition: Definition, commands: list[Command], given: Given = RANDOM_DIAGRAM) -> str | None:
    """The first difference that a list of commands makes; those that do not apply are passed over."""
    walk = Walk(definition, random.Random(0), given=given)
    if found := walk.difference():
        return found
    for command in commands:
        try:
            for copy in walk.copies:
                copy.apply(command)
        except (LookupError, ConflictError):
            continue
        if found := walk.difference():
            return found
        if walk.ended:
            return None
    return None


def shrunk(definition: Definition, commands: list[Command], given: Given = RANDOM_DIAGRAM) -> list[Command]:
    """A shorter list of commands that still makes a difference: halves, quarters ... single commands are left out."""
    size = max(len(commands) // 2, 1)
    while True:
        start = 0
        while start < len(commands):
            shorter = commands[:start] + commands[start + size :]
            if replay(definition, shorter, given) is not None:
                commands = shorter
            else:
                start += size
        if size == 1:
            return commands
        size = max(size // 2, 1)


def _order(task: OpenTask) -> tuple[str, str, str]:
    return task.step_id, _json(task.element), _json(task.variables)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
