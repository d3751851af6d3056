"""What a move passed, element by element, for whoever measures coverage. Nothing is collected while nobody watches."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine import views
from app.engine.decisions import read_table
from app.engine.parse import FLOW_NODES, Definition
from app.engine.sources import bpmn, local_name, read_source, spiff
from app.engine.steps import DECISION, BusinessRule


@dataclass(frozen=True, slots=True)
class Passage:
    """One node that a token has reached, and the node it came from over a sequence flow."""

    process_key: str
    step_id: str
    came_from: str | None
    """None at a start, at a boundary event, and where nobody knows any more."""
    table: str = ""
    rows: tuple[str, ...] = ()
    """Rows of the decision table that matched."""


Watcher = Callable[[Passage], None]
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)
ARRIVED = TaskState.READY | TaskState.WAITING | TaskState.STARTED | TaskState.COMPLETED | TaskState.ERROR


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Tell every passage of this context's moves to `watcher`; the same passage may be told more than once."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def tell_watcher(passage: Passage) -> None:
    """A passage outside of any proceeding, such as a table that is tried."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(passage)


def report(definition: Definition, workflow: BpmnWorkflow) -> None:
    """Called once a move has come to rest, before its past is dropped."""
    watcher = _watcher.get()
    if watcher is None:
        return
    workflow.wake_all()
    for task in views.live_tasks(workflow):
        if not views.drawn(definition, task) or task.has_state(TaskState.PREDICTED_MASK | TaskState.FUTURE):
            continue
        before = _drawn_before(definition, task)
        if _has_arrived(definition, task, before):
            watcher(_passage(definition, task, before))


def _drawn_before(definition: Definition, task: Task) -> Task | None:
    """The nearest drawn ancestor that is another node: the library puts splits and joins of its own in between."""
    current = task.parent
    while current is not None and (
        not views.drawn(definition, current) or current.task_spec.bpmn_id == task.task_spec.bpmn_id
    ):
        current = current.parent
    return current


def _has_arrived(definition: Definition, task: Task, before: Task | None) -> bool:
    """A boundary event counts when it has happened, anything else when a token came to it, even if it was withdrawn."""
    if views.step_of(definition, task).kind == "boundaryEvent":
        return task.state == TaskState.COMPLETED or any(child.has_state(ARRIVED) for child in task.children)
    return task.has_state(ARRIVED) or (before is not None and before.state == TaskState.COMPLETED)


def _passage(definition: Definition, task: Task, before: Task | None) -> Passage:
    is_event = views.step_of(definition, task).kind == "boundaryEvent"
    decided = isinstance(task.task_spec, BusinessRule) and DECISION in task.internal_data
    return Passage(
        process_key=views.process_key_of(definition, task),
        step_id=task.task_spec.bpmn_id,
        came_from=None if before is None or is_event else before.task_spec.bpmn_id,
        table=task.task_spec.table.id if decided else "",
        rows=tuple(task.internal_data[DECISION]["hits"]) if decided else (),
    )


@dataclass(frozen=True, slots=True)
class Outline:
    """What there is to pass in one process."""

    steps: Mapping[str, str]
    """Node id -> BPMN element name."""
    flows: tuple[tuple[str, str], ...]
    tables: Mapping[str, tuple[str, ...]]
    """Tables that the process asks -> ids of their rows."""


def outlines_of(files: Mapping[str, bytes]) -> dict[str, Outline]:
    """The outline of every process in the .bpmn files, by process id. Raises SourceError."""
    found = {}
    for name, data in files.items():
        if not name.endswith(".bpmn"):
            continue
        for process in read_source(data).iter(bpmn("process")):
            asked = {(reference.text or "").strip() for reference in process.iter(spiff("calledDecisionId"))}
            found[process.get("id", "")] = Outline(
                steps={
                    node.get("id", ""): local_name(node)
                    for node in process.iter()
                    if isinstance(node.tag, str) and local_name(node) in FLOW_NODES
                },
                flows=tuple(
                    (flow.get("sourceRef", ""), flow.get("targetRef", ""))
                    for flow in process.iter(bpmn("sequenceFlow"))
                ),
                tables={
                    table: tuple(rule.id for rule in read_table(read_source(files[f"{table}.dmn"])).rules)
                    for table in sorted(asked)
                    if f"{table}.dmn" in files
                },
            )
    return found
