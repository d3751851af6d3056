"""Gateways that join, corrected: loops, and what each branch knew.

Stock joins fire early in the second round of a loop, because the joins of earlier rounds still count, and they let a
branch that ends last overwrite with its stale copies what another branch had changed.
"""

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import _BpmnCondition
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway, InclusiveGateway, ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.domain.errors import N_
from app.engine.failures import StepError
from app.engine.guards import GuardedSpec

CONSUMED = "consumed"


class StrictCondition(_BpmnCondition):
    """A gateway condition is true or false; null (a name nobody set) is neither and stops the step."""

    def _matches(self, task: Task) -> bool:
        value = super()._matches(task)
        if value is not True and value is not False:
            raise StepError(N_("条件“%(condition)s”的结果不是“是”或“否”。"), condition=self.args[0], detail=repr(value))
        return value


class StrictConditions:
    """Mixin: conditions of outgoing flows are strict."""

    def connect_outgoing_if(self, condition: str | None, taskspec: TaskSpec) -> None:
        if condition is None:
            self.connect(taskspec)  # type: ignore[attr-defined]
        else:
            self.connect_if(StrictCondition(condition), taskspec)  # type: ignore[attr-defined]


class LoopSafeJoin(UnstructuredJoin):
    """Mixin: tokens that an earlier firing consumed no longer count; data is merged by what each branch changed."""

    def _run_hook(self, my_task: Task) -> bool:
        arrived = [task for task in self._tokens(my_task) if task.has_state(TaskState.FINISHED_MASK)]
        tokens = [*sorted(arrived, key=lambda task: task.last_state_change), my_task]
        my_task.data = merged_data([task.parent for task in tokens])
        for task in tokens:
            task.internal_data[CONSUMED] = True
        return True

    def _tokens(self, my_task: Task) -> list[Task]:
        """Other tasks of this join that stand for a token not yet consumed."""
        return [
            task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is self and task is not my_task and not task.internal_data.get(CONSUMED)
        ]


class ParallelJoin(GuardedSpec, LoopSafeJoin, ParallelGateway):
    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        missing = {spec.name for spec in self.inputs}
        for task in [my_task, *self._tokens(my_task)]:
            if task.is_descendant_of(my_task):
                _discard_nearest(missing, task)
            elif task.parent.state == TaskState.COMPLETED:
                missing.discard(task.parent.task_spec.name)
        return not missing

    def _run_hook(self, my_task: Task) -> bool:
        return LoopSafeJoin._run_hook(self, my_task)


class InclusiveJoin(StrictConditions, GuardedSpec, LoopSafeJoin, InclusiveGateway):
    """Waits while a token elsewhere can still reach an empty input without passing a filled one (BPMN 2.0, 13.4.3)."""

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        filled, elsewhere = set(), set()
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self:
                if not task.internal_data.get(CONSUMED) and task.parent.state == TaskState.COMPLETED:
                    filled.add(task.parent.task_spec.name)
            elif task.has_state(TaskState.READY | TaskState.WAITING | TaskState.STARTED):
                elsewhere.add(task.task_spec.name)
        empty = [spec for spec in self.inputs if spec.name not in filled]
        known = [spec for spec in self.inputs if spec.name in filled]
        return not (elsewhere & (self._upstream(empty) - self._upstream(known)))

    def _upstream(self, specs: Iterable[TaskSpec]) -> set[str]:
        seen: set[str] = set()
        queue = list(specs)
        while queue:
            spec = queue.pop()
            if spec is not self and spec.name not in seen:
                seen.add(spec.name)
                queue.extend(spec.inputs)
        return seen

    def _run_hook(self, my_task: Task) -> bool:
        before = dict(my_task.data)
        tokens = [task for task in self._tokens(my_task) if task.has_state(TaskState.FINISHED_MASK)]
        LoopSafeJoin._run_hook(self, my_task)
        try:
            matches, defaults = self._get_matching_outputs(my_task)
        except Exception:
            my_task.data = before
            for task in [my_task, *tokens]:
                task.internal_data.pop(CONSUMED, None)
            raise
        if not matches and not defaults:
            raise StepError(N_("没有任何条件成立，也没有默认去向。"))
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class ExclusiveChoice(StrictConditions, GuardedSpec, ExclusiveGateway):
    """The first condition that holds decides, in the order drawn; else the default."""

    def _run_hook(self, my_task: Task) -> bool:
        chosen = next(
            (name for condition, name in self.cond_task_specs if condition is not None and condition._matches(my_task)),
            self.default_task_spec,
        )
        if chosen is None:
            raise StepError(N_("没有任何条件成立，也没有默认去向。"))
        my_task._sync_children([my_task.workflow.spec.task_specs[chosen]], TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class BoundaryJoin(BoundaryEventJoin):
    """Ends what waits at the boundary of an activity when it is over; only what belongs to this round of a loop.

    Where a boundary event leads straight back to its own activity, stock ended the next round's join with this one's:
    the events at the boundary then waited for ever, and so did the process.
    """

    def _find_tasks(self, my_task: Task) -> list[Task]:
        if not any(task.task_spec is self and task is not my_task for task in my_task.workflow.tasks.values()):
            return [my_task]  # as nearly always: nothing has to be looked for in the tree
        mine = my_task.find_ancestor(self.split_task)
        found: list[Task] = super()._find_tasks(my_task)
        return [task for task in found if task.find_ancestor(self.split_task) is mine]


def _discard_nearest(names: set[str], task: Task | None) -> None:
    """A token that left from here again is not waited for: strike the input it came through."""
    while task is not None and task.task_spec.name not in names:
        task = task.parent
    if task is not None:
        names.discard(task.task_spec.name)


def merged_data(branches: list[Task]) -> dict[str, Any]:
    """Data after a join: what all branches started from, then what each changed, in the order of arrival."""
    base = _common_ancestor(branches)
    before = base.data if base is not None else {}
    merged = dict(before)
    for branch in branches:
        merged.update({k: v for k, v in branch.data.items() if k not in before or before[k] != v})
    return merged


def _common_ancestor(tasks: list[Task]) -> Task | None:
    common = _line(tasks[0])
    for task in tasks[1:]:
        line = set(_line(task))
        common = [ancestor for ancestor in common if ancestor in line]
    return common[0] if common else None


def _line(task: Task | None) -> list[Task]:
    """The task and its ancestors, nearest first."""
    found = []
    while task is not None:
        found.append(task)
        task = task.parent
    return found
