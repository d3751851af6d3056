"""Three published cases from registration to archive, through the API: one meeting defers one and disputes another."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.scenarios.demo import Stage
from app.storage.models import OutboxRow, Task
from tests.e2e import three_cases
from tests.e2e.api_hands import ApiHands
from tests.e2e.statements import MOST_STATEMENTS, Meter

pytestmark = pytest.mark.slow


@pytest.fixture
def stage(county: Flask, monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = three_cases.empty_stage()
    with county.app_context():
        stage.world.hands = ApiHands(county, monkeypatch, meter=Meter(db.engine))
    return stage


def test_three_cases_run_from_judgment_to_archive(county: Flask, stage: Stage) -> None:
    with county.app_context():
        three_cases.from_judgment_to_archive(stage)

        every_act_was_one_commit(stage)
        assert set(db.session.scalars(select(OutboxRow.status))) == {"DONE"}


def every_act_was_one_commit(stage: Stage) -> None:
    meter = stage.world.hands._meter  # type: ignore[attr-defined]
    steps = dict(db.session.execute(select(Task.id, Task.step_id)).all())

    assert {count.commits for count in meter.counts} == {1}
    for count in meter.counts:
        assert len(count.statements) <= MOST_STATEMENTS, "\n".join([steps[count.act], *count.statements])
