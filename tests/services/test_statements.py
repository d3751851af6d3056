"""The budget of a click: one commit, few statements, through the API and through the screen alike."""

import json
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import close_all_sessions

from app.extensions import db
from app.services import accounts, meetings
from app.web import clock as web_clock
from tests.e2e.statements import Count, Meter
from tests.services.conftest import MORNING, PASSWORD, Office

MOST = 15
PLAIN = 13
"""What a step may take that opens no other: recognising the person, lock, facts, submission, evidence, key."""

CASE = [
    ("T_check", "officer1", {"opinion": "齐全", "pages": 3}),
    ("T_review", "officer2", {"note": "同意"}),
    ("T_handle", "head", {}),
]


@pytest.fixture
def meter(small_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Meter]:
    monkeypatch.setattr("app.api.clock.now", lambda: MORNING)
    monkeypatch.setattr(web_clock, "now", lambda: MORNING)
    with small_app.app_context():
        yield Meter(db.engine)


def judged(counts: list[Count], path: str) -> None:
    told = [f"{path} {count.act}: {len(count.statements)} statements" for count in counts]
    sys.stdout.write("\n".join(told) + "\n")
    assert {count.commits for count in counts} == {1}
    worst = max(counts, key=lambda count: len(count.statements))
    assert len(worst.statements) <= MOST, "\n".join(worst.statements)
    plain = next(count for count in counts if count.act == "T_review")
    assert len(plain.statements) <= PLAIN, "\n".join(plain.statements)


def test_every_step_through_the_api_is_one_commit_and_few_statements(office: Office, meter: Meter) -> None:
    case = office.open_case(waits="no")
    client = office.app.test_client(use_cookies=False)
    tokens = {who: accounts.create_token(f"beishan.{who}", "t", now=MORNING) for _, who, _ in CASE}

    for step, who, answers in CASE:
        task = office.task(case, step)
        close_all_sessions()
        headers = {"Authorization": f"Bearer {tokens[who]}", "Idempotency-Key": uuid4().hex}
        with office.app.app_context(), meter.measure(step):
            answer = client.post(f"/api/v1/tasks/{task}/complete", headers=headers, json={"data": answers})
        assert answer.status_code == 200, answer.text

    judged(meter.counts, "API")


def test_every_step_through_the_screen_is_one_commit_and_few_statements(office: Office, meter: Meter) -> None:
    office.app.config["WTF_CSRF_ENABLED"] = False
    case = office.open_case(waits="no")
    clients: dict[str, FlaskClient] = {}
    for _, who, _ in CASE:
        clients[who] = office.app.test_client()
        signed = {"username": f"beishan.{who}", "password": PASSWORD}
        with office.app.app_context():
            assert clients[who].post("/sign-in", data=signed).status_code == 302

    for step, who, answers in CASE:
        task = office.task(case, step)
        close_all_sessions()
        with office.app.app_context(), meter.measure(step):
            answer = clients[who].post(f"/tasks/{task}", data={"key": uuid4().hex, "data": json.dumps(answers)})
        assert answer.status_code == 302, answer.text

    judged(meter.counts, "screen")


def test_the_last_of_seven_votes_is_one_commit_and_few_statements(office: Office, meter: Meter) -> None:
    meeting = meetings.open_meeting(actor=office.actor("director"), now=MORNING, key="m").proceeding_id
    office.complete(office.task(meeting, "T_propose"), "director", {})
    from app.storage.models import Task  # noqa: PLC0415  (see tests.conftest)

    votes = db.session.query(Task).filter_by(proceeding_id=meeting, step_id="T_vote").all()
    for vote in votes:
        who = str(vote.candidate_organ).partition(".")[2]
        with meter.measure(who):
            office.complete(vote.id, who, {"decision": "AGREE"})

    assert len(meter.counts) == 7
    assert office.open_steps(meeting) == ["T_minutes"]
    assert {count.commits for count in meter.counts} == {1}
    assert max(len(count.statements) for count in meter.counts) <= MOST
