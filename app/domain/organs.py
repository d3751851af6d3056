"""撤并: an organ ends, and another one goes on with what it left."""

from collections.abc import Mapping


def last_heir(organ_id: str, successors: Mapping[str, str]) -> str:
    """Who goes on with an organ today: the successor's successor where that one was dissolved too; else itself."""
    while organ_id in successors:
        organ_id = successors[organ_id]
    return organ_id


def predecessors(successors: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """By organ: all that it goes on with, those of its predecessors included."""
    found: dict[str, set[str]] = {}
    for organ_id in successors:
        found.setdefault(last_heir(organ_id, successors), set()).add(organ_id)
    return {heir: frozenset(before) for heir, before in found.items()}
