"""The short form of the laboratory on PostgreSQL: real processes, killed in the middle (docs/faults.md)."""

import pytest

from tests.conftest import needs
from tests.faults import program
from tests.faults.lab import POSTGRESQL, SHORT
from tests.postgresql import NoPostgresqlError

pytestmark = pytest.mark.slow


def test_nothing_is_lost_nothing_is_double_and_nobody_sees_an_error_on_postgresql(subtests: pytest.Subtests) -> None:
    with program.laboratory() as lab:
        try:
            _ = lab.cluster
        except NoPostgresqlError as error:
            needs(f"PostgreSQL ({error})")
        for trial in program.trials(lab, POSTGRESQL, SHORT):
            row = trial()
            with subtests.test(row.trial):
                assert row.passed, row
