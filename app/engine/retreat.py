"""退回: from an open human step back to one that was passed, without a flow drawn for it.

Only inside one (sub-)process and one parallel branch, and only where nothing that left the procedure lies between: what
was sent, served, issued or received cannot be undone by going back. A step of a round (会签) takes the whole round with
it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent, ThrowingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.domain.advance import Advance, Values
from app.domain.errors import N_, ConflictError
from app.engine import views
from app.engine.expressions import ScriptEngine
from app.engine.instances import Instances
from app.engine.joins import InclusiveJoin, ParallelJoin
from app.engine.moves import Move
from app.engine.parse import Definition
from app.engine.state import load
from app.engine.steps import Service
from app.engine.values import plain

_SPLIT = ".BoundaryEventSplit"
_WENT_OUT = frozenset(("service", "notice", "transfer"))
"""Legal effects of a human step that reach somebody outside: once done, it is no step to do over."""
Branches = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an open step can be left: the task that ends, and the task that the way back hangs below."""

    leaving: Task
    spec: str
    """Name of the spec that is left."""

    @property
    def workflow(self) -> Any:
        return self.leaving.workflow


def ways_back(
    definition: Definition, state: bytes, task_id: str, *, repeatable: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Human steps, as process and step, that the diagram lets an open step go back to; the nearest first.

    `repeatable`: operations that may run a second time. Whether a step was passed at all the caller knows.
    """
    engine = ScriptEngine(now=datetime.fromtimestamp(0, UTC), context={})
    task = _find(load(definition, state, engine=engine), task_id)
    if task is None:
        return ()
    place = place_of(task)
    key = views.process_key_of(definition, task)
    return tuple((key, spec) for spec in _allowed(definition, task, place, repeatable=repeatable))


def go_back(
    definition: Definition,
    state: bytes,
    task_id: str,
    *,
    to_step: str,
    repeatable: Collection[str],
    context: Values,
    now: datetime,
) -> Advance:
    """Leave an open step and open an earlier one of the same process again.

    Raises ConflictError when the step is not open (any more), or the diagram does not allow this way back.
    """
    engine = ScriptEngine(now=now, context=plain(context))
    move = Move(definition, load(definition, state, engine=engine), engine)
    move.settle()
    task = _find(move.workflow, task_id)
    if task is None:
        raise ConflictError(N_("该事项已办结或已撤回，请刷新后查看。"))
    place = place_of(task)
    specs = place.workflow.spec.task_specs
    if to_step not in _allowed(definition, task, place, repeatable=repeatable):
        raise ConflictError(N_("流程图不允许从本环节退回到该环节。"))
    jump(place, specs.get(f"{to_step}{_SPLIT}") or specs[to_step])
    move.settle()
    return move.finish()


def _find(workflow: Any, task_id: str) -> Task | None:
    """The open human step, if it still is one."""
    return next((task for task in views.live_tasks(workflow) if task.id.hex == task_id and views.is_open(task)), None)


def jump(place: _Place, spec: Any) -> None:
    parent = place.leaving.parent
    place.leaving.cancel()
    child = parent._add_child(spec, TaskState.FUTURE)
    child.triggered = True
    spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
    spec._update(child)


def place_of(task: Task) -> _Place:
    """The round around one of its instances, and what waits at the boundary, end together with the step."""
    leaving = task
    if _is_instance(leaving):
        leaving = leaving.parent
    name = str(leaving.task_spec.name)
    while leaving.parent is not None and isinstance(leaving.parent.task_spec, BoundaryEventSplit):
        leaving = leaving.parent
    return _Place(leaving, name)


def _is_instance(task: Task) -> bool:
    parent = task.parent
    return (
        parent is not None
        and isinstance(parent.task_spec, Instances)
        and parent.task_spec.task_spec == task.task_spec.name
    )


# ---- what the diagram allows


def _allowed(definition: Definition, task: Task, place: _Place, *, repeatable: Collection[str]) -> tuple[str, ...]:
    key = views.process_key_of(definition, task)
    steps = {step_id: step for (process, step_id), step in definition.steps_by_process.items() if process == key}
    went_out = {step_id for step_id, step in steps.items() if step.properties.get("legalEffect") in _WENT_OUT}
    found = targets(place.workflow.spec.task_specs, place.spec, repeatable=repeatable, went_out=went_out)
    return tuple(name for name in found if name in steps)


def targets(
    specs: Mapping[str, Any], here: str, *, repeatable: Collection[str], went_out: Collection[str] = ()
) -> tuple[str, ...]:
    """Names of the human steps before `here` that can be gone back to, the nearest first.

    `went_out`: human steps whose act has reached somebody outside; they are neither done over nor passed.
    """
    branches = branches_of(specs)
    if branches.get(here) is None:
        return ()
    nearest = _before(specs, here, branches)
    return tuple(
        name
        for name in nearest
        if _is_single_human_step(specs[name])
        and name not in went_out
        and branches.get(name) == branches[here]
        and not any(
            between in went_out or _has_effect(specs[between], repeatable)
            for between in _between(specs, name, here, within=set(nearest))
        )
    )


def _is_single_human_step(spec: Any) -> bool:
    return bool(spec.manual) and not isinstance(spec, Instances) and spec.bpmn_id is not None


def _has_effect(spec: Any, repeatable: Collection[str]) -> bool:
    """Whether passing it once more would do again what left the procedure, or wait for what has come already."""
    if isinstance(spec, Service):
        return spec.operation_name not in repeatable
    if isinstance(spec, BoundaryEvent):
        return False
    if isinstance(spec, Instances):
        return not bool(spec.manual) and not _is_human_round(spec)
    return isinstance(spec, CatchingEvent | ThrowingEvent | SubWorkflowTask)


def _is_human_round(spec: Any) -> bool:
    return bool(spec._wf_spec.task_specs[spec.task_spec].manual)


def _onward(spec: Any) -> Iterable[Any]:
    """Specs that follow; the library's own flow from a boundary event to the end of its activity is none."""
    return [
        output
        for output in spec.outputs
        if not (isinstance(spec, BoundaryEvent) and isinstance(output, BoundaryEventJoin))
    ]


def branches_of(specs: Mapping[str, Any]) -> dict[str, Branches | None]:
    """Parallel branches around every spec, the outermost first; None where the drawing does not say."""
    found: dict[str, Branches | None] = {"Start": ()}
    queue = [specs["Start"]]
    while queue:
        spec = queue.pop()
        for output in _onward(spec):
            inside = _inside(spec, output, found[spec.name])
            if output.name not in found or (found[output.name] != inside and found[output.name] is not None):
                found[output.name] = inside if output.name not in found else None
                queue.append(output)
    return found


def _inside(spec: Any, output: Any, around: Branches | None) -> Branches | None:
    if around is None:
        return None
    gateway = (ParallelJoin, InclusiveJoin)
    if isinstance(spec, gateway) and len(spec.outputs) > 1:
        around = (*around, (spec.name, output.name))
    if isinstance(output, BoundaryEvent) and not output.cancel_activity:
        around = (*around, (output.name, ""))
    if isinstance(output, gateway) and len(output.inputs) > 1:
        return around[:-1] if around else None
    return around


def _before(specs: Mapping[str, Any], here: str, branches: Mapping[str, Branches | None]) -> list[str]:
    """Specs that lead to `here` inside its branch, the nearest first."""
    mine = branches[here] or ()
    arriving: dict[str, list[str]] = {}
    for name, spec in specs.items():
        for output in _onward(spec):
            arriving.setdefault(output.name, []).append(name)
    seen, queue = [here], [here]
    while queue:
        for name in arriving.get(queue.pop(0), ()):
            around = branches.get(name)
            if name not in seen and around is not None and around[: len(mine)] == mine:
                seen.append(name)
                queue.append(name)
    return seen[1:]


def _between(specs: Mapping[str, Any], start: str, end: str, *, within: set[str]) -> set[str]:
    """Specs on some way from one to the other that passes neither of them again."""
    forward = _reached(specs, start, end, within)
    backward = {
        name for name in forward if end in _reached(specs, name, start, within | {end}) or _leads(specs, name, end)
    }
    return backward - {start, end}


def _leads(specs: Mapping[str, Any], name: str, end: str) -> bool:
    return any(output.name == end for output in _onward(specs[name]))


def _reached(specs: Mapping[str, Any], start: str, end: str, within: set[str]) -> set[str]:
    """What can be reached from `start` without going on from `end`."""
    seen: set[str] = set()
    queue = [start]
    while queue:
        for output in _onward(specs[queue.pop()]):
            if output.name not in seen and output.name in within:
                seen.add(output.name)
                if output.name != end:
                    queue.append(output.name)
    return seen
