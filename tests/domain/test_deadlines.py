"""Periods as the statutes count them: worked examples 2017 to 2026, and what holds for all of them."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calendars import CalendarDay, DayKind, Notice, with_notice
from app.domain.deadlines import DayCount, Deadline, DeadlineKind, count, roll
from app.domain.effect import appeal_period, effect_of, effective_unless_appealed, served_by_public_notice
from app.law.calendar import built_in_calendar
from config import ROOT

CALENDAR = built_in_calendar()
VECTORS = json.loads((ROOT / "tests" / "data" / "cases.json").read_text("utf-8"))["date_vectors"]


def counted(anchor: str | date, period: str, day_count: str = "CALENDAR") -> Deadline:
    begin = date.fromisoformat(anchor) if isinstance(anchor, str) else anchor
    return count(begin, period, calendar=CALENDAR, day_count=DayCount(day_count), kind=DeadlineKind.STATUTE)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_every_date_vector_of_the_case_collection_holds(vector: dict[str, Any]) -> None:
    asked = set(vector) - {"id", "rule", "note"}
    if "calendar_due" in vector:
        assert counted(vector["anchor"], "P10D").last_day.isoformat() == vector["calendar_due"]
        assert counted(vector["anchor"], "P10D", "WORKING").last_day.isoformat() == vector["working_due"]
        asked -= {"anchor", "calendar_due", "working_due"}
    if "served" in vector:
        served = {party: date.fromisoformat(day) for party, day in vector["served"].items()}
        last = {party: appeal_period(day, "P15D", calendar=CALENDAR).last_day for party, day in served.items()}
        assert {party: day.isoformat() for party, day in last.items()} == vector["last_appeal_day"]
        effective = effective_unless_appealed(served.values(), "P15D", calendar=CALENDAR)
        assert effective.isoformat() == vector["effective_if_no_appeal"]
        asked -= {"served", "last_appeal_day", "effective_if_no_appeal"}
    if "latest_delivery" in vector:
        assert counted("2024-06-17", "-P3D").last_day.isoformat() == vector["latest_delivery"]
        asked -= {"latest_delivery"}
    assert asked == set(), "a kind of vector that nobody checks"


@pytest.mark.parametrize(
    ("anchor", "period", "day_count", "nominal", "last"),
    [
        # natural days over the National Day weeks
        ("2017-09-25", "P10D", "CALENDAR", "2017-10-05", "2017-10-09"),
        ("2018-09-21", "P10D", "CALENDAR", "2018-10-01", "2018-10-08"),
        ("2019-09-21", "P10D", "CALENDAR", "2019-10-01", "2019-10-08"),
        ("2022-09-27", "P10D", "CALENDAR", "2022-10-07", "2022-10-08"),
        ("2023-09-20", "P10D", "CALENDAR", "2023-09-30", "2023-10-07"),
        ("2025-09-28", "P10D", "CALENDAR", "2025-10-08", "2025-10-09"),
        # the Spring Festival, prolonged in 2020
        ("2018-02-10", "P10D", "CALENDAR", "2018-02-20", "2018-02-22"),
        ("2020-01-20", "P10D", "CALENDAR", "2020-01-30", "2020-02-03"),
        ("2024-02-07", "P10D", "CALENDAR", "2024-02-17", "2024-02-18"),
        ("2025-01-24", "P10D", "CALENDAR", "2025-02-03", "2025-02-05"),
        ("2026-02-05", "P10D", "CALENDAR", "2026-02-15", "2026-02-24"),
        # a make-up Saturday or Sunday is a working day: nothing rolls off it
        ("2017-09-20", "P10D", "CALENDAR", "2017-09-30", "2017-09-30"),
        ("2018-04-18", "P10D", "CALENDAR", "2018-04-28", "2018-04-28"),
        ("2018-12-19", "P10D", "CALENDAR", "2018-12-29", "2018-12-29"),
        ("2021-04-28", "P10D", "CALENDAR", "2021-05-08", "2021-05-08"),
        ("2021-09-24", "P15D", "CALENDAR", "2021-10-09", "2021-10-09"),
        ("2022-09-28", "P10D", "CALENDAR", "2022-10-08", "2022-10-08"),
        # New Year
        ("2018-12-21", "P10D", "CALENDAR", "2018-12-31", "2019-01-02"),
        ("2025-12-24", "P10D", "CALENDAR", "2026-01-03", "2026-01-04"),
        # plain weekends, a leap day
        ("2020-02-19", "P10D", "CALENDAR", "2020-02-29", "2020-03-02"),
        ("2024-03-01", "P10D", "CALENDAR", "2024-03-11", "2024-03-11"),
        ("2024-03-01", "P15D", "CALENDAR", "2024-03-16", "2024-03-18"),
        ("2026-03-05", "P10D", "CALENDAR", "2026-03-15", "2026-03-16"),
        # working days
        ("2024-03-01", "P10D", "WORKING", "2024-03-15", "2024-03-15"),
        ("2023-04-20", "P10D", "WORKING", "2023-05-06", "2023-05-06"),
        ("2018-09-21", "P10D", "WORKING", "2018-10-11", "2018-10-11"),
        ("2026-02-12", "P3D", "WORKING", "2026-02-24", "2026-02-24"),
        ("2022-09-30", "P2D", "WORKING", "2022-10-09", "2022-10-09"),
        # months, also without a corresponding day
        ("2024-01-31", "P1M", "CALENDAR", "2024-02-29", "2024-02-29"),
        ("2023-01-31", "P1M", "CALENDAR", "2023-02-28", "2023-02-28"),
        ("2024-08-31", "P1M", "CALENDAR", "2024-09-30", "2024-09-30"),
        ("2024-12-31", "P2M", "CALENDAR", "2025-02-28", "2025-02-28"),
        ("2024-02-29", "P12M", "CALENDAR", "2025-02-28", "2025-02-28"),
        ("2026-01-15", "P1M", "CALENDAR", "2026-02-15", "2026-02-24"),
        ("2025-07-01", "P6M", "CALENDAR", "2026-01-01", "2026-01-04"),
        # before an event
        ("2024-06-17", "-P3D", "CALENDAR", "2024-06-14", "2024-06-14"),
        ("2024-06-13", "-P3D", "CALENDAR", "2024-06-10", "2024-06-07"),
        ("2026-10-10", "-P3D", "CALENDAR", "2026-10-07", "2026-09-30"),
        ("2019-10-15", "-P3D", "CALENDAR", "2019-10-12", "2019-10-12"),
        ("2022-10-11", "-P3D", "CALENDAR", "2022-10-08", "2022-10-08"),
        ("2024-05-06", "-P3D", "CALENDAR", "2024-05-03", "2024-04-30"),
        ("2022-10-10", "-P3D", "WORKING", "2022-09-30", "2022-09-30"),
    ],
)
def test_worked_examples(anchor: str, period: str, day_count: str, nominal: str, last: str) -> None:
    found = counted(anchor, period, day_count)

    assert (found.nominal_day.isoformat(), found.last_day.isoformat()) == (nominal, last)
    assert not found.provisional


DAYS = st.dates(date(2017, 1, 1), date(2026, 6, 30))
LENGTHS = st.integers(1, 90)


@settings(max_examples=300, deadline=None)
@given(DAYS, LENGTHS, st.sampled_from(DayCount))
def test_a_period_ends_after_its_anchor_on_a_working_day_and_a_longer_one_never_earlier(
    anchor: date, days: int, day_count: DayCount
) -> None:
    found, longer = counted(anchor, f"P{days}D", day_count), counted(anchor, f"P{days + 1}D", day_count)

    assert anchor < found.nominal_day <= found.last_day
    assert CALENDAR.is_working(found.last_day)
    assert longer.last_day >= found.last_day
    rolled_over = (found.nominal_day + timedelta(n) for n in range((found.last_day - found.nominal_day).days))
    assert not any(CALENDAR.is_working(day) for day in rolled_over)


@settings(max_examples=300, deadline=None)
@given(DAYS, LENGTHS)
def test_so_many_working_days_never_end_before_as_many_natural_days_as_they_are(anchor: date, days: int) -> None:
    working, natural = counted(anchor, f"P{days}D", "WORKING"), counted(anchor, f"P{days}D")

    assert working.nominal_day >= natural.nominal_day
    assert working.last_day >= natural.last_day


@settings(max_examples=300, deadline=None)
@given(st.dates(date(2017, 6, 1), date(2026, 6, 30)), LENGTHS)
def test_counting_back_and_forth_comes_to_the_same_day(event: date, days: int) -> None:
    natural, working = counted(event, f"-P{days}D"), counted(event, f"-P{days}D", "WORKING")

    assert counted(natural.nominal_day, f"P{days}D").nominal_day == event
    assert CALENDAR.is_working(natural.last_day)
    assert natural.last_day <= natural.nominal_day < event
    forth = counted(working.last_day, f"P{days}D", "WORKING").last_day
    assert forth == roll(event, CALENDAR)


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(1, 24))
def test_months_end_on_the_same_day_of_the_month_or_on_its_last(anchor: date, months: int) -> None:
    end = counted(anchor, f"P{months}M").nominal_day

    assert (end.year - anchor.year) * 12 + end.month - anchor.month == months
    assert end.day == anchor.day or (end + timedelta(1)).day == 1


# ---- years without a notice


@pytest.mark.parametrize(
    ("anchor", "period", "waits_for"),
    [
        ("2026-12-10", "P10D", None),
        ("2026-12-21", "P10D", 2027),
        ("2027-01-04", "P10D", 2027),
        ("2026-12-15", "-P3D", None),
        ("2027-01-06", "-P9D", 2027),
        ("2026-12-31", "P13M", 2028),
    ],
)
def test_a_deadline_in_a_year_without_a_notice_says_which_year_it_waits_for(
    anchor: str, period: str, waits_for: int | None
) -> None:
    assert counted(anchor, period).waits_for == waits_for


def test_a_notice_settles_its_year_and_the_december_before() -> None:
    off = tuple(CalendarDay(date(2027, 1, day), DayKind.HOLIDAY, "元旦") for day in (1, 2, 3))
    on = (CalendarDay(date(2027, 1, 10), DayKind.MAKE_UP_WORKDAY, "元旦"),)

    after = with_notice(CALENDAR, Notice(2027, "通知", (*off, *on)), replaced=frozenset())

    assert after.covers(date(2026, 12, 31))
    assert after.covers(date(2027, 12, 1))
    assert not after.covers(date(2027, 12, 31))
    assert after.is_working(date(2027, 1, 10))
    assert not after.is_working(date(2027, 1, 1))


# ---- effect


def effect(today: str = "2024-06-01", **document: Any) -> tuple[str | None, bool]:
    found = effect_of(document, today=date.fromisoformat(today), calendar=CALENDAR)
    return (found.effective_date.isoformat() if found.effective_date else None, found.legal_effect)


def test_a_judgment_takes_effect_after_the_last_partys_time_to_appeal() -> None:
    first = {"legal_doc_type": "ADMIN_JUDGMENT", "instance": "FIRST", "served_date": "2024-03-01"}

    assert effect(**first) == ("2024-03-19", True)
    assert effect(**first, other_party_served_date="2024-03-04") == ("2024-03-20", True)
    assert effect("2024-03-19", **first, other_party_served_date="2024-03-04") == ("2024-03-20", False)
    assert effect(**first, appeal_filed=True) == (None, False)
    assert effect(**{**first, "legal_doc_type": "ADMIN_RULING"}) == ("2024-03-12", True)
    assert effect(**{**first, "instance": "SECOND"}) == ("2024-03-01", True)
    assert effect(**{**first, "legal_doc_type": "RECON_DECISION", "instance": "NONE"}) == ("2024-03-01", True)


def test_a_public_notice_serves_after_thirty_days_whatever_day_that_is() -> None:
    served = served_by_public_notice(date(2024, 9, 5))

    assert served == date(2024, 10, 5)  # in the National Day holiday: service is an effect, it does not roll
    assert appeal_period(served, "P15D", calendar=CALENDAR).last_day == date(2024, 10, 21)
    assert served_by_public_notice(date(2024, 1, 1), days=60) == date(2024, 3, 1)


def test_a_year_is_twelve_months_and_ends_on_the_corresponding_day() -> None:
    assert counted("2024-02-29", "P1Y").nominal_day == date(2025, 2, 28)
    assert counted("2020-03-10", "P5Y").nominal_day == date(2025, 3, 10)
    assert (counted("2021-01-31", "P1Y1M").months, counted("2021-03-31", "-P1Y").nominal_day) == (13, date(2020, 3, 31))
