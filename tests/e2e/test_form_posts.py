"""A published case and its meeting through the pages' own forms: what a submit costs, session and policy included."""

import sys
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.scenarios.demo import Stage
from app.storage.models import Proceeding, Task
from config import ROOT
from tests.e2e.conftest import PASSWORD
from tests.e2e.form_hands import FormHands
from tests.e2e.statements import MOST_STATEMENTS, Meter

pytestmark = pytest.mark.slow

LOOKS = 3
"""Statements after the commit, for what opens next: a step of the same case, else the top of the filtered list."""


def test_every_step_of_a_case_posted_as_a_form_is_one_commit_and_few_statements(
    county: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins, ends = datetime(2026, 9, 15, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
    stage = Stage(ROOT / "demo", county="jinzhai", begins=begins, ends=ends)
    with county.app_context():
        meter = Meter(db.engine)
        stage.world.hands = FormHands(county, monkeypatch, password=PASSWORD, meter=meter)

        stage.perform({"open": "C01"})
        stage.perform({"meet": "M1", "cases": ["C01"]})
        stage.perform({"play": "C01"})

        assert db.session.get_one(Proceeding, stage.world.proceedings["C01"]).outcome == "CONCLUDED"
        steps = dict(db.session.execute(select(Task.id, Task.step_id)).all())
        most = max(count.until_commit for count in meter.counts)
        sys.stdout.write(f"\n{len(meter.counts)} submits, at most {most} statements and {LOOKS} looks for the next\n")
        assert {count.commits for count in meter.counts} == {1}
        for count in meter.counts:
            assert count.until_commit <= MOST_STATEMENTS, "\n".join([steps[count.act], *count.statements])
            assert len(count.statements) - count.until_commit <= LOOKS
