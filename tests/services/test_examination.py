"""What an examination finds, damage by damage, and that what is mended is gone and the case can be finished."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from app.domain.errors import ConflictError
from app.domain.examination import KINDS, Code
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.seals import sealed
from app.services import clockwork, examination, mending, settings
from app.storage import journal
from app.storage.models import (
    CaseFact,
    HistoryEntry,
    IncidentRow,
    JournalLine,
    Proceeding,
    Submission,
    SubscriptionRow,
    Task,
    TaskDraft,
    TimerRow,
)
from tests.services.checks import digest_of_everything
from tests.services.conftest import Office
from tests.services.damages import at_work, closed, codes, damage, dead_letter, finish, listening, of, proceeding, step


def orphaned_timer(case: str) -> list[Any]:
    due = db.session.scalar(select(TimerRow.due_at).where(of(TimerRow, case)).limit(1))
    return [insert(TimerRow).values(engine_task_id=f"f{case[1:]}", proceeding_id=case, step_id="B_x", due_at=due)]


def moved_timer(case: str) -> list[Any]:
    due = db.session.scalar(select(TimerRow.due_at).where(of(TimerRow, case), TimerRow.step_id == "B_late"))
    assert due is not None
    late = update(TimerRow).where(of(TimerRow, case), TimerRow.step_id == "B_late")
    return [late.values(due_at=due + timedelta(days=9))]


def orphaned_subscription(case: str) -> list[Any]:
    now = db.session.scalar(select(Proceeding.opened_at).where(Proceeding.id == case))
    row = {"engine_task_id": f"f{case[1:]}", "message": "SmallDecided", "proceeding_id": case, "step_id": "W"}
    return [insert(SubscriptionRow).values(**row, correlation="case_no=none", since=now)]


def incident(case: str) -> list[Any]:
    now = db.session.scalar(select(Proceeding.opened_at).where(Proceeding.id == case))
    row = {"engine_task_id": f"f{case[1:]}", "proceeding_id": case, "process_key": "small", "step_id": "T_check"}
    return [insert(IncidentRow).values(**row, name="x", sentence="x", values={}, detail="", since=now)]


def draft_of_done(case: str) -> list[Any]:
    row = db.session.execute(
        select(Task.id, Task.completed_by, Task.completed_at).where(of(Task, case), Task.status == TaskStatus.COMPLETED)
    ).first()
    assert row is not None
    return [insert(TaskDraft).values(task_id=row.id, person_id=row.completed_by, data={}, saved_at=row.completed_at)]


def forgotten_timers(case: str) -> list[Any]:
    waiting = db.session.scalar(select(Proceeding.waiting).where(Proceeding.id == case))
    return [proceeding(case).values(waiting={**(waiting or {}), "timers": {}})]


Scene = Callable[[Office], str]
Damage = Callable[[str], list[Any]]

MENDABLE: dict[Code, tuple[Scene, Damage]] = {
    Code.TASK_ORPHANED: (
        at_work,
        lambda c: [update(Task).where(of(Task, c), Task.status == TaskStatus.COMPLETED).values(status=TaskStatus.OPEN)],
    ),
    Code.TASK_MISSING: (at_work, lambda c: [step(c, "T_handle").values(status=TaskStatus.WITHDRAWN)]),
    Code.TIMER_MISSING: (at_work, lambda c: [delete(TimerRow).where(of(TimerRow, c))]),
    Code.TIMER_ORPHANED: (at_work, orphaned_timer),
    Code.TIMER_DIFFERS: (at_work, moved_timer),
    Code.SUBSCRIPTION_MISSING: (listening, lambda c: [delete(SubscriptionRow).where(of(SubscriptionRow, c))]),
    Code.SUBSCRIPTION_ORPHANED: (at_work, orphaned_subscription),
    Code.INCIDENT_ORPHANED: (at_work, incident),
    Code.MIRROR_DIFFERS: (at_work, forgotten_timers),
    Code.LEFT_OPEN: (closed, incident),
    Code.NOT_CLOSED: (
        closed,
        lambda c: [proceeding(c).values(status=ProceedingStatus.RUNNING, closed_at=None)],
    ),
    Code.DRAFT_LEFT: (at_work, draft_of_done),
    Code.HISTORY_LENGTH: (at_work, lambda c: [proceeding(c).values(history_length=1)]),
    Code.LETTER_DEAD: (listening, dead_letter),
}
BY_A_PERSON: dict[Code, tuple[Scene, Damage]] = {
    Code.TASK_CONTRADICTED: (at_work, lambda c: [step(c, "T_handle").values(status=TaskStatus.COMPLETED)]),
    Code.STATE_UNREADABLE: (at_work, lambda c: [proceeding(c).values(state=b"no state")]),
    Code.HISTORY_GAP: (
        at_work,
        lambda c: [delete(HistoryEntry).where(of(HistoryEntry, c), HistoryEntry.position == 1)],
    ),
    Code.CHAIN_BROKEN: (at_work, lambda c: [proceeding(c).values(journal_digest="0" * 64)]),
    Code.FACT_SCOPE: (at_work, lambda c: [update(CaseFact).where(of(CaseFact, c)).values(scope="somebody")]),
    Code.CLOSED_EARLY: (at_work, lambda c: [proceeding(c).values(status=ProceedingStatus.CLOSED)]),
    Code.ANSWER_DOUBLE: (
        at_work,
        lambda c: [update(Task).where(of(Task, c), Task.step_id == "T_register").values(status=TaskStatus.WITHDRAWN)],
    ),
}


def test_every_finding_says_what_why_and_what_to_do() -> None:
    assert set(KINDS) == set(Code)
    assert all(kind.what and kind.why and kind.remedy for kind in KINDS.values())


def test_nothing_is_found_where_all_is_well(office: Office) -> None:
    cases = [at_work(office), listening(office), closed(office)]

    assert [examination.examine(case, now=office.now) for case in cases] == [[], [], []]
    assert list(examination.examine_many(now=office.now)) == []
    assert list(examination.examine_surroundings(now=office.now)) == []


def test_an_examination_changes_nothing(office: Office) -> None:
    case = at_work(office)
    damage(delete(TimerRow))
    before = digest_of_everything()

    examination.examine(case, now=office.later(days=40))

    assert digest_of_everything() == before


def test_each_damage_is_found_mended_told_and_the_case_can_be_finished(office: Office) -> None:
    for code, (scene, break_it) in MENDABLE.items():
        case = scene(office)
        damage(*break_it(case))
        assert code in codes(office, case), code

        mended = mending.mend(case, by="tester", now=office.now)

        assert code in mended
        clockwork.tick(office.now)
        assert codes(office, case) == set(), code
        told = db.session.query(HistoryEntry).filter_by(proceeding_id=case, act="MENDED").one()
        assert told.details == {"codes": [str(one) for one in mended], "by": "tester"}
        assert db.session.query(JournalLine).filter_by(scope=case, act="mend").count() == 1
        finish(office, case)
        assert office.open_steps(case) == []
        assert codes(office, case) == set(), code
    assert not set(journal.broken_links())


def test_what_somebody_has_to_look_at_is_found_and_left_as_it_is(office: Office) -> None:
    for code, (scene, break_it) in BY_A_PERSON.items():
        case = scene(office)
        damage(*break_it(case))
        before = digest_of_everything()

        assert code in codes(office, case), code
        assert code not in mended(office, case)
        assert digest_of_everything() == before, code


def mended(office: Office, case: str) -> tuple[Code, ...]:
    try:
        return mending.mend(case, by="tester", now=office.now)
    except ConflictError:
        return ()


def test_mending_twice_does_it_once(office: Office) -> None:
    case = at_work(office)
    damage(delete(TimerRow).where(of(TimerRow, case)))

    first, second = (mending.mend(case, by="tester", now=office.now) for _ in range(2))

    assert set(first) == {Code.TIMER_MISSING, Code.MIRROR_DIFFERS}
    assert second == ()


def test_a_timer_that_nobody_fired_is_found_and_fired(office: Office) -> None:
    case = at_work(office)
    office.later(days=6)

    assert codes(office, case) == {Code.TIMER_LATE}
    mending.mend(case, by="tester", now=office.now)

    assert "T_urge" in office.open_steps(case)
    assert codes(office, case) == set()


def test_a_suspended_case_is_late_for_nothing_and_mended_only_when_it_goes_on(office: Office) -> None:
    case = at_work(office)
    damage(proceeding(case).values(suspended_at=office.now))
    office.later(days=6)
    assert codes(office, case) == set()
    damage(delete(TimerRow).where(of(TimerRow, case)))

    with pytest.raises(ConflictError, match="已中止"):
        mending.mend(case, by="tester", now=office.now)


def test_a_state_of_another_release_is_called_foreign(office: Office) -> None:
    case = at_work(office)
    other = db.session.scalars(select(Proceeding.release_id).where(Proceeding.id == case)).one()
    release = db.session.scalars(text_of_releases(other)).first()
    assert release is not None
    damage(proceeding(case).values(release_id=release, process_key="round"))

    assert Code.STATE_FOREIGN in codes(office, case)


def text_of_releases(besides: str) -> Any:
    return text("select id from releases where process_key = 'round' and id <> :id").bindparams(id=besides)


def test_answers_that_are_missing_or_come_from_elsewhere_are_found(office: Office) -> None:
    one, other = at_work(office), at_work(office)
    theirs = db.session.scalars(select(Submission.id).where(of(Submission, other))).first()
    damage(update(CaseFact).where(of(CaseFact, one)).values(submission_id=theirs))
    damage(delete(Submission).where(of(Submission, one)))

    assert codes(office, one) == {Code.FACT_FOREIGN, Code.ANSWER_MISSING}


def test_a_message_that_nobody_waits_for_is_found_after_some_attempts(office: Office) -> None:
    case = at_work(office)
    unheard = [statement.values(status="PENDING", attempts=4, correlation="x=y") for statement in dead_letter(case)]
    damage(*unheard)

    assert codes(office, case) == {Code.LETTER_UNAWAITED}


def test_papers_without_files_and_files_without_papers_are_found(office: Office) -> None:
    from app.services import attachments  # noqa: PLC0415

    kept = attachments.upload(b"%PDF-1.4 kept", name="a.pdf", actor=office.actor("head"), now=office.now)
    lost = attachments.upload(b"%PDF-1.4 lost", name="b.pdf", actor=office.actor("head"), now=office.now)
    shelf = settings.data_folder() / "attachments"
    next(path for path in shelf.rglob("*") if path.is_file() and sealed.read(path).endswith(b"lost")).unlink()
    stray = shelf / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"left over")
    office.now = office.now.replace(year=2036)

    found = list(examination.examine_surroundings(now=office.now))

    assert {finding.code for finding in found} == {Code.PAPER_MISSING, Code.FILE_UNCLAIMED}
    assert {finding.place for finding in found} == {lost.id, str(stray)}
    mending.mend_surroundings(found, by="tester", now=office.now)
    assert not stray.exists()
    assert [f.code for f in examination.examine_surroundings(now=office.now)] == [Code.PAPER_MISSING]
    assert kept.id not in {finding.place for finding in found}
    next(path for path in shelf.rglob("*") if path.is_file()).write_bytes(b"short")
    assert {f.code for f in examination.examine_surroundings(now=office.now)} == {
        Code.PAPER_MISSING,
        Code.PAPER_DAMAGED,
    }
    assert db.session.query(JournalLine).filter_by(scope="examination", act="mend").count() == 1


def test_a_sealed_file_that_does_not_open_is_found_wherever_it_was_changed(office: Office) -> None:
    from app.services import attachments  # noqa: PLC0415

    for name in ("a", "b"):
        attachments.upload(f"%PDF-1.4 {name}".encode(), name=f"{name}.pdf", actor=office.actor("head"), now=office.now)
    changed, other = sorted(path for path in (settings.data_folder() / "attachments").rglob("*") if path.is_file())
    content = changed.read_bytes()
    changed.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    found = list(examination.examine_surroundings(now=office.now))

    assert [(one.code, one.place) for one in found] == [(Code.FILE_UNOPENABLE, str(changed))]
    assert other.name not in found[0].sentence


def test_rows_of_what_does_not_exist_are_found_and_dropped_where_they_say_nothing(office: Office) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL refuses them
    case = at_work(office)
    db.session.rollback()
    db.session.execute(text("PRAGMA foreign_keys=OFF"))
    with db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("UPDATE timers SET proceeding_id = 'gone'")
        driver.execute("PRAGMA foreign_keys=ON")

    found = list(examination.examine_surroundings(now=office.now))
    mending.mend_surroundings(found, by="tester", now=office.now)

    assert [finding.place for finding in found] == ["timers"]
    assert list(examination.examine_surroundings(now=office.now)) == []
    assert Code.TIMER_MISSING in mending.mend(case, by="tester", now=office.now)
