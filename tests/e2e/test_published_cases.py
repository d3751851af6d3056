"""Three published cases from registration to archive, through the API: one meeting defers one and disputes another."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.scenarios.demo import Stage
from app.storage import journal
from app.storage.models import AgendaItem, CaseSubject, HistoryEntry, OutboxRow, Proceeding, Task
from config import ROOT
from tests.e2e.api_hands import ApiHands
from tests.e2e.statements import Meter

pytestmark = pytest.mark.slow

MOST_STATEMENTS = 15


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T01:00:00+00:00")


@pytest.fixture
def stage(county: Flask, monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage(ROOT / "demo", county="jinzhai", begins=day("2026-06-09"), ends=datetime(2027, 6, 1, tzinfo=UTC))
    with county.app_context():
        stage.world.hands = ApiHands(county, monkeypatch, meter=Meter(db.engine))
    return stage


def history(stage: Stage, name: str) -> list[HistoryEntry]:
    of_case = HistoryEntry.proceeding_id == stage.world.proceedings[name]
    return list(db.session.scalars(select(HistoryEntry).where(of_case).order_by(HistoryEntry.position)))


def proceeding(stage: Stage, name: str) -> Proceeding:
    db.session.expire_all()
    return db.session.get_one(Proceeding, stage.world.proceedings[name])


def test_three_cases_run_from_judgment_to_archive(county: Flask, stage: Stage) -> None:
    with county.app_context():
        # C05 is filed late: the report lies about until the tenth day has passed, not so long that the office files
        stage.perform({"open": "C05", "until": "filing-report/T_review"})
        stage.world.move_to(day("2026-06-22"))
        stage.perform({"play": "C05"})
        stage.world.move_to(day("2026-09-15"))
        stage.perform({"open": "C01"})
        stage.world.move_to(day("2026-09-22"))
        stage.perform({"open": "C15"})
        stage.world.move_to(day("2026-10-13"))
        stage.perform({"play": "C15"})

        # the meeting: item 1 is pursued, item 2 deferred, item 3 disputed by one of seven members
        said = {
            "agenda-item/T_discuss#2": {"resolution": "DEFER"},
            "agenda-item/T_countersign#3/jinzhai.czj": [{"decision": "DISAGREE"}, {"decision": "AGREE"}],
        }
        meeting = {"meet": "M1", "cases": ["C01", "C05", "C15"], "answers": said, "leave": ["agenda-item/T_mediate"]}
        stage.perform(meeting)

        # the disputed item blocks no other: C01 is decided, investigated and archived while it is open
        stage.perform({"play": "C01"})
        assert proceeding(stage, "C01").outcome == "CONCLUDED"
        assert proceeding(stage, "M1").closed_at is None
        stage.perform({"play": "M1"})
        stage.perform({"play": "C15"})
        stage.perform({"play": "C05"})
        stage.perform({"meet": "M2", "cases": ["C05"]})
        stage.perform({"play": "C05"})

        for name in ("C01", "C05", "C15"):
            assert proceeding(stage, name).closed_at is not None, stage.players[name].standing()
        assert proceeding(stage, "M1").closed_at is not None
        the_meeting_decided_each_item_by_itself(stage)
        the_late_filing_is_on_record(stage)
        the_subjects_were_decided_separately(stage)
        the_history_tells_the_whole_story(stage)
        every_act_was_one_commit(stage)
        assert journal.broken_links() == []
        assert set(db.session.scalars(select(OutboxRow.status))) == {"DONE"}


def the_meeting_decided_each_item_by_itself(stage: Stage) -> None:
    items = db.session.scalars(
        select(AgendaItem).where(AgendaItem.meeting_id == stage.world.proceedings["M1"]).order_by(AgendaItem.item_no)
    ).all()

    assert [item.resolution for item in items] == ["PURSUE", "DEFER", "PURSUE"]
    moments = [item.decided_at for item in items]
    assert all(moment is not None for moment in moments)
    assert moments[2] > moments[0]


def the_late_filing_is_on_record(stage: Stage) -> None:
    names = [entry.name for entry in history(stage, "C05")]

    assert "催报并记录逾期" in names
    assert names.index("催报并记录逾期") < names.index("完整性审查")
    assert names.count("汇总并提出意见") == 2, "a deferred case is collated again"


def the_subjects_were_decided_separately(stage: Stage) -> None:
    subjects = db.session.scalars(
        select(CaseSubject).where(CaseSubject.proceeding_id == stage.world.proceedings["C01"])
    ).all()

    assert Counter(subject.kind for subject in subjects)["ORGAN"] >= 1
    assert Counter(subject.kind for subject in subjects)["PERSON"] >= 2
    assert all(subject.status == "CONCLUDED" and subject.decision_no for subject in subjects)
    assert len({subject.decision_no for subject in subjects}) == len(subjects)


def the_history_tells_the_whole_story(stage: Stage) -> None:
    for name in ("C01", "C05", "C15"):
        lines = history(stage, name)

        assert [line.position for line in lines] == list(range(1, len(lines) + 1))
        assert [line.at for line in lines] == sorted(line.at for line in lines)
        submitted = [line for line in lines if line.act == "SUBMITTED"]
        assert all(line.person_name and line.organ_name and line.clauses and line.submission_id for line in submitted)
        order = ["登记法律文书", "报送备案", "汇总并提出意见", "制作移送函并移送", "主要负责人审批立案", "组成调查组"]
        order += ["撰写调查报告", "审定并签发决定", "送达决定书", "执行处理决定", "向联席会议反馈情况", "归档"]
        told = [line.name for line in submitted]
        assert [told.index(step) for step in order] == sorted(told.index(step) for step in order)


def every_act_was_one_commit(stage: Stage) -> None:
    meter = stage.world.hands._meter  # type: ignore[attr-defined]
    steps = dict(db.session.execute(select(Task.id, Task.step_id)).all())

    assert {count.commits for count in meter.counts} == {1}
    for count in meter.counts:
        assert len(count.statements) <= MOST_STATEMENTS, "\n".join([steps[count.act], *count.statements])
