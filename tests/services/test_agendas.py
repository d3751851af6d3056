"""Agendas on the shipped procedure: told again after a postponement, recusal of who handled or pleaded a case."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.domain.errors import ConflictError
from app.scenarios.demo import Stage
from app.scenarios.script import ScenarioError
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


def shut_out_of_votes(stage: Stage) -> dict[str, set[str]]:
    """Open votes by their organ: who is kept out of each."""
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Task  # noqa: PLC0415

    db.session.expire_all()
    votes = db.session.query(Task).filter_by(step_id="T_countersign", status="OPEN")
    return {str(vote.candidate_organ): set(vote.excluded_people) for vote in votes}


def items_shown(stage: Stage, who: str) -> int:
    """How many items the meeting's page has for a person."""
    from app.queries.meetings import meeting_page  # noqa: PLC0415

    world = stage.world
    page = meeting_page(world.actor(who), world.proceedings["M1"], now=world.now, locale="zh")
    return len(page.items)


def step_aside(stage: Stage, who: str) -> None:
    from app.services import recusals  # noqa: PLC0415

    world = stage.world
    asked = {"person_id": world.actor(who).person_id, "ground": "INTEREST", "reason": "其配偶是原告的股东。"}
    case, director = world.proceedings["C13"], world.actor("jinzhai.jmo.director")
    recusal = recusals.request(case, **asked, actor=director, now=world.now)
    by = world.actor("jinzhai.county.leader")
    recusals.decide(recusal, granted=True, reason="情况属实。", actor=by, now=world.now)


def close_meeting(stage: Stage) -> None:
    """What the meeting's last step asks for."""
    from app.services.command import Command  # noqa: PLC0415
    from app.services.operations import meetings  # noqa: PLC0415
    from app.storage.proceedings import get_file  # noqa: PLC0415

    world = stage.world
    meetings.close(Command(get_file(world.proceedings["M1"]), actor=world.actor("jinzhai.jmo.director"), now=world.now))


@pytest.mark.slow
def test_who_stepped_aside_answers_or_handled_a_remedy_in_a_case_has_no_vote_on_it(stage: Stage) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Proceeding  # noqa: PLC0415
    from app.storage.procedures import REMEDIED  # noqa: PLC0415

    before, during = (f"jinzhai.member.signatory.{organ}" for organ in ("czj", "fy"))
    stage.perform({"open": "C13"})
    step_aside(stage, before)
    case = db.session.get_one(Proceeding, stage.world.proceedings["C13"])
    case.waiting = {**case.waiting, "subjects": ["answers"], REMEDIED: ["handled"]}
    db.session.commit()
    stage.perform({"meet": "M1", "cases": ["C13"], "until": "agenda-item/T_countersign"})
    opened, agenda = shut_out_of_votes(stage), items_shown(stage, during)

    step_aside(stage, during)

    with pytest.raises(ConflictError, match="第1项议题尚未决定，会议不能办结"):
        close_meeting(stage)
    assert len(opened) > 2
    assert all(people == {before, "answers", "handled"} for people in opened.values())
    assert all(people == {before, during, "answers", "handled"} for people in shut_out_of_votes(stage).values())
    assert (agenda, items_shown(stage, before), items_shown(stage, during)) == (1, 0, 0)


def test_a_suspended_case_is_taken_up_by_no_meeting_before_it_is_resumed(stage: Stage) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.queries.pools import pool_of  # noqa: PLC0415
    from app.storage.models import Proceeding  # noqa: PLC0415

    world, director = stage.world, stage.world.actor("jinzhai.jmo.director")
    stage.perform({"open": "C13"})
    case = db.session.get_one(Proceeding, world.proceedings["C13"])
    case.suspended_at = world.now  # from a reminder or a rectification that was open beside the wait
    db.session.commit()

    with pytest.raises(ScenarioError, match="“拟议案件”中有不能选择的对象"):
        stage.perform({"meet": "M1", "cases": ["C13"], "until": "joint-meeting/T_hold"})

    assert [(waiting.suspended, waiting.on_agenda) for waiting in pool_of(director, now=world.now)] == [(True, "")]
    db.session.get_one(Proceeding, world.proceedings["C13"]).suspended_at = None
    db.session.commit()
    stage.perform({"meet": "M2", "cases": ["C13"], "until": "joint-meeting/T_hold"})
    assert [waiting.on_agenda != "" for waiting in pool_of(director, now=world.now)] == [True]


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


def revoke(stage: Stage, case: str) -> None:
    from app.services.handling import ending  # noqa: PLC0415

    world = stage.world
    given = {"reason": "重复立卷", "basis": "内部规程"}
    ending.revoke(world.proceedings[case], **given, actor=world.actor("jinzhai.jmo.director"), now=world.now)


@pytest.mark.slow
def test_a_case_in_the_pool_where_no_step_waits_is_led_by_the_side_that_brought_it_there(stage: Stage) -> None:
    from app.domain.errors import NotAllowedError  # noqa: PLC0415
    from app.queries.handling import handling_page  # noqa: PLC0415
    from app.queries.periods import periods_page  # noqa: PLC0415
    from app.services import periods  # noqa: PLC0415

    stage.perform({"open": "C13"})
    world, given = stage.world, {"reason": "相关刑事案件尚未审结。", "basis": "内部规程"}
    case, director, other = (
        world.proceedings["C13"],
        *map(world.actor, ("jinzhai.jmo.director", "jinzhai.county.leader")),
    )
    page = handling_page(director, case, now=world.now, locale="zh")
    assert (page.steps, page.may_revoke) == ((), True)
    with pytest.raises(NotAllowedError):
        periods.suspend_case(case, **given, actor=other, now=world.now)

    periods.suspend_case(case, **given, actor=director, now=world.now)
    assert periods_page(director, case, now=world.now, locale="zh").may_resume
    periods.resume_case(case, reason="已经审结。", actor=director, now=world.now)
    revoke(stage, "C13")

    assert not handling_page(director, case, now=world.now, locale="zh").may_revoke


@pytest.mark.slow
def test_a_case_is_revoked_once_the_decision_of_a_meeting_that_goes_on_has_reached_it(stage: Stage) -> None:
    from app.domain.proceedings import ProceedingStatus  # noqa: PLC0415
    from app.extensions import db  # noqa: PLC0415
    from app.services import examination  # noqa: PLC0415
    from app.storage.agendas import POOL_MESSAGE  # noqa: PLC0415
    from app.storage.models import AgendaItem, OutboxRow, Proceeding, SubscriptionRow  # noqa: PLC0415

    stage.perform({"open": "C13"})
    case = stage.world.proceedings["C13"]
    waits = db.session.query(SubscriptionRow).filter_by(proceeding_id=case, message=POOL_MESSAGE).one()
    row = {column.name: getattr(waits, column.name) for column in SubscriptionRow.__table__.columns}
    stage.perform({"meet": "M1", "cases": ["C13"], "until": "agenda-item/T_countersign"})
    with pytest.raises(ConflictError, match="请先退出议程"):
        revoke(stage, "C13")
    db.session.rollback()
    stage.perform({"play": "M1", "until": "joint-meeting/T_minutes"})
    assert db.session.query(AgendaItem).one().status == "DECIDED"
    db.session.add(SubscriptionRow(**row))  # as long as the decision is on its way
    db.session.commit()
    with pytest.raises(ConflictError, match="正在通知本案"):
        revoke(stage, "C13")
    db.session.rollback()
    db.session.query(SubscriptionRow).filter_by(engine_task_id=row["engine_task_id"]).delete()
    db.session.commit()

    revoke(stage, "C13")
    stage.perform({"play": "M1"})

    assert db.session.get_one(Proceeding, case).status is ProceedingStatus.CANCELLED
    meeting = stage.world.proceedings["M1"]
    assert db.session.get_one(Proceeding, meeting).status is ProceedingStatus.CLOSED
    assert [examination.examine(id_, now=stage.world.now) for id_ in (case, meeting)] == [[], []]
    assert db.session.query(OutboxRow).filter(OutboxRow.status.in_(("PENDING", "DEAD"))).count() == 0


def papers_opened(stage: Stage, who: str) -> dict[str, bool]:
    """By the scope of each paper that the meeting issued (an item, or empty): whether a person may open it."""
    from app.extensions import db  # noqa: PLC0415
    from app.storage.attachments import may_read  # noqa: PLC0415
    from app.storage.models import Attachment, IssuedPaper  # noqa: PLC0415

    world = stage.world
    issued = db.session.query(IssuedPaper, Attachment).join(Attachment, Attachment.id == IssuedPaper.attachment_id)
    found: dict[str, bool] = {}
    for paper, file in issued.filter(IssuedPaper.proceeding_id == world.proceedings["M1"]):
        may = may_read(file, world.actor(who), today=world.now.date())
        found[paper.scope] = found.get(paper.scope, True) and may
    return found


@pytest.mark.slow
def test_minutes_and_papers_of_a_meeting_tell_nothing_of_a_case_to_who_stepped_aside_from_it(stage: Stage) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.queries.meetings import meeting_page  # noqa: PLC0415
    from app.storage.models import AgendaItem, Case, Proceeding  # noqa: PLC0415

    member, another = (f"jinzhai.member.signatory.{organ}" for organ in ("fy", "czj"))
    director = "jinzhai.jmo.director"
    stage.perform({"open": "C13"})
    stage.perform({"meet": "M1", "cases": ["C13"], "until": "joint-meeting/T_close"})
    world = stage.world
    left = world.proceedings["C13"]
    row = db.session.get_one(Proceeding, left)
    names = [row.number, row.title, str(db.session.get_one(Case, left).doc_no)]
    item = str(db.session.query(AgendaItem).one().item_no)

    def told(who: str) -> str:
        return repr(meeting_page(world.actor(who), world.proceedings["M1"], now=world.now, locale="zh"))

    sheets = {who: papers_opened(stage, who).get(item) for who in (member, another, director)}
    assert sheets == {member: True, another: True, director: False}  # who gave no vote sees those of others at the end
    stage.perform({"play": "M1", "until": "joint-meeting/T_marchive"})
    assert papers_opened(stage, director)[item]

    before, opened = told(member), papers_opened(stage, member)
    step_aside(stage, member)
    after, open_still = told(member), papers_opened(stage, member)

    assert any(name in before for name in names)
    assert all(opened.values())
    assert {"", item} <= opened.keys()
    assert not [name for name in names if name in after]
    assert not open_still[""]
    assert not open_still[item]
    assert papers_opened(stage, another) == opened


def test_what_names_a_case_is_withheld_and_what_is_done_for_another_item_is_not() -> None:
    from app.storage.withheld import NOTHING, Withheld  # noqa: PLC0415

    kept_back = Withheld(items=frozenset({2}), names=frozenset({"（2026）皖1524行初1号"}))
    own, other = {"agenda_item": {"item_no": 2}}, {"agenda_item": {"item_no": 3}}

    assert (kept_back.hides(own), kept_back.hides(other), kept_back.hides_paper(other)) == (True, False, False)
    assert kept_back.hides({}, {"minutes_text": "关于（2026）皖1524行初1号一案"})
    assert not kept_back.hides({}, {"minutes_text": "其他议题"})
    assert kept_back.hides_paper({})
    assert not NOTHING.hides_paper({})
