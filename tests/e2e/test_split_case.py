"""One case split over three accountability authorities, from judgment to archive, through the API."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.scenarios.demo import Stage
from app.storage import journal
from app.storage.models import CaseSubject, HistoryEntry, Proceeding
from config import ROOT
from tests.e2e.api_hands import ApiHands

pytestmark = pytest.mark.slow

LATER = datetime(2024, 12, 1, tzinfo=UTC)


@pytest.fixture
def stage(county: Flask, monkeypatch: pytest.MonkeyPatch) -> Stage:
    begins = datetime(2024, 1, 15, 1, tzinfo=UTC)
    stage = Stage(ROOT / "demo", county="yiyuan", begins=begins, ends=LATER, cases="cases-yiyuan.yml")
    with county.app_context():
        stage.world.hands = ApiHands(county, monkeypatch)
    return stage


def test_each_person_is_answered_for_by_the_organ_with_authority_and_the_outcomes_differ(
    county: Flask, stage: Stage
) -> None:
    with county.app_context():
        stage.perform({"open": "C17"})

        db.session.expire_all()
        case = db.session.get_one(Proceeding, stage.world.proceedings["C17"])
        of_case = CaseSubject.proceeding_id == case.id
        found = {str(s.person_id): s for s in db.session.scalars(select(CaseSubject).where(of_case))}
        steps = list(
            db.session.execute(
                select(HistoryEntry.process_key, HistoryEntry.step_id).where(HistoryEntry.proceeding_id == case.id)
            )
        )
        assert (case.outcome, case.closed_at is not None) == ("CONCLUDED", True)
        assert {person.removeprefix("yiyuan.subject.person."): s.decision_kind for person, s in found.items()} == {
            "zrj": "ACCOUNTABLE",
            "lcz": "NOT_PURSUED",
            "lcz2": "ACCOUNTABLE",
        }
        assert found["yiyuan.subject.person.lcz2"].sanctions == ["ADMONITION_TALK"]
        assert {process for process, _ in steps if process.startswith("procedure-")} == {
            "procedure-supervision",
            "procedure-organisation",
            "procedure-unit",
        }
        # the leading cadre's rules are looked at once, the bar of awards follows accountability only
        assert [step for _, step in steps].count("T_leading") == 1
        assert [step for _, step in steps].count("T_award") == 2
        assert journal.broken_links() == []
