"""Coming in and going out."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import update

from app.domain.errors import NotAllowedError
from app.extensions import db
from app.services import accounts
from app.storage.models import Account
from tests.web.pages import Browser
from tests.web.world import PASSWORD, World


def test_a_stranger_is_sent_to_the_sign_in_page_and_back_to_where_he_wanted_to_go(app: Flask, world: World) -> None:
    browser = Browser(app.test_client())

    page = browser.get("/cases?q=x")
    after = browser.post("/sign-in", {"username": "north.reporter", "password": PASSWORD, "next": "/cases?q=x"})

    assert page.title.startswith("登录")
    assert after.headings == ["案件"]


def test_nobody_is_sent_to_another_site_after_signing_in(app: Flask, world: World) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        browser = Browser(app.test_client())

        after = browser.post("/sign-in", {"username": "north.reporter", "password": PASSWORD, "next": elsewhere})

        assert after.headings == ["待办"]


def test_a_wrong_password_is_refused_in_words_and_the_name_is_kept(app: Flask, world: World) -> None:
    browser = Browser(app.test_client())

    page = browser.post("/sign-in", {"username": "north.reporter", "password": "wrong"}, status=403)

    assert page.title.startswith("错误：")
    assert any(attrs.get("value") == "north.reporter" for tag, attrs in page.tags if tag == "input")


def test_empty_fields_are_refused(app: Flask, world: World) -> None:
    page = Browser(app.test_client()).post("/sign-in", {"username": "", "password": ""}, status=422)

    assert "请填写账号和密码。" in page.text


def test_a_token_seen_before_signing_in_is_worth_nothing_afterwards(app: Flask, world: World) -> None:
    client = app.test_client()
    seen = Browser(client).token()
    client.post("/sign-in", data={"csrf_token": seen, "username": "north.reporter", "password": PASSWORD})

    refused = client.post("/sign-out", data={"csrf_token": seen})

    assert refused.status_code == 400


def test_the_session_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(app: Flask, world: World) -> None:
    client = app.test_client()
    browser = Browser(client)

    response = client.post(
        "/sign-in", data={"csrf_token": browser.token(), "username": "north.reporter", "password": PASSWORD}
    )

    cookie = next(line for line in response.headers.getlist("Set-Cookie") if line.startswith("wenze_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_under_tls_the_cookie_is_bound_to_the_host(app: Flask, world: World) -> None:
    app.config["WENZE_TLS"] = True
    client = app.test_client()
    browser = Browser(client)

    response = client.post(
        "/sign-in", data={"csrf_token": browser.token(), "username": "north.reporter", "password": PASSWORD}
    )

    cookie = next(line for line in response.headers.getlist("Set-Cookie") if line.startswith("__Host-wenze_session="))
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain=" not in cookie
    assert response.headers["Strict-Transport-Security"]


def test_a_write_without_the_token_is_refused(app: Flask, world: World) -> None:
    client = app.test_client()
    Browser(client).sign_in("north.reporter", PASSWORD)

    response = client.post("/cases")

    assert response.status_code == 400
    assert "页面已过期" in response.get_data(as_text=True)


def test_signing_out_ends_the_session_on_the_server(app: Flask, world: World) -> None:
    client = app.test_client()
    browser = Browser(client)
    browser.sign_in("north.reporter", PASSWORD)
    cookie = client.get_cookie("wenze_session")
    assert cookie is not None

    browser.post("/sign-out")

    client.set_cookie("wenze_session", cookie.value)
    assert browser.get("/inbox/todo").title.startswith("登录")


@pytest.fixture
def demo_people(app: Flask, world: World) -> None:
    """Every account is one of a demonstration."""
    with app.app_context():
        db.session.execute(update(Account).values(demo=True))
        db.session.commit()


def test_demo_accounts_are_listed_only_in_a_demonstration(app: Flask, demo_people: None) -> None:
    plain = Browser(app.test_client()).get("/sign-in")
    app.config["WENZE_DEMO"] = True
    demo = Browser(app.test_client()).get("/sign-in")

    assert "north.reporter" not in plain.text
    assert "north.reporter" in demo.text
    assert "北山县" in demo.text


def test_demo_accounts_come_in_only_in_a_demonstration(app: Flask, demo_people: None) -> None:
    moment = datetime(2026, 11, 22, tzinfo=UTC)

    with app.app_context(), pytest.raises(NotAllowedError):
        accounts.sign_in("north.reporter", password=PASSWORD, address="127.0.0.1", now=moment)


def test_the_page_speaks_english_on_request(app: Flask, world: World) -> None:
    browser = Browser(app.test_client())

    page = browser.post("/locale", {"locale": "en", "next": "/sign-in"})

    assert next(attrs["lang"] for tag, attrs in page.tags if tag == "html") == "en"
