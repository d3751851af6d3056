"""No row is idle: leaving out or flipping any single one is noticed by a reading of the text or by an example."""

from collections import defaultdict
from typing import Any

import pytest

from app.domain.assessment import CaseFacts
from tests.law.examples import EXAMPLES, answers
from tests.law.generated import facts_of
from tests.law.mutants import mutants_of
from tests.law.reading import as_read, read
from tests.law.regimes import FOLDER, REGULATIONS, Assessor, Change, NoRowError

SEEDS = range(240)
ENOUGH = 25
"""Cases tried on one changed row before the examples are asked."""
TABLES = sorted(path.stem for path in FOLDER.glob("*.dmn"))

pytestmark = pytest.mark.slow


def reached() -> dict[tuple[str, str], list[tuple[str, CaseFacts]]]:
    """Which generated cases a row matched in: only there can a change of it show."""
    found: dict[tuple[str, str], list[tuple[str, CaseFacts]]] = defaultdict(list)
    for regime in REGULATIONS:
        for seed in SEEDS:
            facts, rows = facts_of(seed), set[tuple[str, str]]()
            Assessor(regime, seen=lambda table, row, rows=rows: rows.add((table, row)))(facts)
            for row in rows:
                found[row].append((regime, facts))
    return found


def shows_in_a_case(change: Change, cases: list[tuple[str, CaseFacts]]) -> bool:
    return any(answer_with(change, regime, facts) != read(facts, regime) for regime, facts in cases[:ENOUGH])


def answer_with(change: Change, regime: str, facts: CaseFacts) -> Any:
    try:
        return as_read(Assessor(regime, change)(facts))
    except (NoRowError, KeyError, TypeError) as problem:
        return problem


def shows_in_an_example(change: Change) -> bool:
    mine = (example for example in EXAMPLES if example.table == change.table)
    return any(answers(example, change) != example.proposes for example in mine)


def test_unchanged_tables_are_not_noticed() -> None:
    nothing = Change("no-table", "no_row")

    assert not any(answer_with(nothing, regime, facts_of(1)) != read(facts_of(1), regime) for regime in REGULATIONS)
    assert not any(answers(example, nothing) != example.proposes for example in EXAMPLES)


def test_no_row_can_be_left_out_or_flipped_unnoticed() -> None:
    cases = reached()
    changes = [change for table in TABLES for change in mutants_of(table)]

    survivors = [
        str(change)
        for change in changes
        if not shows_in_an_example(change) and not shows_in_a_case(change, cases[change.table, change.row])
    ]

    assert len(changes) > 500
    assert survivors == []
