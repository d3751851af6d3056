"""Hands that complete steps over HTTP and count what the database is asked for, from the session to the commit."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.api import clock
from app.domain.actors import Actor
from app.extensions import db
from app.scenarios.hands import ServiceHands
from app.storage.models import ApiToken, Task
from app.storage.upsert import insert_into
from app.web import clock as web_clock
from tests.e2e.statements import Count, Meter
from tests.processes.places import foreseen


class CountingHands(ServiceHands):
    """Steps are completed with the person's own token, at the scenario's moment; everything else is as always."""

    def __init__(self, app: Flask, patch: pytest.MonkeyPatch) -> None:
        self.most: dict[str, Count] = {}
        self.surprises: set[str] = set()
        """Steps that opened although the outline had not named them as what may come next."""
        self.foreseen = 0
        self._client = app.test_client()
        self._patch = patch
        self._meter = Meter(db.engine)

    def complete(self, actor: Actor, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None:
        step = "/".join(db.session.execute(select(Task.process_key, Task.step_id).where(Task.id == task_id)).one())
        headers = {"Authorization": f"Bearer {_token_of(actor, now)}", "Idempotency-Key": uuid4().hex}
        for told in (clock, web_clock):  # a refusal is told by the clock of pages
            self._patch.setattr(told, "now", lambda: now)
        expected = foreseen(task_id)
        with self._meter.measure(step):
            answer = self._client.post(
                f"/api/v1/tasks/{task_id}/complete", headers=headers, json={"data": dict(answers)}
            )
        count = self._meter.counts.pop()
        if answer.status_code >= 400:  # nothing was changed: the service says why, in the words that scenarios know
            super().complete(actor, now, task_id=task_id, answers=answers)
            raise AssertionError(f"{step} was refused over HTTP alone: {answer.json}")
        if expected is not None:
            self.foreseen += 1
            self.surprises |= {f"after {step}: {'/'.join(place)}" for place in expected.surprises()}
        known = self.most.get(step)
        if known is None or (count.commits, len(count.statements)) > (known.commits, len(known.statements)):
            self.most[step] = count


def _token_of(actor: Actor, now: datetime) -> str:
    """A token in the database of this play, which may have gone back to before it was made."""
    token = f"token of {actor.username}"
    digest = sha256(token.encode()).hexdigest()
    row = {"digest": digest, "username": actor.username, "name": "tests", "created_at": now}
    db.session.execute(insert_into(ApiToken).values(**row).on_conflict_do_nothing())
    db.session.commit()  # the request comes on a connection of its own
    return token
