"""One move of one proceeding, from rest to rest. The only code that makes the library's tasks run."""

import copy
from collections.abc import Callable
from typing import Any

import orjson
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.domain.advance import Advance, ClosedTask, StepTaken, ThrownMessage, Values
from app.domain.errors import N_
from app.engine import views, watching
from app.engine.events import DUE, Message, superseded
from app.engine.expressions import ScriptEngine
from app.engine.failures import BudgetError, StepError, held, hold
from app.engine.instances import Instances
from app.engine.parse import Definition
from app.engine.pruning import prune
from app.engine.settled import rests_of
from app.engine.state import dump
from app.engine.steps import REQUEST, RESULT
from app.engine.timers import read_instant
from app.engine.values import plain
from app.engine.workflows import TaskId

MAX_STEPS = 2_000
MAX_TASKS = 10_000
MAX_DEPTH = 900
"""The library's iterators stop, in silence, at a depth of 1,000 tasks: never come near it."""
DEPTH_CHECK = 25
_READY = TaskState.READY


class Move:
    """Collects what happens between two rests. In memory only; an unsettled workflow is never stored."""

    def __init__(self, definition: Definition, workflow: BpmnWorkflow, engine: ScriptEngine) -> None:
        self.definition = definition
        self.workflow = workflow
        self.engine = engine
        self.open_before = {task.id for task in views.live_tasks(workflow) if views.is_open(task)}
        self.open_before |= _open_at_rest(workflow)
        self.completed: set[TaskId] = set()
        self.steps: list[StepTaken] = []
        self.messages: list[ThrownMessage] = []
        self._count = 0

    def settle(self) -> None:
        """Run everything automatic and fire everything due, until only people, events and operations are waited for.

        Raises BudgetError.
        """
        while self._run_ready() or self._fire_next_due():
            pass
        self._collect_messages()

    def run(self, task: Task, *, answers: Values | None = None) -> None:
        """Run one READY task. What it does wrong is held with it; its data is as before."""
        self._spend()
        before = _frozen(task.data)
        if answers is not None:
            self.engine.answers[task.id] = answers
        try:
            task.run()
        except BudgetError:
            raise
        except Exception as failure:
            if task.state not in (TaskState.ERROR, TaskState.READY):
                raise
            task._set_state(TaskState.READY)
            task.data = before()
            hold(task, failure, during="run")
            if answers is not None:
                task.internal_data["held"]["answers"] = dict(answers)
            return
        self._record(task)

    def answer(self, task: Task, result: Any) -> None:
        """Give a requesting service task its result."""
        task.internal_data[RESULT] = plain(result)
        task._set_state(TaskState.READY)

    def refuse(self, task: Task, failure: StepError) -> None:
        """An operation refused: the service task is held and asks again when retried."""
        task.internal_data.pop(REQUEST, None)
        task._set_state(TaskState.READY)
        hold(task, failure, during="run")

    def finish(self) -> Advance:
        """The advance of this move. While requests wait for results it carries no state."""
        requests = tuple(views.service_request(self.definition, task) for task in views.requesting(self.workflow))
        if not requests:
            watching.report(self.definition, self.workflow)
            prune(self.workflow)
        now_open = {task.id: task for task in views.live_tasks(self.workflow) if views.is_open(task)}
        return Advance(
            state=b"" if requests else dump(self.workflow, rests_of(self.definition, self.workflow)),
            opened=tuple(
                views.open_task(self.definition, task)
                for task_id, task in now_open.items()
                if task_id not in self.open_before
            ),
            closed=tuple(
                ClosedTask(id=task_id.hex, completed=task_id in self.completed)
                for task_id in sorted(self.open_before - now_open.keys() - _open_at_rest(self.workflow))
            ),
            timers=tuple(views.timers(self.definition, self.workflow)),
            subscriptions=tuple(views.subscriptions(self.definition, self.workflow)),
            messages=tuple(self.messages),
            steps=tuple(self.steps),
            incidents=tuple(views.incidents(self.definition, self.workflow)),
            requests=requests,
            completed=bool(self.workflow.is_completed()),
            pending=self if requests else None,
        )

    def _run_ready(self) -> bool:
        """One pass over everything automatic that is ready, the deepest sub-workflows first. Whether anything ran."""
        ran = False
        active = sorted(self.workflow.get_active_subprocesses(), key=lambda sub: sub.depth, reverse=True)
        for live in [*active, self.workflow]:
            for task in [task for task in live.tasks.values() if task._state == _READY]:
                if task._state == _READY and held(task) is None:
                    ran = self._run_or_open(task) or ran
        return ran

    def _run_or_open(self, task: Task) -> bool:
        if not task.task_spec.manual:
            if self._count % DEPTH_CHECK == 0 and task.depth > MAX_DEPTH:
                raise BudgetError(limit=MAX_STEPS)
            self.run(task)
            return True
        if views.ASSIGNMENT not in task.internal_data:
            self._open(task)
        return False

    def _open(self, task: Task) -> None:
        """Evaluate once who may do a human step and from when its deadline counts."""
        properties = views.step_of(self.definition, task).properties
        try:
            task.internal_data[views.ASSIGNMENT] = {
                name: self._assignment(task, name, properties[name])
                for name in ("candidateOrgan", "candidatePerson", "deadlineFrom")
                if properties.get(name, "").strip()
            }
        except StepError as failure:
            hold(task, failure, during="open")

    def _assignment(self, task: Task, name: str, expression: str) -> str:
        value = self.engine.evaluate(task, expression)
        if not isinstance(value, str) or not value:
            raise StepError(_NOBODY[name], detail=expression)
        if name == "deadlineFrom":
            read_instant(value)
        organs = self.engine.organs
        if name == "candidateOrgan" and organs is not None and value != views.ANY_ORGAN and value not in organs:
            raise StepError(N_("本县没有单位“%(organ)s”，请更正案件信息后重试。"), organ=value, detail=expression)
        return value

    def _fire_next_due(self) -> bool:
        """Let the timer that is due first fire, alone: what it changes may withdraw the others."""
        due = [
            (read_instant(instant), task.id, task)
            for task in views.waiting_events(self.workflow)
            if (instant := views.due_of(task)) is not None and read_instant(instant) <= self.engine.now
        ]
        if not due:
            return False
        self._spend()
        task = min(due, key=lambda entry: entry[:2])[2]
        if superseded(task):
            task.internal_data[DUE] = None
            return True
        self.engine.firing, armed = task.id, views.due_of(task)
        try:
            task.task_spec._update(task)
            if task.state == TaskState.WAITING and task.internal_data.get("event_fired"):
                task.task_spec._update(task)  # a cycle that has had its last firing ends
            elif task.state == TaskState.WAITING and views.due_of(task) != armed:
                self.steps.append(views.step_taken(self.definition, task))  # it goes on, and each firing is told
        finally:
            self.engine.firing = None
        return True

    def deliver(self, task: Task, event: BpmnEvent) -> None:
        """Let one waiting task catch a message."""
        task.task_spec.catch(task, event)
        task.task_spec._update(task)

    def _collect_messages(self) -> None:
        for event in self.workflow.get_events():  # a terminate end event leaves a nameless event here as well
            if isinstance(event.event_definition, Message):
                self.messages.append(
                    ThrownMessage(
                        message=event.event_definition.name,
                        step_id=event.step_id,
                        payload=event.payload,
                        correlation=event.correlations,
                    )
                )

    def _record(self, task: Task) -> None:
        if task.state != TaskState.COMPLETED or task.task_spec.manual or isinstance(task.task_spec, Instances):
            return
        if views.drawn(self.definition, task):
            self.steps.append(views.step_taken(self.definition, task))

    def _spend(self) -> None:
        self._count += 1
        crowded = self._count % DEPTH_CHECK == 0 and views.size(self.workflow) > MAX_TASKS
        if self._count > MAX_STEPS or crowded:
            raise BudgetError(limit=MAX_STEPS)


def _open_at_rest(workflow: BpmnWorkflow) -> set[TaskId]:
    return {TaskId(task_id) for rest in workflow.rests() for task_id in rest.open}


def _frozen(data: dict[str, Any]) -> Callable[[], dict[str, Any]]:
    """The data as it is now, for whoever asks for it later: hardly ever anybody."""
    try:
        text = orjson.dumps(data)
    except TypeError:  # a number of more than 64 bits
        copied = copy.deepcopy(data)
        return lambda: copied
    return lambda: orjson.loads(text)


_NOBODY = {
    "candidateOrgan": N_("无法确定办理单位，请补充案件信息后重试。"),
    "candidatePerson": N_("无法确定办理人，请补充案件信息后重试。"),
    "deadlineFrom": N_("期限的起算日尚无内容，请补充案件信息后重试。"),
}
