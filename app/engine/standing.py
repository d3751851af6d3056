"""How a stored proceeding stands, read without moving it: for whoever compares the tables with the procedure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import orjson
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from zstandard import ZstdError

from app.domain.advance import Incident, OpenTask, Subscription, WaitingTimer
from app.engine import views
from app.engine.expressions import ScriptEngine
from app.engine.failures import held
from app.engine.parse import Definition
from app.engine.state import StateError, load

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Fault(StrEnum):
    """Why stored bytes cannot be read."""

    DAMAGED = "DAMAGED"
    FORMAT = "FORMAT"
    FOREIGN = "FOREIGN"
    """They name steps that the definition does not have."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Something automatic that should have run before the state was stored."""

    task_id: str
    process_key: str
    step_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the stored state says; nothing of it was computed anew."""

    fault: Fault | None = None
    """When set, all else is empty."""
    open: tuple[OpenTask, ...] = ()
    timers: tuple[WaitingTimer, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    incidents: tuple[Incident, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()
    completed: bool = False

    @property
    def waits(self) -> bool:
        """Whether anybody or anything can make it go on."""
        return bool(self.open or self.timers or self.subscriptions or self.incidents or self.unsettled)


def standing_of(definition: Definition, state: bytes) -> Standing:
    """Read a stored state; bytes that cannot be read are a fault, not an exception."""
    try:
        workflow = load(definition, state, engine=ScriptEngine(now=_NEVER, context={}))
    except StateError as problem:
        return Standing(fault=_fault_of(problem))
    except (AttributeError, TypeError, ValueError):
        return Standing(fault=Fault.DAMAGED)
    return Standing(
        open=tuple(views.open_tasks(definition, workflow)),
        timers=tuple(views.timers(definition, workflow)),
        subscriptions=tuple(views.subscriptions(definition, workflow)),
        incidents=tuple(views.incidents(definition, workflow)),
        unsettled=tuple(_unsettled(definition, workflow)),
        completed=bool(workflow.is_completed()),
    )


def _fault_of(problem: StateError) -> Fault:
    match problem.__cause__:
        case None:
            return Fault.FORMAT
        case ZstdError() | orjson.JSONDecodeError():
            return Fault.DAMAGED
    return Fault.FOREIGN


def _unsettled(definition: Definition, workflow: BpmnWorkflow) -> list[Unsettled]:
    requesting = {task.id for task in views.requesting(workflow)}
    return [
        Unsettled(task.id.hex, views.process_key_of(definition, task), task.task_spec.bpmn_id or "", _name_of(task))
        for task in views.live_tasks(workflow)
        if _is_due_to_run(task) or task.id in requesting
    ]


def _is_due_to_run(task: Task) -> bool:
    if task.state != TaskState.READY or held(task) is not None:
        return False
    return not task.task_spec.manual or views.ASSIGNMENT not in task.internal_data


def _name_of(task: Task) -> str:
    return str(task.task_spec.bpmn_name or task.task_spec.bpmn_id or task.task_spec.name)
