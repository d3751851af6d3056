"""中止, 恢复 and 延期 on both databases: the clock stands for everybody, and goes on as much later as it stood."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.deadlines import OFFICE_ZONE, end_of, office_day
from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.history import Act
from app.extensions import db
from app.queries.periods import periods_page
from app.services import clockwork, drafts, periods, tasks
from app.storage import journal
from app.storage.models import HistoryEntry, Proceeding, Task, TimerRow
from tests.services.conftest import MORNING, Office

REASON, BASIS = "等待另案结果", "参照行政诉讼法司法解释第八十七条"


def suspend(office: Office, case: str, who: str = "director") -> None:
    periods.suspend_case(case, reason=REASON, basis=BASIS, actor=office.actor(who), now=office.now)


def resume(office: Office, case: str) -> int:
    return periods.resume_case(case, reason="另案已结", actor=office.actor("director"), now=office.now)


def task_row(task_id: str) -> Task:
    db.session.rollback()
    return db.session.get_one(Task, task_id, populate_existing=True)


def timers(case: str) -> dict[str, timedelta]:
    db.session.rollback()
    rows = db.session.scalars(select(TimerRow).where(TimerRow.proceeding_id == case))
    return {row.step_id: row.due_at - MORNING for row in rows}


def acts(case: str) -> list[str]:
    db.session.rollback()
    query = select(HistoryEntry.act).where(HistoryEntry.proceeding_id == case).order_by(HistoryEntry.position)
    return list(db.session.scalars(query))


def test_while_a_case_is_suspended_nothing_fires_and_nothing_is_submitted(office: Office) -> None:
    case = office.open_case()
    task = office.task(case, "T_check")
    suspend(office, case)
    office.later(days=12)

    while clockwork.tick(office.now):
        pass

    assert office.open_steps(case) == ["T_check", "T_handle"]
    assert task_row(task).due_at is None
    with pytest.raises(ConflictError, match="已中止"):
        office.complete(task, "officer1")
    tasks.claim(task, actor=office.actor("officer1"), now=office.now)
    drafts.save(task, data={"opinion": "先存"}, actor=office.actor("officer1"), now=office.now)
    assert office.open_steps(case) == ["T_check", "T_handle"]


def test_resuming_moves_deadlines_and_timers_by_the_days_that_the_clock_stood(office: Office) -> None:
    case = office.open_case()
    task = office.task(case, "T_check")
    before = task_row(task).due_at
    assert before == end_of(date(2026, 3, 9))  # five days from Monday the 2nd end on a Saturday
    office.later(days=2)
    suspend(office, case)
    office.later(days=12)

    assert resume(office, case) == 12

    row = task_row(task)
    assert row.due_at == end_of(date(2026, 3, 23))  # twelve days later is again a Saturday
    assert row.deadline["changes"][-1]["days"] == 12
    assert timers(case) == {"B_urge": timedelta(days=17), "B_late": timedelta(days=22)}
    assert acts(case)[-2:] == [Act.SUSPENDED, Act.RESUMED]
    assert journal.broken_links() == []

    assert clockwork.tick(office.now) == 0
    office.now = MORNING + timedelta(days=17)
    clockwork.tick(office.now)
    assert office.open_steps(case) == ["T_check", "T_handle", "T_urge"]
    office.complete(task, "officer1")


def test_what_was_due_before_the_suspension_fires_first(office: Office) -> None:
    case = office.open_case()
    office.later(days=6)

    suspend(office, case)

    assert office.open_steps(case) == ["T_check", "T_handle", "T_urge"]
    assert set(timers(case)) == {"B_late"}


def test_a_message_for_a_suspended_case_waits_until_it_goes_on(office: Office) -> None:
    case = office.open_case(waits="yes")
    office.complete(office.task(case, "T_check"), "officer1")
    office.complete(office.task(case, "T_review"), "officer2")
    suspend(office, case)

    assert clockwork.tick(office.now) == 0
    office.later(days=1)
    resume(office, case)
    office.complete(office.task(case, "T_handle"), "head", {})
    while clockwork.tick(office.now):
        pass
    db.session.rollback()
    assert db.session.get_one(Proceeding, case).closed_at is not None


def test_only_who_answers_for_the_step_may_stop_the_clock_and_only_with_reasons(office: Office) -> None:
    case = office.open_case()

    for who in ("officer1", "head", "reporter"):
        with pytest.raises(NotAllowedError):
            suspend(office, case, who)
    with pytest.raises(NotFoundError):
        periods.suspend_case(case, reason=REASON, basis=BASIS, actor=office.actor("director", "nanhe"), now=office.now)
    with pytest.raises(InvalidAnswersError) as unreasoned:
        periods.suspend_case(case, reason=" ", basis=BASIS, actor=office.actor("director"), now=office.now)
    assert unreasoned.value.fields == {"reason": ["请填写事由。"]}
    with pytest.raises(ConflictError, match="没有中止"):
        resume(office, case)
    suspend(office, case)
    with pytest.raises(ConflictError, match="已经中止"):
        suspend(office, case)


def test_a_step_is_given_more_time_with_a_reason_and_everybody_sees_it(office: Office) -> None:
    case = office.open_case()
    task = office.task(case, "T_check")

    new = periods.extend_task(
        task, until=date(2026, 3, 14), reason="材料较多", actor=office.actor("director"), now=office.now
    )

    assert new == date(2026, 3, 16)  # the 14th is a Saturday
    assert task_row(task).due_at == end_of(new)
    entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.act == Act.EXTENDED)).one()
    assert entry.details == {"reason": "材料较多", "old_day": "2026-03-09", "new_day": "2026-03-16"}
    page = periods_page(office.actor("director"), case, now=office.now, locale="zh")
    shown = next(step for step in page.steps if step.task_id == task)
    assert shown.deadline is not None
    assert "经批准延期至2026年3月16日（材料较多）" in shown.deadline.explanation
    assert page.may_suspend
    assert journal.broken_links() == []


def test_an_extension_that_nobody_may_give_or_that_gives_nothing_changes_nothing(office: Office) -> None:
    case = office.open_case()
    task = office.task(case, "T_check")
    due = task_row(task).due_at

    with pytest.raises(NotAllowedError):
        periods.extend_task(task, period="P5D", reason="忙", actor=office.actor("officer1"), now=office.now)
    with pytest.raises(InvalidAnswersError) as early:
        periods.extend_task(task, until=date(2026, 3, 4), reason="早", actor=office.actor("director"), now=office.now)
    with pytest.raises(InvalidAnswersError) as unclear:
        periods.extend_task(task, period="很久", reason="忙", actor=office.actor("director"), now=office.now)
    assert early.value.fields == {"until": ["新的届满日须晚于原届满日。"]}
    assert unclear.value.fields == {"until": ["请填写新的届满日（如 2026-11-23）或者延长的期间（如 P5D）。"]}
    suspend(office, case)
    with pytest.raises(ConflictError, match="已中止"):
        periods.extend_task(task, period="P5D", reason="忙", actor=office.actor("director"), now=office.now)

    resume(office, case)
    assert task_row(task).due_at == due
    assert office_day(office.now) == MORNING.astimezone(OFFICE_ZONE).date()
