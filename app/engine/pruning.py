"""What a proceeding no longer needs of its past, so that its cost does not grow with its history.

The tree is the marking, the history lives in tables: finished sub-workflows go, and every live one is re-rooted at the
lowest common ancestor of its unfinished tasks. Every open join, boundary or multi-instance scope holds an unfinished
task, so all of it lies below that ancestor.
"""

from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


def prune(workflow: BpmnWorkflow) -> None:
    """Drop what can never matter again. Only between moves: automatic loops are not pruned while they run."""
    _drop_finished(workflow)
    for live in [workflow, *workflow.subprocesses.values()]:
        _reroot(live)
    _drop_finished(workflow)


def _drop_finished(workflow: BpmnWorkflow) -> None:
    while True:  # an outer sub-workflow may go before the inner one of a cancelled call activity
        owner = {task_id: live for live in [workflow, *workflow.subprocesses.values()] for task_id in live.tasks}
        gone = [
            task_id
            for task_id, sub in workflow.subprocesses.items()
            if task_id not in owner
            or (sub.completed and owner[task_id].tasks[task_id].has_state(TaskState.FINISHED_MASK))
        ]
        if not gone:
            return
        for task_id in gone:
            del workflow.subprocesses[task_id]


def _reroot(workflow: Any) -> None:
    unfinished = [task for task in workflow.tasks.values() if not task.has_state(TaskState.FINISHED_MASK)]
    if workflow.completed or not unfinished:
        return
    common = _path(unfinished[0])
    for task in unfinished[1:]:
        path = _path(task)
        shared = [a for a, b in zip(common, path, strict=False) if a is b]
        common = shared
    while common and not common[-1].has_state(TaskState.FINISHED_MASK):
        common.pop()
    if len(common) > 2:
        _keep_below(workflow, common[-1])


def _path(task: Task | None) -> list[Task]:
    """From the root to the task."""
    found = []
    while task is not None:
        found.append(task)
        task = task.parent
    return found[::-1]


def _keep_below(workflow: Any, ancestor: Task) -> None:
    root = workflow.task_tree
    keep = {task.id for task in Task.__iter__(ancestor)} | {root.id}
    for task_id in [task_id for task_id in workflow.tasks if task_id not in keep]:
        del workflow.tasks[task_id]
    root._children = [ancestor.id]
    ancestor._parent = root.id
    if workflow.last_task is not None and workflow.last_task.id not in workflow.tasks:
        workflow.last_task = ancestor
