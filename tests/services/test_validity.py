"""Operations of the diagrams on a regulation's time, on entities' own tables of persons, and on a person's own team."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from app.domain.errors import ConflictError
from app.services.operations import OPERATIONS


def command(*, effective: date | None = None, is_case: bool = True, **facts: Any) -> Any:
    """As much of a command as these operations read."""
    case = SimpleNamespace(effective_date=effective) if is_case else None
    register = SimpleNamespace(in_force_from=date(2022, 12, 16), in_force_to=date(2024, 12, 15))
    return SimpleNamespace(file=SimpleNamespace(case=case), register=register, facts=facts)


@pytest.mark.parametrize(
    ("effective", "found"),
    [
        (date(2022, 12, 15), "BEFORE"),
        (date(2022, 12, 16), "IN_FORCE"),
        (date(2024, 12, 15), "IN_FORCE"),
        (date(2024, 12, 16), "AFTER"),
        (None, "UNKNOWN"),
    ],
)
def test_both_ends_of_the_period_of_validity_belong_to_it(effective: date | None, found: str) -> None:
    assert OPERATIONS["case/validity"].perform(command(effective=effective)) == found


def test_only_a_case_has_a_date_to_be_judged() -> None:
    with pytest.raises(ConflictError):
        OPERATIONS["case/validity"].perform(command(is_case=False))


def test_a_persons_investigators_are_his_own_leader_first_and_nobody_twice() -> None:
    teams = command(s1={"leader": "p1", "members": ["p2", "p1"]}, s2={"leader": "p9"})

    assert OPERATIONS["subject/investigators"].perform(teams, subject_id="s1") == ["p1", "p2"]
    assert OPERATIONS["subject/investigators"].perform(teams, subject_id="s3") == []
