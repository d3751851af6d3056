"""Nobody signs in, uploads or exports more often than a person could; all workers count together."""

import errno
import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.api import permission
from app.domain.errors import TooManyError
from app.services import settings
from app.services.rates import NAME, Rate, count
from app.web import auth, rates
from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FEW = Rate("few", 5, 60)


def test_the_sixth_of_five_is_refused_until_the_next_minute_and_others_are_not(app: Flask) -> None:
    for _ in range(5):
        count(FEW, "a", now=NOW)

    with pytest.raises(TooManyError):
        count(FEW, "a", now=NOW + timedelta(seconds=59))
    count(FEW, "b", now=NOW)
    count(FEW, "a", now=NOW + timedelta(seconds=60))


def test_a_file_that_cannot_be_written_stops_nobody_and_the_limit_still_holds(app: Flask) -> None:
    file = settings.data_folder() / NAME
    file.mkdir()

    for _ in range(5):
        count(FEW, "a", now=NOW)
    with pytest.raises(TooManyError):
        count(FEW, "a", now=NOW)
    file.rmdir()

    count(FEW, "a", now=NOW)


def test_several_workers_count_together(app: Flask) -> None:
    def work(times: int) -> None:
        for _ in range(times):
            count(Rate("many", 1000, 60), "a", now=NOW)

    children = [multiprocessing.get_context("fork").Process(target=work, args=(100,)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()

    for _ in range(700):
        count(Rate("many", 1000, 60), "a", now=NOW)
    with pytest.raises(TooManyError):
        count(Rate("many", 1000, 60), "a", now=NOW)


@pytest.mark.parametrize("address", ["/sign-in", "/api/v1/me"])
def test_a_full_disk_is_a_pause_and_any_other_fault_of_the_system_is_a_fault(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()

    def answer_to(number: int) -> TestResponse:
        def fail(*_: object) -> None:
            raise OSError(number, "as the system says it")

        monkeypatch.setattr(auth, "find_actor", fail)
        monkeypatch.setattr(permission, "_recognised", fail)
        return client.get(address)

    full, broken = answer_to(errno.ENOSPC), answer_to(errno.ENOENT)

    assert (full.status_code, full.headers["Retry-After"]) == (503, "5")
    assert broken.status_code == 500


def test_too_many_attempts_to_sign_in_are_answered_so_in_pages_and_over_the_api(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "SIGN_IN", Rate("sign-in", 2, 3600))
    monkeypatch.setattr(rates, "TOKEN", Rate("token", 2, 3600))
    app.config["WTF_CSRF_ENABLED"] = False
    client, token = app.test_client(), {"Authorization": "Bearer nobody"}

    pages = [client.post("/sign-in", data={"username": "x", "password": "y"}).status_code for _ in range(3)]
    answers = [client.get("/api/v1/me", headers=token) for _ in range(3)]

    assert pages == [403, 403, 429]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[-1].content_type == "application/problem+json"


def test_uploads_and_exports_of_one_session_are_limited_and_other_pages_are_not(
    app: Flask, world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "UPLOAD", Rate("upload", 2, 3600))
    monkeypatch.setattr(rates, "EXPORT", Rate("export", 2, 3600))
    app.config["WTF_CSRF_ENABLED"] = False
    client = signed_in("north.officer").client

    def upload() -> int:
        return client.post("/attachments", data={"file": (BytesIO(b"x"), "a.pdf")}).status_code

    uploads = [upload() for _ in range(3)]
    exports = [client.get("/ledger.csv").status_code for _ in range(3)]

    assert uploads[-1] == 429
    assert 429 not in uploads[:2]
    assert exports == [200, 200, 429]
    assert client.get("/inbox/todo").status_code == 200
