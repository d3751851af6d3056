"""Whether another version of a definition can take over a running proceeding: what stands against it, what to know."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.domain.errors import N_, Sentence
from app.engine import views
from app.engine.instances import Instances
from app.engine.joins import CONSUMED, InclusiveJoin, LoopSafeJoin, ParallelJoin
from app.engine.parse import Definition

_WAITING = TaskState.READY | TaskState.WAITING | TaskState.STARTED
_SUFFIXES = (" [child]", ".BoundaryEventSplit", ".BoundaryEventJoin")
_SPLIT = ".BoundaryEventSplit"


@dataclass(frozen=True, slots=True)
class Names:
    """Which step of the new version takes over from which of the old."""

    mapping: Mapping[str, str]

    def of(self, spec: str) -> str:
        """Name of an engine spec in the new version; what the library puts around a step goes with it."""
        suffix = next((suffix for suffix in _SUFFIXES if spec.endswith(suffix)), "")
        base = spec.removesuffix(suffix) if suffix else spec
        return self.mapping.get(base, base) + suffix


def obstacles(old: Definition, new: Definition, workflow: BpmnWorkflow, names: Names) -> tuple[Sentence, ...]:
    """Why the proceeding cannot go on under the new version; empty when it can."""
    found = list(_process_obstacles(old, new, workflow, names))
    if not found:
        for live, specs, old_specs in _pairs(new, workflow, names):
            found += _step_obstacles(old, live, specs, names)
            found += [] if found else _join_obstacles(old, new, live, old_specs, specs, names)
    return tuple(dict.fromkeys(found))


def _process_obstacles(old: Definition, new: Definition, workflow: BpmnWorkflow, names: Names) -> Iterator[Sentence]:
    if old.process_key != new.process_key:
        yield Sentence(N_("“%(process)s”与本件的流程不同。"), process=new.process_key)
        return
    for sub in workflow.subprocesses.values():
        if names.of(sub.spec.name) not in new.called:
            yield Sentence(N_("新版本没有正在办理的子流程“%(process)s”。"), process=sub.spec.name)
    steps = {step_id for _, step_id in new.steps_by_process}
    for target in names.mapping.values():
        if target not in steps:
            yield Sentence(N_("新版本没有环节“%(step)s”，请检查环节对应。"), step=target)


def _pairs(
    new: Definition, workflow: BpmnWorkflow, names: Names
) -> Iterator[tuple[Any, Mapping[str, Any], Mapping[str, Any]]]:
    """Every live (sub)workflow with the specs of the new version and its own."""
    yield workflow, new.spec.task_specs, workflow.spec.task_specs
    for sub in workflow.subprocesses.values():
        yield sub, new.called[names.of(sub.spec.name)].task_specs, sub.spec.task_specs


def _live(workflow: Any) -> list[Task]:
    return [task for task in workflow.tasks.values() if task.has_state(_WAITING)]


def in_words(definition: Definition, task: Task) -> str:
    """The name of a step as the diagram has it, else its id."""
    return _named(definition, task.workflow.spec.name, task.task_spec)


def _named(definition: Definition, process: str, spec: Any) -> str:
    step = definition.steps_by_process.get((definition.process_of[process], spec.bpmn_id))
    return step.name or step.id if step is not None else spec.name


# ---- each step that waits


def _step_obstacles(old: Definition, live: Any, specs: Mapping[str, Any], names: Names) -> Iterator[Sentence]:
    for task in _live(live):
        name = in_words(old, task)
        spec = specs.get(names.of(task.task_spec.name))
        if spec is None:
            if isinstance(task.task_spec, BoundaryEvent):
                continue  # the step that it hangs at says so
            yield Sentence(N_("环节“%(step)s”在新版本中不存在，请指明由哪个环节承接。"), step=name)
        elif type(spec) is not type(task.task_spec):
            yield Sentence(N_("环节“%(step)s”在新版本中换了类型，不能承接。"), step=name)
        elif not _same_boundaries(live.spec.task_specs, specs, task.task_spec, names):
            yield Sentence(N_("环节“%(step)s”上的边界事件有增减或改变，办理中的件不能换版。"), step=name)
        elif not _same_events(task.task_spec, spec):
            yield Sentence(N_("“%(step)s”等待的事件在新版本中不同。"), step=name)
        elif not _same_inside(task.task_spec, spec, names):
            yield Sentence(N_("“%(step)s”的多实例或调用的流程在新版本中不同。"), step=name)


def _same_boundaries(old: Mapping[str, Any], new: Mapping[str, Any], spec: Any, names: Names) -> bool:
    if isinstance(spec, BoundaryEvent) or spec.name.endswith(_SUFFIXES):
        return True
    then = {names.of(name): kind for name, kind in _boundaries(old, spec.name)}
    return then == dict(_boundaries(new, names.of(spec.name)))


def _boundaries(specs: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    split = specs.get(f"{name}{_SPLIT}")
    for output in split.outputs if split is not None else ():
        if isinstance(output, BoundaryEvent):
            yield output.name, (output.cancel_activity, _events(output))


def _events(spec: Any) -> list[tuple[str, str]]:
    definition = spec.event_definition
    inner = getattr(definition, "event_definitions", [definition])
    return [(type(event).__name__, event.name or "") for event in inner]


def _same_events(spec: Any, other: Any) -> bool:
    if not isinstance(spec, CatchingEvent):
        return True
    return [_nameless(event) for event in _events(spec)] == [_nameless(event) for event in _events(other)]


def _nameless(event: tuple[str, str]) -> tuple[str, str]:
    """The name of a message is what it is heard by; the name of a timer says nothing."""
    return event if event[0] == "Message" else (event[0], "")


def _same_inside(spec: Any, other: Any, names: Names) -> bool:
    if isinstance(spec, Instances):
        parts = ("data_input", "data_output", "input_item", "output_item")
        then, now = ([getattr(getattr(s, part), "bpmn_id", None) for part in parts] for s in (spec, other))
        return then == now and names.of(spec.task_spec) == other.task_spec
    if isinstance(spec, SubWorkflowTask):
        return names.of(spec.spec) == other.spec
    return True


# ---- what runs in parallel must come together again, once


def _join_obstacles(
    old: Definition,
    new: Definition,
    live: Any,
    old_specs: Mapping[str, Any],
    specs: Mapping[str, Any],
    names: Names,
) -> Iterator[Sentence]:
    tokens = _live(live)
    process = names.of(live.spec.name)
    here = {specs[names.of(task.task_spec.name)] for task in tokens}
    before = _unreached(live, {task.task_spec for task in tokens}, old_specs.values(), Names({}))
    after = _unreached(live, here, specs.values(), names)
    for join, missing in after.items():
        if missing - {names.of(name) for name in before.get(join, ())}:
            branch = _named(new, process, specs[min(missing)])
            yield Sentence(
                N_("新版本的并行汇聚“%(join)s”要等“%(branch)s”一路，本件没有启动过这一路。"),
                join=_named(new, process, specs[join]),
                branch=branch,
            )
    for task in tokens:
        for join in _awaited(task.task_spec):
            kin = specs.get(names.of(join.name))
            start = specs[names.of(task.task_spec.name)]
            if type(kin) is not type(join) or kin not in _reach([start], past=None):
                yield Sentence(
                    N_("“%(step)s”所在的并行汇聚“%(join)s”在新版本中不再等它，后面的环节会重复办理。"),
                    step=in_words(old, task),
                    join=_named(old, live.spec.name, join),
                )


def _unreached(live: Any, tokens: Collection[Any], specs: Iterable[Any], names: Names) -> dict[str, set[str]]:
    """Parallel joins that a token may come to -> inputs at which nobody has arrived or can arrive."""
    found = {}
    everywhere = _reach(tokens, past=None)
    for join in specs:
        if not isinstance(join, ParallelJoin) or join not in everywhere or len(join.inputs) < 2:
            continue
        coming = {spec.name for spec in _reach([t for t in tokens if t is not join], past=join)}
        missing = {spec.name for spec in join.inputs} - coming - _arrived(live, join.name, names)
        if missing:
            found[join.name] = missing
    return found


def _arrived(live: Any, join: str, names: Names) -> set[str]:
    return {
        names.of(task.parent.task_spec.name)
        for task in live.tasks.values()
        if names.of(task.task_spec.name) == join
        and not task.has_state(TaskState.PREDICTED_MASK | TaskState.FUTURE)
        and not task.internal_data.get(CONSUMED)
        and task.parent is not None
        and task.parent.state == TaskState.COMPLETED
    }


def _awaited(spec: Any) -> Iterator[Any]:
    """Joins ahead that need another token besides this one: the blocks that the step stands in."""
    if isinstance(spec, LoopSafeJoin):
        if isinstance(spec, ParallelJoin | InclusiveJoin) and len(spec.inputs) > 1:
            yield spec
        return
    for join in _reach([spec], past=None):
        if isinstance(join, ParallelJoin | InclusiveJoin) and len(join.inputs) > 1:
            coming = _reach([spec], past=join)
            if any(source not in coming for source in join.inputs):
                yield join


def _reach(starts: Iterable[Any], *, past: Any) -> set[Any]:
    """The specs themselves and everything ahead of them, not going on through `past`."""
    seen: set[Any] = set()
    queue = list(starts)
    while queue:
        spec = queue.pop()
        if spec in seen:
            continue
        seen.add(spec)
        if spec is not past:
            queue.extend(spec.outputs)
    return seen


# ---- what to know


def remarks(old: Definition, new: Definition, workflow: BpmnWorkflow, names: Names) -> tuple[Sentence, ...]:
    """What stays as it was although the new version says otherwise, and what it says otherwise from now on."""
    found: list[Sentence] = []
    for live, specs, _ in _pairs(new, workflow, names):
        for task in _live(live):
            found += _remarks_on(old, new, task, specs[names.of(task.task_spec.name)], names)
    known = {name for variables in old.variables.values() for name in variables}
    added = {name for variables in new.variables.values() for name in variables} - known
    if added:
        found.append(
            Sentence(
                N_("新版本另有流程变量 %(names)s，由已经走过的环节产生的，在本件中为空。"),
                names="、".join(sorted(added)),
            )
        )
    return tuple(dict.fromkeys(found))


def _remarks_on(old: Definition, new: Definition, task: Task, spec: Any, names: Names) -> Iterator[Sentence]:
    name = in_words(old, task)
    if spec.name != task.task_spec.name and views.drawn(old, task):
        yield Sentence(
            N_("“%(step)s”由“%(other)s”承接。"), step=name, other=_named(new, names.of(task.workflow.spec.name), spec)
        )
    if _timer(task.task_spec) != _timer(spec):
        yield Sentence(N_("定时“%(step)s”的设定改变，已经在等的这一次仍按原定时间。"), step=name)
    if not (views.is_open(task) and views.drawn(old, task)):
        return
    process = new.process_of[names.of(task.workflow.spec.name)]
    was, is_now = views.step_of(old, task).properties, new.steps_by_process[process, spec.bpmn_id].properties
    for key, sentence in _CHANGES.items():
        if was.get(key, "") != is_now.get(key, ""):
            yield Sentence(sentence, step=name, value=is_now.get(key, "") or "—")


_CHANGES = {
    "formKey": N_("“%(step)s”改用表单 %(value)s，草稿按同名栏目保留。"),
    "candidateRole": N_("“%(step)s”改由岗位 %(value)s 办理。"),
    "candidateOrgan": N_("“%(step)s”的办理单位按新版本重新确定。"),
    "candidatePerson": N_("“%(step)s”的办理人按新版本重新确定。"),
    "excludes": N_("“%(step)s”的回避要求改变。"),
}


def _timer(spec: Any) -> list[str]:
    if not isinstance(spec, CatchingEvent):
        return []
    definition = spec.event_definition
    inner = getattr(definition, "event_definitions", [definition])
    return [event.expression for event in inner if isinstance(event, TimerEventDefinition)]
