"""The short form of the laboratory on the embedded database: real processes, killed in the middle (docs/faults.md)."""

import pytest

from tests.faults import program
from tests.faults.lab import SHORT, SQLITE

pytestmark = pytest.mark.slow


def test_nothing_is_lost_nothing_is_double_and_nobody_sees_an_error_on_sqlite(subtests: pytest.Subtests) -> None:
    with program.laboratory() as lab:
        for trial in program.trials(lab, SQLITE, SHORT):
            row = trial()
            with subtests.test(row.trial):
                assert row.passed, row
