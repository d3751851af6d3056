"""What people and the clock meet when the database or the machine's clock is not well: in process, without killing."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.util import AliasedClass

from app import storage
from app.cli.worker import Watch, work
from app.extensions import db
from app.services import clockwork
from app.storage.models import TimerRow
from app.storage.transaction import transaction
from tests.conftest import application_on
from tests.services import conftest as small_world
from tests.services.conftest import MORNING, Office

small_sqlite, small_postgresql = small_world.small_sqlite, small_world.small_postgresql
small_url, small_app, office = small_world.small_url, small_world.small_app, small_world.office

FULL = OperationalError("COMMIT", {}, Exception("database or disk is full"))


class Times:
    """A wall clock and a count of seconds, both moved by the test."""

    def __init__(self) -> None:
        self.wall, self.seconds = datetime(2026, 3, 2, 1, tzinfo=UTC), 100.0

    def pass_(self, seconds: float, *, leap: timedelta = timedelta()) -> None:
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds) + leap


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def watch(times: Times) -> Watch:
    return Watch(lambda: times.wall, lambda: times.seconds)


def test_a_leap_of_the_wall_clock_is_not_believed_until_the_clock_agrees_again(times: Times, watch: Watch) -> None:
    times.pass_(10, leap=timedelta(hours=1))
    before = watch.now()
    times.pass_(10)

    assert watch.now() == before + timedelta(seconds=10)
    assert watch.ahead == timedelta(hours=1)

    times.pass_(10, leap=-timedelta(hours=1))
    assert watch.now() == times.wall
    assert watch.ahead == timedelta()


def test_a_clock_that_drifts_or_goes_back_is_believed(times: Times, watch: Watch) -> None:
    for _ in range(10):
        times.pass_(60, leap=timedelta(minutes=4))
        assert watch.now() == times.wall

    times.pass_(1, leap=-timedelta(hours=1))
    assert watch.now() == times.wall
    times.pass_(1, leap=timedelta(hours=1))
    assert watch.now() == times.wall, "set right again, it has not leapt"


def test_a_worker_whose_clock_went_back_still_says_that_it_lives(times: Times) -> None:
    beats: list[datetime] = []
    stopping = threading.Event()

    def tick(now: datetime) -> int:
        times.pass_(0, leap=-timedelta(hours=1))
        if len(beats) == 2:
            stopping.set()
        return 1

    work(tick, lambda _, now: beats.append(now), name="w", stopping=stopping, clock=lambda: times.wall)

    assert beats[0] - beats[1] == timedelta(hours=1)


def test_no_timer_fires_while_the_clock_is_behind_the_last_act(office: Office) -> None:
    office.open_case()
    office.later(days=5, hours=1)
    office.open_case()
    wrong = office.now - timedelta(minutes=6)

    assert clockwork.tick(wrong) == 0
    assert clockwork.tick(wrong + timedelta(minutes=1)) > 0


def test_when_the_database_fails_timers_are_not_put_off(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.open_case()
    office.later(days=5)

    def fail(*_: Any, **__: Any) -> None:
        raise FULL

    with monkeypatch.context() as during:
        during.setattr("app.engine.run.fire_due", fail)
        with pytest.raises(OperationalError):
            clockwork.fire_one(office.now)

    assert set(db.session.scalars(select(TimerRow.failures))) == {0}
    assert clockwork.tick(office.now) == 1


def test_after_a_failure_of_the_database_no_connection_is_used_again(office: Office) -> None:
    office.open_case()
    before = db.session.connection().connection.dbapi_connection

    with pytest.raises(OperationalError), transaction():
        raise FULL

    assert db.session.connection().connection.dbapi_connection is not before


@pytest.fixture
def failing(small_app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The client of an application whose database does not answer."""

    def fail(*_: Any, **__: Any) -> None:
        raise FULL

    monkeypatch.setattr("sqlalchemy.orm.Session.execute", fail)
    monkeypatch.setattr("sqlalchemy.orm.Session.connection", fail)
    monkeypatch.setattr("sqlalchemy.engine.Engine.connect", fail)
    return small_app.test_client()


def test_the_api_says_that_the_database_is_away_and_when_to_come_back(failing: FlaskClient) -> None:
    answer = failing.get("/api/v1/tasks?box=todo", headers={"Authorization": "Bearer wz_x"})

    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Retry-After"] == "5"
    assert answer.json is not None
    assert "不会重复办理" in answer.json["detail"]


def test_a_server_without_a_free_connection_asks_everybody_to_come_back(
    postgresql_database: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    engine = create_engine(postgresql_database)
    with engine.connect() as keeper:
        keeper.exec_driver_sql("DROP ROLE IF EXISTS crowded")
        keeper.exec_driver_sql("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
        keeper.commit()
    engine.dispose()
    for app in application_on(postgresql_database.replace("://postgres@", "://crowded@"), tmp_path):
        client = app.test_client()
        client.set_cookie("wenze_session", "x")
        capfd.readouterr()

        answers = [client.get("/api/v1/tasks", headers={"Authorization": "Bearer wz_x"}), client.get("/inbox/todo")]

        assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(503, "5")] * 2
        assert client.get("/no-such-page").status_code == 404
        assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_says_that_the_database_is_away_and_needs_none_to_say_so(failing: FlaskClient, method: str) -> None:
    failing.set_cookie("wenze_session", "x")
    failing.application.config["WTF_CSRF_ENABLED"] = False

    answer = getattr(failing, method)("/tasks/abc")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "系统暂不可用" in answer.text
    assert "在原页面重新提交" in answer.text


def test_the_monitor_learns_that_the_clock_went_back(small_app: Flask, clock: Callable[[datetime], None]) -> None:
    with small_app.app_context():
        Office(small_app).open_case()
    client = small_app.test_client()

    clock(MORNING - timedelta(minutes=6))

    assert client.get("/readyz").json["checks"]["clock"] is False  # type: ignore[index]
    assert "wenze_clock_behind_seconds 360.0" in client.get("/metrics").text
    clock(MORNING - timedelta(minutes=5))
    assert client.get("/readyz").json["checks"]["clock"] is True  # type: ignore[index]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda moment: monkeypatch.setattr("app.web.clock.now", lambda: moment)


def test_every_alias_of_a_table_that_threads_share_has_its_columns_before_the_first_of_them_asks() -> None:
    """Two threads that make them at once get two sets that do not know each other, and one of them an error."""
    modules = [import_module(found.name) for found in walk_packages(storage.__path__, "app.storage.")]
    shared = {
        id(value): value for module in modules for value in vars(module).values() if isinstance(value, AliasedClass)
    }

    made = [value for value in shared.values() if "_columns" in vars(inspect(value).selectable)]

    assert len(made) == len(shared) > 0
