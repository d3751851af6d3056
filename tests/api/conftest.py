"""A small world of two counties with one small procedure, made through the services and copied for each test."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.conftest import application_on

SEEDS = Path(__file__).parent / "seeds"
STARTED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PEOPLE = ("reporter", "reporter.lyj", "officer", "officer2", "director", "manager", "owner", "owner2")
REGISTRATION = {"matter": "违法拆除", "case_type": "REVOKE", "doc_no": "（2026）北行初1号", "pages": 12}


@dataclass(frozen=True)
class World:
    file: Path
    tokens: Mapping[str, str]


def people_and_publish(app: Flask) -> dict[str, str]:
    """Fill an empty database with the small world. Returns a token of each person by user name."""
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.services import accounts, definitions, organisation  # noqa: PLC0415
    from app.storage.models import Account  # noqa: PLC0415

    tokens = {}
    with app.app_context():
        for path in sorted((SEEDS / "organisation").glob("*.yml")):
            organisation.import_file(path, password="only-For-Tests-1", demo=False, now=STARTED)
        definitions.publish_seeds(SEEDS / "processes", SEEDS / "forms", by="tests", now=STARTED)
        db.session.execute(update(Account).values(used_at=datetime.now(UTC)))  # by the clock of pages nobody is frozen
        db.session.commit()
        for county in ("beishan", "nanhe"):
            for person in PEOPLE:
                name = f"{county}.{person}"
                tokens[name] = accounts.create_token(name, "tests", now=STARTED)
    return tokens


@pytest.fixture(scope="session")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The database to copy, and the tokens."""
    folder = tmp_path_factory.mktemp("world")
    file = folder / "wenze.db"
    shutil.copyfile(sqlite_template, file)
    tokens: dict[str, str] = {}
    for app in application_on(f"sqlite:///{file}", folder):
        tokens = people_and_publish(app)
    return World(file, tokens)


@pytest.fixture
def app(world: World, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the small world."""
    file = tmp_path / "wenze.db"
    shutil.copyfile(world.file, file)
    yield from application_on(f"sqlite:///{file}", tmp_path)


@pytest.fixture
def callers_on_both(app_on_both: Flask) -> "Callers":
    """Callers of a new small world; the test runs on both databases."""
    return Callers(app_on_both, people_and_publish(app_on_both))


class Caller:
    """A machine that calls the API with somebody's token."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}
        self._keys = 0

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.send("GET", path, query_string=query)

    def send(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> TestResponse:
        everything = {**self._headers, **(headers or {})}
        return self._client.open(f"/api/v1{path}", method=method, headers=everything, buffered=True, **more)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> TestResponse:
        """With a new idempotency key unless one is given."""
        self._keys += 1
        headers = {"Idempotency-Key": key or f"{id(self)}-{self._keys}"}
        return self.send("POST", path, headers=headers, **({} if body is None else {"json": body}))

    def open_case(self, data: Mapping[str, Any] | None = REGISTRATION) -> dict[str, Any]:
        answer = self.post("/cases", {} if data is None else {"data": data})
        assert answer.status_code == 201, answer.text
        opened: dict[str, Any] = answer.json
        return opened

    def tasks(self, box: str = "todo", **query: Any) -> list[dict[str, Any]]:
        answer = self.get("/tasks", box=box, **query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json["items"]
        return items


class Callers:
    """`callers("officer")` calls for a person of the first county; `county="nanhe"` is the other."""

    def __init__(self, app: Flask, tokens: Mapping[str, str]) -> None:
        self._client = app.test_client(use_cookies=False)
        self._tokens = tokens

    def __call__(self, person: str, *, county: str = "beishan") -> Caller:
        return Caller(self._client, self._tokens[f"{county}.{person}"])


@pytest.fixture
def callers(app: Flask, world: World) -> Callers:
    return Callers(app, world.tokens)


@pytest.fixture
def reporter(callers: Callers) -> Caller:
    return callers("reporter")


@pytest.fixture
def officer(callers: Callers) -> Caller:
    return callers("officer")


@pytest.fixture
def director(callers: Callers) -> Caller:
    return callers("director")


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


def problem_of(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem document, checked for its shape."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    document: dict[str, Any] = answer.json
    assert {"type", "title", "status", "detail"} <= set(document)
    assert document["status"] == status
    assert document["type"].startswith("urn:wenze:problem:")
    assert any("\u4e00" <= character <= "\u9fff" for character in document["detail"])
    return document
