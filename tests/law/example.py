"""One example of a table, and how a table answers it."""

from dataclasses import dataclass
from typing import Any

from tests.law.regimes import Change, NoRowError, book, register

Facts = dict[str, Any]
Row = tuple[str, Facts]
JZ, YY = "jinzhai", "yiyuan"


@dataclass(frozen=True)
class Example:
    table: str
    facts: Facts
    proposes: tuple[Row, ...]
    """Row and its outputs, without empty ones."""
    because: str


def answers(example: Example, change: Change | None = None) -> tuple[Row, ...] | NoRowError:
    table = book(example.table)
    regime = example.table.partition("-")[0]
    switches = {**register(regime).switches, **example.facts.get("switches", {})}
    context = {**example.facts, "case": {**example.facts.get("case", {}), "switches": switches}}
    try:
        hits = table.hits(context, change=change)
    except NoRowError as problem:
        return problem
    return tuple((hit.reason.row, {name: v for name, v in hit.outputs.items() if v is not None}) for hit in hits)
