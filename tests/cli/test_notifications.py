"""What the operator sees of messages to people, and that the sender runs beside the clock."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.cli.notifications import notifications
from app.cli.worker import start_sender
from app.extensions import db
from app.services.notifying import outlets
from app.storage.models import Delivery, NotificationSettings, Person
from tests.services.sinks import Sink, web_sink

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def web() -> Iterator[Sink]:
    with web_sink() as sink:
        opened(webhook_hosts=(f"127.0.0.1:{sink.port}",))
        yield sink
    opened()


def opened(**ways: Any) -> None:
    closed: dict[str, Any] = {"smtp": None, "domains": (), "robots": {}, "webhook_hosts": ()}
    outlets.configure(url="https://wenze.test", sender="", **(closed | ways))


def waiting(app: Flask, status: str, port: int = 9) -> None:
    with app.app_context():
        db.session.add(Person(id="p1", name="张三"))
        db.session.flush()
        addresses = {"WEBHOOK": f"http://127.0.0.1:{port}/"}
        db.session.add(NotificationSettings(person_id="p1", addresses=addresses, muted=[], updated_at=NOW))
        row = Delivery(id="d1", person_id="p1", channel="WEBHOOK", topic="TEST", kind="TEST", status=status)
        row.created_at = row.due_at = NOW
        row.last_error, row.done_at = ("HTTP 410", NOW) if status == "DEAD" else (None, None)
        db.session.add(row)
        db.session.commit()


def status_of(app: Flask) -> str:
    with app.app_context():
        return db.session.get_one(Delivery, "d1").status


def test_the_operator_sees_what_could_not_be_sent_and_has_it_tried_again(app: Flask) -> None:
    waiting(app, "DEAD")
    runner = app.test_cli_runner()

    listed = runner.invoke(notifications)
    again = runner.invoke(notifications, ["--again"])

    assert "DEAD 1" in listed.output
    assert "HTTP 410" in listed.output
    assert "127.0.0.1" not in listed.output
    assert "1 to be sent again" in again.output
    assert status_of(app) == "PENDING"


def test_the_sender_ends_with_the_worker_and_is_not_started_where_nothing_can_leave(app: Flask) -> None:
    opened()

    with app.app_context():
        assert start_sender(threading.Event()) is None


def test_the_sender_sends_beside_the_clock_and_who_has_no_account_any_more_hears_nothing(app: Flask, web: Sink) -> None:
    waiting(app, "PENDING", web.port)
    stopping = threading.Event()

    with app.app_context():
        thread = start_sender(stopping)
        assert thread is not None
        until = time.monotonic() + 60
        while status_of(app) == "PENDING" and time.monotonic() < until:
            time.sleep(0.05)
        stopping.set()
        thread.join(60)

    assert not thread.is_alive()
    assert status_of(app) == "DROPPED"
    assert web.posts == []
