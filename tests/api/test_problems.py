"""Every refusal below /api is a problem document, whoever refuses."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.conftest import Caller, World, problem_of


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "wz_abc"])
def test_without_a_token_the_answer_asks_for_one(anonymous: FlaskClient, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = anonymous.get("/api/v1/me", headers=headers)

    problem_of(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="wenze"'


@pytest.mark.parametrize("token", ["wz_unknown", "x" * 5000, "\x00", "ÿþ", "a b"])
def test_an_unknown_token_is_refused(anonymous: FlaskClient, token: str) -> None:
    answer = anonymous.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})

    problem_of(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="wenze", error="invalid_token"'


def test_a_revoked_token_and_a_disabled_account_are_refused_alike(
    app: Flask, anonymous: FlaskClient, world: World
) -> None:
    from app.services import accounts  # noqa: PLC0415  (see tests.conftest)

    headers = {"Authorization": f"Bearer {world.tokens['beishan.reporter']}"}
    assert anonymous.get("/api/v1/me", headers=headers).status_code == 200

    with app.app_context():
        accounts.set_enabled("beishan.reporter", enabled=False, now=datetime.now(UTC))

    refused = anonymous.get("/api/v1/me", headers=headers)
    problem_of(refused, 401)
    assert refused.data == anonymous.get("/api/v1/me", headers={"Authorization": "Bearer wz_x"}).data


def test_a_browsers_cookie_opens_nothing(app: Flask) -> None:
    from app.services import accounts  # noqa: PLC0415  (see tests.conftest)

    with app.app_context():
        signed = accounts.sign_in(
            "beishan.reporter", password="only-For-Tests-1", address="127.0.0.1", now=datetime.now(UTC)
        )
    client = app.test_client()
    client.set_cookie("wenze_session", signed.cookie)

    assert client.get("/").headers["Location"].endswith("/inbox/todo")
    problem_of(client.get("/api/v1/me"), 401)


@pytest.mark.parametrize("path", ["/api/", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v2/me", "/api/v1/me/"])
def test_an_unknown_address_is_a_problem_document(reporter: Caller, anonymous: FlaskClient, path: str) -> None:
    answer = anonymous.get(path)

    problem_of(answer, 404)


def test_a_page_that_does_not_exist_is_still_a_page(anonymous: FlaskClient) -> None:
    answer = anonymous.get("/nothing-here")

    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/me"), ("DELETE", "/tasks"), ("PATCH", "/cases/x"), ("GET", "/tasks/x/complete")]
)
def test_a_wrong_method_names_the_right_ones(reporter: Caller, method: str, path: str) -> None:
    answer = reporter.send(method, path)

    problem_of(answer, 405)
    assert answer.headers["Allow"]


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_not_declared_as_json_is_refused(reporter: Caller, media_type: str) -> None:
    answer = reporter.send(
        "POST", "/cases", headers={"Idempotency-Key": "k"}, data=b'{"data": {}}', content_type=media_type
    )

    problem_of(answer, 415)


def test_a_body_beyond_the_limit_is_refused(reporter: Caller) -> None:
    answer = reporter.send("PUT", "/tasks/x/draft", json={"data": {"matter": "字" * 800_000}})

    problem_of(answer, 413)


def test_the_answer_speaks_english_to_who_asks_for_it(anonymous: FlaskClient) -> None:
    chinese = anonymous.get("/api/v1/me", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
    other = anonymous.get("/api/v1/me", headers={"Accept-Language": "fr"})

    assert chinese.json == other.json
    assert anonymous.get("/api/v1/me", headers={"Accept-Language": "en-GB,en"}).status_code == 401


def test_a_crash_is_a_problem_document_without_its_insides(app: Flask, reporter: Caller, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def crash(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret insides")

    monkeypatch.setattr("app.api.definitions.list_releases", crash)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    answer = reporter.get("/definitions")

    problem_of(answer, 500)
    assert "secret" not in answer.text


def test_an_answer_without_scripts_lets_none_run(anonymous: FlaskClient) -> None:
    policy = anonymous.get("/api/v1/me").headers["Content-Security-Policy"]

    assert "script-src 'self';" in policy


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "zh"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,en;q=0.9", "en"), ("fr", "zh"), (";;q=x", "zh")],
)
def test_a_refusal_is_told_in_the_callers_language(anonymous: FlaskClient, accepted: str, language: str) -> None:
    first, again = (anonymous.get("/api/v1/me", headers={"Accept-Language": accepted}) for _ in range(2))

    assert first.get_json() == again.get_json()
    assert first.get_json()["title"].isascii() is (language == "en")
