"""Activities: human steps, scripts, service requests, called processes."""

from typing import Any

from SpiffWorkflow.spiff.specs.defaults import (
    CallActivity,
    ManualTask,
    ScriptTask,
    ServiceTask,
    SubWorkflowTask,
    UserTask,
)
from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask
from SpiffWorkflow.task import Task

from app.engine.decisions import DecisionTable
from app.engine.explaining import tell_explained
from app.engine.guards import GuardedSpec
from app.engine.values import copied

RESULT = "result"
REQUEST = "request"
DECISION = "decision"


class User(GuardedSpec, UserTask):
    pass


class Manual(GuardedSpec, ManualTask):
    pass


class Script(GuardedSpec, ScriptTask):
    pass


class Call(GuardedSpec, CallActivity):
    def update_data(self, my_task: Task, subworkflow: Any) -> None:
        """As stock for a process that declares nothing that comes out of it, with a quicker copy."""
        specification = subworkflow.spec.io_specification
        if specification is None or not specification.data_outputs:
            my_task.data = copied(subworkflow.last_task.data)
        else:
            super().update_data(my_task, subworkflow)


class Embedded(GuardedSpec, SubWorkflowTask):
    pass


class Service(GuardedSpec, ServiceTask):
    """Asks for an operation and stops (STARTED); runs on once the result lies in its internal data."""

    def _run_hook(self, my_task: Task) -> bool | None:
        if RESULT in my_task.internal_data:
            my_task.data[self.result_variable] = my_task.internal_data.pop(RESULT)
            my_task.internal_data.pop(REQUEST, None)
            return True
        engine = my_task.workflow.script_engine
        my_task.internal_data[REQUEST] = {
            name: engine.evaluate(my_task, parameter["value"]) for name, parameter in self.operation_params.items()
        }
        return None


class BusinessRule(GuardedSpec, SpiffBpmnTask):
    """Evaluates one decision table; its outputs become variables, its hits go into the history."""

    def __init__(self, wf_spec: Any, name: str, table: DecisionTable, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.table = table

    def _run_hook(self, my_task: Task) -> bool:
        engine = my_task.workflow.script_engine
        scope = engine.scope_of(my_task)
        result = self.table.decide(scope, now=engine.now)
        tell_explained(self.table, scope, step_id=self.bpmn_id, hits=result.hits, result=result.outputs, now=engine.now)
        my_task.data.update(result.outputs)
        my_task.internal_data[DECISION] = {"hits": list(result.hits), "outputs": result.outputs}
        return True
