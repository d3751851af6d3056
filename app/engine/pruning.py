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
    for live in [workflow, *workflow.awake()]:  # what rests was pruned when it came to rest
        _reroot(live)
    _drop_finished(workflow)


def _drop_finished(workflow: BpmnWorkflow) -> None:
    while True:  # an outer sub-workflow may go before the inner one of a cancelled call activity
        gone = [
            task_id
            for task_id, sub in workflow.subprocesses.awake()
            if (caller := workflow.find_task(task_id)) is None
            or (sub.completed and caller.has_state(TaskState.FINISHED_MASK))
        ]
        if not gone:
            workflow.subprocesses.drop_orphans()
            return
        for task_id in gone:
            del workflow.subprocesses[task_id]


def _reroot(workflow: Any) -> None:
    unfinished = [task for task in workflow.tasks.values() if not task.has_state(TaskState.FINISHED_MASK)]
    if workflow.completed or not unfinished:
        return
    common = _path(workflow, unfinished[0])
    # how much of that path each task met so far shares; nobody climbs where another has been
    met = {task.id: position for position, task in enumerate(common)}
    for task in unfinished[1:]:
        climbed = []
        while task.id not in met:
            climbed.append(task.id)
            task = workflow.tasks[task._parent]
        met.update(dict.fromkeys(climbed, met[task.id]))
        del common[met[task.id] + 1 :]
    while common and not common[-1].has_state(TaskState.FINISHED_MASK):
        common.pop()
    if len(common) > 2:
        _keep_below(workflow, common[-1])


def _path(workflow: Any, task: Task | None) -> list[Task]:
    """From the root to the task."""
    found = []
    while task is not None:
        found.append(task)
        task = workflow.tasks.get(task._parent)
    return found[::-1]


def _keep_below(workflow: Any, ancestor: Task) -> None:
    root = workflow.task_tree
    keep = {root.id}
    descending = [ancestor.id]
    while descending:
        task_id = descending.pop()
        keep.add(task_id)
        descending += workflow.tasks[task_id]._children
    for task_id in [task_id for task_id in workflow.tasks if task_id not in keep]:
        del workflow.tasks[task_id]
    root._children = [ancestor.id]
    ancestor._parent = root.id
    if workflow.last_task is not None and workflow.last_task.id not in workflow.tasks:
        workflow.last_task = ancestor
