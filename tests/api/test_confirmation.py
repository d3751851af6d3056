"""A token says who sends a request; that it is he who sends it now, his password says."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.api.conftest import Caller, Callers, problem_of
from tests.api.test_definitions import SEEDS, handed_in

OWNER = "beishan.owner2"
PASSWORD = "only-For-Tests-1"


@pytest.fixture
def publish(app: Flask, callers: Callers) -> str:
    """The address of an act that the policy wants a confirmation for."""
    from app.storage import security_rules  # noqa: PLC0415  (see tests.conftest)
    from app.storage.transaction import transaction  # noqa: PLC0415

    with app.app_context(), transaction():
        security_rules.set_rule("step_up_publishing", 1, by="test", now=datetime.now(UTC))
    content = (SEEDS / "processes" / "small-case.bpmn").read_bytes().replace("登记".encode(), "录入".encode())
    return f"/definitions/{handed_in(callers('owner'), content).json['id']}/publish"


def confirmed(caller: Caller, *, password: str = PASSWORD, code: str = "") -> TestResponse:
    return caller.send("POST", "/confirmation", json={"password": password, "code": code})


def test_who_has_confirmed_does_what_was_refused_before(callers: Callers, publish: str) -> None:
    second = callers("owner2")

    refused = second.post(publish, {"reason": "没有情景"})
    answer = confirmed(second)
    done = second.post(publish, {"reason": "没有情景"})

    assert problem_of(refused, 403)["type"] == "urn:wenze:problem:step-up-required"
    until = datetime.fromisoformat(answer.json["confirmed_until"])
    assert timedelta(minutes=4) < until - datetime.now(UTC) <= timedelta(minutes=5)
    assert done.status_code == 200, done.text


def test_another_token_of_the_same_person_is_not_confirmed_with_it(app: Flask, callers: Callers, publish: str) -> None:
    from app.services import accounts  # noqa: PLC0415  (see tests.conftest)

    with app.app_context():
        other = accounts.create_token(OWNER, "other", now=datetime.now(UTC))
    confirmed(callers("owner2"))

    refused = Caller(app.test_client(use_cookies=False), other).post(publish, {"reason": "没有情景"})

    assert problem_of(refused, 403)["type"] == "urn:wenze:problem:step-up-required"


def test_a_confirmation_is_over_after_five_minutes(app: Flask, callers: Callers, publish: str) -> None:
    from sqlalchemy import update  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.storage.models import ApiToken  # noqa: PLC0415

    second = callers("owner2")
    confirmed(second)
    with app.app_context():
        db.session.execute(update(ApiToken).values(confirmed_at=datetime.now(UTC) - timedelta(minutes=6)))
        db.session.commit()

    refused = second.post(publish, {"reason": "没有情景"})

    assert problem_of(refused, 403)["type"] == "urn:wenze:problem:step-up-required"


def test_wrong_passwords_confirm_nothing_and_lock_in_the_end(callers: Callers, publish: str) -> None:
    second = callers("owner2")

    wrong = [problem_of(confirmed(second, password="wrong"), 403)["detail"] for _ in range(5)]
    right = problem_of(confirmed(second), 403)
    refused = second.post(publish, {"reason": "没有情景"})
    empty = second.send("POST", "/confirmation", json={})

    assert set(wrong) == {"密码或动态码不正确。"}
    assert "暂时锁定" in right["detail"]
    assert problem_of(refused, 403)["type"] == "urn:wenze:problem:step-up-required"
    assert problem_of(empty, 422)["errors"][0]["field"] == "password"


def test_an_account_with_a_second_factor_confirms_with_a_code_that_is_good_once(app: Flask, callers: Callers) -> None:
    from app.services import confirmation  # noqa: PLC0415  (see tests.conftest)
    from app.storage import accounts as rows  # noqa: PLC0415

    now = datetime.now(UTC)
    with app.app_context():
        actor = rows.actor_of(OWNER)
        assert actor is not None
        secret, _ = confirmation.second_factor_of(actor, seed := confirmation.new_seed())
        before = now - timedelta(seconds=30)
        confirmation.set_second_factor(seed, pyotp.TOTP(secret).at(before), actor=actor, now=before)
    second, code = callers("owner2"), pyotp.TOTP(secret).at(now)

    answers = [confirmed(second, code=given).status_code for given in ("", code, code)]

    assert answers == [403, 200, 403]
