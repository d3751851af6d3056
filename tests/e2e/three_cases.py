"""Three published cases from registration to archive, by any hands: one meeting defers one and disputes another."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import select

from app.extensions import db
from app.queries import open_steps
from app.queries.open_steps import OpenStep
from app.scenarios.demo import Stage
from app.scenarios.player import Player
from app.storage import journal
from app.storage.models import AgendaItem, CaseSubject, HistoryEntry, Proceeding
from config import ROOT

NAMES = ("C01", "C05", "C15")
RETURNED_ONCE = [{"review_result": "RETURNED", "review_opinion": "原因分析过于笼统，请补充。"}, {}]
SAID_IN_MEETING = {
    "agenda-item/T_discuss#2": {"resolution": "DEFER"},
    "agenda-item/T_countersign#3/jinzhai.czj": [{"decision": "DISAGREE"}, {"decision": "AGREE"}],
}
ORDER = ["登记法律文书", "报送备案", "汇总并提出意见", "制作移送函并移送", "负责人审批立案", "组成调查组"]
ORDER += ["撰写调查报告", "审定并签发决定", "送达决定书", "执行处理决定", "向联席会议反馈", "归档"]

FEW_SUBJECTS = {
    "C01": [
        {"kind": "ORGAN", "organ": "scj", "role": "IMPLEMENTING_AND_NOMINAL"},
        {"kind": "PERSON", "organ": "scj", "person": "jinzhai.subject.person.scj", "role": "HANDLER"},
        {"kind": "PERSON", "organ": "scj", "person": "jinzhai.subject.person.scj3", "role": "APPROVER"},
    ],
    "C05": [
        {"kind": "ORGAN", "organ": "zjj", "role": "IMPLEMENTING"},
        {"kind": "PERSON", "organ": "zjj", "person": "jinzhai.subject.person.zjj", "role": "HANDLER"},
    ],
    "C15": [
        {"kind": "ORGAN", "organ": "msz", "role": "IMPLEMENTING"},
        {"kind": "PERSON", "organ": "msz", "person": "jinzhai.subject.person.msz", "role": "HANDLER"},
    ],
}
"""Found instead of the published ones where every form costs time."""

Staged = TypeVar("Staged", bound=Stage)
Signing = Callable[[Player, list[OpenStep]], None]
"""How the members sign one agenda item."""


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T01:00:00+00:00")


def empty_stage(kind: type[Staged] = Stage) -> Staged:
    return kind(ROOT / "demo", county="jinzhai", begins=day("2026-06-09"), ends=datetime(2027, 6, 1, tzinfo=UTC))


def one_after_the_other(player: Player, steps: list[OpenStep]) -> None:
    for step in steps:
        player.do(step)


def from_judgment_to_archive(stage: Stage, *, few_subjects: bool = False, sign: Signing = one_after_the_other) -> None:
    """All three, with two meetings, and everything that holds of them afterwards. Inside an application context."""
    before_the_meeting(stage, few_subjects=few_subjects)
    the_meeting(stage, sign=sign)
    the_first_is_archived(stage)
    the_others_follow(stage)

    everything_is_closed(stage)
    the_meeting_decided_each_item_by_itself(stage)
    the_late_filing_is_on_record(stage)
    the_subjects_were_decided_separately(stage)
    the_history_tells_the_whole_story(stage)
    assert journal.broken_links() == []


def before_the_meeting(stage: Stage, *, few_subjects: bool = False) -> None:
    """C05 is filed late: the report lies about until the tenth day has passed, not so long that the office files."""
    found = {
        name: {"investigation/T_subjects": {"subjects": FEW_SUBJECTS[name]}} if few_subjects else {} for name in NAMES
    }
    stage.perform({"open": "C05", "until": "filing-report/T_review", "answers": found["C05"]})
    stage.world.move_to(day("2026-06-22"))
    stage.perform({"play": "C05"})
    stage.world.move_to(day("2026-09-15"))
    stage.perform({"open": "C01", "answers": {**found["C01"], "filing-report/T_review": RETURNED_ONCE}})
    stage.world.move_to(day("2026-09-22"))
    stage.perform({"open": "C15", "answers": found["C15"]})
    stage.world.move_to(day("2026-10-13"))
    stage.perform({"play": "C15"})


def the_meeting(stage: Stage, *, sign: Signing = one_after_the_other) -> None:
    """Item 1 is pursued, item 2 deferred, item 3 disputed by one of seven members: it stays open."""
    meeting = {"meet": "M1", "cases": list(NAMES), "answers": SAID_IN_MEETING}
    stage.perform({**meeting, "until": "agenda-item/T_countersign"})
    player = stage.players["M1"]
    signing = [step for step in open_steps.of_proceeding(player.proceeding_id) if step.key.endswith("/T_countersign")]
    assert len(signing) == 7
    sign(player, signing)
    stage.perform({"play": "M1", "leave": ["agenda-item/T_mediate"]})


def the_first_is_archived(stage: Stage) -> None:
    """While the disputed item is open: it blocks no other."""
    stage.perform({"play": "C01"})
    assert proceeding(stage, "C01").outcome == "CONCLUDED", stage.players["C01"].standing()
    assert proceeding(stage, "M1").closed_at is None


def the_others_follow(stage: Stage) -> None:
    """The disputed one once it is settled, the deferred one after a second meeting."""
    stage.perform({"play": "M1"})
    stage.perform({"play": "C15"})
    stage.perform({"play": "C05"})
    stage.perform({"meet": "M2", "cases": ["C05"]})
    stage.perform({"play": "C05"})


def history(stage: Stage, name: str) -> list[HistoryEntry]:
    of_case = HistoryEntry.proceeding_id == stage.world.proceedings[name]
    return list(db.session.scalars(select(HistoryEntry).where(of_case).order_by(HistoryEntry.position)))


def proceeding(stage: Stage, name: str) -> Proceeding:
    db.session.expire_all()
    return db.session.get_one(Proceeding, stage.world.proceedings[name])


def everything_is_closed(stage: Stage) -> None:
    for name in (*NAMES, "M1", "M2"):
        assert proceeding(stage, name).closed_at is not None, stage.players[name].standing()


def the_meeting_decided_each_item_by_itself(stage: Stage) -> None:
    items = db.session.scalars(
        select(AgendaItem).where(AgendaItem.meeting_id == stage.world.proceedings["M1"]).order_by(AgendaItem.item_no)
    ).all()

    assert [item.resolution for item in items] == ["PURSUE", "DEFER", "PURSUE"]
    moments = [item.decided_at for item in items]
    assert all(moment is not None for moment in moments)
    assert moments[2] > moments[0]


def the_late_filing_is_on_record(stage: Stage) -> None:
    names = [entry.name for entry in history(stage, "C05") if entry.act == "SUBMITTED"]

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
    for name in NAMES:
        lines = history(stage, name)

        assert [line.position for line in lines] == list(range(1, len(lines) + 1))
        assert [line.at for line in lines] == sorted(line.at for line in lines)
        submitted = [line for line in lines if line.act == "SUBMITTED"]
        assert all(line.person_name and line.organ_name and line.clauses and line.submission_id for line in submitted)
        told = [line.name for line in submitted]
        assert [told.index(step) for step in ORDER] == sorted(told.index(step) for step in ORDER)
