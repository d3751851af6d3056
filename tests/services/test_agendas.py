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

    assert len(opened) > 2
    assert all(people == {before, "answers", "handled"} for people in opened.values())
    assert all(people == {before, during, "answers", "handled"} for people in shut_out_of_votes(stage).values())
    assert (agenda, items_shown(stage, before), items_shown(stage, during)) == (1, 0, 0)


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
