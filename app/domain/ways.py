"""The way that was taken through a diagram, from the order in which its steps were entered.

The history names steps, not the gateways and events between them. The way between two steps is the shortest one that
passes no other step of the history; where several are as short, the first drawn.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

Flows = Mapping[str, Sequence[tuple[str, str]]]
"""Node -> the flows that leave it, each with its target; events on a step's border leave it under an empty id."""


def way_taken(flows: Flows, starts: Collection[str], visited: Sequence[str]) -> frozenset[str]:
    """Ids of the flows between the nodes that were visited, in their order.

    Each step is reached from the one before it that was left last and leads there; what several branches led to (a
    join) is reached from each of them.
    """
    told = frozenset(visited)
    found: set[str] = set()
    for place, node in enumerate(visited):
        before = [*starts, *visited[:place]]
        for source in reversed(before):
            if (way := _way(flows, source, node, told)) is not None:
                found.update(way)
                break
    for place, node in enumerate(visited):
        if node in visited[place + 1 :] or any(flow in found for flow in _first(flows, node)):
            continue
        ways = (_way(flows, node, later, told) for later in visited[place + 1 :])
        found.update(next((way for way in ways if way), ()))
    return frozenset(found - {""})


def way_out(
    flows: Flows, taken: Collection[str], done: Sequence[str], *, between: Collection[str], halted: Collection[str]
) -> frozenset[str]:
    """Flows from the steps that were done last to where a diagram that is over ended.

    `between` are the nodes that the history does not name (gateways, events), `halted` the steps that were open when
    the diagram was left by force. Where several ends or halted steps can have come next, only what they have in common.
    """
    found: set[str] = set()
    for node in done:
        if not any(flow in taken for flow in _first(flows, node)):
            ways = list(_outward(flows, node, between=between, halted=halted))
            found.update(_in_common(ways))
    return frozenset(found)


def _outward(flows: Flows, source: str, *, between: Collection[str], halted: Collection[str]) -> Iterator[list[str]]:
    """The shortest way to each end and halted step."""
    waiting: list[tuple[str, list[str]]] = [(source, [])]
    seen: set[str] = set()
    while waiting:
        node, way = waiting.pop(0)
        for flow, following in flows.get(node, ()):
            if not flow or following in seen:
                continue
            seen.add(following)
            if following in halted or not flows.get(following):
                yield [*way, flow]
            elif following in between:
                waiting.append((following, [*way, flow]))


def _in_common(ways: Sequence[Sequence[str]]) -> Iterator[str]:
    """What all ways begin with."""
    for steps in zip(*ways, strict=False):
        if len(set(steps)) > 1:
            return
        yield steps[0]


def _first(flows: Flows, node: str) -> list[str]:
    return [flow for flow, _ in flows.get(node, ()) if flow]


def _way(flows: Flows, source: str, target: str, told: frozenset[str]) -> list[str] | None:
    """The shortest way between two nodes over nodes that the history does not tell; None where there is none."""
    waiting: list[tuple[str, list[str]]] = [(source, [])]
    seen: set[str] = set()
    while waiting:
        node, way = waiting.pop(0)
        for flow, following in flows.get(node, ()):
            if following == target:
                return [*way, flow]
            if following not in seen and following not in told:
                seen.add(following)
                waiting.append((following, [*way, flow]))
    return None
