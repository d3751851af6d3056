"""Rows of a decision table held against each other: which can never match, and which match together where one may."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.domain.errors import N_
from app.engine.decisions import DecisionTable, HitPolicy
from app.engine.profile.model import Report

_LITERAL = r'"[^"\\]*"|-?\d+(?:\.\d+)?|true|false'
_LITERALS = re.compile(rf"\s*(?:{_LITERAL})\s*(?:,\s*(?:{_LITERAL})\s*)*")
_RANGE = re.compile(r"\s*[\[(\]]\s*(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)\s*[\])\[]\s*")


@dataclass(frozen=True, slots=True)
class _Cell:
    """A condition as far as its text alone tells what it takes."""

    text: str
    values: frozenset[str] | None
    """All that it takes, where it is written as a list of values."""

    @property
    def takes_all(self) -> bool:
        return self.text in ("", "-")

    def covers(self, other: "_Cell") -> bool:
        """Whether it surely takes whatever the other takes."""
        if self.takes_all or self.text == other.text:
            return True
        return self.values is not None and other.values is not None and other.values <= self.values

    def meets(self, other: "_Cell") -> bool:
        """Whether something surely is taken by both."""
        if self.values is not None and other.values is not None:
            return bool(self.values & other.values)
        return self.takes_all or other.takes_all or self.text == other.text


def check_rows(report: Report, file: str, table: DecisionTable) -> None:
    _check_ranges(report, file, table)
    if table.hit_policy is HitPolicy.FIRST:
        for earlier, row in _pairs(table, _Cell.covers):
            sentence = N_("第 %(row)s 行永远不会命中：前面的第 %(earlier)s 行包含了它的全部条件。")
            report.warning(file, table.rules[row - 1].id, "rule_dead", sentence, row=row, earlier=earlier)
    if table.hit_policy is HitPolicy.UNIQUE:
        for earlier, row in _pairs(table, _Cell.meets):
            sentence = N_("第 %(row)s 行与第 %(earlier)s 行会同时命中，而命中策略 UNIQUE 只允许一行命中。")
            report.warning(file, table.rules[row - 1].id, "rule_overlap", sentence, row=row, earlier=earlier)


def _check_ranges(report: Report, file: str, table: DecisionTable) -> None:
    for row, rule in enumerate(table.rules, 1):
        for column, text in zip(table.inputs, rule.tests, strict=False):
            found = _RANGE.fullmatch(text)
            if found is not None and float(found[1]) > float(found[2]):
                sentence = N_("第 %(row)s 行列“%(column)s”的范围 %(text)s 下限大于上限，这一行永远不会命中。")
                values = {"row": row, "column": column.label, "text": text.strip()}
                report.warning(file, rule.id, "rule_dead", sentence, **values)


def _pairs(table: DecisionTable, holds: Callable[[_Cell, _Cell], bool]) -> Iterator[tuple[int, int]]:
    """Numbers of each row and of the first one before it with which this holds in every column."""
    rows = [[_Cell(text.strip(), _values(text)) for text in rule.tests] for rule in table.rules]
    for place, row in enumerate(rows):
        for earlier, other in enumerate(rows[:place]):
            if len(other) == len(row) and all(map(holds, other, row)):
                yield earlier + 1, place + 1
                break


def _values(text: str) -> frozenset[str] | None:
    return frozenset(re.findall(_LITERAL, text)) if _LITERALS.fullmatch(text) else None


def texts_in(test: str) -> frozenset[str]:
    """The texts that a condition takes, where it is written as a list of values."""
    return frozenset(value[1:-1] for value in _values(test) or () if value.startswith('"'))
