"""Identity numbers: sealed where they come in, masked everywhere else, shown with a reason that stays."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, text, update

from app.domain.confirmation import StepUpError
from app.domain.errors import InvalidAnswersError, NotAllowedError, NotFoundError, TooManyError
from app.domain.examination import Code
from app.domain.identity_numbers import IdentityNumber, id_in, ids_in, masked
from app.extensions import Base, db
from app.queries.identity_numbers import has_numbers, numbers_page
from app.seals.provider import DamagedSealError
from app.services import anchoring, clockwork, drafts, examination, identity_numbers, rates, retention, tasks
from app.storage import identity_numbers as sealed_rows
from app.storage import journal, security_rules
from app.storage.models import (
    Account,
    Case,
    IdentityNumberReading,
    JournalLine,
    Person,
    RoleAssignment,
    SealedIdentityNumber,
    Submission,
    TaskDraft,
)
from app.storage.transaction import transaction
from tests.services import asking_office
from tests.services.asking_office import NUMBER, OTHER, checked, numbers
from tests.services.conftest import MORNING, Office

asking_sqlite, asking_postgresql = asking_office.asking_sqlite, asking_office.asking_postgresql
sqlite_url, postgresql_url = asking_office.sqlite_url, asking_office.postgresql_url
office, office_on_both = asking_office.office, asking_office.office_on_both


def dump() -> str:
    """Every value of every table, as text; bytes as they are."""
    found = []
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):
            found += [value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row]
    return "\n".join(found)


def test_a_number_reads_masked_whatever_is_done_with_it() -> None:
    number = IdentityNumber(NUMBER)

    assert number.plain == NUMBER
    assert {str(number), f"{number}", json.loads(json.dumps({"x": number}))["x"], f"{number!s:>18}"} == {masked(NUMBER)}
    assert NUMBER[6:14] not in repr(number)


def test_a_number_is_sealed_at_the_door_and_nothing_else_ever_holds_it(office_on_both: Office) -> None:
    office = office_on_both
    whose = office.actor("blamed").person_id
    case, kept = checked(
        office, id_number=f"{NUMBER[:6]} {NUMBER[6:].lower()}", subjects=[{"person": whose, "id_number": OTHER}]
    )
    from app.services.searching import catch_up  # noqa: PLC0415  (see tests.conftest)

    while clockwork.tick(office.now) or catch_up():
        pass

    plain = dump()
    row = kept.data["subjects"][0]
    assert NUMBER not in plain
    assert OTHER not in plain
    assert NUMBER[6:14] not in plain
    assert kept.data["id_number"].startswith(masked(NUMBER) + "#")
    assert {id_in(kept.data["id_number"]), id_in(row["id_number"])} == {one.id for one in numbers()}
    assert {one.submission_id for one in numbers()} == {kept.id}
    assert {one.about for one in numbers()} == {"", whose}
    assert {line.masked for line in numbers_page(office.actor("officer1"), case).lines} == {
        masked(NUMBER),
        masked(OTHER),
    }
    assert journal.broken_links() == []


def test_what_cannot_be_a_number_is_refused_at_its_field_without_repeating_it(office: Office) -> None:
    task = office.task(office.open_case(waits="no"), "T_check")

    for wrong in ("110105194912310021", "11010519490230002X", "1101051949123100", 11010519491231, ["xyz"], "0" * 18):
        with pytest.raises(InvalidAnswersError) as refusal:
            office.complete(task, "officer1", {"opinion": "齐全", "id_number": wrong})

        (sentence,) = refusal.value.fields["id_number"]
        assert "公民身份号码" in sentence
        assert str(wrong) not in sentence
    assert numbers() == []


def test_a_draft_keeps_a_reference_once_and_nothing_of_half_a_number(office_on_both: Office) -> None:
    office = office_on_both
    case = office.open_case(waits="no")
    task, officer = office.task(case, "T_check"), office.actor("officer1")

    for typed in (NUMBER[:12], NUMBER, NUMBER, OTHER, NUMBER):
        drafts.save(task, data={"opinion": "齐全", "id_number": typed}, actor=officer, now=office.now)

    (row,) = numbers()
    kept = db.session.scalars(select(TaskDraft)).one().data
    assert kept["id_number"] == f"{masked(NUMBER)}#{row.id}"
    assert NUMBER not in dump()
    asked = drafts.check(task, answers={"opinion": "齐全", "id_number": OTHER}, actor=officer, now=office.now)
    assert str(asked.data["id_number"]) == masked(OTHER)
    office.complete(task, "officer1", asked.answers)
    assert [(one.masked, one.submission_id is not None) for one in numbers()] == [(masked(OTHER), True)]


def test_a_reference_counts_only_in_its_own_case(office: Office) -> None:
    _, kept = checked(office, id_number=NUMBER)
    other = office.open_case(waits="no")

    for foreign in (kept.data["id_number"], f"{masked(OTHER)}#{'0' * 32}"):
        with pytest.raises(InvalidAnswersError) as refusal:
            office.complete(office.task(other, "T_check"), "officer1", {"opinion": "齐全", "id_number": foreign})
        assert "不属于本件" in refusal.value.fields["id_number"][0]

    assert len(numbers()) == 1


def test_a_whole_number_is_shown_to_who_may_see_it_and_says_why_and_that_stays(office: Office) -> None:
    case, _ = checked(office, id_number=NUMBER)
    (row,) = numbers()
    id_, mine = row.id, office.actor("officer1")

    def reveal(who: str, reason: str = "核对送达对象的身份", county: str = "beishan") -> str:
        actor = office.actor(who, county)
        return identity_numbers.reveal(id_, proceeding_id=case, reason=reason, actor=actor, now=office.now).plain

    assert reveal("officer1") == NUMBER
    with pytest.raises(NotAllowedError):
        reveal("director")
    with pytest.raises(NotFoundError):
        reveal("officer1", county="nanhe")
    with pytest.raises(InvalidAnswersError):
        reveal("officer1", reason=" ")

    (reading,) = db.session.scalars(select(IdentityNumberReading))
    (line,) = db.session.scalars(select(JournalLine).where(JournalLine.act == identity_numbers.REVEALED))
    assert (reading.person_id, reading.reason) == (mine.person_id, "核对送达对象的身份")
    assert (line.actor, line.object, line.scope) == ("beishan.officer1", id_, "readings/beishan")
    assert [r.reason for r in numbers_page(mine, case).lines[0].readings] == ["核对送达对象的身份"]
    assert not has_numbers(office.actor("director"), case)
    with pytest.raises(NotFoundError):
        numbers_page(office.actor("director"), case)


def test_where_signing_asks_again_who_it_is_showing_a_number_asks_too(office: Office) -> None:
    case, _ = checked(office, id_number=NUMBER)
    (row,) = numbers()
    said = {"proceeding_id": case, "reason": "核对身份", "now": office.now}
    id_, mine = row.id, office.actor("officer1")
    with transaction():
        security_rules.set_rule("step_up_signing", 1, by="guard", now=office.now)

    with pytest.raises(StepUpError):
        identity_numbers.reveal(id_, **said, actor=mine)

    fresh = replace(mine, confirmed_at=office.now)
    assert identity_numbers.reveal(id_, **said, actor=fresh).plain == NUMBER


def test_nobody_has_more_numbers_shown_to_him_than_the_hour_allows(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _ = checked(office, id_number=NUMBER)
    (row,) = numbers()
    id_ = row.id
    monkeypatch.setattr(identity_numbers, "REVEALING", rates.Rate("identity number", 1, 3600))
    said = {"proceeding_id": case, "reason": "核对身份", "actor": office.actor("officer1"), "now": office.now}

    identity_numbers.reveal(id_, **said)

    with pytest.raises(TooManyError):
        identity_numbers.reveal(id_, **said)
    db.session.rollback()
    assert db.session.query(IdentityNumberReading).count() == 1


def test_a_sealed_value_that_was_moved_or_changed_shows_nothing(office: Office) -> None:
    case, _ = checked(office, id_number=NUMBER, subjects=[{"id_number": OTHER}])
    one, two = numbers()
    ids, first, second = (one.id, two.id), one.sealed, two.sealed
    said = {"proceeding_id": case, "reason": "核对身份", "actor": office.actor("officer1"), "now": office.now}

    for id_, value in ((ids[0], second), (ids[1], first), (ids[0], first[:-1] + bytes([first[-1] ^ 1]))):
        with transaction():
            db.session.execute(update(SealedIdentityNumber).where(SealedIdentityNumber.id == id_).values(sealed=value))
        with pytest.raises(DamagedSealError):
            identity_numbers.reveal(id_, **said)

    assert db.session.query(IdentityNumberReading).count() == 0


def test_a_step_done_for_a_series_seals_its_numbers_once_more_in_every_case(office_on_both: Office) -> None:
    office = office_on_both
    whose = office.actor("blamed").person_id
    cases = [office.open_case(waits="no") for _ in range(3)]
    with transaction():
        db.session.execute(update(Case).where(Case.proceeding_id.in_(cases)).values(series_id="系列"))
    answers = {"opinion": "齐全", "id_number": NUMBER, "subjects": [{"person": whose, "id_number": OTHER}]}
    step = office.task(cases[0], "T_check")
    tasks.complete(step, answers=answers, actor=office.actor("officer1"), now=office.now, key="k", with_series=True)

    while clockwork.tick(office.now):
        pass

    found = numbers()
    by_case = {case: [one for one in found if one.proceeding_id == case] for case in cases}
    assert [sorted(sealed_rows.opened(one) for one in own) for own in by_case.values()] == [[NUMBER, OTHER]] * 3
    assert all({one.about for one in own} == {"", whose} for own in by_case.values())
    submitted = {
        row.proceeding_id: row for row in db.session.scalars(select(Submission).where(Submission.form_key == "check"))
    }
    assert {case: {one.submission_id for one in own} for case, own in by_case.items()} == {
        case: {submitted[case].id} for case in cases
    }
    assert all(set(ids_in(submitted[case].data)) == {one.id for one in own} for case, own in by_case.items())
    assert NUMBER[6:14] not in dump()
    other = by_case[cases[1]][0]
    with pytest.raises(NotFoundError):
        identity_numbers.reveal(
            other.id, proceeding_id=cases[0], reason="核对身份", actor=office.actor("officer1"), now=office.now
        )


def test_the_examination_opens_every_number_and_names_the_one_that_does_not(office: Office) -> None:
    case, _ = checked(office, id_number=NUMBER, subjects=[{"id_number": OTHER}])
    one, two = numbers()
    moved, place = one.sealed, two.id
    before = list(examination.examine_surroundings(now=office.now))
    with transaction():
        row = update(SealedIdentityNumber).where(SealedIdentityNumber.id == place)
        db.session.execute(row.values(sealed=moved))

    found = list(examination.examine_surroundings(now=office.now))

    assert before == []
    assert [(one.code, one.proceeding_id, one.place) for one in found] == [(Code.NUMBER_UNOPENABLE, case, place)]
    assert NUMBER not in found[0].sentence
    assert db.session.query(IdentityNumberReading).count() == 0


def test_lawful_erasure_takes_the_number_with_it(office_on_both: Office) -> None:
    office = office_on_both
    case, kept = checked(office, id_number=NUMBER)
    with transaction():
        for username, role in {"audit.one": "audit.admin", "guard.one": "security.admin"}.items():
            db.session.add(Person(id=username, name=username))
            db.session.flush()
            db.session.add(RoleAssignment(person_id=username, role=role, organ_id=None))
            db.session.add(
                Account(username=username, person_id=username, password_hash="", created_at=MORNING, enabled=True)
            )
    office.complete(office.task(case, "T_review"), "officer2", {})
    office.complete(office.task(case, "T_handle"), "head", {})
    while clockwork.tick(office.now):
        pass

    retention.erase(
        "SUBMISSION", kept.id, authority="监〔2026〕1号", by="audit.one", witness="guard.one", now=office.later(days=1)
    )

    assert numbers() == []
    assert anchoring.verify(contents=True).whole
