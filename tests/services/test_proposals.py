"""What a decision table proposes about the case is there for the person who confirms it."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.domain.errors import InvalidAnswersError
from app.extensions import db
from app.queries import open_steps
from app.scenarios.demo import Stage
from app.services import tasks
from app.storage.models import Case
from config import ROOT


def test_departing_from_the_proposed_scope_asks_for_a_reason(county: Flask) -> None:
    stage = Stage(
        ROOT / "demo",
        county="jinzhai",
        begins=datetime(2026, 9, 15, 1, tzinfo=UTC),
        ends=datetime(2027, 1, 1, tzinfo=UTC),
    )
    with county.app_context():
        stage.perform({"open": "C01", "until": "jinzhai-intake/T_scope"})
        step = open_steps.of_proceeding(stage.world.proceedings["C01"])[0]
        officer = open_steps.performer_of(step)
        assert officer is not None
        answers = {"scope_decision": "OUT", "scope_out_reason": "不是败诉案件，仅为程序性裁定。"}

        with pytest.raises(InvalidAnswersError) as refusal:
            tasks.complete(step.task_id, answers=answers, actor=officer, now=stage.world.now, key="k")

        assert db.session.get_one(Case, stage.world.proceedings["C01"]).scope_kind == "DIRECT"
        assert list(refusal.value.fields) == ["scope_departure_reason"]
