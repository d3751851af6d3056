"""How long a session lasts, what locks an account or an address, and what is kept of a password."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import NotAllowedError
from app.extensions import db
from app.services import accounts
from app.storage import security_rules
from app.storage.models import Account, JournalLine, Session
from app.storage.transaction import transaction
from tests.web.world import PASSWORD, World

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
WHO = "north.reporter"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def inside(app: Flask, world: World) -> object:
    with app.app_context():
        yield


def come_in(password: str = PASSWORD, *, who: str = WHO, address: str = "10.0.0.1", now: datetime = NOW) -> str:
    return accounts.sign_in(who, password=password, address=address, now=now).cookie


def known(cookie: str, now: datetime) -> Actor | None:
    return accounts.actor_of_cookie(cookie, now=now)


def test_half_an_hour_without_a_request_ends_a_session_and_a_request_keeps_it() -> None:
    left, used = come_in(), come_in()

    kept = known(used, NOW + 29 * MINUTE)

    assert kept is not None
    assert known(left, NOW + 31 * MINUTE) is None
    assert known(used, NOW + 58 * MINUTE) is not None


def test_after_twelve_hours_everybody_signs_in_again_however_busy_he_was() -> None:
    cookie = come_in()
    last = 12 * 60

    busy = [known(cookie, NOW + minute * MINUTE) for minute in range(20, last, 20)]

    assert all(busy)
    assert known(cookie, NOW + (last + 1) * MINUTE) is None


def test_each_sign_in_has_a_cookie_of_its_own_of_which_only_a_digest_is_kept() -> None:
    cookies = {come_in(), come_in()}

    kept = set(db.session.scalars(select(Session.digest).where(Session.username == WHO)))

    assert len(cookies) == 2
    assert {accounts.digest_of(cookie) for cookie in cookies} <= kept
    assert not cookies & kept


def test_a_guessed_cookie_is_nobody() -> None:
    cookie = come_in()

    assert [known(guess, NOW) for guess in ("", "x", cookie[:-1], accounts.digest_of(cookie))] == [None] * 4


def fail(times: int, *, who: str = WHO, address: str = "10.0.0.1", now: datetime = NOW) -> list[str]:
    said = []
    for _ in range(times):
        with pytest.raises(NotAllowedError) as refused:
            come_in("wrong", who=who, address=address, now=now)
        said.append(str(refused.value))
    return said


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour_wherever_one_comes_from() -> None:
    fail(5)

    with pytest.raises(NotAllowedError, match="暂时锁定"):
        come_in(address="10.9.9.9", now=NOW + 14 * MINUTE)
    assert come_in(now=NOW + 16 * MINUTE)


def test_ten_times_as_many_lock_the_address_for_every_account() -> None:
    with transaction():
        security_rules.set_rule("lock_failures", 3, by="security.admin", now=NOW)
    for number in range(15):
        fail(2, who=f"nobody.{number}")

    with pytest.raises(NotAllowedError, match="暂时锁定"):
        come_in(now=NOW + MINUTE)
    assert come_in(address="10.9.9.9", now=NOW + MINUTE)


def test_a_lock_outlives_a_restart() -> None:
    fail(5)
    db.session.remove()
    db.engine.dispose()  # nothing of it is in the process

    with pytest.raises(NotAllowedError, match="暂时锁定"):
        come_in(now=NOW + MINUTE)


def test_unknown_disabled_and_wrong_are_refused_in_the_same_words_and_locked_alike() -> None:
    with transaction():
        db.session.get_one(Account, "north.officer").enabled = False

    said = [fail(6, who=who, address=f"10.0.1.{n}") for n, who in enumerate((WHO, "north.officer", "no.such.person"))]

    assert said[0] == said[1] == said[2]


def test_the_policy_shortens_both_terms() -> None:
    with transaction():
        security_rules.set_rule("idle_minutes", 5, by="security.admin", now=NOW)
        security_rules.set_rule("session_hours", 1, by="security.admin", now=NOW)
    left, used = come_in(), come_in()

    busy = [known(used, NOW + minute * MINUTE) for minute in range(4, 60, 4)]

    assert known(left, NOW + 6 * MINUTE) is None
    assert all(busy)
    assert known(used, NOW + 61 * MINUTE) is None


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own() -> None:
    first, second = accounts.hash_password(PASSWORD), accounts.hash_password(PASSWORD)

    assert first.startswith("$argon2id$")
    assert first != second
    assert accounts.matches(first, PASSWORD)
    assert not accounts.matches(first, PASSWORD + "x")
    assert not accounts.matches("not a hash", PASSWORD)


def test_success_and_failure_stand_in_the_chain_of_accounts_with_the_address() -> None:
    fail(1, address="10.0.0.7")
    accounts.sign_out(come_in(), now=NOW + MINUTE)

    lines = db.session.execute(
        select(JournalLine.act, JournalLine.object).where(JournalLine.scope == "accounts", JournalLine.actor == WHO)
    ).all()
    assert [tuple(line) for line in lines] == [
        ("sign-in refused", "10.0.0.7"),
        ("sign-in", "10.0.0.1"),
        ("sign-out", ""),
    ]
