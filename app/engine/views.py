"""Tasks of the library as domain values. Only reads."""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.domain.advance import (
    DecisionTaken,
    Incident,
    OpenTask,
    ServiceRequest,
    StepTaken,
    Subscription,
    WaitingTimer,
)
from app.engine.events import CORRELATION, DUE, Gateway, Message, definitions_of
from app.engine.failures import held
from app.engine.instances import Instances
from app.engine.parse import Definition, Step
from app.engine.steps import DECISION, REQUEST, BusinessRule, Service
from app.engine.timers import read_instant

_READY, _STARTED = TaskState.READY, TaskState.STARTED  # looked at task by task, several times in each move
ASSIGNMENT = "assignment"
"""Where a human step keeps what candidateOrgan, candidatePerson and deadlineFrom gave when it opened."""
ANY_ORGAN = "*"
"""A `candidateOrgan` that restricts nothing: whoever holds the role, until some step names an organ."""


def live_tasks(workflow: BpmnWorkflow) -> Iterator[Task]:
    """All tasks of the workflow and its sub-workflows, but those at rest: see `engine.resting`."""
    for live in [workflow, *workflow.awake()]:
        yield from list(live.tasks.values())


def size(workflow: BpmnWorkflow) -> int:
    """How many tasks there are, at rest or not."""
    return sum(len(live.tasks) for live in [workflow, *workflow.awake()]) + sum(rest.size for rest in workflow.rests())


def process_key_of(definition: Definition, task: Task) -> str:
    return definition.process_of[task.workflow.spec.name]


def step_of(definition: Definition, task: Task) -> Step:
    return definition.steps_by_process[process_key_of(definition, task), task.task_spec.bpmn_id]


def drawn(definition: Definition, task: Task) -> bool:
    """Whether the task stands for a node of the diagram (not for the library's own splits and joins)."""
    return (process_key_of(definition, task), task.task_spec.bpmn_id) in definition.steps_by_process


def is_open(task: Task) -> bool:
    """Whether the task waits for a person."""
    return task._state == _READY and bool(task.task_spec.manual) and held(task) is None


def open_tasks(definition: Definition, workflow: BpmnWorkflow) -> list[OpenTask]:
    return [open_task(definition, task) for task in live_tasks(workflow) if is_open(task)]


def open_task(definition: Definition, task: Task) -> OpenTask:
    step = step_of(definition, task)
    assignment = task.internal_data.get(ASSIGNMENT, {})
    return OpenTask(
        id=task.id.hex,
        step_id=step.id,
        process_key=step.process_key,
        name=step.name,
        lane=step.lane,
        properties=step.properties,
        candidate_organ=None if assignment.get("candidateOrgan") == ANY_ORGAN else assignment.get("candidateOrgan"),
        candidate_person=assignment.get("candidatePerson"),
        deadline_from=assignment.get("deadlineFrom"),
        element=elements_of(task),
        variables={name: task.data.get(name) for name in definition.variables[step.process_key]},
    )


def elements_of(task: Task) -> dict[str, Any]:
    """Multi-instance elements around a task, under their own names, the innermost last."""
    found: dict[str, Any] = {}
    current: Task | None = task
    while current is not None:
        parent = current.parent
        # what follows a multi-instance step hangs below it as well; only its instances have an element
        if (
            parent is not None
            and isinstance(parent.task_spec, Instances)
            and parent.task_spec.task_spec == current.task_spec.name
        ):
            name = parent.task_spec.input_item.bpmn_id
            found = {name: task.data.get(name), **found}
        workflow = current.workflow
        caller = workflow.parent_task_id
        current = workflow.top_workflow.get_task_from_id(caller) if caller is not None else None
    return found


def timers(definition: Definition, workflow: BpmnWorkflow) -> list[WaitingTimer]:
    """All waiting timers, the earliest first."""
    found = [timer for task in waiting_events(workflow) for timer in timers_of(definition, task)]
    found += [timer for rest in workflow.rests() for timer in rest.timers]
    return sorted(found, key=lambda timer: (timer.due_at, timer.task_id))


def timers_of(definition: Definition, task: Task) -> list[WaitingTimer]:
    """Those that one task waits for."""
    return [
        WaitingTimer(
            task_id=task.id.hex,
            step_id=_event_step(task, index),
            process_key=process_key_of(definition, task),
            due_at=read_instant(due),
        )
        for index, event in enumerate(definitions_of(task))
        if isinstance(event, TimerEventDefinition) and (due := due_of(task)) is not None
    ]


def due_of(task: Task) -> str | None:
    """The instant at which a task's timer fires next, None when it has no firing left."""
    value = task.internal_data.get(DUE)
    if isinstance(value, dict):
        return value["next"] if value["cycles"] != 0 else None
    return value


def waiting_events(workflow: BpmnWorkflow) -> list[Task]:
    """Tasks that wait for an event and are not held; none of those at rest."""
    return [
        task
        for task in workflow.event_manager.tasks.values()
        if task.state == TaskState.WAITING and task.id in task.workflow.tasks and held(task) is None
    ]


def subscriptions(definition: Definition, workflow: BpmnWorkflow) -> list[Subscription]:
    found = [row for task in waiting_events(workflow) for row in subscriptions_of(definition, task)]
    return found + [row for rest in workflow.rests() for row in rest.subscriptions]


def subscriptions_of(definition: Definition, task: Task) -> list[Subscription]:
    """Those of one task."""
    return [
        Subscription(
            task_id=task.id.hex,
            step_id=_event_step(task, index),
            process_key=process_key_of(definition, task),
            message=event.name,
            correlation=task.internal_data.get(CORRELATION, {}).get(event.name, {}),
        )
        for index, event in enumerate(definitions_of(task))
        if isinstance(event, Message)
    ]


def _event_step(task: Task, index: int) -> str:
    """BPMN id of the drawn event; behind an event gateway it is the event, not the gateway."""
    if isinstance(task.task_spec, Gateway):
        return str(task.task_spec.outputs[index].bpmn_id)
    return str(task.task_spec.bpmn_id)


def incidents(definition: Definition, workflow: BpmnWorkflow) -> list[Incident]:
    """Steps held by a failure; those withdrawn since are none any more."""
    return [
        _incident(definition, task)
        for task in live_tasks(workflow)
        if held(task) is not None and not task.has_state(TaskState.FINISHED_MASK)
    ]


def _incident(definition: Definition, task: Task) -> Incident:
    reason = held(task) or {}
    step = step_of(definition, task)
    return Incident(
        task_id=task.id.hex,
        step_id=step.id,
        process_key=step.process_key,
        name=step.name,
        sentence=reason["sentence"],
        values=reason["values"],
        detail=reason["detail"],
    )


def step_taken(definition: Definition, task: Task) -> StepTaken:
    step = step_of(definition, task)
    return StepTaken(
        step_id=step.id,
        process_key=step.process_key,
        name=step.name,
        kind=step.kind,
        clauses=step.clauses,
        element=elements_of(task),
        decision=_decision(task),
    )


def _decision(task: Task) -> DecisionTaken | None:
    if not isinstance(task.task_spec, BusinessRule):
        return None
    taken = task.internal_data[DECISION]
    return DecisionTaken(table=task.task_spec.table.id, hits=tuple(taken["hits"]), outputs=taken["outputs"])


def requesting(workflow: BpmnWorkflow) -> list[Task]:
    """Service tasks that wait for their result."""
    return [
        task
        for task in live_tasks(workflow)
        if task._state == _STARTED and isinstance(task.task_spec, Service) and REQUEST in task.internal_data
    ]


def service_request(definition: Definition, task: Task) -> ServiceRequest:
    step = step_of(definition, task)
    return ServiceRequest(
        id=task.id.hex,
        step_id=step.id,
        process_key=step.process_key,
        name=step.name,
        operation=task.task_spec.operation_name,
        parameters=task.internal_data[REQUEST],
        element=elements_of(task),
    )
