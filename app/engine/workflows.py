"""The library's workflows, quicker where they look through themselves after every step; the same otherwise."""

from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


class _Brisk:
    """Stock measures the depth of every task it passes on its way to the waiting ones, and hashes each id for that."""

    tasks: dict[Any, Task]
    task_tree: Task

    def update_waiting_tasks(self) -> None:
        """Let every waiting task see whether it may go on, in the order of the tree."""
        if not any(task._state == TaskState.WAITING for task in self.tasks.values()):
            return
        ahead = [self.task_tree]
        while ahead:
            task = ahead.pop()
            if task._children and task._state >= TaskState.FUTURE:
                ahead += reversed(task.children)
            if task._state == TaskState.WAITING:
                task.task_spec._update(task)


class SubWorkflow(_Brisk, BpmnSubWorkflow):
    """A called process."""


class Workflow(_Brisk, BpmnWorkflow):
    """A proceeding."""

    def create_subprocess(self, my_task: Task, spec_name: str) -> SubWorkflow:
        """Begin a called process."""
        sub = SubWorkflow(self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self)
        self.subprocesses[my_task.id] = sub
        return sub
