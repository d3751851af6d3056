"""What a command promises: all or nothing, once, to the right person, and told."""

import threading
import time
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.extensions import db
from app.services import cases, drafts, tasks
from app.storage import journal, proceedings
from app.storage.models import (
    HistoryEntry,
    JournalLine,
    Notice,
    Proceeding,
    Submission,
)
from app.storage.transaction import transaction
from tests.services.checks import at_once, count, digest_of_everything
from tests.services.conftest import Office

# ---- one winner


def test_of_two_people_who_complete_a_step_at_once_one_is_told_who_was_first_and_when(office: Office) -> None:
    for _ in range(5):
        task = office.task(office.open_case(), "T_check")

        one, other = at_once(
            office, partial(office.complete, task, "officer1"), partial(office.complete, task, "officer2")
        )

        loser = one if isinstance(one, ConflictError) else other
        winner = "officer2" if loser is one else "officer1"
        assert isinstance(loser, ConflictError), (one, other)
        assert loser.values["name"] == f"{winner}@beishan"
        assert loser.values["at"] == "2026-03-02 09:00"
        assert count(Submission, Submission.task_id == task) == 1


def test_of_two_people_who_claim_a_step_at_once_one_has_it_and_the_other_is_refused(office: Office) -> None:
    for _ in range(5):
        task = office.task(office.open_case(), "T_check")
        claims = [partial(tasks.claim, task, actor=office.actor(f"officer{n}"), now=office.now) for n in (1, 2, 3)]

        results = at_once(office, *claims)

        assert [type(result) for result in results if result is not None] == [NotAllowedError] * 2, results
        assert count(HistoryEntry, HistoryEntry.task_id == task, HistoryEntry.act == "CLAIMED") == 1


def test_a_command_that_waited_sees_what_the_one_before_it_wrote(office: Office) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer: nobody reads before the lock")
    case = office.open_case()
    task = office.task(case, "T_check")
    locked, read = threading.Event(), []

    def first() -> None:
        with transaction():
            found, file = proceedings.get_task_for_update(task)
            locked.set()
            time.sleep(0.5)
            found.assignee_id = office.actor("officer1").person_id
            assert file.case is not None
            file.case.area = "改写"

    def second() -> None:
        locked.wait()
        with transaction():
            found, file = proceedings.get_task_for_update(task)
            read.extend([found.assignee_id, file.case and file.case.area])

    assert at_once(office, first, second) == [None, None]
    assert read == ["beishan.officer1", "改写"]


def test_a_row_may_refer_to_a_case_that_a_command_holds(office: Office) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    case, other = office.open_case(), office.open_case()
    held, referred = threading.Event(), threading.Event()

    def hold() -> bool:
        with transaction():
            proceedings.get_for_update(case)
            held.set()
            return referred.wait(5)

    def refer() -> None:
        held.wait()
        with transaction():
            proceedings.get_for_update(other)
            given = {"role": "jmo.officer", "kind": "X", "county_id": "beishan", "created_at": office.now}
            db.session.add(Notice(id=uuid4().hex, proceeding_id=case, **given))
        referred.set()

    assert at_once(office, hold, refer) == [True, None], "they waited for each other"


# ---- once


def test_the_same_key_twice_is_one_act_with_one_answer(office: Office) -> None:
    task = office.task(office.open_case(), "T_check")
    first = office.complete(task, "officer1", key="k")
    before = digest_of_everything()

    again = office.complete(task, "officer1", key="k")

    assert again.replayed
    assert not first.replayed
    assert (again.number, again.next, again.closed) == (first.number, first.next, first.closed)
    assert digest_of_everything() == before
    assert count(HistoryEntry, HistoryEntry.task_id == task, HistoryEntry.act == "SUBMITTED") == 1


def test_the_same_key_many_times_at_once_is_one_act(office: Office) -> None:
    task = office.task(office.open_case(), "T_check")

    answers = at_once(office, *(lambda: office.complete(task, "officer1", key="k") for _ in range(4)))

    assert sorted(answer.replayed for answer in answers) == [False, True, True, True]
    assert count(Submission, Submission.task_id == task) == 1


def test_a_case_registered_many_times_at_once_with_one_key_is_one_case(office: Office) -> None:
    reporter, data = office.actor("reporter"), {"matter": "违法拆除", "handling_organ": "beishan.zjj"}

    def register() -> str:
        return cases.open_case(actor=reporter, now=office.now, key="k", data=data).proceeding_id

    answers = at_once(office, *[register] * 4)

    assert len(set(answers)) == 1
    assert count(Proceeding) == 1


def test_acts_of_administration_at_once_follow_one_another_in_their_chain(office: Office) -> None:
    act: dict[str, Any] = {"actor": "tests", "act": "test", "object_": "", "payload": {}, "now": office.now}
    with transaction():
        journal.write_administrative("tests", **act)
    written = threading.Event()

    def first() -> None:
        with transaction():
            journal.write_administrative("tests", **act)
            db.session.flush()
            written.set()
            time.sleep(0.5)

    def second() -> None:
        written.wait()
        with transaction():
            journal.write_administrative("tests", **act)

    assert at_once(office, first, second) == [None, None]
    assert count(JournalLine, JournalLine.scope == "tests") == 3
    assert journal.broken_links() == []


def test_a_key_belongs_to_its_step(office: Office) -> None:
    first, second = (office.task(office.open_case(), "T_check") for _ in range(2))

    answers = [office.complete(task, "officer1", key="k") for task in (first, second)]

    assert [answer.replayed for answer in answers] == [False, False]
    assert answers[0].proceeding_id != answers[1].proceeding_id


# ---- all or nothing


@pytest.mark.parametrize("answers", [{}, {"opinion": ""}, {"opinion": "好", "pages": "many"}, {"opinion": ["x"]}])
def test_invalid_answers_change_no_row_of_any_table(office: Office, answers: dict[str, Any]) -> None:
    task = office.task(office.open_case(), "T_check")
    before = digest_of_everything()

    with pytest.raises(InvalidAnswersError):
        office.complete(task, "officer1", answers)

    assert digest_of_everything() == before


def test_a_step_of_another_county_or_of_another_role_is_not_found(office: Office) -> None:
    task = office.task(office.open_case(), "T_check")
    before = digest_of_everything()

    for who, county in (("officer1", "nanhe"), ("reporter", "beishan"), ("m1", "beishan")):
        with pytest.raises(NotFoundError):
            office.complete(task, who, county=county)
        with pytest.raises(NotFoundError):
            tasks.claim(task, actor=office.actor(who, county), now=office.now)
        with pytest.raises(NotFoundError):
            drafts.save(task, data={}, actor=office.actor(who, county), now=office.now)
    with pytest.raises(NotFoundError):
        office.complete(uuid4().hex, "officer1")

    assert digest_of_everything() == before


def test_a_failure_in_the_middle_of_a_command_leaves_nothing_behind(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = office.task(office.open_case(), "T_check")
    before = digest_of_everything()

    def broken(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(journal, "keep", broken)
    with pytest.raises(OSError, match="the disk is full"):
        office.complete(task, "officer1")

    assert digest_of_everything() == before, "no journal, no act"


def test_an_advance_that_waits_for_an_operation_is_never_saved(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.services import meetings  # noqa: PLC0415
    from app.services.command import Command  # noqa: PLC0415

    opened = meetings.open_meeting(actor=office.actor("director"), now=office.now, key="m")
    task = office.task(opened.proceeding_id, "T_propose")
    before = digest_of_everything()
    monkeypatch.setattr(Command, "settle", lambda _self, advance: advance)

    with pytest.raises(ValueError, match="never saved"):
        office.complete(task, "director", {})

    assert digest_of_everything() == before
