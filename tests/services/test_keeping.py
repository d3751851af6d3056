"""What a command leaves behind: held steps, the journal, messages, drafts and claims, numbers."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.extensions import db
from app.services import clockwork, drafts, incidents, tasks
from app.storage import evidence, journal, numbers
from app.storage.models import (
    Counter,
    HistoryEntry,
    IncidentRow,
    JournalLine,
    OutboxRow,
    Proceeding,
    Submission,
    Task,
    TaskDraft,
)
from app.storage.outbox import MAX_ATTEMPTS
from app.storage.transaction import transaction
from tests.services.checks import at_once, count
from tests.services.conftest import Office

# ---- held steps


def test_a_step_that_fails_is_held_while_the_rest_of_the_case_goes_on_and_a_retry_heals_it(office: Office) -> None:
    case = office.open_case(handling_organ="")
    incident = db.session.scalars(select(IncidentRow).where(IncidentRow.proceeding_id == case)).one()
    held = incident.engine_task_id

    assert incident.step_id == "T_handle"
    assert office.open_steps(case) == ["T_check"]
    still = incidents.retry(case, engine_task_id=held, actor=office.actor("officer1"), now=office.now)
    assert not still

    office.complete(office.task(case, "T_check"), "officer1", {"opinion": "齐全", "handling_organ": "beishan.lyj"})
    healed = incidents.retry(case, engine_task_id=held, actor=office.actor("officer2"), now=office.now)

    assert healed
    assert office.open_steps(case) == ["T_handle", "T_review"]
    assert count(IncidentRow) == 0
    acts = [e.act for e in db.session.scalars(select(HistoryEntry).where(HistoryEntry.step_id == "T_handle"))]
    assert acts.count("INCIDENT") == 1
    assert acts.count("RETRIED") == 2
    office.complete(office.task(case, "T_handle"), "head.lyj", {})


def test_a_held_step_is_retried_by_the_office_of_its_own_county_only(office: Office) -> None:
    case = office.open_case(handling_organ="")
    held = db.session.scalars(select(IncidentRow.engine_task_id)).one()

    with pytest.raises(NotFoundError):
        incidents.retry(case, engine_task_id=held, actor=office.actor("officer1", "nanhe"), now=office.now)
    with pytest.raises(NotAllowedError):
        incidents.retry(case, engine_task_id=held, actor=office.actor("reporter"), now=office.now)
    with pytest.raises(NotFoundError):
        incidents.retry(case, engine_task_id=uuid4().hex, actor=office.actor("officer1"), now=office.now)


# ---- the journal


def test_the_journal_verifies_and_every_changed_row_is_found(office: Office) -> None:
    case = office.open_case()
    office.complete(office.task(case, "T_check"), "officer1")
    assert journal.broken_links() == []
    lines = db.session.scalars(select(JournalLine).where(JournalLine.scope == case)).all()
    assert [line.act for line in lines] == ["open", "complete", "complete"]

    for column, value in (("actor", "somebody"), ("payload_digest", "0"), ("act", "open"), ("previous", "")):
        with transaction():
            evidence.lift(db.session.connection())
            changed = update(JournalLine).where(JournalLine.scope == case, JournalLine.position == 2)
            db.session.execute(changed.values({column: value}))
            broken = journal.broken_links()
            db.session.rollback()
        assert broken[0] == f"{case}:2", column


def test_a_missing_line_in_the_journal_is_found(office: Office) -> None:
    case = office.open_case()
    with transaction():
        evidence.lift(db.session.connection())
        db.session.execute(text("delete from journal where scope = :case and position = 1"), {"case": case})
        broken = journal.broken_links()
        db.session.rollback()

    assert broken[0] == f"{case}:1"


@pytest.mark.parametrize("table", evidence.KEPT)
@pytest.mark.parametrize("act", ["update {} set id = id", "delete from {}"])
def test_the_database_refuses_to_change_what_happened(office: Office, table: str, act: str) -> None:
    case = office.open_case()
    office.complete(office.task(case, "T_check"), "officer1")

    with pytest.raises(DBAPIError, match=evidence.REFUSAL), transaction():
        db.session.execute(text(act.format(table)))


def test_without_its_line_in_the_journal_an_act_does_not_happen(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.open_case()
    before = count(HistoryEntry), count(Submission)

    def fails(*_: Any) -> None:
        raise OSError("no room for evidence")

    monkeypatch.setattr(journal, "keep", fails)
    with pytest.raises(OSError, match="no room"):
        office.complete(office.task(case, "T_check"), "officer1")
    db.session.rollback()

    assert (count(HistoryEntry), count(Submission)) == before
    assert office.task(case, "T_check")


@pytest.fixture
def keys() -> Iterator[dict[str, bytes]]:
    """The keys of the chain, for a test that changes them."""
    before = dict(journal._keys)
    yield before
    journal.use(before)


def test_who_chains_anew_without_the_key_is_found(office: Office, keys: dict[str, bytes]) -> None:
    case = office.open_case()
    journal.use({"1": b"guessed"})
    with transaction():
        evidence.lift(db.session.connection())
        previous = ""
        for line in db.session.scalars(select(JournalLine).where(JournalLine.scope == case).order_by("position")):
            line.actor, line.previous = "somebody", previous
            line.digest = previous = journal.chain(line)

    journal.use(keys)
    assert journal.broken_links()[0] == f"{case}:1"


def test_a_new_key_signs_from_now_on_and_the_old_one_still_verifies(office: Office, keys: dict[str, bytes]) -> None:
    case = office.open_case()

    journal.use({**keys, "2": b"next"})
    office.complete(office.task(case, "T_check"), "officer1")
    assert journal.broken_links() == []
    used = db.session.scalars(select(JournalLine.key_id).where(JournalLine.scope == case).order_by("position")).all()

    journal.use({"2": b"next"})
    assert used[0] == next(iter(keys))
    assert used[-1] == "2"
    assert f"{case}:1" in journal.broken_links()


# ---- messages


def finish(office: Office, case: str) -> None:
    office.complete(office.task(case, "T_check"), "officer1")
    office.complete(office.task(case, "T_review"), "officer2", {})
    office.complete(office.task(case, "T_handle"), "head", {})


def tick_all(office: Office) -> None:
    while clockwork.tick(office.now):
        pass


def test_a_message_is_taken_once_by_the_step_that_waits_for_it(office: Office) -> None:
    waiting, other = office.open_case(waits="yes"), office.open_case(waits="yes")
    finish(office, waiting)
    assert db.session.get_one(Proceeding, waiting).closed_at is None

    tick_all(office)
    tick_all(office)

    db.session.expire_all()
    assert db.session.get_one(Proceeding, waiting).closed_at is not None
    assert db.session.get_one(Proceeding, other).closed_at is None
    assert count(HistoryEntry, HistoryEntry.act == "MESSAGE_RECEIVED") == 1
    assert count(OutboxRow, OutboxRow.status == "DONE") == 1


def test_a_letter_that_one_worker_delivers_is_passed_over_by_the_others(office: Office) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    held, other = office.open_case(waits="yes"), office.open_case(waits="yes")
    for case in (held, other):
        finish(office, case)

    with db.engine.begin() as worker:
        worker.execute(select(OutboxRow.id).where(OutboxRow.proceeding_id == held).with_for_update())
        tick_all(office)

        taken = db.session.scalars(select(OutboxRow.proceeding_id).where(OutboxRow.status == "DONE")).all()
        db.session.rollback()
        assert taken == [other]
    tick_all(office)
    assert count(OutboxRow, OutboxRow.status == "DONE") == 2


def test_a_message_that_nobody_takes_is_tried_ever_more_rarely_and_ends_dead_in_plain_sight(office: Office) -> None:
    finish(office, office.open_case(waits="no"))
    pauses = []

    for _ in range(MAX_ATTEMPTS):
        tick_all(office)
        db.session.expire_all()
        row = db.session.scalars(select(OutboxRow)).one()
        pauses.append((row.due_at - office.now).total_seconds())
        office.now = row.due_at
    seen = office.app.test_client().get("/metrics").text

    assert pauses[:-1] == [2, 4, 8, 16, 32, 64, 128]
    assert row.status == "DEAD"
    assert "SmallDecided" in (row.last_error or "")
    assert 'wenze_outbox{status="DEAD"} 1.0' in seen
    office.later(days=1)
    assert clockwork.tick(office.now) == 0


def test_a_message_that_breaks_its_receiver_does_not_stop_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, sound = office.open_case(waits="yes"), office.open_case(waits="yes")
    finish(office, poisoned)
    office.later(seconds=1)
    finish(office, sound)
    from app.engine import run  # noqa: PLC0415

    number = db.session.get_one(Proceeding, poisoned).number
    deliver = run.deliver_message

    def sometimes(*given: Any, **named: Any) -> Any:
        if named["correlation"].get("case_no") == number:
            raise RuntimeError("a bug of ours")
        return deliver(*given, **named)

    monkeypatch.setattr(run, "deliver_message", sometimes)
    tick_all(office)

    db.session.expire_all()
    assert db.session.get_one(Proceeding, sound).closed_at is not None
    row = db.session.scalars(select(OutboxRow).where(OutboxRow.proceeding_id == poisoned)).one()
    assert (row.status, row.attempts) == ("PENDING", 1)
    assert "a bug of ours" in (row.last_error or "")


# ---- drafts, claims


def test_a_draft_is_kept_as_it_was_written_per_person_and_goes_with_the_step(office: Office) -> None:
    task = office.task(office.open_case(), "T_check")
    odd = {"opinion": "写了一半", "pages": "十几", "unknown": [1, {"a": None}]}

    drafts.save(task, data={"opinion": "x"}, actor=office.actor("officer1"), now=office.now)
    saved_at = drafts.save(task, data=odd, actor=office.actor("officer1"), now=office.later(minutes=1))
    drafts.save(task, data={"opinion": "我的"}, actor=office.actor("officer2"), now=office.now)
    db.session.expire_all()
    mine = db.session.get_one(TaskDraft, (task, office.actor("officer1").person_id))

    assert (mine.data, mine.saved_at) == (odd, saved_at)
    assert db.session.get_one(TaskDraft, (task, office.actor("officer2").person_id)).data == {"opinion": "我的"}
    office.complete(task, "officer1")
    assert count(TaskDraft) == 0
    with pytest.raises(ConflictError):
        drafts.save(task, data=odd, actor=office.actor("officer2"), now=office.now)


def test_a_claimed_step_is_nobody_elses_until_it_is_given_back_or_handed_on(office: Office) -> None:
    task = office.task(office.open_case(), "T_check")
    one, two, three = (office.actor(f"officer{n}") for n in (1, 2, 3))

    tasks.claim(task, actor=one, now=office.now)
    tasks.claim(task, actor=one, now=office.now)
    for refused in (
        lambda: tasks.claim(task, actor=two, now=office.now),
        lambda: office.complete(task, "officer2"),
        lambda: tasks.release(task, actor=two, now=office.now, reason="代办"),
        lambda: tasks.transfer(
            task, actor=one, now=office.now, to_person=office.actor("head").person_id, reason="不在岗"
        ),
        lambda: tasks.transfer(
            task, actor=one, now=office.now, to_person=office.actor("officer1", "nanhe").person_id, reason="不在岗"
        ),
    ):
        with pytest.raises(NotAllowedError):
            refused()
    for unreasoned in (
        lambda: tasks.release(task, actor=one, now=office.now, reason="  "),
        lambda: tasks.transfer(task, actor=one, now=office.now, to_person=two.person_id, reason=""),
    ):
        with pytest.raises(InvalidAnswersError):
            unreasoned()
    tasks.transfer(task, actor=one, now=office.now, to_person=two.person_id, reason="出差")
    tasks.release(task, actor=two, now=office.now, reason="不归我办")
    tasks.claim(task, actor=three, now=office.now)
    office.complete(task, "officer3")

    told = db.session.scalars(select(HistoryEntry).where(HistoryEntry.task_id == task)).all()
    assert [line.act for line in told] == ["CLAIMED", "TRANSFERRED", "RELEASED", "CLAIMED", "SUBMITTED"]
    assert [line.details.get("reason") for line in told] == [None, "出差", "不归我办", None, None]
    assert journal.broken_links() == []


def test_who_did_a_step_may_not_do_the_one_that_checks_it(office: Office) -> None:
    case = office.open_case()
    office.complete(office.task(case, "T_check"), "officer1")
    review = office.task(case, "T_review")
    tasks.claim(review, actor=office.actor("officer2"), now=office.now)

    with pytest.raises((NotFoundError, NotAllowedError)):
        office.complete(review, "officer1", {})
    with pytest.raises(NotAllowedError):
        tasks.transfer(
            review,
            actor=office.actor("officer2"),
            now=office.now,
            to_person=office.actor("officer1").person_id,
            reason="出差",
        )
    office.complete(review, "officer2", {})


def test_the_only_person_who_may_do_a_step_holds_it_at_once(office: Office) -> None:
    case = office.open_case()

    task = db.session.get_one(Task, office.task(case, "T_handle"))

    assert task.assignee_id == office.actor("head").person_id
    assert db.session.get_one(Task, office.task(case, "T_check")).assignee_id is None


# ---- numbers


def test_numbers_are_never_given_twice_however_many_ask_at_once(office: Office) -> None:
    def issue() -> list[int]:
        given = []
        for _ in range(10):
            with transaction():
                given.append(numbers.next_serial("beishan", "PAPER", 2026))
        return given

    given = [number for one in at_once(office, *[issue] * 8) for number in one]

    assert sorted(given) == list(range(1, 81))
    assert db.session.scalar(select(Counter.value).where(Counter.kind == "PAPER")) == 80


def test_cases_opened_at_once_have_numbers_of_their_own(office: Office) -> None:
    ids = at_once(office, *(office.open_case for _ in range(8)))

    found = db.session.scalars(select(Proceeding.number).where(Proceeding.id.in_(ids))).all()
    assert len(set(found)) == 8
