"""`make bench`: what a click costs, against the floor of the same rows written by hand, on both databases.

Nothing is asserted about milliseconds: machines differ. Figures that were measured are in docs/measurements.md.
"""

import http.client
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, insert, select

from app.engine import run
from app.engine.parse import parse
from app.extensions import db
from app.services import accounts
from app.storage.models import Task
from tests import postgresql
from tests.bench.figures import middle, tell, times
from tests.conftest import BOTH, application_on
from tests.faults.test_serve import Serve, wait_for
from tests.services import conftest as small_world
from tests.services import procedure
from tests.services.conftest import Office

pytestmark = pytest.mark.slow

CASES = 60
OPEN_ITEMS = 2000

small_sqlite, small_postgresql = small_world.small_sqlite, small_world.small_postgresql


@dataclass
class Ground:
    """A database with open steps: as it is (`url`) and as it was before anybody did one (`untouched`)."""

    kind: str
    url: str
    untouched: str
    data: Path
    acts: list[tuple[str, str, dict[str, str]]]
    """Task id, token, answers."""


@pytest.fixture(params=BOTH)
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    kind: str = request.param
    if kind == "sqlite":
        file, copy = tmp_path / "wenze.db", tmp_path / "untouched.db"
        shutil.copyfile(request.getfixturevalue("small_sqlite"), file)
        acts = open_steps(f"sqlite:///{file}", tmp_path)
        shutil.copyfile(file, copy)
        yield Ground(kind, f"sqlite:///{file}", str(copy), tmp_path, acts)
        return
    template, server = request.getfixturevalue("small_postgresql"), request.getfixturevalue("postgresql_server")
    name, copy_name = f"b_{uuid4().hex}", f"b_{uuid4().hex}"
    url = postgresql.make_database(server, name, template)
    acts = open_steps(url, tmp_path)
    yield Ground(kind, url, postgresql.make_database(server, copy_name, name), tmp_path, acts)
    for made in (name, copy_name):
        postgresql.drop_database(server, made)


def open_steps(url: str, data: Path) -> list[tuple[str, str, dict[str, str]]]:
    acts = []
    for app in application_on(url, data):
        with app.app_context():
            office = Office(app)
            office.now = datetime.now(UTC)
            token = accounts.create_token("beishan.officer1", "t", now=office.now)
            for _ in range(CASES):
                acts.append((office.task(office.open_case(waits="no"), "T_check"), token, {"opinion": "齐全"}))
    return acts


@dataclass
class Recorder:
    """Statements with their parameters, act by act, as the driver gets them."""

    acts: list[list[tuple[str, Any, bool]]]

    def listen(self) -> None:
        @event.listens_for(db.engine, "before_cursor_execute")
        def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, _ctx: Any, many: bool) -> None:
            self.acts[-1].append((statement, parameters, many))


def test_a_click_in_process_against_the_same_rows_by_hand(ground: Ground) -> None:
    recorder = Recorder([[]])
    for app in application_on(ground.url, ground.data):
        with app.app_context():
            recorder.listen()
        found = times(partial(click, app, recorder, act) for act in ground.acts)
    written = recorder.acts[1:]
    floor = (floor_on_sqlite if ground.kind == "sqlite" else floor_on_postgresql)(ground.untouched, written)

    statements = max(sum(not one[0].startswith("BEGIN") for one in act) for act in written)
    ratio = middle(found[5:]) / middle(floor[5:])
    tell(f"{ground.kind}: complete, API in process", found[5:], f"{statements} statements, 1 commit")
    tell(f"{ground.kind}: the same statements by hand", floor[5:], f"ratio {ratio:.1f}")


def click(app: Flask, recorder: Recorder, act: tuple[str, str, dict[str, str]]) -> None:
    task, token, answers = act
    recorder.acts.append([])
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
    answer = app.test_client(use_cookies=False).post(
        f"/api/v1/tasks/{task}/complete", headers=headers, json={"data": answers}
    )
    assert answer.status_code == 200, answer.text


Written = list[list[tuple[str, Any, bool]]]


def floor_on_sqlite(file: str, written: Written) -> list[float]:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")

    def replay(act: list[tuple[str, Any, bool]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for statement, parameters, many in act:
            if many:
                connection.executemany(statement, parameters)
            else:
                connection.execute(statement, parameters).fetchall()
        connection.execute("COMMIT")

    found = times(partial(replay, [one for one in act if not one[0].startswith("BEGIN")]) for act in written)
    connection.close()
    return found


def floor_on_postgresql(url: str, written: Written) -> list[float]:
    with psycopg.connect(url) as connection:

        def replay(act: list[tuple[str, Any, bool]]) -> None:
            with connection.cursor() as cursor:
                for statement, parameters, many in act:
                    if many:
                        cursor.executemany(statement, parameters)
                    else:
                        cursor.execute(statement, parameters)
            connection.commit()

        return times(partial(replay, act) for act in written)


def test_a_click_through_the_web_server(ground: Ground) -> None:
    running = Serve(ground.data, ground.url)
    try:
        assert wait_for(True, running.port), running.log.read_text()
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        found = times(partial(send, connection, act) for act in ground.acts)
        connection.close()
        tell(f"{ground.kind}: complete, API through gunicorn", found[10:])
    finally:
        running.process.terminate()
        running.process.wait(timeout=40)


def send(connection: http.client.HTTPConnection, act: tuple[str, str, dict[str, str]]) -> None:
    task, token, answers = act
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
    connection.request("POST", f"/api/v1/tasks/{task}/complete", json.dumps({"data": answers}), headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200


def test_an_inbox_with_many_open_items(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    for app in application_on(ground.url, ground.data):
        with app.app_context():
            sample = db.session.execute(select(Task.__table__).where(Task.id == ground.acts[0][0])).mappings().one()
            copies = [{**sample, "id": uuid4().hex} for _ in range(OPEN_ITEMS)]
            db.session.execute(insert(Task.__table__), copies)
            db.session.commit()
        client = app.test_client()
        app.config["WTF_CSRF_ENABLED"] = False
        client.post("/sign-in", data={"username": "beishan.officer1", "password": small_world.PASSWORD})
        for address in ("/inbox/pool", "/inbox/todo"):
            found = times(partial(read, client, address) for _ in range(25))
            tell(f"{ground.kind}: {address} with {OPEN_ITEMS} open items", found[3:])


def read(client: Any, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200


def test_the_engine_alone() -> None:
    definition = parse({"small.bpmn": procedure.small()}, "small")
    now = datetime(2026, 3, 2, tzinfo=UTC)
    context = {"case": {"handling_organ": "beishan.zjj", "waits": "no"}}
    variables = {"case_no": "1", "lead_organ": "beishan.zjj"}
    states = []

    def begin() -> None:
        states.append(run.start(definition, variables=variables, context=context, now=now))

    def complete(advance: Any) -> Callable[[], None]:
        task = advance.opened[0].id
        return lambda: states.append(
            run.complete_task(
                definition, advance.state, task, answers={}, context=context, now=now + timedelta(minutes=1)
            )
        )

    started = times(begin for _ in range(200))
    completed = times([complete(advance) for advance in states[:200]])

    tell("engine alone: start", started[10:])
    tell("engine alone: load, complete, settle, dump", completed[10:], f"{len(states[-1].state)} bytes of state")
