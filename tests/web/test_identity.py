"""Signing in with an identity provider that really runs: two servers, one browser, real redirects."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.identities import key_of
from app.extensions import db
from app.services.rates import Rate
from app.storage.models import Session, SignInAttempt
from app.web import rates
from tests.oidc_server import OidcServer
from tests.web import identity_world as of_identity
from tests.web.identity_world import (
    PERSON,
    SUBJECT,
    SignIn,
    Visitor,
    account,
    acts,
    configure,
    is_in,
    set_second_factor,
)
from tests.web.pages import Browser

bound, office, provider, settled_file = (
    of_identity.bound,
    of_identity.office,
    of_identity.provider,
    of_identity.settled_file,
)
sqlite_database, url, visitor = of_identity.sqlite_database, of_identity.url, of_identity.visitor


def test_an_administrator_binds_an_account_and_its_holder_comes_in_without_a_password(
    app: Flask, office: SignIn, visitor: Visitor, provider: OidcServer
) -> None:
    security = office("y")
    form = {"username": PERSON, "claim": "sub", "value": SUBJECT}

    told = security.post(f"/administration/people/{PERSON}/identity", form)
    taken = security.post("/administration/people/admin.x/identity", {**form, "username": "admin.x"})
    front = visitor.get("/sign-in")
    visitor.enter()
    seen = visitor.get("/administration")

    assert "已绑定统一身份" in told.text
    assert SUBJECT in told.text
    assert "该身份已绑定其他账号" in taken.text
    assert "用统一身份认证登录" in front.text
    assert is_in(seen)
    asked = dict(provider.asked)["/authorize"]
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) == 43
    with app.app_context():
        assert acts()[-1] == (PERSON, "sign-in")
        opened = db.session.scalars(select(Session).where(Session.username == PERSON)).all()
        assert [one.by_provider for one in opened] == [True]


def test_without_a_provider_there_is_no_button_and_no_address(app: Flask, office: SignIn) -> None:
    browser = office("y")

    assert "统一身份认证" not in Browser(app.test_client()).get("/sign-in").text
    for address in ("/sign-in/provider", "/sign-in/provider/answer", "/me/confirmation", "/sign-out/provider"):
        assert browser.client.get(address).status_code == 404


def test_who_signs_out_is_shown_how_to_leave_the_provider_too(
    bound: object, visitor: Visitor, provider: OidcServer
) -> None:
    visitor.enter()

    left = visitor.post("/sign-out", {})
    gone = visitor.get("/sign-out/provider")

    assert "同时退出统一身份认证" in left.text
    assert gone.title == "left"
    assert provider.asked[-1][1]["post_logout_redirect_uri"].endswith("/sign-in")
    assert visitor.get("/administration").title.startswith("登录")


def test_disabled_frozen_and_locked_accounts_stay_outside_and_the_journal_says_so(
    app: Flask, bound: object, visitor: Visitor
) -> None:
    def tried(**state: Any) -> str:
        with app.app_context():
            own = account()
            for name, value in state.items():
                setattr(own, name, value)
            db.session.commit()
        return visitor.enter().text

    disabled = tried(enabled=False)
    frozen = tried(enabled=True, used_at=datetime.now(UTC) - timedelta(days=400))
    with app.app_context():
        db.session.add(SignInAttempt(key=f"account/{PERSON}", failures=5, since=datetime.now(UTC)))
        db.session.commit()
    locked = tried(used_at=datetime.now(UTC))

    assert "还没有绑定可用的账号" in disabled
    assert "已被冻结" in frozen
    assert "暂时锁定" in locked
    assert not is_in(visitor.get("/administration"))
    with app.app_context():
        assert acts()[-3:] == [(PERSON, "sign-in refused")] * 3


def test_an_account_that_is_shut_out_loses_its_session_at_once(office: SignIn, bound: object, visitor: Visitor) -> None:
    security = office("y")
    visitor.enter()
    before = is_in(visitor.get("/administration"))

    security.post(f"/administration/people/{PERSON}/account", {"act": "shut-out", "username": PERSON})

    assert before
    assert not is_in(visitor.get("/administration"))


def test_our_own_second_factor_is_asked_for_after_the_providers_answer(
    app: Flask, bound: object, visitor: Visitor
) -> None:
    secret = set_second_factor(app)
    page = visitor.enter()
    sealed = next(attrs["value"] for _, attrs in page.tags if attrs.get("name") == "identity")

    wrong = visitor.post("/sign-in/provider", {"identity": sealed, "code": "000000"})
    forged = visitor.post("/sign-in/provider", {"identity": sealed[:-2], "code": pyotp.TOTP(secret).now()})
    outside = visitor.get("/administration")
    visitor.post("/sign-in/provider", {"identity": sealed, "code": pyotp.TOTP(secret).now()})

    assert page.headings == ["双因素验证"]
    assert "动态码不正确" in wrong.text
    assert "没有登录成功" in forged.text
    assert not is_in(outside)
    assert is_in(visitor.get("/administration"))
    with app.app_context():
        assert [act for actor, act in acts() if actor == PERSON][-2:] == ["sign-in refused", "sign-in"]


def test_somebody_who_never_uses_his_password_is_not_made_to_change_it(
    app: Flask, bound: object, visitor: Visitor
) -> None:
    with app.app_context():
        account().must_change = True
        db.session.commit()

    visitor.enter()
    by_provider = visitor.get("/administration")
    visitor.post("/sign-out", {})
    by_password = visitor.post("/sign-in", {"username": PERSON, "password": "Own-w-Word-1"})

    assert is_in(by_provider)
    assert by_password.headings == ["更换密码"]


def test_a_claim_finds_the_account_once_and_the_subject_from_then_on(
    app: Flask, bound: Callable[[str], None], url: str, visitor: Visitor, provider: OidcServer
) -> None:
    configure(provider, url, claim="employee_number")
    with app.app_context():
        bound(key_of(provider.issuer, "employee_number", "E7"))
    provider.more = {"employee_number": "E7"}

    visitor.enter()
    inside = is_in(visitor.get("/administration"))
    provider.who = "3003"  # the number was given to somebody else
    other = Visitor(url)
    other.enter()
    provider.who, provider.more = SUBJECT, {}
    third = Visitor(url)
    third.enter()

    assert inside
    assert not is_in(other.get("/administration"))
    assert is_in(third.get("/administration"))
    with app.app_context():
        assert account().oidc_subject == key_of(provider.issuer, "sub", SUBJECT)
        assert (PERSON, "bind") in acts()


def test_the_same_subject_of_another_provider_is_somebody_else(
    app: Flask, bound: Callable[[str], None], visitor: Visitor
) -> None:
    with app.app_context():
        bound(key_of("https://before.example", "sub", SUBJECT))

    assert "还没有绑定可用的账号" in visitor.enter().text


def test_asking_the_provider_is_limited_as_guessing_passwords_is(
    office: object, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "SIGN_IN", Rate("sign-in", 1, 3600))

    visitor.leave_midway()
    visitor.enter()

    assert visitor.status == 429
