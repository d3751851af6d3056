"""Moving a token: the last resort of a technical administrator when a procedure cannot go on by its own rules.

Only inside one (sub-)process and one parallel branch; what the step did outside of the procedure is not undone. A step
of a round (会签) takes the whole round with it; leaving a call ends everything inside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.domain.advance import Advance, Values
from app.domain.errors import N_, ConflictError
from app.engine import views
from app.engine.expressions import ScriptEngine
from app.engine.failures import held
from app.engine.moves import Move
from app.engine.parse import Definition, Step
from app.engine.retreat import branches_of, jump, place_of
from app.engine.state import load
from app.engine.values import plain

_SPLIT = ".BoundaryEventSplit"
_REACHABLE = ("Task", "task", "callActivity", "subProcess", "intermediateCatchEvent", "intermediateThrowEvent")


class TokenKind(StrEnum):
    TASK = "TASK"
    """A person has to act."""
    HELD = "HELD"
    """A failure holds it."""
    WAITING = "WAITING"
    """It waits for a message or an instant."""
    CALL = "CALL"
    """It is inside a called process; its own tokens are listed beside it."""


@dataclass(frozen=True, slots=True)
class Token:
    """Where a procedure stands."""

    task_id: str
    kind: TokenKind
    process_key: str
    step_id: str
    name: str
    number: int
    """So many of a round stand there; they move together."""
    destinations: tuple[tuple[str, str], ...]
    """Id and name of the steps to which it can be moved."""


def tokens(definition: Definition, state: bytes) -> tuple[Token, ...]:
    """Every place at which a stored procedure stands, in the order of processes and steps."""
    engine = ScriptEngine(now=datetime.fromtimestamp(0, UTC), context={})
    rounds: dict[tuple[object, TokenKind], list[Task]] = {}
    for task, kind in _standing(definition, load(definition, state, engine=engine)):
        rounds.setdefault((place_of(task).leaving.id, kind), []).append(task)
    found = (_token(definition, tasks[0], kind, number=len(tasks)) for (_, kind), tasks in rounds.items())
    return tuple(sorted(found, key=lambda token: (token.process_key, token.step_id, token.task_id)))


def move_token(
    definition: Definition, state: bytes, task_id: str, *, to_step: str, context: Values, now: datetime
) -> Advance:
    """End what stands at a step and go on at another one of the same process, as if it had just been reached.

    Raises ConflictError when nothing stands there (any more), or the step cannot be reached from there.
    """
    engine = ScriptEngine(now=now, context=plain(context))
    move = Move(definition, load(definition, state, engine=engine), engine)
    task = next((task for task, _ in _standing(definition, move.workflow) if task.id.hex == task_id), None)
    if task is None:
        raise ConflictError(N_("程序已经不在该环节，请刷新后查看。"))
    if to_step not in {step.id for step in _destinations(definition, task)}:
        raise ConflictError(N_("不能移到该环节：只能在同一流程、同一并行分支内移动。"))
    place = place_of(task)
    specs = place.workflow.spec.task_specs
    jump(place, specs.get(f"{to_step}{_SPLIT}") or specs[to_step])
    move.settle()
    return move.finish()


def _standing(definition: Definition, workflow: object) -> Iterator[tuple[Task, TokenKind]]:
    waiting = {task.id for task in views.waiting_events(workflow)}
    for task in views.live_tasks(workflow):
        if task.has_state(TaskState.FINISHED_MASK) or not views.drawn(definition, task):
            continue
        if isinstance(task.task_spec, BoundaryEvent):
            continue
        if held(task) is not None:
            yield task, TokenKind.HELD
        elif views.is_open(task):
            yield task, TokenKind.TASK
        elif task.id in waiting:
            yield task, TokenKind.WAITING
        elif isinstance(task.task_spec, SubWorkflowTask) and task.has_state(TaskState.STARTED | TaskState.WAITING):
            yield task, TokenKind.CALL


def _token(definition: Definition, task: Task, kind: TokenKind, *, number: int) -> Token:
    step = views.step_of(definition, task)
    return Token(
        task_id=task.id.hex,
        kind=kind,
        process_key=step.process_key,
        step_id=step.id,
        name=step.name or step.id,
        number=number,
        destinations=tuple((one.id, one.name or one.id) for one in _destinations(definition, task)),
    )


def _destinations(definition: Definition, task: Task) -> list[Step]:
    """Steps of the same drawing in the same parallel branch, in the order in which the drawing names them."""
    place = place_of(task)
    specs = place.workflow.spec.task_specs
    branches = branches_of(specs)
    mine = branches.get(place.spec)
    key = views.process_key_of(definition, task)
    if mine is None:
        return []
    return [
        step
        for (process, step_id), step in definition.steps_by_process.items()
        if process == key
        and step_id in specs
        and step_id != place.spec
        and step.kind.endswith(_REACHABLE)
        and branches.get(step_id) == mine
    ]
