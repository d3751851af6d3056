"""A process owner moves running cases to another release: planned first, done with a reason, taken back in time."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.extensions import db
from app.services import drafts, examination, migrations, periods, recusals, tasks
from app.storage import journal
from app.storage.models import HistoryEntry, MigrationRow, Proceeding, Task, TaskDraft, TimerRow
from tests.services.checks import digest_of_everything
from tests.services.conftest import Office
from tests.services.other_versions import confirmed, impatient, longer, publish, renamed, trusting
from tests.services.procedure import small


def owner(office: Office, county: str = "beishan") -> object:
    from dataclasses import replace  # noqa: PLC0415

    from app.domain.actors import Grant  # noqa: PLC0415

    return replace(office.actor("director", county), grants=frozenset({Grant("owner", None)}))


def change(office: Office, release: str, mapping: Mapping[str, str] | None = None, reason: str = "改正") -> object:
    return migrations.change_to(release, mapping=mapping or {}, reason=reason, actor=owner(office))


def release_of(case: str) -> str:
    db.session.rollback()
    return db.session.scalars(select(Proceeding.release_id).where(Proceeding.id == case)).one()


def test_a_case_goes_on_under_the_new_release_with_drafts_and_timers_kept(office: Office, tmp_path: Path) -> None:
    case = office.open_case()
    check = office.task(case, "T_check")
    drafts.save(check, data={"opinion": "草稿"}, actor=office.actor("officer1"), now=office.now)
    timers = dict(db.session.execute(select(TimerRow.engine_task_id, TimerRow.due_at)).all())
    release = publish(tmp_path, confirmed(small()))

    migrations.change_one(case, change(office, release), actor=owner(office), now=office.later(days=1))

    assert release_of(case) == release
    assert office.task(case, "T_check") == check
    assert db.session.query(TaskDraft).count() == 1
    assert dict(db.session.execute(select(TimerRow.engine_task_id, TimerRow.due_at)).all()) == timers
    assert examination.examine(case, now=office.now) == []
    told = db.session.query(HistoryEntry).filter_by(proceeding_id=case, act="MIGRATED").one()
    assert told.person_name == "director@beishan"
    assert told.details == {"reason": "改正", "old_release": 1, "new_release": 2}
    office.complete(check, "officer1")
    office.complete(office.task(case, "T_review"), "officer2", {})
    assert office.open_steps(case) == ["T_confirm", "T_handle"]
    office.complete(office.task(case, "T_confirm"), "director", {})
    office.complete(office.task(case, "T_handle"), "head", {})
    assert office.open_steps(case) == []
    assert examination.examine(case, now=office.now) == []
    assert journal.broken_links() == []


def test_a_plan_says_what_would_happen_and_writes_nothing(office: Office, tmp_path: Path) -> None:
    case = office.open_case()
    release = publish(tmp_path, longer(renamed(confirmed(small()))))
    before = digest_of_everything()

    blocked = migrations.plan(case, change(office, release), now=office.now)
    agreed = migrations.plan(case, change(office, release, {"T_handle": "T_settle"}), now=office.now)

    assert [str(why) for why in blocked.obstacles] == ["环节“T_handle”在新版本中不存在，请指明由哪个环节承接。"]
    assert agreed.possible
    assert set(agreed.standing) >= {"T_check", "T_handle"}
    assert any("期限按新版本重算：2026-03-09 → 2026-03-11" in str(what) for what in agreed.remarks)
    assert digest_of_everything() == before
    assert release_of(case) != release


def test_a_step_that_took_over_keeps_its_holder_and_four_eyes(office: Office, tmp_path: Path) -> None:
    case = office.open_case()
    office.complete(office.task(case, "T_check"), "officer1")
    release = publish(tmp_path, renamed(small()).replace(b"T_check", b"T_examine"))

    migrations.change_one(
        case,
        change(office, release, {"T_handle": "T_settle", "T_check": "T_examine"}),
        actor=owner(office),
        now=office.now,
    )

    assert office.open_steps(case) == ["T_review", "T_settle"]
    review = db.session.get(Task, office.task(case, "T_review"))
    assert review is not None
    assert review.excluded_people == [office.actor("officer1").person_id]
    office.complete(office.task(case, "T_settle"), "head", {})
    assert examination.examine(case, now=office.now) == []


def test_what_stands_against_it_is_refused_and_changes_nothing(office: Office, tmp_path: Path) -> None:
    case = office.open_case()
    release = publish(tmp_path, impatient(small()))
    before = digest_of_everything()

    with pytest.raises(ConflictError, match="边界事件"):
        migrations.change_one(case, change(office, release), actor=owner(office), now=office.now)

    assert digest_of_everything() == before


def test_a_timer_that_is_due_comes_first(office: Office, tmp_path: Path) -> None:
    case = office.open_case()
    release = publish(tmp_path, confirmed(small()))

    with pytest.raises(ConflictError, match="尚未触发"):
        migrations.change_one(case, change(office, release), actor=owner(office), now=office.later(days=6))


def test_a_change_of_version_is_taken_back_while_nothing_has_happened(office: Office, tmp_path: Path) -> None:
    case, moved_on = office.open_case(), office.open_case()
    before = release_of(case)
    state = db.session.scalars(select(Proceeding.state).where(Proceeding.id == case)).one()
    release = publish(tmp_path, longer(renamed(small())))
    wish = change(office, release, {"T_handle": "T_settle"})
    for one in (case, moved_on):
        migrations.change_one(one, wish, actor=owner(office), now=office.now)
    tasks.claim(office.task(case, "T_check"), actor=office.actor("officer3"), now=office.now)
    office.complete(office.task(moved_on, "T_settle"), "head", {})  # what else is open looks as it did

    migrations.undo(case, reason="先不换", actor=owner(office), now=office.later(hours=1))
    with pytest.raises(ConflictError, match="已经继续办理"):
        migrations.undo(moved_on, reason="先不换", actor=owner(office), now=office.now)

    assert release_of(case) == before
    assert db.session.scalars(select(Proceeding.state).where(Proceeding.id == case)).one() == state
    assert office.open_steps(case) == ["T_check", "T_handle"]
    check = db.session.get(Task, office.task(case, "T_check"))
    assert check is not None
    assert check.deadline["last_day"] == "2026-03-09"
    assert check.assignee_id == office.actor("officer3").person_id
    assert examination.examine(case, now=office.now) == []
    row = db.session.query(MigrationRow).filter_by(proceeding_id=case).one()
    assert row.undone_by_name == "director@beishan"
    with pytest.raises(ConflictError, match="没有可以撤销"):
        migrations.undo(case, reason="再来", actor=owner(office), now=office.now)
    office.complete(office.task(case, "T_handle"), "head", {})


def test_what_others_did_since_a_change_of_version_outlasts_its_undoing(office: Office, tmp_path: Path) -> None:
    case, recounted = office.open_case(), office.open_case()
    check, judge = office.task(case, "T_check"), office.actor("director")
    tasks.claim(check, actor=office.actor("officer2"), now=office.now)
    migrations.change_one(
        case, change(office, publish(tmp_path, confirmed(small()))), actor=owner(office), now=office.now
    )
    migrations.change_one(
        recounted, change(office, publish(tmp_path, longer(small()))), actor=owner(office), now=office.now
    )
    for task in (check, office.task(recounted, "T_check")):
        periods.extend_task(task, period="P3D", reason="材料未齐", actor=judge, now=office.now)
    asked = {"person_id": office.actor("officer2").person_id, "ground": "OTHER", "reason": "代理过本案"}
    recusal = recusals.request(case, **asked, actor=office.actor("officer2"), now=office.now)
    recusals.decide(recusal, granted=True, reason="理由成立", actor=judge, now=office.now)

    migrations.undo(case, reason="先不换", actor=owner(office), now=office.now)
    with pytest.raises(ConflictError, match="已经继续办理"):
        migrations.undo(recounted, reason="先不换", actor=owner(office), now=office.now)

    row = db.session.get_one(Task, check)
    assert row.deadline["last_day"] == "2026-03-12"
    assert row.excluded_people == [office.actor("officer2").person_id]
    assert row.assignee_id is None
    assert examination.examine(case, now=office.now) == []


def test_who_stepped_aside_and_who_was_apart_before_stay_out_when_a_change_is_taken_back(
    office: Office, tmp_path: Path
) -> None:
    case = office.open_case()
    office.complete(office.task(case, "T_check"), "officer1")
    review = office.task(case, "T_review")
    migrations.change_one(
        case, change(office, publish(tmp_path, trusting(small()))), actor=owner(office), now=office.now
    )
    assert db.session.get_one(Task, review).excluded_people == []
    aside = office.actor("officer2")
    asked = {"person_id": aside.person_id, "ground": "OTHER", "reason": "代理过本案"}
    recusal = recusals.request(case, **asked, actor=aside, now=office.now)
    recusals.decide(recusal, granted=True, reason="理由成立", actor=office.actor("director"), now=office.now)

    migrations.undo(case, reason="先不换", actor=owner(office), now=office.now)

    db.session.expire_all()
    apart = [office.actor("officer1").person_id, aside.person_id]
    assert db.session.get_one(Task, review).excluded_people == sorted(apart)


def test_only_the_process_owner_of_the_county_may_and_only_with_a_reason(office: Office, tmp_path: Path) -> None:
    case = office.open_case()
    release = publish(tmp_path, confirmed(small()))

    with pytest.raises(NotAllowedError):
        migrations.change_to(release, mapping={}, reason="x", actor=office.actor("director"))
    with pytest.raises(NotFoundError):
        migrations.change_to(release, mapping={}, reason="x", actor=owner(office, "nanhe"))
    with pytest.raises(InvalidAnswersError):
        migrations.change_one(case, change(office, release, reason=" "), actor=owner(office), now=office.now)
    with pytest.raises(NotFoundError):
        migrations.find(case, actor=owner(office, "nanhe"))
    assert [id_ for id_, _ in migrations.candidates(release, actor=owner(office))] == [case]


def test_cases_stay_on_their_release_by_default(office: Office, tmp_path: Path) -> None:
    case = office.open_case()
    before = release_of(case)

    publish(tmp_path, confirmed(small()))
    office.complete(office.task(case, "T_check"), "officer1")
    office.complete(office.task(case, "T_review"), "officer2", {})

    assert release_of(case) == before
    assert office.open_steps(case) == ["T_handle"]
