"""The library's workflows and tasks, quicker in what they do hundreds of times in a move; the same otherwise."""

import time
from copy import copy
from os import urandom
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task as StockTask
from SpiffWorkflow.util.task import TaskState

from app.engine.resting import Rest, Subprocesses

_CHANGING = frozenset({dict, list, set})
_WAITING = TaskState.WAITING
_START = {"spec_name": "Start"}


class TaskId(str):
    """Id of a task, 32 hexadecimal digits. Tasks know each other by id, and Python hashes a UUID slowly."""

    __slots__ = ()

    @property
    def hex(self) -> str:
        return str(self)


class Task(StockTask):
    """A task that keeps no log of its states: stock puts a line together for each, whether anybody reads it or not."""

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: StockTask | None = None,
        state: int = TaskState.MAYBE,
        id: TaskId | None = None,
    ) -> None:
        self.id = id or TaskId(urandom(16).hex())
        self.workflow = workflow
        self.task_spec = task_spec
        self._parent = None
        self._children: list[TaskId] = []
        self._state = state
        self.triggered = False
        self.thread_id = self.thread_id_pool
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.last_state_change = time.time()
        workflow.tasks[self.id] = self
        if parent is not None:
            self._parent = parent.id
            parent._children.append(self.id)

    @property
    def children(self) -> list["Task"]:
        return list(map(self.workflow.tasks.get, self._children))

    def _set_state(self, value: int) -> None:
        if value != self._state:
            self._state = value
            self.last_state_change = time.time()

    def _inherit_data(self) -> None:
        """As stock; a task that has nothing yet, as nearly each, takes all without a comparison entry by entry."""
        if self.data or self._parent is None:
            super()._inherit_data()
            return
        data: dict[str, Any] = self.parent.data
        self.data = {name: copy(value) if value.__class__ in _CHANGING else value for name, value in data.items()}

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> "Task":
        """As stock, with a task like this one."""
        if self.has_state(TaskState.PREDICTED_MASK) and state & TaskState.PREDICTED_MASK == 0:
            raise WorkflowException("Attempt to add non-predicted child to predicted task", task_spec=self.task_spec)
        task = Task(self.workflow, task_spec, self, state=state)
        task.thread_id = self.thread_id
        if state == TaskState.READY:
            task._ready()
        return task


class _Brisk:
    """Stock measures the depth of every task it passes on its way to the waiting ones."""

    spec: Any
    tasks: dict[TaskId, Task]
    task_tree: Task

    def __init__(self, *args: Any, deserializing: bool = False, **kwargs: Any) -> None:
        """As stock, with a first task like all others."""
        super().__init__(*args, deserializing=True, **kwargs)  # type: ignore[call-arg]
        if not deserializing:
            self.task_tree = Task(self, self.spec.start, state=TaskState.FUTURE)
            self.task_tree.task_spec._predict(self.task_tree, mask=TaskState.NOT_FINISHED_MASK)
            self.task_tree._ready()

    def update_waiting_tasks(self) -> None:
        """Let every waiting task see whether it may go on, in the order of the tree."""
        for task in self.tasks.values():
            if task._state == _WAITING:
                break
        else:
            return
        ahead = [self.task_tree]
        while ahead:
            task = ahead.pop()
            if task._children and task._state >= TaskState.FUTURE:
                ahead += reversed(task.children)
            if task._state == _WAITING:
                task.task_spec._update(task)

    def get_tasks(self, first_task: Task | None = None, **sought: Any) -> list[Task]:
        """As stock, which walks the tree to find that an event that has happened stands there once."""
        if first_task is not None and sought == {"spec_name": first_task.task_spec.name} and self._alone(first_task):
            return [first_task]
        found: list[Task] = super().get_tasks(first_task, **sought)  # type: ignore[misc]
        return found

    def _alone(self, task: Task) -> bool:
        """Whether no other task here is of the same step."""
        return not any(other.task_spec is task.task_spec and other is not task for other in self.tasks.values())

    def get_next_task(self, first_task: Task | None = None, **sought: Any) -> Task | None:
        """As stock, which looks through everything for the start where a called process begins."""
        if sought == _START and first_task is None and self.task_tree.task_spec.name == _START["spec_name"]:
            return self.task_tree
        found: Task | None = super().get_next_task(first_task, **sought)  # type: ignore[misc]
        return found


class SubWorkflow(_Brisk, BpmnSubWorkflow):
    """A called process."""


class _Events(EventManager):
    """Stock asks each waiting event that it knows; what rests is built first where it may wait for this one."""

    def catch(self, event: BpmnEvent, internal: bool = True) -> int:
        called = self.workflow.subprocesses
        while event.target is None and (asleep := self._may_wait_for(event)):
            for task_id in asleep:
                called[task_id]
        return int(super().catch(event, internal) or 0)

    def _may_wait_for(self, event: BpmnEvent) -> list[TaskId]:
        resting = self.workflow.subprocesses.resting()
        if not isinstance(event.event_definition, MessageEventDefinition):
            return [task_id for task_id, _ in resting]
        name = event.event_definition.name
        return [task_id for task_id, one in resting if any(row.message == name for row in one.rest.subscriptions)]


class Workflow(_Brisk, BpmnWorkflow):
    """A proceeding."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._places: dict[TaskId, Task] = {}
        super().__init__(*args, **kwargs)
        self.subprocesses = Subprocesses()
        self.event_manager = _Events(self)

    def remember(self, task: Task) -> None:
        """Where a task is found whose id will be asked for."""
        self._places[task.id] = task

    def find_task(self, task_id: TaskId) -> Task | None:
        """The task, here or in a called process. Stock looks through all of them again for each question."""
        task = self._places.get(task_id)
        if task is not None and task.workflow.tasks.get(task_id) is task:
            place = task.workflow
            if place is self or self.subprocesses.get(place.parent_task_id) is place:
                return task
        task = self._look_for(task_id)
        while task is None and (caller := self._caller_of_asleep_with(task_id)) is not None:
            self.subprocesses[caller]
            task = self._look_for(task_id)
        if task is not None:
            self._places[task_id] = task
        return task

    def _look_for(self, task_id: TaskId) -> Task | None:
        everywhere = (live.tasks for live in (self, *self.awake()))
        return next((tasks[task_id] for tasks in everywhere if task_id in tasks), None)

    def _caller_of_asleep_with(self, task_id: TaskId) -> TaskId | None:
        return next((caller for caller, one in self.subprocesses.resting() if one.knows(task_id)), None)

    def awake(self) -> list[SubWorkflow]:
        """The called processes that are built; see `engine.resting`."""
        return [sub for _, sub in self.subprocesses.awake()]

    def rests(self) -> list[Rest]:
        """What is told of the others."""
        return [one.rest for _, one in self.subprocesses.resting()]

    def wake_all(self) -> None:
        """Build every called process."""
        while self.subprocesses.resting():
            self.subprocesses.values()

    def get_active_subprocesses(self) -> list[SubWorkflow]:
        """Those in which something may run: what rests has nothing that would."""
        return [sub for sub in self.awake() if not sub.completed]

    def get_task_from_id(self, task_id: TaskId | None) -> Task:
        """As stock. Raises TaskNotFoundException."""
        found = self.find_task(task_id) if task_id is not None else None
        return found or super().get_task_from_id(task_id)

    def create_subprocess(self, my_task: Task, spec_name: str) -> SubWorkflow:
        """Begin a called process."""
        sub = SubWorkflow(self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self)
        self.subprocesses[my_task.id] = sub
        return sub
