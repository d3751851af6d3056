"""Where a regulation stands follows from its dates and the day, not from what somebody last wrote into a file."""

from datetime import date

import pytest

from app.domain.expiry import LegalState, state_on

FROM, TO = date(2022, 12, 16), date(2024, 12, 15)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2022, 12, 15), LegalState.PENDING),
        (date(2022, 12, 16), LegalState.IN_FORCE),
        (date(2024, 12, 15), LegalState.IN_FORCE),
        (date(2024, 12, 16), LegalState.EXPIRED),
    ],
)
def test_a_regulation_is_in_force_from_its_first_to_its_last_day(day: date, state: LegalState) -> None:
    stale = "EXPIRED"  # what the file says of another day does not count

    assert state_on(day, stale, in_force_from=FROM, in_force_to=TO) is state


def test_on_trial_and_repealed_are_stated_because_no_date_says_them() -> None:
    day = date(2026, 3, 2)

    assert state_on(day, "TRIAL", in_force_from=FROM, in_force_to=None) is LegalState.TRIAL
    assert state_on(day, "REPEALED", in_force_from=FROM, in_force_to=None) is LegalState.REPEALED
    assert state_on(day, "TRIAL", in_force_from=FROM, in_force_to=TO) is LegalState.EXPIRED
