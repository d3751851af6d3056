"""What can be done with a proceeding. Bytes and values in, an `Advance` out; nothing else leaves the engine.

Every move settles before and after: timers that are due fire first, and only a proceeding at rest is returned.
`context` holds the host's contexts "case", "meeting", "procedure": visible to expressions of this call, never stored.
Steps that fail are held as incidents; only a caller's mistake raises: ConflictError when the matter has moved on,
ValueError when the call makes no sense, BudgetError when the procedure does not come to rest.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.domain.advance import Advance, OpenTask, Values
from app.domain.errors import N_, ConflictError
from app.engine import views
from app.engine.events import Message, definitions_of, put_off
from app.engine.expressions import ScriptEngine
from app.engine.failures import HELD, StepError, held
from app.engine.instances import MAX_INSTANCES, Instances
from app.engine.moves import Move
from app.engine.parse import Definition
from app.engine.resting import Concern
from app.engine.state import load
from app.engine.values import plain
from app.engine.workflows import Workflow


def start(
    definition: Definition,
    *,
    variables: Values,
    context: Values,
    now: datetime,
    message: str | None = None,
    payload: Values | None = None,
) -> Advance:
    """Begin a proceeding. Of `variables` those that the process declares are taken.

    A process that a message starts gets its message here, with `payload`; without it, it waits for it.
    """
    engine = ScriptEngine(now=now, context=plain(context))
    workflow = Workflow(definition.spec, definition.called, script_engine=engine)
    declared = definition.variables[definition.process_key]
    workflow.task_tree.data.update({k: v for k, v in plain(variables).items() if k in declared})
    move = Move(definition, workflow, engine)
    move.settle()
    if message is not None:
        event = BpmnEvent(Message(message), payload=plain(payload or {}))
        waiting = [task for task in _waiting_for(workflow, message) if _is_start(definition, task)]
        if not waiting:
            raise ValueError(f"{definition.process_key} is not started by {message}")
        move.deliver(waiting[0], event)
        move.settle()
    return move.finish()


def complete_task(
    definition: Definition, state: bytes, task_id: str, *, answers: Values, context: Values, now: datetime
) -> Advance:
    """Complete a human step with answers that the form has validated.

    Answers named like a declared variable of the step's process (or its multi-instance output) become variables; all
    of them are `task` in the step's postScript. Raises ConflictError when the step is not open (any more).
    """
    concern = Concern(now, frozenset([task_id]))
    move = _resumed(definition, state, context=context, now=now, concern=concern)
    task = _find(move.workflow, task_id)
    if task is None or not views.is_open(task):
        raise ConflictError(N_("该事项已办结或已撤回，请刷新后查看。"))
    given = plain(answers)
    names = {*definition.variables[views.process_key_of(definition, task)], *_output_names(task)}
    task.data.update({name: value for name, value in given.items() if name in names})
    move.completed.add(task.id)
    move.run(task, answers=given)
    move.settle()
    return move.finish()


def fire_due(definition: Definition, state: bytes, *, context: Values, now: datetime) -> Advance:
    """Fire every timer that is due, in the order of their instants; missed cycles are one firing."""
    return _resumed(definition, state, context=context, now=now, concern=Concern(now)).finish()


def reschedule(
    definition: Definition, state: bytes, dues: Mapping[str, datetime], *, context: Values, now: datetime
) -> Advance:
    """Move waiting timers, by task id, to other instants; only then fire what is due.

    For what stopped the clock (a suspension) or gave more time: the timers left out keep their instants. Raises
    ConflictError when one of them does not wait (any more).
    """
    engine = ScriptEngine(now=now, context=plain(context))
    move = Move(definition, load(definition, state, engine=engine), engine)
    waiting = {task.id.hex: task for task in views.waiting_events(move.workflow) if views.due_of(task) is not None}
    for task_id, due in dues.items():
        if task_id not in waiting:
            raise ConflictError(N_("该事项已办结或已撤回，请刷新后查看。"))
        put_off(waiting[task_id], due)
    move.settle()
    return move.finish()


def deliver_message(
    definition: Definition,
    state: bytes,
    *,
    subscription_task_id: str | None,
    message: str,
    payload: Values,
    correlation: Mapping[str, str],
    context: Values,
    now: datetime,
) -> Advance:
    """Deliver a message to the step that waits for it.

    Without `subscription_task_id` any step that waits for this name and correlation takes it. Raises ConflictError
    when nobody waits.
    """
    concern = Concern(now, frozenset([subscription_task_id])) if subscription_task_id else Concern(now, message=message)
    move = _resumed(definition, state, context=context, now=now, concern=concern)
    event = BpmnEvent(Message(message), payload=plain(payload), correlations=dict(correlation))
    for task in _waiting_for(move.workflow, message):
        wanted = subscription_task_id is None or task.id == subscription_task_id
        if wanted and task.task_spec.catches(task, event):
            move.deliver(task, event)
            move.settle()
            return move.finish()
    raise ConflictError(N_("没有环节在等待消息“%(message)s”。"), message=message)


def resume(advance: Advance, results: Mapping[str, Any], *, context: Values | None = None) -> Advance:
    """Go on with results of service requests, by request id. `context` replaces the host's contexts from here on.

    Requests that are left out still wait: the returned advance asks for them again.
    """
    move = _pending(advance)
    if context is not None:
        move.engine.renew_context(plain(context))
    waiting = {task.id.hex: task for task in views.requesting(move.workflow)}
    for request_id, result in results.items():
        if request_id not in waiting:
            raise ValueError(f"no request {request_id}")
        move.answer(waiting[request_id], result)
    move.settle()
    return move.finish()


def fail_request(
    advance: Advance, request_id: str, sentence: str, *, values: Values | None = None, detail: str = ""
) -> Advance:
    """An operation refused: its step becomes an incident, everything else goes on. `retry` asks for it again."""
    move = _pending(advance)
    waiting = {task.id.hex: task for task in views.requesting(move.workflow)}
    if request_id not in waiting:
        raise ValueError(f"no request {request_id}")
    move.refuse(waiting[request_id], StepError(sentence, detail=detail, **(values or {})))
    move.settle()
    return move.finish()


def cancel(definition: Definition, state: bytes, *, now: datetime) -> Advance:
    """End a proceeding wherever it stands; nothing waits any more."""
    engine = ScriptEngine(now=now, context={})
    move = Move(definition, load(definition, state, engine=engine), engine)
    move.workflow.cancel()
    return move.finish()


def retry(definition: Definition, state: bytes, task_id: str, *, context: Values, now: datetime) -> Advance:
    """Try a held step again. Raises ConflictError when it is not held (any more)."""
    move = _resumed(definition, state, context=context, now=now)
    task = _find(move.workflow, task_id)
    reason = held(task) if task is not None else None
    if task is None or reason is None:
        raise ConflictError(N_("该环节没有待处理的异常，请刷新后查看。"))
    del task.internal_data[HELD]
    match reason["during"]:
        case "update":
            task.task_spec._update(task)
        case "condition":
            task.task_spec.settle_instances(task)
        case "run" if "answers" in reason:
            move.run(task, answers=reason["answers"])
    move.settle()
    return move.finish()


def add_instance(
    definition: Definition,
    state: bytes,
    *,
    step_id: str,
    element: Any,
    context: Values,
    now: datetime,
    within: Values | None = None,
) -> Advance:
    """Add an element to a running multi-instance step; the step then waits for it as well.

    `within`: elements of the enclosing multi-instance steps, when several of the same step run. Raises ConflictError
    when it does not run (any more).
    """
    move = _resumed(definition, state, context=context, now=now)
    running = _running(move.workflow, step_id, within)
    if running is None or len(running.data[running.task_spec.data_input.bpmn_id]) >= MAX_INSTANCES:
        raise ConflictError(N_("该环节现在不能增加对象，请刷新后查看。"))
    running.task_spec.add(running, plain(element))
    move.settle()
    return move.finish()


def open_tasks(definition: Definition, state: bytes) -> tuple[OpenTask, ...]:
    """Human steps that wait in a stored proceeding, as they were when they opened."""
    engine = ScriptEngine(now=_NEVER, context={})
    return tuple(views.open_tasks(definition, load(definition, state, engine=engine)))


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _resumed(
    definition: Definition, state: bytes, *, context: Values, now: datetime, concern: Concern | None = None
) -> Move:
    engine = ScriptEngine(now=now, context=plain(context))
    move = Move(definition, load(definition, state, engine=engine, concern=concern), engine)
    move.settle()
    return move


def _pending(advance: Advance) -> Move:
    if not isinstance(advance.pending, Move) or not advance.requests:
        raise ValueError("this advance waits for no results")
    return advance.pending


def _find(workflow: BpmnWorkflow, task_id: str) -> Task | None:
    return next((task for task in views.live_tasks(workflow) if task.id == task_id), None)


def _output_names(task: Task) -> list[str]:
    parent = task.parent
    if parent is None or not isinstance(parent.task_spec, Instances) or parent.task_spec.output_item is None:
        return []
    return [parent.task_spec.output_item.bpmn_id]


def _waiting_for(workflow: BpmnWorkflow, message: str) -> list[Task]:
    return [
        task
        for task in views.waiting_events(workflow)
        if any(isinstance(event, Message) and event.name == message for event in definitions_of(task))
    ]


def _is_start(definition: Definition, task: Task) -> bool:
    return views.step_of(definition, task).kind == "startEvent"


def _running(workflow: BpmnWorkflow, step_id: str, within: Values | None) -> Task | None:
    """The running multi-instance activity of a step, None when there is none or more than one."""
    found = [
        task
        for task in views.live_tasks(workflow)
        if task.state == TaskState.STARTED
        and isinstance(task.task_spec, Instances)
        and task.task_spec.bpmn_id == step_id
        and all(views.elements_of(task).get(name) == value for name, value in (within or {}).items())
    ]
    return found[0] if len(found) == 1 else None
