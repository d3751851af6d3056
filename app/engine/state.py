"""A proceeding at rest, as bytes: one row per task against the shared definition, compressed and versioned.

Specs are never stored: they are rebuilt from the release's files, so an engine upgrade migrates nothing.
Whatever is loaded gets our script engine at once; the library's own would run Python.
"""

import logging
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson
import zstandard
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from app.domain.errors import N_, DomainError
from app.engine.expressions import ScriptEngine
from app.engine.parse import Definition
from app.engine.resting import REST, ROWS, Concern, Rest, Resting
from app.engine.workflows import SubWorkflow, Task, TaskId, Workflow

FORMAT = 3
ALL_BUILT = 2
"""The format in which no called process was at rest; it is still read."""
REPEATING = 1
"""The format in which a called process repeated all that its caller knew; it is still read."""
_NOTHING: Mapping[str, Any] = MappingProxyType({})
for _name in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # it lists the tasks for each line that nobody reads


class StateError(DomainError):
    """The stored state does not belong to this definition or format: a matter of operations, nothing was changed."""

    sentence = N_("流程状态无法读取，请联系系统管理员。")


class _Subs(NamedTuple):
    """Rows of the called processes by the id of the task that called."""

    rows: dict[str, Any]
    on_callers: bool
    """Whether their data is told as what it has over the caller's."""
    concern: Concern | None
    """What the move is about; without it all are built."""


def dump(workflow: Workflow, rests: Mapping[TaskId, Rest] = MappingProxyType({})) -> bytes:
    """The workflow as bytes. It must be at rest; nothing of the script engine or the host's contexts goes in.

    `rests`: what is told of called processes that need not be built next time.
    """
    document = {"format": FORMAT, "top": _dump_one(workflow), "subs": dict(_dump_subs(workflow, rests))}
    return zstandard.compress(orjson.dumps(document), 3)


def _dump_subs(workflow: Workflow, rests: Mapping[TaskId, Rest]) -> Iterator[tuple[str, dict[str, Any]]]:
    for task_id, sub in workflow.subprocesses.as_they_are():
        if isinstance(sub, Resting):
            yield from sub.rows.items()
            continue
        document = _dump_one(sub, workflow.get_task_from_id(task_id).data)
        rest = rests.get(task_id)
        # text inside of text: who does not ask for it need not read it
        yield task_id.hex, document if rest is None else {REST: rest.as_row(), ROWS: orjson.dumps(document).decode()}


def load(definition: Definition, state: bytes, *, engine: ScriptEngine, concern: Concern | None = None) -> Workflow:
    """The workflow that was dumped, with the given script engine. Raises StateError.

    With a `concern` what it does not touch stays at rest.
    """
    return build(definition, _read(state), engine=engine, concern=concern)


def read(state: bytes) -> dict[str, Any]:
    """The document of a stored state, with the rows of every called process. Raises StateError."""
    document = _read(state)
    return {**document, "subs": {task_id: _unpacked(sub) for task_id, sub in document["subs"].items()}}


def _unpacked(sub: dict[str, Any]) -> dict[str, Any]:
    rows: dict[str, Any] = orjson.loads(sub[ROWS]) if ROWS in sub else sub
    return rows


def _read(state: bytes) -> dict[str, Any]:
    """The document as it lies there: called processes at rest are text."""
    try:
        document: dict[str, Any] = orjson.loads(zstandard.decompress(state))
    except (zstandard.ZstdError, orjson.JSONDecodeError) as problem:
        raise StateError from problem
    if document.get("format") not in (REPEATING, ALL_BUILT, FORMAT):
        raise StateError
    return document


def build(
    definition: Definition, document: dict[str, Any], *, engine: ScriptEngine, concern: Concern | None = None
) -> Workflow:
    """The workflow that a document describes. Raises StateError where it names what the definition does not have."""
    workflow = Workflow(definition.spec, definition.called, script_engine=engine, deserializing=True)
    try:
        subs = _Subs(document["subs"], document["format"] != REPEATING, concern)
        _load_one(workflow, document["top"], subs, workflow)
    except (KeyError, IndexError) as problem:
        raise StateError from problem
    return workflow


def _dump_one(workflow: Any, callers: Mapping[str, Any] = _NOTHING) -> dict[str, Any]:
    """`callers`: the data of the calling task. In a round of two hundred each would repeat the list of all."""
    index: dict[TaskId, int] = {}
    rows = []
    for position, (task_id, task) in enumerate(workflow.tasks.items()):
        index[task_id] = position
        parent = workflow.tasks.get(task._parent)
        known = parent.data if parent is not None else callers
        rows.append(
            [
                task_id.hex,
                index[parent.id] if parent is not None else -1,
                task._state,
                task.last_state_change,
                task.task_spec.name,
                1 if task.triggered else 0,
                task.internal_data or None,
                _difference(task.data, known),
            ]
        )
    last = workflow.last_task
    return {
        "tasks": rows,
        "root": index[workflow.task_tree.id],
        "last": index.get(last.id) if last is not None else None,
        "data": workflow.data,
        "success": workflow.success,
        "completed": workflow.completed,
    }


def _difference(data: Mapping[str, Any], parent: Mapping[str, Any]) -> list[Any] | None:
    """What a task's data has over its parent's or caller's: [set, removed], None when nothing."""
    changed = {k: v for k, v in data.items() if k not in parent or (parent[k] is not v and parent[k] != v)}
    removed = [k for k in parent if k not in data]
    return [changed, removed] if changed or removed else None


def _load_one(
    workflow: Any, document: dict[str, Any], subs: _Subs, top: Workflow, callers: Mapping[str, Any] = _NOTHING
) -> None:
    tasks: list[Task] = []
    for row in document["tasks"]:
        tasks.append(_load_task(workflow, row, tasks, callers))
        if tasks[-1].state == TaskState.WAITING and isinstance(tasks[-1].task_spec, CatchingEvent):
            top.event_manager.add_task(tasks[-1])
    workflow.task_tree = tasks[document["root"]]
    workflow.last_task = tasks[document["last"]] if document["last"] is not None else None
    workflow.data = document["data"]
    workflow.success = document["success"]
    workflow.completed = document["completed"]
    for task in tasks:
        if task.id.hex in subs.rows:
            _load_sub(task, subs, top)


def _load_sub(task: Task, subs: _Subs, top: Workflow) -> None:
    top.remember(task)
    told = subs.rows[task.id.hex].get(REST)
    rest = Rest.of_row(told) if told is not None else None
    if rest is None or subs.concern is None or subs.concern.touches(rest):
        _build_sub(task, subs, top)
        return
    rows = {task_id: subs.rows[task_id] for task_id in (task.id.hex, *rest.calls)}
    top.subprocesses[task.id] = Resting(rest, rows, task.workflow, build=lambda: _build_sub(task, subs, top))


def _build_sub(task: Task, subs: _Subs, top: Workflow) -> SubWorkflow:
    spec = top.subprocess_specs[task.task_spec.spec]
    sub = SubWorkflow(spec, task.id, top, deserializing=True)
    top.subprocesses[task.id] = sub
    _load_one(sub, _unpacked(subs.rows[task.id.hex]), subs, top, task.data if subs.on_callers else _NOTHING)
    sub.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
    return sub


def _load_task(workflow: Any, row: list[Any], earlier: list[Task], callers: Mapping[str, Any]) -> Task:
    task_id, parent, state, changed, spec_name, triggered, internal, difference = row
    task = Task(workflow, workflow.spec.task_specs[spec_name], state=state, id=TaskId(task_id))
    task.last_state_change = changed
    task.triggered = bool(triggered)
    task.internal_data = internal or {}
    if parent >= 0:
        task._parent = earlier[parent].id
        earlier[parent]._children.append(task.id)
    data = dict(earlier[parent].data if parent >= 0 else callers)
    if difference is not None:
        data.update(difference[0])
        for name in difference[1]:
            data.pop(name, None)
    if not task.has_state(TaskState.FINISHED_MASK):
        # unfinished tasks own their containers, as they would have if they had never been stored
        data = {k: v.copy() if isinstance(v, dict | list) else v for k, v in data.items()}
    task.data = data
    return task
