"""The hands of a scenario at the pages' forms, without a browser: posted as a signed-in person's browser posts them."""

import json
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.actors import Actor
from app.extensions import db
from app.storage.models import Task
from app.web import clock
from tests.e2e.statements import Meter


class FormHands:
    """`meter` counts what each submitted step costs, in the request that submits it."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch, *, password: str, meter: Meter) -> None:
        app.config["WTF_CSRF_ENABLED"] = False  # the tokens have tests of their own
        self._app, self._patch, self._password, self._meter = app, monkeypatch, password, meter
        self._clients: dict[str, tuple[FlaskClient, datetime]] = {}

    def _client(self, actor: Actor, now: datetime) -> FlaskClient:
        """The person's browser, signed in anew when the day has gone on: a session ends by itself."""
        self._patch.setattr(clock, "now", lambda: now)
        client, since = self._clients.get(actor.username, (self._app.test_client(), None))
        if since is None or (now - since).total_seconds() > 600:
            signed = self._post(client, "/sign-in", data={"username": actor.username, "password": self._password})
            assert signed.status_code == 302, signed.text
            self._clients[actor.username] = (client, now)
        return client

    def _post(self, client: FlaskClient, path: str, **request: Any) -> TestResponse:
        with self._app.app_context():  # a context of its own, as every request has: the actor is remembered in it
            return client.post(path, **request)

    def _open(self, actor: Actor, now: datetime, path: str) -> str:
        answer = self._post(self._client(actor, now), path, data={"key": uuid4().hex})
        assert answer.status_code == 302, answer.text
        task_id = answer.location.rsplit("/", 1)[-1]
        db.session.rollback()
        return db.session.get_one(Task, task_id).proceeding_id

    def open_case(self, actor: Actor, now: datetime) -> str:
        return self._open(actor, now, "/cases")

    def open_meeting(self, actor: Actor, now: datetime) -> str:
        return self._open(actor, now, "/meetings")

    def complete(self, actor: Actor, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None:
        client = self._client(actor, now)
        with self._meter.measure(task_id):
            body = {"key": uuid4().hex, "data": json.dumps(answers, default=str)}
            answer = self._post(client, f"/tasks/{task_id}", data=body)
        assert answer.status_code == 302, (actor.username, answer.status_code, answer.text[:2000])
        db.session.rollback()

    def upload(self, actor: Actor, now: datetime, *, content: bytes, name: str) -> str:
        paper = {"file": (BytesIO(content), name)}
        answer = self._post(self._client(actor, now), "/attachments", data=paper, content_type="multipart/form-data")
        assert answer.status_code == 201, answer.text
        assert answer.json is not None
        return str(answer.json["id"])
