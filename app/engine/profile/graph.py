"""The shape of a procedure: everything is reached and ends, tokens never multiply, nothing runs round by itself."""

from collections.abc import Iterable

from app.domain.errors import N_
from app.engine.profile.model import (
    ACTIVITIES,
    Container,
    Element,
    Model,
    event_kind,
    is_waiting,
    text_of,
)
from app.engine.sources import bpmn, local_name

SPLITS = ("parallelGateway", "inclusiveGateway")


def check_graph(model: Model) -> None:
    for process in model.processes.values():
        for container in process.containers:
            _check_start_and_end(model, container)
            _check_degrees(model, container)
            _check_conditions(model, container)
            _check_reachability(model, container)
            _check_tokens(model, container)
            _check_loops(model, container)
            _check_side_branches(model, container)


def _check_start_and_end(model: Model, container: Container) -> None:
    starts = container.of_kind("startEvent")
    if len(starts) != 1:
        model.report.error(container.file, container.element, "start", N_("流程须有且只有一个开始事件。"))
    if not container.of_kind("endEvent"):
        model.report.error(container.file, container.element, "end", N_("流程没有结束事件。"))
    called = container.process.key in model.callers or container.element is not container.process.element
    for start in starts:
        kind = event_kind(start)
        if kind not in ("", "message") or (kind and called):
            model.report.error(
                container.file, start, "start_kind", N_("这里的开始事件只能是普通开始事件或消息开始事件。")
            )


def _check_degrees(model: Model, container: Container) -> None:
    for id_, node in container.nodes.items():
        kind = local_name(node)
        before, after = len(container.incoming.get(id_, [])), len(container.outgoing.get(id_, []))
        if kind in ("startEvent", "boundaryEvent") and before:
            model.report.error(container.file, node, "incoming", N_("开始事件和边界事件不能有进入的连线。"))
        if kind == "endEvent":
            if after:
                model.report.error(container.file, node, "outgoing", N_("结束事件不能有离开的连线。"))
        elif kind in ACTIVITIES or kind.endswith("Event"):
            if after != 1:
                sentence = N_("该节点须有且只有一条离开的连线，分支请用网关。")
                model.report.error(container.file, node, "outgoing", sentence)
        elif not after:
            model.report.error(container.file, node, "outgoing", N_("网关没有离开的连线。"))


def _check_conditions(model: Model, container: Container) -> None:
    for flow in container.flows:
        condition = flow.find(bpmn("conditionExpression"))
        source = container.nodes.get(flow.get("sourceRef", ""))
        if source is None:
            continue
        decides = local_name(source) in ("exclusiveGateway", "inclusiveGateway")
        choice = decides and len(container.outgoing.get(source.get("id", ""), [])) > 1
        default = source.get("default") == flow.get("id")
        if condition is not None and not decides:
            model.report.error(container.file, flow, "condition", N_("只有排他网关和包容网关的连线可以有条件。"))
        elif condition is not None and default:
            model.report.error(container.file, flow, "condition", N_("默认去向不能有条件。"))
        elif choice and not default and not text_of(condition):
            model.report.error(container.file, flow, "condition", N_("网关的这条连线缺少条件。"))
    for gateway in container.of_kind("exclusiveGateway", "inclusiveGateway"):
        if len(container.outgoing.get(gateway.get("id", ""), [])) > 1 and not gateway.get("default"):
            model.report.warning(
                container.file, gateway, "default_flow", N_("网关没有默认去向：条件都不成立时流程会停下等待处理。")
            )


def reach(
    container: Container, sources: Iterable[str], *, stop: frozenset[str] = frozenset(), sides: bool = True
) -> set[str]:
    """Node ids that a token from `sources` can come to. Nodes in `stop` are reached but not passed.

    `sides`: also follow boundary events of the activities on the way (non-interrupting ones too).
    """
    seen: set[str] = set()
    queue = list(sources)
    while queue:
        current = queue.pop()
        if current in seen or current not in container.nodes:
            continue
        seen.add(current)
        if current in stop:
            continue
        queue.extend(container.targets(current))
        for event in container.boundaries.get(current, []):
            if sides or event.get("cancelActivity", "true") == "true":
                queue.append(event.get("id", ""))
    return seen


def _check_reachability(model: Model, container: Container) -> None:
    reached = reach(container, [start.get("id", "") for start in container.of_kind("startEvent")])
    ends = {end.get("id", "") for end in container.of_kind("endEvent")}
    for id_, node in container.nodes.items():
        if id_ not in reached:
            model.report.error(container.file, node, "unreachable", N_("从开始事件到不了这里。"))
        elif ends and not reach(container, [id_]) & ends:
            model.report.error(container.file, node, "endless", N_("从这里到不了任何结束事件。"))


def _joins(container: Container) -> frozenset[str]:
    return frozenset(
        node.get("id", "")
        for node in container.of_kind(*SPLITS)
        if len(container.incoming.get(node.get("id", ""), [])) > 1
    )


def _check_tokens(model: Model, container: Container) -> None:
    """Branches of a split meet only in a join; a join waits only for branches of a split."""
    joins = _joins(container)
    for split in container.of_kind(*SPLITS):
        branches = [
            reach(container, [target], stop=joins | {split.get("id", "")})
            for target in container.targets(split.get("id", ""))
        ]
        for meeting in sorted(_meetings(branches) - joins - {split.get("id", "")}):
            if local_name(container.nodes[meeting]) != "endEvent" and _is_merge(container, meeting):
                model.report.error(
                    container.file, meeting, "unjoined", N_("并行的分支在这里直接汇合，会重复执行；请用同类网关汇合。")
                )
    for join in joins:
        if not _has_split(container, join):
            sentence = N_("没有并行分支通到这个汇合网关的各条连线，流程会永远等待。")
            model.report.error(container.file, join, "unsplit", sentence)


def _meetings(branches: list[set[str]]) -> set[str]:
    return {node for index, one in enumerate(branches) for other in branches[index + 1 :] for node in one & other}


def _is_merge(container: Container, id_: str) -> bool:
    return len(container.incoming.get(id_, [])) > 1


def _has_split(container: Container, join: str) -> bool:
    if local_name(container.nodes[join]) == "inclusiveGateway":
        return True  # it never waits for a branch that no token can come from
    for split in container.of_kind(*SPLITS):
        targets = container.targets(split.get("id", ""))
        stop = frozenset({split.get("id", ""), join})
        if sum(join in reach(container, [target], stop=stop) for target in targets) > 1:
            return True
    return False


def _check_loops(model: Model, container: Container) -> None:
    """Every loop rests somewhere: at a person, a timer or a message."""
    automatic = {id_ for id_, node in container.nodes.items() if not is_waiting(model.processes, node)}
    for id_ in sorted(automatic):
        stop = frozenset(container.nodes.keys() - automatic)
        if any(id_ in reach(container, [target], stop=stop) for target in container.targets(id_)):
            sentence = N_("这个循环里没有等待人员、时间或消息的环节，会无休止地执行。")
            model.report.error(container.file, id_, "automatic_loop", sentence)


def _check_side_branches(model: Model, container: Container) -> None:
    """A non-interrupting branch with a waiting step blocks the end and brings stale data; terminating avoids both."""
    starts = [start.get("id", "") for start in container.of_kind("startEvent")]
    main = reach(container, starts, sides=False)
    plain = [
        id_
        for id_ in main
        if local_name(container.nodes[id_]) == "endEvent" and event_kind(container.nodes[id_]) != "terminate"
    ]
    for event in container.of_kind("boundaryEvent"):
        if event.get("cancelActivity", "true") == "true":
            continue
        branch = reach(container, [event.get("id", "")])
        back = [id_ for id_ in branch & main if local_name(container.nodes[id_]) != "endEvent"]
        if back:
            model.report.error(container.file, event, "side_returns", N_("不打断的边界分支不能回到主流程。"))
        elif plain and any(_waits(model, container.nodes[id_]) for id_ in branch):
            model.report.error(
                container.file,
                event,
                "side_blocks",
                N_("边界分支里有等待办理的环节，主流程须以终止事件结束，否则流程不会结束。"),
            )


def _waits(model: Model, node: Element) -> bool:
    return is_waiting(model.processes, node)
