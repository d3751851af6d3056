"""再次验证身份 with the identity provider: only who entered his password there just now has confirmed."""

from datetime import UTC, datetime, timedelta
from time import time

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.identities import key_of
from app.extensions import db
from app.storage.models import Account, Session
from tests.oidc_server import OidcServer
from tests.web import identity_world as of_identity
from tests.web import new_system
from tests.web.identity_world import PERSON, SignIn, Visitor, acts, set_second_factor, twisted

bound, office, provider, settled_file = (
    of_identity.bound,
    of_identity.office,
    of_identity.provider,
    of_identity.settled_file,
)
sqlite_database, url, visitor = of_identity.sqlite_database, of_identity.url, of_identity.visitor


@pytest.fixture
def unconfirmed(app: Flask, bound: object, visitor: Visitor) -> Visitor:
    """Signed in with the provider, six minutes ago; the policy asks again before granting."""
    visitor.enter()
    with app.app_context():
        for row in db.session.scalars(select(Session)):
            row.confirmed_at = datetime.now(UTC) - timedelta(minutes=6)
        db.session.commit()
    return visitor


def is_confirmed(app: Flask) -> bool:
    with app.app_context():
        row = db.session.scalars(select(Session).where(Session.username == PERSON)).one()
        return row.confirmed_at is not None and datetime.now(UTC) - row.confirmed_at < timedelta(minutes=1)


def test_who_proves_it_to_the_provider_anew_has_confirmed(
    app: Flask, unconfirmed: Visitor, provider: OidcServer
) -> None:
    before = is_confirmed(app)

    seen = unconfirmed.get("/me/confirmation")

    assert not before
    assert seen.headings == ["已验证"]
    assert is_confirmed(app)
    asked = [values for path, values in provider.asked if path == "/authorize"][-1]
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    with app.app_context():
        assert acts()[-1] == (PERSON, "confirm")


def test_being_signed_in_there_still_is_no_confirmation(app: Flask, unconfirmed: Visitor, provider: OidcServer) -> None:
    provider.lazy, provider.signed_in_at = True, int(time()) - 600
    seen = [unconfirmed.get("/me/confirmation")]
    provider.bend = twisted(auth_time=None)
    seen.append(unconfirmed.get("/me/confirmation"))
    provider.bend = twisted(auth_time="now")
    seen.append(unconfirmed.get("/me/confirmation"))

    assert all("没有确认您的身份" in one.text for one in seen)
    assert not is_confirmed(app)


def test_somebody_elses_identity_confirms_nothing(app: Flask, unconfirmed: Visitor, provider: OidcServer) -> None:
    provider.who = "2002"

    unconfirmed.get("/me/confirmation")

    assert unconfirmed.status == 403
    assert not is_confirmed(app)
    with app.app_context():
        assert acts()[-1] == (PERSON, "confirm refused")


def test_a_confirmation_asks_for_our_own_second_factor_too(app: Flask, unconfirmed: Visitor) -> None:
    secret = set_second_factor(app)

    page = unconfirmed.get("/me/confirmation")
    before = is_confirmed(app)
    sealed = next(attrs["value"] for _, attrs in page.tags if attrs.get("name") == "identity")
    unconfirmed.post("/sign-in/provider", {"identity": sealed, "code": pyotp.TOTP(secret).now()})

    assert not before
    assert is_confirmed(app)


def test_the_page_that_asks_again_offers_the_provider_and_keeps_what_was_sent(
    app: Flask, office: SignIn, bound: object, visitor: Visitor, provider: OidcServer
) -> None:
    new_system.add_officer(office("x"))
    with app.app_context():
        db.session.get_one(Account, "admin.y").oidc_subject = key_of(provider.issuer, "sub", "y")
        db.session.commit()
    provider.who = "y"
    visitor.enter()
    new_system.age(app, Session, "confirmed_at", timedelta(minutes=6))
    wanted = {"role": "jmo.officer", "organ_id": "", "key": "once-only"}

    asked = visitor.post("/administration/people/jia.wang/roles", wanted)
    unproved = visitor.post("/administration/people/jia.wang/roles", {**wanted, "confirm_password": ""})
    visitor.get("/me/confirmation")
    done = visitor.post("/administration/people/jia.wang/roles", {**wanted, "confirm_password": ""})

    assert asked.headings == unproved.headings == ["再次验证身份"]
    assert "在新窗口验证" in asked.text
    assert "岗位已授予" in done.text
