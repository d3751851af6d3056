"""What is kept of people and offices is never used once anything about them has changed."""

import pytest
from sqlalchemy import delete, select, text, update

from app.extensions import db
from app.queries.names import organ_names
from app.services import accounts
from app.storage import marks
from app.storage.models import Account, RoleAssignment
from app.storage.proceedings import hold_task
from app.storage.transaction import transaction
from tests.services.conftest import MORNING, Office
from tests.statements import statements_of


def mark() -> str:
    found = db.session.scalar(select(marks.column()))
    db.session.rollback()
    return str(found)


@pytest.mark.parametrize("table", ["people", "accounts", "organs", "api_tokens", "regulations"])
def test_every_change_of_a_watched_table_draws_another_mark(office: Office, table: str) -> None:
    accounts.create_token("beishan.officer1", "t", now=MORNING)
    before = mark()

    column = {"accounts": "username", "api_tokens": "digest"}.get(table, "id")
    db.session.execute(text(f"UPDATE {table} SET {column} = {column}"))
    db.session.commit()

    assert mark() != before


def test_a_change_that_is_taken_back_leaves_the_mark_as_it_was(office: Office) -> None:
    before = mark()

    db.session.execute(text("UPDATE people SET name = 'x'"))
    db.session.rollback()

    assert mark() == before


def test_when_an_account_was_used_last_leaves_the_mark_as_it_was(office: Office) -> None:
    before = mark()

    db.session.execute(update(Account).values(used_at=MORNING))
    db.session.commit()

    assert mark() == before


def test_to_know_a_caller_begins_no_transaction(office: Office) -> None:
    token = accounts.create_token("beishan.officer1", "t", now=MORNING)
    db.session.rollback()

    known = [accounts.actor_of_token(token, now=MORNING) for _ in ("read", "kept")]

    assert all(known)
    assert not db.session.registry().in_transaction()


def test_a_caller_is_known_again_by_one_short_statement_until_his_roles_change(office: Office) -> None:
    token = accounts.create_token("beishan.officer1", "t", now=MORNING)
    first = accounts.actor_of_token(token, now=MORNING)
    db.session.rollback()

    with statements_of(db.engine) as asked:
        again = accounts.actor_of_token(token, now=MORNING)
        db.session.rollback()
    db.session.execute(text("DELETE FROM role_assignments WHERE person_id = 'beishan.officer1'"))
    db.session.commit()
    without = accounts.actor_of_token(token, now=MORNING)

    assert again == first
    assert first is not None
    assert [one for one in asked if "role_assignments" in one] == []
    assert without is not None
    assert without.grants == frozenset()


def test_a_revoked_token_and_a_disabled_account_are_refused_at_once(office: Office) -> None:
    token = accounts.create_token("beishan.officer1", "t", now=MORNING)
    assert accounts.actor_of_token(token, now=MORNING)

    accounts.set_enabled("beishan.officer1", enabled=False, now=MORNING)

    assert accounts.actor_of_token(token, now=MORNING) is None


def test_who_holds_a_role_is_read_again_once_anything_about_people_has_changed(office: Office) -> None:
    task = office.task(office.open_case(waits="no"), "T_check")

    def holders() -> set[str]:
        with transaction():
            return {holder.person_id for holder in hold_task(task).surroundings.holders_in(["jmo.officer"])}

    before = holders()
    with statements_of(db.engine) as asked:
        again = holders()
    db.session.execute(delete(RoleAssignment).where(RoleAssignment.person_id == "beishan.officer1"))
    db.session.commit()

    assert "beishan.officer1" in before
    assert again == before
    assert [one for one in asked if "role_assignments" in one] == []
    assert holders() == before - {"beishan.officer1"}


def test_the_names_of_organs_are_read_again_once_one_was_renamed(office: Office) -> None:
    before = organ_names("beishan")
    organ = next(iter(before))

    with statements_of(db.engine) as asked:
        again = organ_names("beishan")
    db.session.execute(text("UPDATE organs SET name = '新名' WHERE id = :id"), {"id": organ})
    db.session.commit()

    assert again == before
    assert len(asked) == 1
    assert organ_names("beishan") == {**before, organ: "新名"}
