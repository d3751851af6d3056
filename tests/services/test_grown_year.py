"""A demonstration year of any size: the same seed gives the same year, and its pages count what its history tells."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app.domain.deadlines import office_day
from app.scenarios.world import read_yaml
from app.scenarios.year import play_year
from app.scenarios.year_plans import events_of, grown
from config import ROOT

DEMO = ROOT / "demo"
NOW = datetime(2026, 5, 1, tzinfo=UTC)
LATE = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(path.name for path in DEMO.glob("year*.yml")))
def test_a_grown_plan_has_so_many_cases_on_working_days_and_is_the_same_each_time(name: str) -> None:
    plan = read_yaml(DEMO / name)

    large = grown(plan, 300, now=LATE)

    days = [date.fromisoformat(day) for said in large["repeat"] for day in said["days"]]
    cases = {case["id"]: case for case in read_yaml(DEMO / plan["cases"])["cases"]}
    numbers = [event.case["legal_document"]["doc_no"] for event in events_of(large, cases) if event.case]
    assert len(days) == 300
    assert all(day.weekday() < 5 and day < office_day(LATE) for day in days)
    assert len({day.month for day in days}) >= 10
    assert len(set(numbers)) == 300
    assert large == grown(plan, 300, now=LATE)


def test_what_the_overview_and_the_status_count_is_what_the_history_tells(county: Flask) -> None:
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.queries.open_steps import actor_of_username  # noqa: PLC0415
    from app.queries.overview import overview  # noqa: PLC0415
    from app.queries.process_status import StatusFilters, process_status  # noqa: PLC0415
    from app.storage.models import HistoryEntry  # noqa: PLC0415

    plan = {
        **read_yaml(DEMO / "year.yml"),
        "meetings": ["2026-03-11"],
        "repeat": [
            {"case": "C15", "days": ["2026-01-12"], "discuss": {"resolution": "NOT_PURSUE"}},
            {"case": "C13", "days": ["2026-02-02"], "until": "filing/T_check"},
        ],
    }
    with county.app_context():
        list(play_year(plan, DEMO, now=NOW))

        actor = actor_of_username("jinzhai.jmo.director", now=NOW)
        assert actor is not None
        page, status = overview(actor, now=NOW), process_status(actor, "jinzhai-case", StatusFilters(), now=NOW)
        lines = db.session.query(HistoryEntry).order_by(HistoryEntry.id).all()

    cases = {line.proceeding_id for line in lines if line.process_key.startswith("jinzhai-case")} | {
        line.proceeding_id for line in lines if line.act == "OPENED" and line.name != "联席会议"
    }
    cases -= {line.proceeding_id for line in lines if line.process_key in ("joint-meeting", "meeting-preparation")}
    opened = Counter(month_of(line.at) for line in lines if line.act == "OPENED" and line.proceeding_id in cases)
    closed = Counter(month_of(line.at) for line in lines if line.act == "CLOSED" and line.proceeding_id in cases)
    done = Counter(
        (line.process_key, line.step_id) for line in lines if line.act == "SUBMITTED" and line.proceeding_id in cases
    )
    assert (page.open.number, page.closed.number) == (len(cases) - closed.total(), closed.total())
    told = {(month.first.year, month.first.month): (month.opened.number, month.closed.number) for month in page.months}
    assert {month: pair for month, pair in told.items() if any(pair)} == {
        month: (opened[month], closed[month]) for month in sorted(opened.keys() | closed.keys())
    }
    assert {key: row.done for key, row in status.figures.items() if row.done} == dict(done)
    assert max(line.at for line in lines) <= NOW, "nothing has happened that is still to come"


def test_after_office_hours_a_year_that_ends_at_night_does_not_go_on_tomorrow(county: Flask) -> None:
    from app.scenarios.world import World  # noqa: PLC0415  (see tests.conftest)

    world = World("jinzhai", now=NOW - timedelta(hours=15), usual={}, ends=NOW)

    with county.app_context():
        world.rest()

    assert world.now == NOW


def month_of(moment: datetime) -> tuple[int, int]:
    day = office_day(moment)
    return day.year, day.month
