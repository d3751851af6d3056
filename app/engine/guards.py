"""A step that fails while it begins is held where it is; its siblings and the rest of the proceeding go on."""

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task

from app.engine.failures import BudgetError, held, hold


class GuardedSpec(TaskSpec):
    """Mixin for every spec that evaluates something when it begins: preScript, timer, collection, correlation."""

    def _update(self, my_task: Task) -> None:
        if held(my_task):
            return
        try:
            super()._update(my_task)
        except BudgetError:
            raise
        except Exception as failure:  # noqa: BLE001  (whatever a step does wrong is held with the step)
            my_task._drop_children(force=True)
            hold(my_task, failure, during="update")
