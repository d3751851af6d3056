"""Agendas on the shipped procedure: told again after a postponement, recusal of who handled or pleaded a case."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.scenarios.demo import Stage
from config import ROOT


@pytest.fixture
def stage(county: Flask) -> Iterator[Stage]:
    begins = datetime(2026, 2, 10, 1, tzinfo=UTC)
    with county.app_context():
        yield Stage(ROOT / "demo", county="jinzhai", begins=begins, ends=datetime(2027, 6, 1, tzinfo=UTC))


def times_told(stage: Stage, case: str) -> int:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import HistoryEntry  # noqa: PLC0415

    told = db.session.query(HistoryEntry).filter_by(proceeding_id=stage.world.proceedings[case])
    return told.filter_by(act="MESSAGE_RECEIVED").count()


@pytest.mark.slow
def test_handlers_and_agents_are_recused_and_a_meeting_that_is_put_off_tells_its_case_each_time(stage: Stage) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import AgendaItem, Case  # noqa: PLC0415

    involved = {"handling_bodies": ["jinzhai.jcy"], "litigation_agents": ["jinzhai.sfj"]}
    stage.cases["C13"]["legal_document"].update(involved)
    stage.perform({"open": "C13"})
    stage.perform({"meet": "M1", "cases": ["C13"], "until": "joint-meeting/T_hold"})

    item = db.session.query(AgendaItem).one()
    assert {"jinzhai.jcy", "jinzhai.sfj"} <= set(item.recused)
    assert times_told(stage, "C13") == 1

    stage.players["M1"].do_step("joint-meeting/T_hold", held="POSTPONED", not_held_reason="主持人公务冲突")
    case = stage.world.proceedings["C13"]
    assert db.session.get_one(Case, case).on_agenda is None
    assert db.session.query(AgendaItem).count() == 0
    assert times_told(stage, "C13") == 2

    stage.perform({"play": "M1", "until": "joint-meeting/T_hold"})
    assert times_told(stage, "C13") == 3
    stage.players["M1"].do_step("joint-meeting/T_hold", held="CANCELLED", not_held_reason="不再需要")
    db.session.expire_all()
    assert db.session.get_one(Case, case).on_agenda is None
