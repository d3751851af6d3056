"""Search finds what the reader may read, and nothing else, on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.queries.search import Results, jumps, search
from app.services import searching
from app.storage.models import HistoryEntry, Proceeding
from tests.e2e.statements import BOUNDARIES
from tests.services.conftest import Office
from tests.services.test_plans import scans_in
from tests.statements import asked_of

SHORT = "ix_proceedings_unsearched"
"""An index of the few that the worker has to read yet."""
READ_WITH = 11
"""Statements for a proceeding with a new submission and a new performer, the embedded index told of both included."""


@pytest.fixture
def case(office: Office) -> str:
    """A case about a demolition in which the officer has written an opinion; the worker has read it."""
    found = office.open_case(waits="no")
    office.complete(office.task(found, "T_check"), "officer1", {"opinion": "鉴定结论前后矛盾，宜予纠错"})
    searching.catch_up()
    return found


@pytest.fixture
def asked(case: str) -> Iterator[list[tuple[str, Any]]]:
    with asked_of(db.engine) as statements:
        yield statements


def ids(results: Results) -> list[str]:
    return [row.id for row in results.rows]


def texts(results: Results) -> list[str]:
    return ["".join(text for text, _ in hit.stretches) for row in results.rows for hit in row.hits]


def test_two_characters_of_the_matter_or_a_part_of_the_number_are_enough(office: Office, case: str) -> None:
    officer = office.actor("officer1")
    number = db.session.get_one(Proceeding, case).number

    assert ids(search(officer, "拆除")) == [case]
    assert ids(search(officer, number)) == [case]
    assert [jump.id for jump in jumps(officer, number[-6:])] == [case]
    assert ids(search(officer, "胜诉")) == []
    assert ids(search(officer, "胜诉 拆除")) == ids(search(officer, "拆除 胜诉")) == []
    assert ids(search(officer, "，")) == []


def test_what_was_submitted_is_found_with_its_words_marked(office: Office, case: str) -> None:
    found = search(office.actor("officer1"), "纠错 拆除")

    assert ids(found) == [case]
    marked = [[text for text, is_hit in hit.stretches if is_hit] for hit in found.rows[0].hits if hit.name]
    assert ["纠错"] in marked


def test_an_organ_does_not_find_what_the_office_wrote_of_it(office: Office, case: str) -> None:
    reporter = office.actor("reporter")

    assert ids(search(reporter, "拆除")) == [case]
    assert ids(search(reporter, "纠错")) == []
    assert not any("纠错" in text for text in texts(search(reporter, "拆除")))


def test_another_county_finds_nothing(office: Office, case: str) -> None:
    assert ids(search(office.actor("officer1", "nanhe"), "拆除")) == []
    assert jumps(office.actor("officer1", "nanhe"), "拆除") == ()


def test_what_happens_later_is_found_once_the_worker_has_read_it(office: Office, case: str) -> None:
    officer = office.actor("officer1")
    office.complete(office.task(case, "T_handle"), "head", {"note": "已约谈承办人"})
    before = search(office.actor("director"), "约谈")

    read = searching.catch_up()

    assert before.incomplete
    assert read == 1
    assert searching.catch_up() == 0
    assert not search(officer, "约谈").incomplete
    assert len(search(officer, "约谈").rows) <= 1


def test_a_long_one_is_read_in_parts_of_a_few_texts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_TEXTS", 1)
    found = office.open_case(waits="no")
    office.complete(office.task(found, "T_check"), "officer1", {"opinion": "鉴定结论前后矛盾，宜予纠错"})

    searching.read_one()
    unread = db.session.get_one(Proceeding, found).searched_length
    searching.catch_up()

    assert unread < db.session.get_one(Proceeding, found).history_length
    assert ids(search(office.actor("officer1"), "纠错")) == [found]


def test_a_form_without_words_is_looked_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(searching, "_words", lambda _release, submission: seen.append(submission.id) or "")
    found = office.open_case(waits="no")
    office.complete(office.task(found, "T_check"), "officer1", {"opinion": "鉴定结论前后矛盾，宜予纠错"})
    searching.catch_up()

    office.complete(office.task(found, "T_handle"), "head", {"note": "已约谈承办人"})
    searching.catch_up()

    assert len(seen) == len(set(seen)) > 1


def test_reading_twice_keeps_every_text_once(office: Office, case: str) -> None:
    from app.storage.models import SearchText  # noqa: PLC0415

    office.complete(office.task(case, "T_handle"), "head", {"note": "已约谈承办人"})
    searching.catch_up()

    rows = db.session.execute(select(SearchText.source, SearchText.source_id)).all()
    assert len(rows) == len(set(rows))


def test_who_acts_next_is_found_and_whoever_acted_before_stays(office: Office, case: str) -> None:
    office.complete(office.task(case, "T_handle"), "head", {"note": "已约谈承办人"})
    searching.catch_up()

    acted = select(HistoryEntry.person_name).where(HistoryEntry.proceeding_id == case).distinct()
    names = [name for name in db.session.scalars(acted) if name]

    assert len(names) > 1
    assert {name: ids(search(office.actor("director"), name)) for name in names} == {name: [case] for name in names}


def test_a_step_more_is_read_with_few_statements_and_a_rest_costs_one(
    office: Office, case: str, asked: list[tuple[str, Any]]
) -> None:
    office.complete(office.task(case, "T_handle"), "head", {"note": "已约谈承办人"})
    asked.clear()

    searching.read_one()
    reading = [statement for statement, _ in asked if not statement.upper().startswith(BOUNDARIES)]
    assert len(reading) <= READ_WITH, "\n".join(reading)

    asked.clear()
    searching.read_one()
    assert len([statement for statement, _ in asked if not statement.upper().startswith(BOUNDARIES)]) == 1


def test_one_that_cannot_be_read_keeps_nobody_else_from_being_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.open_case(waits="no")

    def fails(*_: Any) -> Any:
        raise ValueError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(searching, "_submissions", fails)
        assert searching.catch_up() == 1

    assert searching.catch_up() == 0
    assert ids(search(office.actor("officer1"), "拆除")) == [case]  # by what is said of it as a whole


def test_no_search_looks_through_a_whole_table(office: Office, asked: list[tuple[str, Any]]) -> None:
    loose = []
    for who in ("officer1", "reporter"):
        for question in ("拆除", "拆", "纠错 拆除"):
            asked.clear()
            search(office.actor(who), question)
            jumps(office.actor(who), question)
            for statement, parameters in [one for one in asked if one[0].startswith("SELECT")]:
                loose += [f"{who}, {question}: {line}" for line in scans_in(statement, parameters) if SHORT not in line]

    assert loose == []
