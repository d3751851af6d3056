"""JZ-17(1), YY-13(1): the same kind of fault twice within a year, as the record shows it."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.repeats import DateBasis, Matter, PastFault, RepeatKey, RepeatWindow, SameType, find_repeats

ACT = date(2024, 5, 10)
MATTER = Matter(frozenset({"FAULT_PROCEDURE"}), ACT, "S1", people=frozenset({"P1"}), organs=frozenset({"O1"}))


def past(day: date = date(2023, 9, 1), **more: str) -> PastFault:
    return PastFault(**{"fault": "FAULT_PROCEDURE", "act_date": day, "person_id": "P1", "series_id": "S2", **more})


def repeated(entry: PastFault, matter: Matter = MATTER, key: RepeatKey = RepeatKey.PERSON) -> bool:
    return bool(find_repeats([entry], matter, key=key).by_key)


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2023, 5, 9), False),
        (date(2023, 5, 10), True),
        (ACT, True),
        (date(2024, 5, 11), False),
    ],
)
def test_the_year_runs_to_the_corresponding_day_that_day_included(day: date, counts: bool) -> None:
    assert repeated(past(day)) is counts


def test_a_leap_day_has_its_corresponding_day_at_the_end_of_february() -> None:
    matter = Matter(MATTER.faults, date(2025, 2, 28), people=MATTER.people)

    assert repeated(past(date(2024, 2, 29)), matter)
    assert not repeated(past(date(2024, 2, 29)), Matter(MATTER.faults, date(2025, 3, 1), people=MATTER.people))


def test_another_fault_another_person_or_the_same_series_does_not_count() -> None:
    assert repeated(past())
    assert not repeated(past(fault="FAULT_WRONG_BASIS"))
    assert not repeated(past(person_id="P2"))
    assert not repeated(past(series_id="S1"))


def test_cases_that_belong_to_no_series_are_different_cases() -> None:
    alone = Matter(MATTER.faults, ACT, None, people=MATTER.people)

    assert repeated(PastFault("FAULT_PROCEDURE", date(2024, 1, 1), person_id="P1"), alone)


def test_without_a_date_nothing_repeats() -> None:
    assert not repeated(past(), Matter(MATTER.faults, None, people=MATTER.people))


def test_the_same_organ_alone_is_told_apart_and_counts_only_where_the_setting_says_so() -> None:
    entry = past(person_id="P9", organ_id="O1")

    found = find_repeats([entry], MATTER)

    assert (found.by_key, found.by_organ) == ((), (entry,))
    assert repeated(entry, key=RepeatKey.ORGAN)
    assert repeated(entry, key=RepeatKey.BOTH)
    assert repeated(past(), key=RepeatKey.BOTH)


def test_the_calendar_year_is_another_reading() -> None:
    entry = past(date(2023, 12, 31))

    assert find_repeats([entry], MATTER).by_key
    assert not find_repeats([entry], MATTER, window=RepeatWindow.CALENDAR_YEAR).by_key


@pytest.mark.parametrize(
    ("basis", "counts"),
    [(DateBasis.ACT_DATE, False), (DateBasis.DOCUMENT_DATE, True), (DateBasis.DECISION_DATE, False)],
)
def test_the_year_may_be_counted_from_another_day_of_both_matters(basis: DateBasis, counts: bool) -> None:
    """The acts lie two years apart, the documents eleven months; the earlier decision has no date."""
    entry = replace(past(date(2022, 5, 1)), document_date=date(2024, 2, 1))
    matter = replace(MATTER, document_date=date(2025, 1, 1), decision_date=date(2025, 6, 1))

    assert bool(find_repeats([entry], matter, basis=basis).by_key) is counts


def test_the_same_kind_may_be_any_fault_in_the_same_field_of_administration() -> None:
    elsewhere = replace(past(fault="FAULT_WRONG_BASIS"), area="LAND")
    matter = replace(MATTER, area="LAND")

    assert not find_repeats([elsewhere], matter).by_key
    assert find_repeats([elsewhere], matter, same_type=SameType.AREA).by_key
    assert not find_repeats([elsewhere], replace(matter, area="POLICE"), same_type=SameType.AREA).by_key


def test_without_a_field_of_administration_nothing_is_the_same_field() -> None:
    assert not find_repeats([past()], MATTER, same_type=SameType.AREA).by_key


def test_an_earlier_series_is_one_fault_event_however_many_cases_it_had() -> None:
    series = [past(case_no=f"{number}") for number in range(200)]
    single = past(date(2023, 10, 1), case_no="apart", series_id="")

    assert [entry.case_no for entry in find_repeats([*series, single], MATTER).by_key] == ["0", "apart"]
