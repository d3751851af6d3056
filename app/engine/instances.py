"""Multi-instance activities, corrected: visited again in a loop, votes in the condition, members who withdraw."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.spiff.specs.defaults import ParallelMultiInstanceTask, SequentialMultiInstanceTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.domain.errors import N_
from app.engine.failures import HELD, StepError, hold
from app.engine.guards import GuardedSpec

MAX_INSTANCES = 200


class Instances(GuardedSpec, MultiInstanceTask):
    """What parallel and sequential multi-instance activities share. The collection is always a list of the process."""

    def _update_hook(self, my_task: Task) -> Any:
        self._forget_last_round(my_task)
        self._ensure_collection(my_task)
        return super()._update_hook(my_task)

    def _forget_last_round(self, my_task: Task) -> None:
        """Outputs and items of an earlier visit are gone: the activity starts with an empty output list."""
        for item in (self.data_output, self.input_item, self.output_item):
            if item is not None:
                my_task.data.pop(item.bpmn_id, None)
                my_task.parent.data.pop(item.bpmn_id, None)

    def _ensure_collection(self, my_task: Task) -> None:
        collection = my_task.parent.data.get(self.data_input.bpmn_id)
        if not isinstance(collection, list):
            raise StepError(N_("多实例集合 `%(name)s` 尚无内容或不是列表。"), name=self.data_input.bpmn_id)
        if len(collection) > MAX_INSTANCES:
            raise StepError(N_("多实例数量 %(count)s 超过上限 %(limit)s。"), count=len(collection), limit=MAX_INSTANCES)

    def merge_child(self, workflow: Any, child: Task) -> None:
        if self.output_item is not None:
            child.data.setdefault(self.output_item.bpmn_id, None)
        super().merge_child(workflow, child)

    def check_completion_condition(self, my_task: Task) -> bool:
        """The condition sees the output list so far, the last instance's data and the usual three counters."""
        merged = my_task.internal_data.get("merged", [])
        if not merged or self.condition is None:
            return False
        total = len(list(self._instances(my_task))) + len(my_task.internal_data.get("remaining", []))
        last = next(child for child in my_task.children if str(child.id) == merged[-1])
        counters = {
            "nrOfInstances": total,
            "nrOfCompletedInstances": len(merged),
            "nrOfActiveInstances": total - len(merged),
        }
        try:
            value = my_task.workflow.script_engine.evaluate(my_task, self.condition, {**last.data, **counters})
            if value is not True and value is not False:
                raise StepError(N_("条件“%(condition)s”的结果不是“是”或“否”。"), condition=self.condition)
        except Exception as failure:  # noqa: BLE001  (the vote that was just cast stands; the activity is held)
            hold(my_task, failure, during="condition")
            return False
        my_task.internal_data.pop(HELD, None)
        return bool(value)

    def settle_instances(self, my_task: Task) -> None:
        """Go on when nothing is left to wait for: a held condition is tried again."""
        if self.check_completion_condition(my_task):
            for child in self._instances(my_task):
                child.cancel()
            my_task._set_state(TaskState.READY)
        elif self.children_complete(my_task):
            my_task.internal_data.pop(HELD, None)
            my_task._set_state(TaskState.READY)

    def open_instances(self, my_task: Task) -> list[Task]:
        return [child for child in self._instances(my_task) if not child.has_state(TaskState.FINISHED_MASK)]

    def add(self, my_task: Task, element: Any) -> None:
        """Append an element to the running activity."""
        name = self.data_input.bpmn_id
        if len(my_task.data[name]) >= MAX_INSTANCES:
            raise StepError(
                N_("多实例数量 %(count)s 超过上限 %(limit)s。"), count=MAX_INSTANCES + 1, limit=MAX_INSTANCES
            )
        my_task.data[name] = [*my_task.data[name], element]
        self.begin_added(my_task, element, len(my_task.data[name]) - 1)

    def begin_added(self, my_task: Task, element: Any, index: int) -> None:
        raise NotImplementedError


class ParallelInstances(Instances, ParallelMultiInstanceTask):
    def children_complete(self, my_task: Task) -> bool:
        """Stock waits for COMPLETED of all, so one that was cancelled blocks for ever."""
        return all(child.has_state(TaskState.FINISHED_MASK) for child in self._instances(my_task))

    def begin_added(self, my_task: Task, element: Any, index: int) -> None:
        self.create_child(my_task, element, index)


class SequentialInstances(Instances, SequentialMultiInstanceTask):
    def children_complete(self, my_task: Task) -> bool:
        return not my_task.internal_data.get("remaining") and not self.open_instances(my_task)

    def begin_added(self, my_task: Task, element: Any, index: int) -> None:
        my_task.internal_data["remaining"] = [*my_task.internal_data.get("remaining", []), index]
