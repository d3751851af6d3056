"""Called processes at rest. In a round of two hundred a click concerns one: the others stay rows until asked for.

Beside its rows a called process tells what the outside must know of it: which steps are open, which timers and
messages it waits for. What runs nothing by itself and is not concerned is neither built nor looked through; whoever
asks for it by way of the library gets it built, so that nothing the library does can overlook it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.advance import Subscription, WaitingTimer

FEW = 8
"""So many called processes are built sooner than told about."""
REST, ROWS = "rest", "rows"
"""Names under which a stored called process tells of itself, and keeps its rows as text."""
_NOBODY: frozenset[str] = frozenset()
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Rest:
    """What the outside must know of a called process with all that it calls itself."""

    open: tuple[str, ...] = ()
    """Ids of the human steps that wait."""
    timers: tuple[WaitingTimer, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    size: int = 0
    """How many tasks it has."""
    calls: tuple[str, ...] = ()
    """Ids of the tasks in it that called a process."""

    def with_called(self, task_id: str, called: "Rest") -> "Rest":
        return Rest(
            open=(*self.open, *called.open),
            timers=(*self.timers, *called.timers),
            subscriptions=(*self.subscriptions, *called.subscriptions),
            size=self.size + called.size,
            calls=(*self.calls, task_id, *called.calls),
        )

    def as_row(self) -> list[Any]:
        timers = [[row.task_id, row.step_id, row.process_key, row.due_at.isoformat()] for row in self.timers]
        waits = [
            [row.task_id, row.step_id, row.process_key, row.message, dict(row.correlation)]
            for row in self.subscriptions
        ]
        return [self.open, timers, waits, self.size, self.calls]

    @classmethod
    def of_row(cls, row: list[Any]) -> "Rest":
        open_, timers, waits, size, calls = row
        return cls(
            open=tuple(open_),
            timers=tuple(
                WaitingTimer(task_id, step_id, process_key, datetime.fromisoformat(due))
                for task_id, step_id, process_key, due in timers
            ),
            subscriptions=tuple(Subscription(*cells) for cells in waits),
            size=size,
            calls=tuple(calls),
        )


@dataclass(frozen=True, slots=True)
class Concern:
    """What a move is about, besides what is due."""

    now: datetime
    tasks: frozenset[str] = _NOBODY
    """Ids of steps that are completed, or that a message is for."""
    message: str | None = None
    """A message for whoever waits for it."""

    def touches(self, rest: Rest) -> bool:
        return (
            not self.tasks.isdisjoint(rest.open)
            or any(timer.due_at <= self.now for timer in rest.timers)
            or any(row.message == self.message or row.task_id in self.tasks for row in rest.subscriptions)
        )


@dataclass(frozen=True, slots=True)
class Resting:
    """A called process that was not built."""

    rest: Rest
    rows: Mapping[str, dict[str, Any]]
    """What is stored of it, and of what it calls, by the id of the task that called."""
    inside: Any
    """The workflow with the task that called it."""
    build: Callable[[], Any] = field(repr=False)
    """Builds it, puts it into its place and returns it. Asked once, by `Subprocesses`."""

    def knows(self, task_id: str) -> bool:
        """Whether one of its tasks has this id."""
        return any(f'"{task_id}"' in stored[ROWS] for stored in self.rows.values())


class Subprocesses(dict[Any, Any]):
    """Called processes by the id of the task that called. Whoever asks for one, or for all, gets them built."""

    def __getitem__(self, key: Any) -> Any:
        found = self.get(key, _NOTHING)
        if found is _NOTHING:
            raise KeyError(key)
        return found

    def get(self, key: Any, default: Any = None) -> Any:
        found = super().get(key, default)
        if not isinstance(found, Resting):
            return found
        if self._lost(key, found, {}):  # asked for while its caller is cancelled, and is off the tree by now
            del self[key]
            return default
        return found.build()

    def values(self) -> Any:
        return [found for _, found in self.items()]

    def items(self) -> Any:
        self.drop_orphans()
        return [(key, self[key]) for key in list(self)]

    def awake(self) -> list[tuple[Any, Any]]:
        """Those that are built, with their keys."""
        return [(key, found) for key, found in super().items() if not isinstance(found, Resting)]

    def resting(self) -> list[tuple[Any, Resting]]:
        """Those that are not."""
        self.drop_orphans()
        return [(key, found) for key, found in super().items() if isinstance(found, Resting)]

    def drop_orphans(self) -> None:
        """Drop what rests and whose caller is gone: the library takes tasks that it cancels off the tree."""
        known: dict[int, bool] = {}
        asleep = [(key, found) for key, found in super().items() if isinstance(found, Resting)]
        for key, found in asleep:
            if self._lost(key, found, known):
                del self[key]

    def _lost(self, key: Any, resting: Resting, known: dict[int, bool]) -> bool:
        return key not in resting.inside.tasks or not self._stands(resting.inside, known)

    def _stands(self, workflow: Any, known: dict[int, bool]) -> bool:
        """Whether a workflow still hangs together with the whole; `known`: those that were asked about."""
        caller = workflow.parent_task_id
        if caller is None:
            return True
        if id(workflow) not in known:
            around = (workflow.top_workflow, *(one for _, one in self.awake()))
            in_its_place = super().get(caller) is workflow
            known[id(workflow)] = in_its_place and any(
                caller in one.tasks and self._stands(one, known) for one in around
            )
        return known[id(workflow)]

    def as_they_are(self) -> Iterator[tuple[Any, Any]]:
        """All in their order, built or not."""
        return iter(super().items())
