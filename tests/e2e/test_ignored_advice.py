"""Advice that an organ ignores becomes a case by reference, opened by the office from the register."""

from datetime import UTC, datetime
from uuid import uuid4

from flask import Flask

from app.scenarios.demo import Stage
from config import ROOT

REGISTERED = {
    "matter": "负责人出庭应诉",
    "advice_type": "JUDICIAL_ADVICE",
    "advice_no": "(2026)皖1524司建2号",
    "advice_issued_by": "jinzhai.fy",
    "advised_organ": "jinzhai.zjj",
    "received_on": "2026-03-02",
    "reply_due": "2026-03-31",
    "advice_matters": "请落实负责人出庭应诉制度并书面反馈。",
}


def test_the_office_opens_a_case_by_reference_on_ignored_advice(county: Flask) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.queries.exchange import reconciliation  # noqa: PLC0415
    from app.scenarios.player import Player  # noqa: PLC0415
    from app.services import exchange, procedures  # noqa: PLC0415
    from app.storage.models import TaskDraft  # noqa: PLC0415

    with county.app_context():
        begins = datetime(2026, 3, 2, 1, tzinfo=UTC)
        world = Stage(ROOT / "demo", county="jinzhai", begins=begins, ends=datetime(2027, 1, 1, tzinfo=UTC)).world
        officer = world.actor("jinzhai.jmo.officer")
        opened = procedures.open_procedure("advice", actor=officer, now=world.now, key=uuid4().hex)
        world.proceedings["R"] = opened.proceeding_id
        paper = {**REGISTERED, "advice_file": ["$paper"]}
        said = {"T_advice_office": paper, "T_advice_check": {"advice_check": "IGNORED"}}
        Player(world, "R", answers={**said, "T_advice_lead": {"lead_proposed": True}}).play()

        lead = reconciliation(officer).leads[0]
        assert (lead.advice_no, lead.case_id) == ("(2026)皖1524司建2号", None)
        case = exchange.open_lead(lead.id, actor=officer, now=world.now, key=uuid4().hex)

        draft = db.session.get_one(TaskDraft, (case.task_id, officer.person_id)).data
        assert (draft["legal_doc_type"], draft["nominal_entity"]) == ("JUDICIAL_ADVICE", "jinzhai.zjj")
