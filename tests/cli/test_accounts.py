"""`wenze user` and `wenze token`, as an operator types them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from app.cli import LazyGroup
from app.domain.errors import NotAllowedError
from app.extensions import db
from app.queries import journal
from app.services import accounts
from app.storage.models import Person

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "Long-enough-1"

Wenze = Callable[..., Result]


@pytest.fixture
def wenze(app: Flask) -> Wenze:
    def run(*words: str) -> Result:
        return CliRunner().invoke(LazyGroup(), list(words), obj=ScriptInfo(create_app=lambda: app))

    with app.app_context():
        db.session.add(Person(id="p1", name="王芳"))
        db.session.commit()
    return run


def sign_in(app: Flask, password: str) -> str:
    with app.app_context():
        return accounts.sign_in("wang", password=password, address="here", now=NOW).cookie


def test_a_person_gets_an_account_and_a_new_password_replaces_the_old_one(app: Flask, wenze: Wenze) -> None:
    assert wenze("user", "create", "wang", "p1", "--password", PASSWORD).exit_code == 0
    sign_in(app, PASSWORD)

    assert wenze("user", "password", "wang", "--password", "Another-long-2").exit_code == 0

    sign_in(app, "Another-long-2")
    with pytest.raises(NotAllowedError):
        sign_in(app, PASSWORD)


def test_a_disabled_account_is_out_at_once_and_can_be_let_in_again(app: Flask, wenze: Wenze) -> None:
    wenze("user", "create", "wang", "p1", "--password", PASSWORD)
    token = wenze("token", "create", "wang").output.strip()
    cookie = sign_in(app, PASSWORD)

    assert wenze("user", "disable", "wang").exit_code == 0

    with app.app_context():
        assert accounts.actor_of_cookie(cookie, now=NOW) is None
        assert accounts.actor_of_token(token, now=NOW) is None
    assert wenze("user", "enable", "wang").exit_code == 0
    sign_in(app, PASSWORD)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("user", "create", "wang", "nobody", "--password", PASSWORD), "没有编号为“nobody”的人员。"),
        (("user", "create", "wang", "p1", "--password", "short"), "密码至少10位"),
        (("user", "disable", "nobody"), "没有名为“nobody”的账号。"),
        (("token", "create", "nobody"), "没有名为“nobody”的账号。"),
    ],
)
def test_a_refusal_is_a_sentence_and_a_status(wenze: Wenze, words: tuple[str, ...], sentence: str) -> None:
    result = wenze(*words)

    assert result.exit_code == 1
    assert sentence in result.output


def test_every_act_is_in_the_journal_and_the_journal_is_whole(app: Flask, wenze: Wenze) -> None:
    wenze("user", "create", "wang", "p1", "--password", PASSWORD)
    wenze("user", "disable", "wang")

    result = wenze("audit", "verify")

    assert result.exit_code == 0
    with app.app_context():
        assert journal.breaks() == []
