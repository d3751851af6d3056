"""A case whose people go two ways in the real browser."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.extensions import db
from app.scenarios.demo import Stage
from app.storage.models import Proceeding
from config import ROOT
from tests.e2e.browser_hands import BrowserHands
from tests.e2e.told_cases import case_page, decisions_of, names_in, told_in_order

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_case_on_two_routes_runs_from_judgment_to_archive(county: Flask, hands: BrowserHands) -> None:
    """One person is answered for by his own unit, a leading cadre by the organisation department."""
    with county.app_context():
        begins, ends = datetime(2023, 3, 13, 1, tzinfo=UTC), datetime(2024, 12, 1, tzinfo=UTC)
        stage = Stage(ROOT / "demo", county="yiyuan", begins=begins, ends=ends, cases="cases-yiyuan.yml")
        stage.world.hands = hands

        stage.perform({"open": "C09"})

        case = stage.world.proceedings["C09"]
        assert db.session.get_one(Proceeding, case).outcome == "CONCLUDED", stage.players["C09"].standing()
        assert decisions_of(case) == {
            "zjj": ("ACCOUNTABLE", ["CIRCULATED_CRITICISM"]),
            "zjj2": ("ACCOUNTABLE", ["CRITICISM_EDUCATION"]),
        }
        names = names_in(case)
        for once in ("核对领导干部问责规定", "提醒、函询、核查", "书面说明", "集体讨论", "决定已评荣誉如何处理"):
            assert names.count(once) == 1, (once, names)
        for each in ("送达决定书", "执行处理决定", "取消评先评优资格"):
            assert names.count(each) == 2, (each, names)
        page = case_page(stage.world.actor("yiyuan.registry.officer"), stage.world.now, hands, case=case)
        told_in_order(page, ["登记法律文书", "审批立案", "送达决定书", "执行处理决定", "归档"])
