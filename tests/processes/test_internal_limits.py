"""Internal limits on the way to a legal one leave room for it: drafting, review and signing fit into the ten days."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.calendars import LegalCalendar
from app.domain.deadlines import DeadlineKind, count
from tests.processes.offices import FOLDER, Walk

REGISTERED = date(2026, 2, 2)
STEPS = ("T_draft", "T_review", "T_sign", "T_file")
CALENDAR = LegalCalendar(frozenset())


def period_of(step: str) -> str:
    diagram = (FOLDER / "filing-report.bpmn").read_text("utf-8")
    drawn = diagram[diagram.index(f'<bpmn:userTask id="{step}"') :]
    found = re.search(r'name="deadline" value="(P\d+D)"', drawn)
    assert found
    return found[1]


def last_day_of(period: str, begin: date) -> date:
    return count(begin, period, calendar=CALENDAR, kind=DeadlineKind.INTERNAL).last_day


def begun(step: str, *, anchor: date | None, today: date) -> date:
    """The day from which the limit of a step counts that opens today."""
    facts = {"filing_anchor": anchor.isoformat() if anchor else None}
    walk = Walk("filing-report", facts=facts, now=datetime(today.year, today.month, today.day, 1, tzinfo=UTC))

    task = walk.go_on(until=step).task(step)

    return date.fromisoformat(str(task.deadline_from))


@pytest.mark.parametrize("anchor", [REGISTERED + timedelta(days=n) for n in range(7)])
@pytest.mark.parametrize("opened_after", [0, 2, 4])
def test_drafting_review_and_signing_fit_into_the_ten_days(anchor: date, opened_after: int) -> None:
    today = anchor + timedelta(days=opened_after)
    legal = last_day_of("P10D", anchor)

    for step in STEPS:
        due = last_day_of(period_of(step), begun(step, anchor=anchor, today=today))
        assert today <= due <= legal
        today = due


@pytest.mark.parametrize(("step", "least"), [("T_draft", 2), ("T_review", 1), ("T_sign", 1)])
@pytest.mark.parametrize("anchor", [date(2025, 11, 3), None])
def test_whoever_begins_late_or_without_a_legal_period_still_has_days(
    step: str, least: int, anchor: date | None
) -> None:
    today = date(2026, 3, 2)

    begin = begun(step, anchor=anchor, today=today)

    assert last_day_of(period_of(step), begin) == last_day_of(f"P{least}D", today)
