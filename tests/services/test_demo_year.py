"""The demonstration year: published cases moved to other days, worked on while the clock runs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.deadlines import office_day
from app.scenarios import year_runs
from app.scenarios.demo import morning
from app.scenarios.world import read_yaml
from app.scenarios.year import NotEmptyError, play_year
from app.scenarios.year_plans import events_of, moved_to
from config import ROOT

DEMO = ROOT / "demo"
PLANS = sorted(path.name for path in DEMO.glob("year*.yml"))
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def cases_of(plan: dict[str, object]) -> dict[str, dict[str, object]]:
    return {case["id"]: case for case in read_yaml(DEMO / str(plan["cases"]))["cases"]}


def test_a_case_moves_with_all_its_days_and_gets_a_number_of_its_own() -> None:
    case = {
        "registered_on": "2026-09-15",
        "legal_document": {"doc_no": "（2026）皖15行终68号", "doc_date": "2026-09-10", "matter": "没收电脑"},
        "answers": {"T_x": [{"day": date(2026, 9, 20)}]},
    }

    moved = moved_to(case, date(2025, 9, 15), copy=0)

    assert moved["legal_document"] == {
        "doc_no": "（2025）皖15行终268号",
        "doc_date": "2025-09-10",
        "matter": "没收电脑",
    }
    assert moved["answers"] == {"T_x": [{"day": "2025-09-20"}]}
    assert case["registered_on"] == "2026-09-15"


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_names_known_cases_and_every_document_has_its_own_number(name: str) -> None:
    plan = read_yaml(DEMO / name)

    events = events_of(plan, cases_of(plan))

    numbers = [event.case["legal_document"]["doc_no"] for event in events if event.case]  # type: ignore[index]
    assert len(set(numbers)) == len(numbers)
    assert [event.day for event in events] == sorted(event.day for event in events)
    assert morning(plan["begins"]) < morning(events[0].day)


def test_both_counties_together_have_about_thirty_cases() -> None:
    plans = [read_yaml(DEMO / name) for name in PLANS]

    assert {plan["county"] for plan in plans} == {"jinzhai", "yiyuan"}
    assert sum(len(said["days"]) for plan in plans for said in plan["repeat"]) in range(28, 40)


def test_the_days_of_a_plan_are_played_and_a_filled_county_is_left_alone(county: Flask) -> None:
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.queries.counts import cases_of as counted  # noqa: PLC0415
    from app.storage.models import Meeting, Task  # noqa: PLC0415

    plan = {
        **read_yaml(DEMO / "year.yml"),
        "meetings": ["2026-03-11"],
        "turns": [],
        "repeat": [
            {"case": "C15", "days": ["2026-01-12"], "discuss": {"resolution": "NOT_PURSUE"}},
            {"case": "C13", "days": ["2026-01-19"], "until": "filing/T_check"},
            {"case": "C13", "days": ["2027-01-19"]},
        ],
    }

    with county.app_context():
        said = list(play_year(plan, DEMO, now=datetime(2026, 5, 1, tzinfo=UTC)))
        filled = counted("jinzhai")
        with pytest.raises(NotEmptyError, match="jinzhai"):
            next(year_runs.run(DEMO, password="only-For-Tests-1", now=NOW))

        hold = db.session.scalars(select(Task).where(Task.step_id == "T_hold")).one()
        meeting = db.session.get_one(Meeting, hold.proceeding_id)

    assert filled == 2
    assert office_day(hold.completed_at) == office_day(meeting.meeting_date)
    assert hold.completed_at - hold.opened_at > timedelta(days=3)
    assert [line.split("：")[0] for line in said] == ["C15-1", "C13-2", "M-3", "C15-1", "C13-2"]
    assert "CLOSED NOT_PURSUE" in said[-2]
    assert "filing/T_check" in said[-1]
