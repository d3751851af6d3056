"""Answers, facts, counters and the search, changed by hand: what an examination finds, and what is mended of it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from app.domain.errors import ConflictError
from app.domain.examination import Code
from app.domain.numbering import number_of, reader_of
from app.extensions import db
from app.services import examination, mending, searching
from app.storage.models import (
    Account,
    CaseFact,
    Counter,
    HistoryEntry,
    JournalLine,
    Person,
    Proceeding,
    RoleAssignment,
    SearchText,
    Submission,
    Task,
)
from tests.services.conftest import Office
from tests.services.damages import codes, damage


def checked_case(office: Office) -> str:
    """A case whose check is submitted; the other steps are open."""
    case = office.open_case(waits="yes")
    office.complete(office.task(case, "T_check"), "officer1", {"opinion": "齐全"})
    return case


def submitted(case: str, step: str = "T_check") -> str:
    """The submission of a step."""
    query = select(Submission.id).join(Task, Task.id == Submission.task_id)
    return db.session.scalars(query.where(Task.proceeding_id == case, Task.step_id == step)).one()


def test_nothing_is_found_where_nobody_changed_anything(office: Office) -> None:
    case = checked_case(office)

    assert codes(office, case) == set()
    assert list(examination.examine_surroundings(now=office.now)) == []


def test_an_answer_changed_by_hand_is_found_and_never_mended(office: Office) -> None:
    case = checked_case(office)

    damage(update(Submission).where(Submission.id == submitted(case)).values(data={"opinion": "不齐全"}))

    assert Code.ANSWER_ALTERED in codes(office, case)
    damage(update(Proceeding).where(Proceeding.id == case).values(searched_length=99))
    with pytest.raises(ConflictError):
        mending.mend(case, by="tests", now=office.now)


def test_a_fact_changed_by_hand_is_found(office: Office) -> None:
    case = checked_case(office)

    of_case = (CaseFact.proceeding_id == case, CaseFact.name == "opinion")
    damage(update(CaseFact).where(*of_case).values(value="不齐全"))

    assert codes(office, case) == {Code.FACT_ALTERED}


@pytest.mark.parametrize("where", ["submission", "step", "story"])
def test_another_name_or_moment_under_an_answer_is_found(office: Office, where: str) -> None:
    case = checked_case(office)
    id_, other = submitted(case), office.actor("officer2").person_id
    changes = {
        "submission": update(Submission).where(Submission.id == id_).values(person_id=other),
        "step": update(Task)
        .where(Task.proceeding_id == case, Task.step_id == "T_check")
        .values(completed_at=office.now + timedelta(hours=1)),
        "story": update(HistoryEntry).where(HistoryEntry.submission_id == id_).values(person_id=other),
    }

    damage(changes[where])

    assert codes(office, case) == {Code.SIGNER_ALTERED}


def test_a_role_that_nobody_granted_is_found(office: Office) -> None:
    head = office.actor("head").person_id
    came_later = {"created_at": office.now + timedelta(days=1)}

    damage(
        insert(Person).values(id="x", name="某人", position="", person_category="", leading_cadre=False),
        insert(RoleAssignment).values(person_id="x", role="audit.admin"),
        update(Account).where(Account.person_id == head).values(came_later),
    )
    found = list(examination.examine_surroundings(now=office.now))

    assert {(finding.code, finding.place) for finding in found} == {(Code.ROLE_UNTOLD, "x"), (Code.ROLE_UNTOLD, head)}


def test_a_counter_put_back_is_found_and_mended(office: Office) -> None:
    office.open_case()
    office.open_case()
    of_cases = (Counter.county_id == "beishan", Counter.kind == "CASE")
    last = db.session.scalars(select(Counter.value).where(*of_cases)).one()

    damage(update(Counter).where(*of_cases).values(value=last - 1))
    found = list(examination.examine_surroundings(now=office.now))
    assert [finding.code for finding in found] == [Code.NUMBERS_BEHIND]
    mending.mend_surroundings(found, by="tests", now=office.now)

    assert list(examination.examine_surroundings(now=office.now)) == []
    assert db.session.scalars(select(Counter.value).where(*of_cases)).one() == last
    assert db.session.scalars(select(JournalLine.act).where(JournalLine.scope == "examination")).all() == ["mend"]


def test_a_counter_that_is_gone_begins_behind_what_was_given(office: Office) -> None:
    case = office.open_case()

    damage(delete(Counter).where(Counter.kind == "CASE"))
    mending.mend_surroundings(list(examination.examine_surroundings(now=office.now)), by="tests", now=office.now)

    another = office.open_case()
    numbers = [db.session.get_one(Proceeding, id_).number for id_ in (case, another)]
    assert numbers[0] < numbers[1]


def test_a_case_that_the_search_has_lost_is_found_and_read_again(office: Office) -> None:
    case = checked_case(office)
    searching.catch_up()

    damage(delete(SearchText).where(SearchText.proceeding_id == case))
    assert [finding.code for finding in examination.examine_many(now=office.now)] == [Code.SEARCH_LOST]
    assert mending.mend(case, by="tests", now=office.now) == (Code.SEARCH_LOST,)
    searching.catch_up()

    assert codes(office, case) == set()
    sources = select(SearchText.source).where(SearchText.proceeding_id == case).distinct()
    assert {"HEAD", "SUBMISSION"} <= set(db.session.scalars(sources))


@pytest.mark.parametrize("format_", ["金败责〔{year}〕{serial:03d}号", "({year})司{serial}", "X{serial:02d}-{year}."])
def test_a_number_is_read_as_it_was_written(format_: str) -> None:
    read = reader_of(format_).fullmatch(number_of(format_, year=2026, serial=1024))

    assert read is not None
    assert (read["year"], read["serial"]) == ("2026", "1024")
