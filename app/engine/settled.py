"""What is told of the called processes of a workflow that has come to rest, so that the next move may leave them."""

from collections import defaultdict
from collections.abc import Mapping

from SpiffWorkflow.util.task import TaskState

from app.engine import views
from app.engine.failures import held
from app.engine.parse import Definition
from app.engine.resting import FEW, Rest
from app.engine.workflows import SubWorkflow, Task, TaskId, Workflow

_RUNS_BY_ITSELF = TaskState.READY | TaskState.ERROR


def rests_of(definition: Definition, workflow: Workflow) -> Mapping[TaskId, Rest]:
    """By the id of the task that called; nothing of a process that has a step of its own to run, or one that is held.

    Where few are called, building them costs less than telling.
    """
    awake = dict(workflow.subprocesses.awake())
    if len(workflow.subprocesses) <= FEW:
        return {}
    waiting: dict[TaskId | None, list[Task]] = defaultdict(list)
    for task in views.waiting_events(workflow):
        waiting[task.workflow.parent_task_id].append(task)
    called: dict[TaskId, list[tuple[TaskId, Rest | None]]] = defaultdict(list)
    for task_id, resting in workflow.subprocesses.resting():
        called[resting.inside.parent_task_id].append((task_id, resting.rest))
    found: dict[TaskId, Rest] = {}
    for task_id, sub in sorted(awake.items(), key=lambda entry: -entry[1].depth):
        rest = _rest_of(definition, sub, waiting[task_id])
        for inner_id, inner in called[task_id]:
            rest = rest.with_called(inner_id, inner) if rest is not None and inner is not None else None
        called[sub.parent_workflow.parent_task_id].append((task_id, rest))
        if rest is not None:
            found[task_id] = rest
    return found


def _rest_of(definition: Definition, sub: SubWorkflow, waiting: list[Task]) -> Rest | None:
    """Without what it calls itself."""
    open_ = []
    for task in sub.tasks.values():
        if held(task) is not None and not task.has_state(TaskState.FINISHED_MASK):
            return None
        if task.has_state(_RUNS_BY_ITSELF):
            if not views.is_open(task) or views.ASSIGNMENT not in task.internal_data:
                return None
            open_.append(task.id.hex)
    return Rest(
        open=tuple(open_),
        timers=tuple(timer for task in waiting for timer in views.timers_of(definition, task)),
        subscriptions=tuple(row for task in waiting for row in views.subscriptions_of(definition, task)),
        size=len(sub.tasks),
    )
