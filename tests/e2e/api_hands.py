"""The hands of a scenario at the API: every act is a request with the person's own token, at the scenario's moment."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.api import clock
from app.domain.actors import Actor
from app.services.accounts import create_token
from tests.e2e.statements import Meter


class ApiHands:
    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch, *, meter: Meter | None = None) -> None:
        self._client = app.test_client()
        self._patch = monkeypatch
        self._tokens: dict[str, str] = {}
        self._meter = meter

    def _token(self, actor: Actor, now: datetime) -> str:
        if actor.username not in self._tokens:
            self._tokens[actor.username] = create_token(actor.username, "tests", now=now)
        return self._tokens[actor.username]

    def _send(self, actor: Actor, now: datetime, path: str, **request: Any) -> TestResponse:
        token = self._token(actor, now)
        self._patch.setattr(clock, "now", lambda: now)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
        answer = self._client.post(f"/api/v1{path}", headers=headers, **request)
        assert answer.status_code < 300, (path, actor.username, answer.json)
        return answer

    def open_case(self, actor: Actor, now: datetime) -> str:
        answer = self._send(actor, now, "/cases", json={})
        assert answer.json is not None
        return str(answer.json["id"])

    def open_meeting(self, actor: Actor, now: datetime) -> str:
        answer = self._send(actor, now, "/meetings", json={})
        assert answer.json is not None
        return str(answer.json["id"])

    def complete(self, actor: Actor, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None:
        self._token(actor, now)
        if self._meter is None:
            self._send(actor, now, f"/tasks/{task_id}/complete", json={"data": answers})
            return
        with self._meter.measure(task_id):
            self._send(actor, now, f"/tasks/{task_id}/complete", json={"data": answers})

    def upload(self, actor: Actor, now: datetime, *, content: bytes, name: str) -> str:
        paper = {"file": (BytesIO(content), name)}
        answer = self._send(actor, now, "/attachments", data=paper, content_type="multipart/form-data")
        assert answer.json is not None
        return str(answer.json["id"])
