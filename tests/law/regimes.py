"""Both regulations ready to assess, with every row evaluated once and remembered, so that thousands of facts are cheap.

A table may be changed (`Change`) without touching its file: that is how the mutation test flips single rows.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from app import feel
from app.domain.assessment import Assessment, CaseFacts, Hit, Reason
from app.engine.decisions import DecisionTable, HitPolicy, read_table
from app.engine.sources import read_source
from app.feel import TableInput, TableRow
from app.law.assessment import assess
from app.law.register import Register
from app.law.register import parse as parse_register
from app.queries.assessments import plan_of
from config import ROOT

FOLDER = ROOT / "processes"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
REGULATIONS = {"jinzhai": "jinzhai-2017-50", "yiyuan": "yiyuan-2022-59"}
_WORD = re.compile(r"[a-z][a-z0-9_]*")


class NoRowError(Exception):
    """A table that must give one answer gave none, or several."""


@dataclass(frozen=True)
class Change:
    """One row changed: left out, or one of its outputs replaced."""

    table: str
    row: str
    output: str | None = None
    value: Any = None

    def __str__(self) -> str:
        how = f"{self.output} := {self.value!r}" if self.output else "left out"
        return f"{self.table}#{self.row} {how}"


@dataclass
class Book:
    """One table and what its rows answered so far."""

    table: DecisionTable

    def __post_init__(self) -> None:
        self._known: dict[str, tuple[tuple[int, dict[str, Any]], ...]] = {}
        texts = [column.expression for column in self.table.inputs]
        texts += [text for rule in self.table.rules for text in rule.outputs]
        self._names = {word for text in texts for word in _WORD.findall(text)}

    def matches(self, context: Mapping[str, Any]) -> tuple[tuple[int, dict[str, Any]], ...]:
        """Every row that matches, whatever the hit policy, with its outputs."""
        relevant = {name: context[name] for name in sorted(self._names & context.keys())}
        key = json.dumps(relevant, sort_keys=True)
        if key not in self._known:
            self._known[key] = self._evaluated(relevant)
        return self._known[key]

    def _evaluated(self, context: Mapping[str, Any]) -> tuple[tuple[int, dict[str, Any]], ...]:
        found = feel.evaluate_table(
            [TableInput(column.expression, column.type) for column in self.table.inputs],
            [TableRow(rule.tests, rule.outputs) for rule in self.table.rules],
            context=context,
            now=NOW,
        )
        names = [column.expression for column in self.table.outputs]
        rows = zip(found.hits, found.outputs, strict=True)
        return tuple((row, dict(zip(names, values, strict=True))) for row, values in rows)

    def hits(
        self,
        context: Mapping[str, Any],
        *,
        change: Change | None = None,
        seen: Callable[[str, str], None] | None = None,
    ) -> tuple[Hit, ...]:
        """What the table answers under its hit policy. Raises NoRowError."""
        found = []
        for place, outputs in self.matches(context):
            row = self.table.rules[place].id
            mine = change is not None and (change.table, change.row) == (self.table.id, row)
            if seen is not None:
                seen(self.table.id, row)
            if mine and change is not None and change.output is None:
                continue
            values = {**outputs, change.output: change.value} if mine and change and change.output else outputs
            found.append(Hit(self._reason(place), values))
        single = not self.table.hit_policy.lists
        if single and not found:
            raise NoRowError(self.table.id)
        if self.table.hit_policy is HitPolicy.UNIQUE and len(found) > 1:
            raise NoRowError(self.table.id)
        return tuple(found[:1] if single else found)

    def _reason(self, place: int) -> Reason:
        rule = self.table.rules[place]
        return Reason(rule.annotations[0], self.table.id, rule.id, rule.annotations[1], place)


@cache
def book(table: str) -> Book:
    return Book(read_table(read_source((FOLDER / f"{table}.dmn").read_bytes())))


@cache
def register(regime: str) -> Register:
    return parse_register((FOLDER / f"{REGULATIONS[regime]}.law.yml").read_bytes())


@dataclass(frozen=True)
class Assessor:
    """Assesses under one regulation, perhaps with one row changed."""

    regime: str
    change: Change | None = None
    seen: Callable[[str, str], None] | None = None

    def __call__(self, facts: CaseFacts, **switches: Any) -> Assessment:
        plan = plan_of(register(self.regime), switches)
        return assess(facts, plan, decide=self._decide)

    def _decide(self, table: str, context: Mapping[str, Any]) -> tuple[Hit, ...]:
        return book(table).hits(context, change=self.change, seen=self.seen)

    def changed(self, change: Change) -> "Assessor":
        return replace(self, change=change)
