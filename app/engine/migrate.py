"""A running proceeding goes on under another version of its definition; everything that waits keeps waiting.

The stored rows are re-attached to the new specs by the names of their steps. Steps that were predicted are predicted
anew, so a step that the new version puts behind the present one is met. Drafts, claims and due instants belong to task
ids, and these stay. What cannot go on the same way is refused, with a sentence for each reason (`succession`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.domain.advance import Advance, OpenTask, Values
from app.domain.errors import N_, Sentence
from app.engine import views
from app.engine.expressions import ScriptEngine
from app.engine.failures import HELD, held
from app.engine.joins import LoopSafeJoin
from app.engine.moves import Move
from app.engine.parse import Definition
from app.engine.state import build, load, read
from app.engine.succession import Names, in_words, obstacles, remarks
from app.engine.values import plain

_STAND_IN = "Start"
"""What a finished step becomes that the new version does not have: every process has one, and it is never run again."""
_PREDICTED = TaskState.PREDICTED_MASK | TaskState.FUTURE
_LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_ASSIGNED = ("candidateOrgan", "candidatePerson", "deadlineFrom")


@dataclass(frozen=True, slots=True)
class Migration:
    """What a change of version does to one proceeding, or why it cannot be."""

    advance: Advance | None
    """None when it is refused. Its `opened` and `closed` name only what the new version changed."""
    obstacles: tuple[Sentence, ...] = ()
    remarks: tuple[Sentence, ...] = ()
    """What stays although the definition differs, and what differs from here on."""
    open: tuple[OpenTask, ...] = ()
    """All steps that wait for people, as the new version describes them."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Old -> new id of the steps that the mapping renamed."""


def migrate(
    old: Definition,
    new: Definition,
    state: bytes,
    *,
    context: Values,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
) -> Migration:
    """Move a settled state to another version. `mapping`: old -> new id of steps that were renamed or take over.

    Nothing is changed in `state`. Raises StateError when it does not belong to `old`.
    """
    engine = ScriptEngine(now=now, context=plain(context))
    workflow = load(old, state, engine=engine)
    names = Names(dict(mapping or {}))
    found = obstacles(old, new, workflow, names)
    if found:
        return Migration(None, obstacles=found)
    known = {incident.task_id for incident in views.incidents(old, workflow)}
    told = remarks(old, new, workflow, names)
    moved = build(new, _translated(read(state), workflow, names, new), engine=engine)
    move = Move(new, moved, engine)
    _predict(moved)
    _assign_anew(old, workflow, new, moved, names)
    move.settle()
    advance = move.finish()
    failed = [incident for incident in advance.incidents if incident.task_id not in known]
    if failed:
        return Migration(None, obstacles=tuple(_failure(incident) for incident in failed))
    told += tuple(_passed(step) for step in advance.steps)
    open_now = tuple(views.open_tasks(new, moved)) if advance.requests else _open(new, advance)
    return Migration(advance, remarks=told, open=open_now, renamed=names.mapping)


def pairable(definition: Definition) -> frozenset[str]:
    """What a mapping may name: everything drawn in a process and in those it calls, and these themselves."""
    specs = (definition.spec, *definition.called.values())
    drawn = {name for spec in specs for name, node in spec.task_specs.items() if node.bpmn_id}
    return frozenset(drawn | definition.called.keys())


def _open(new: Definition, advance: Advance) -> tuple[OpenTask, ...]:
    engine = ScriptEngine(now=_NEVER, context={})
    return tuple(views.open_tasks(new, load(new, advance.state, engine=engine)))


def _failure(incident: Any) -> Sentence:
    reason = incident.sentence % dict(incident.values) if incident.values else incident.sentence
    return Sentence(N_("换版后环节“%(step)s”会受阻：%(reason)s"), step=incident.name, reason=reason)


def _passed(step: Any) -> Sentence:
    return Sentence(N_("换版后随即自动经过“%(step)s”。"), step=step.name or step.step_id)


# ---- rows of the old version, for the new one


def _translated(document: dict[str, Any], workflow: BpmnWorkflow, names: Names, new: Definition) -> dict[str, Any]:
    specs = {None: new.spec.task_specs}
    for task_id, sub in workflow.subprocesses.items():
        specs[task_id.hex] = new.called[names.of(sub.spec.name)].task_specs
    return {
        **document,
        "top": _translated_one(document["top"], names, specs[None]),
        "subs": {task_id: _translated_one(sub, names, specs[task_id]) for task_id, sub in document["subs"].items()},
    }


def _translated_one(document: dict[str, Any], names: Names, specs: Mapping[str, Any]) -> dict[str, Any]:
    """Rows without what was only predicted; places are counted anew."""
    place: dict[int, int] = {}
    rows: list[list[Any]] = []
    for index, (id_, parent, state, changed, spec, triggered, internal, difference) in enumerate(document["tasks"]):
        if state & _PREDICTED:
            continue
        place[index] = len(rows)
        name = names.of(spec)
        if name not in specs:
            name = _STAND_IN
        rows.append([id_, place.get(parent, -1), state, changed, name, triggered, internal, difference])
    return {**document, "tasks": rows, "root": place[document["root"]], "last": place.get(document["last"])}


def _predict(workflow: BpmnWorkflow) -> None:
    for live in [workflow, *workflow.subprocesses.values()]:
        for task in [task for task in live.tasks.values() if task.has_state(_LIVE)]:
            task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)


def _assign_anew(old: Definition, before: BpmnWorkflow, new: Definition, after: BpmnWorkflow, names: Names) -> None:
    """Who may do an open step is asked again where the new version asks differently."""
    then = {task.id: task for task in views.live_tasks(before)}
    for task in views.live_tasks(after):
        if not (views.is_open(task) or _is_held_at_opening(task)) or task.id not in then:
            continue
        was, is_now = views.step_of(old, then[task.id]).properties, views.step_of(new, task).properties
        if any(was.get(name, "") != is_now.get(name, "") for name in _ASSIGNED):
            task.internal_data.pop(views.ASSIGNMENT, None)
            task.internal_data.pop(HELD, None)


def _is_held_at_opening(task: Task) -> bool:
    reason = held(task)
    return reason is not None and reason["during"] == "open"


def standing_at(definition: Definition, state: bytes) -> tuple[str, ...]:
    """Names of the steps at which a stored proceeding waits: those for people, else whatever it waits for."""
    engine = ScriptEngine(now=_NEVER, context={})
    tasks = [task for task in views.live_tasks(load(definition, state, engine=engine)) if task.has_state(_LIVE)]
    tasks = [task for task in tasks if views.drawn(definition, task)]
    human = [task for task in tasks if views.is_open(task)]
    return tuple(dict.fromkeys(in_words(definition, task) for task in human or tasks if _is_told(task)))


def _is_told(task: Task) -> bool:
    """Not what stands around others (a call, a boundary event, a join), and nothing without a name."""
    around = isinstance(task.task_spec, BoundaryEvent | SubWorkflowTask | LoopSafeJoin)
    return not around and bool(task.task_spec.bpmn_name)
