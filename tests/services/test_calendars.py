"""The legal calendar as rows, on both databases: delivered once, brought up to date, and everything counted again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.deadlines import end_of
from app.domain.errors import InvalidFileError, NotAllowedError
from app.domain.history import Act
from app.extensions import db
from app.law.calendar import legal_calendar
from app.queries import calendars as query
from app.queries.health import figures
from app.scenarios.demo import Stage, answers_of
from app.services import calendars, periods
from app.storage import calendars as rows
from app.storage import journal
from app.storage.models import CalendarDayRow, CalendarNotice, Case, HistoryEntry, Proceeding, Task, TimerRow
from config import ROOT
from tests.services.conftest import Office

CHRISTMAS = datetime(2026, 12, 28, 1, tzinfo=UTC)
NOTICE = "2027-01-01至2027-01-05 休 元旦\n2027-01-09 班 元旦\n"


def take(text: str = NOTICE) -> calendars.Imported:
    return calendars.import_notice(text, source="国办发明电〔2026〕1号", actor=None, now=CHRISTMAS)


def check_task(office: Office, case: str) -> Task:
    task_id = office.task(case, "T_check")
    return db.session.get_one(Task, task_id, populate_existing=True)


def test_what_the_product_knows_is_stored_once(office: Office) -> None:
    years = calendars.deliver(now=CHRISTMAS)
    version = legal_calendar().version

    assert set(range(2017, 2027)) <= set(years)
    assert calendars.deliver(now=CHRISTMAS) == ()
    assert legal_calendar().version == version == len(years)
    assert db.session.scalar(select(func.count()).select_from(CalendarDayRow)) == len(legal_calendar().days)
    assert query.undelivered_years() == frozenset()


def test_a_deadline_beyond_the_last_notice_is_provisional_until_the_notice_comes(office: Office) -> None:
    calendars.deliver(now=CHRISTMAS)
    office.now = CHRISTMAS
    case = office.open_case()
    task = check_task(office, case)
    assert (task.deadline["waits_for"], task.due_at) == (2027, end_of(date(2027, 1, 4)))
    assert query.provisional_tasks("beishan") == 1
    assert query.missing_years(date(2026, 12, 28)) == (2027,)
    assert figures(CHRISTMAS).years_missing == 1

    done = take()

    task = check_task(office, case)
    assert (done.year, done.cases, done.moved) == (2027, 1, 1)
    assert (task.deadline["waits_for"], task.due_at) == (None, end_of(date(2027, 1, 6)))
    entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.act == Act.RECOUNTED)).one()
    assert entry.details == {"old_day": "2027-01-04", "new_day": "2027-01-06", "year": 2027}
    assert query.missing_years(date(2026, 12, 28)) == ()
    assert figures(CHRISTMAS).provisional == 0
    assert journal.broken_links() == []


def test_a_settled_deadline_stays_and_a_corrected_notice_counts_again(office: Office) -> None:
    office.now = CHRISTMAS - timedelta(days=30)
    settled = office.open_case()
    office.now = CHRISTMAS
    case = office.open_case()
    take()

    done = take("2027-01-01 休 元旦\n")

    assert (done.cases, done.moved) == (1, 1)
    assert check_task(office, case).due_at == end_of(date(2027, 1, 4))
    assert check_task(office, settled).deadline["changes"] == []
    assert [entry.act for entry in db.session.scalars(select(HistoryEntry)) if entry.act == Act.RECOUNTED] == [
        Act.RECOUNTED,
        Act.RECOUNTED,
    ]


def test_another_process_counts_with_the_new_calendar_from_its_next_act(office: Office) -> None:
    office.open_case()
    before = legal_calendar()
    take()
    rows._kept[db.engine] = before  # what a process holds that did not do the import

    office.now = CHRISTMAS
    case = office.open_case()

    assert legal_calendar().version > before.version
    assert check_task(office, case).deadline["waits_for"] is None


def test_what_an_act_under_way_still_counted_as_provisional_the_worker_settles(office: Office) -> None:
    before = legal_calendar()
    take()
    office.now = CHRISTMAS
    rows._kept[db.engine] = before
    seen, rows.seen = rows.seen, lambda version: None  # this act read the version before the import committed
    try:
        case = office.open_case()
    finally:
        rows.seen = seen
    assert check_task(office, case).deadline["waits_for"] == 2027

    assert calendars.settle_provisional(now=CHRISTMAS) == 1

    assert check_task(office, case).due_at == end_of(date(2027, 1, 6))
    assert calendars.settle_provisional(now=CHRISTMAS) == 0


def test_a_wrong_line_changes_nothing_and_only_rule_administrators_import(office: Office) -> None:
    with pytest.raises(InvalidFileError, match="第2行"):
        take("2027-01-01 休 元旦\n2027-01-04 班\n")
    with pytest.raises(InvalidFileError, match="名称或文号"):
        calendars.import_notice(NOTICE, source=" ", actor=None, now=CHRISTMAS)
    with pytest.raises(NotAllowedError):
        calendars.import_notice(NOTICE, source="通知", actor=office.actor("director"), now=CHRISTMAS)
    with pytest.raises(NotAllowedError):
        query.preview(office.actor("director"), NOTICE, source="通知")

    assert db.session.scalar(select(func.count()).select_from(CalendarNotice)) == 0
    assert 2027 not in legal_calendar().years


def test_a_suspended_case_goes_on_by_the_calendar_of_the_day_of_its_resumption(office: Office) -> None:
    calendars.deliver(now=CHRISTMAS)
    office.now = CHRISTMAS
    case = office.open_case()
    timers = {row.step_id: row.due_at for row in db.session.scalars(select(TimerRow))}
    assert check_task(office, case).due_at == end_of(date(2027, 1, 4))  # the 2nd is a Saturday
    director = office.actor("director")
    periods.suspend_case(case, reason="等待另案结果", basis="第八十七条", actor=director, now=office.now)

    take("2027-01-01至2027-01-05 休 元旦\n")
    take("2027-01-01至2027-01-05 休 元旦\n2027-01-15至2027-01-19 休 地方安排\n")
    office.later(days=9)
    periods.resume_case(case, reason="另案已结", actor=director, now=office.now)

    task = check_task(office, case)
    assert [change["to"] for change in task.deadline["changes"]] == ["2027-01-06", "2027-01-20"]  # the 15th is off
    assert task.due_at == end_of(date(2027, 1, 20))
    assert "moved" not in db.session.get_one(Proceeding, case, populate_existing=True).waiting
    later = {row.step_id: row.due_at - timers[row.step_id] for row in db.session.scalars(select(TimerRow))}
    assert later == {"B_urge": timedelta(days=9), "B_late": timedelta(days=9)}
    assert journal.broken_links() == []


def test_timers_of_a_suspended_case_wait_for_what_the_notice_moved(county: Flask) -> None:
    with county.app_context():
        calendars.deliver(now=CHRISTMAS)
        stage = Stage(ROOT / "demo", county="jinzhai", begins=CHRISTMAS, ends=CHRISTMAS + timedelta(days=90))
        served = {"doc_date": "2026-12-15", "served_date": "2026-12-23", "other_party_served_date": "2026-12-23"}
        answers = {"T_register": {**answers_of(stage.cases["C01"])["T_register"], **served}}
        stage.perform({"open": "C01", "answers": answers, "until": "filing-report/T_draft"})
        case = stage.players["C01"].proceeding_id
        timer = select(TimerRow.due_at).where(TimerRow.step_id == "B_overdue")
        assert db.session.scalar(timer) == end_of(date(2027, 1, 4))  # ten days end on a Saturday
        director = stage.world.actor("jinzhai.jmo.director")
        periods.suspend_case(case, reason="等待另案结果", basis="依法", actor=director, now=stage.world.now)

        take()
        assert db.session.get_one(Case, case, populate_existing=True).filing_due == date(2027, 1, 6)
        periods.resume_case(case, reason="另案已结", actor=director, now=stage.world.now + timedelta(days=2))

        assert db.session.scalar(timer) == end_of(date(2027, 1, 8))
        assert db.session.get_one(Case, case, populate_existing=True).filing_due == date(2027, 1, 8)
