"""A step with a legal effect in the small world: the head decides whether the case is docketed."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from app.extensions import db
from app.storage import models as m
from tests.web.counties import NORTH
from tests.web.rows import make_task
from tests.web.world import World

ANSWERS = {
    "head_decision": "APPROVED",
    "head_opinion": "同意立案，请依法办理。",
    "docketed_on": "2026-11-20",
    "head_signature": True,
}


def add_legal_step(app: Flask, world: World) -> str:
    """Its id; 陈立 (`north.leader`) holds it."""
    with app.app_context():
        now = datetime.now(UTC)
        row = make_task(
            db.session.get_one(m.Proceeding, world.case_id),
            "docketing/T_docket_head",
            "负责人审批立案",
            "team.leader",
            organ=f"{NORTH}.jw",
            form_key="enforcement/docket_approval",
            assignee_id=f"{NORTH}.leader",
            claimed_at=now,
            opened_at=now - timedelta(hours=1),
        )
        db.session.commit()
        return row.id
