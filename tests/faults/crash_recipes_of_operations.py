"""Recipes of what technical administrators do."""

from typing import Any
from uuid import uuid4

from tests.faults.crash_requests import Sent, recipe
from tests.faults.crash_world import COUNTY, Desk


def _token(desk: Desk) -> Any:
    """Where a plain case stands."""
    from app.services import interventions  # noqa: PLC0415  (see tests.conftest)

    found = interventions.tokens_of(desk.ids["reviewed"], actor=desk.actor("operator"))
    return next(token for token in found if token.kind == "TASK" and token.destinations)


def _asked(desk: Desk) -> str:
    from app.services import interventions  # noqa: PLC0415

    token = _token(desk)
    return interventions.ask_to_move(
        desk.ids["reviewed"],
        engine_task_id=token.task_id,
        to_step=token.destinations[0][0],
        reason="无法继续。",
        actor=desk.actor("operator"),
        now=desk.now,
    )


@recipe("POST /operations/proceedings/<proceeding_id>/incidents/<engine_task_id>/retry")
def _(desk: Desk) -> Sent:
    from app.storage.models import IncidentRow  # noqa: PLC0415

    incident = desk.row(IncidentRow, IncidentRow.proceeding_id == desk.ids["held"])
    path = f"/operations/proceedings/{desk.ids['held']}/incidents/{incident.engine_task_id}/retry"
    return Sent(path, "operator", form={"note": "服务已恢复。"})


@recipe("POST /operations/proceedings/<proceeding_id>/move")
def _(desk: Desk) -> Sent:
    token = _token(desk)
    said = {"token": token.task_id, "to_step": token.destinations[0][0], "reason": "无法继续。"}
    return Sent(f"/operations/proceedings/{desk.ids['reviewed']}/move", "operator", form=said)


@recipe("POST /operations/proceedings/<proceeding_id>/cancel")
def _(desk: Desk) -> Sent:
    return Sent(f"/operations/proceedings/{desk.ids['reviewed']}/cancel", "operator", form={"reason": "误入。"})


@recipe("POST /operations/interventions/<intervention_id>/approve")
def _(desk: Desk) -> Sent:
    return Sent(f"/operations/interventions/{_asked(desk)}/approve", "operator2", form={"note": "同意。"})


@recipe("POST /operations/interventions/<intervention_id>/refuse")
def _(desk: Desk) -> Sent:
    return Sent(f"/operations/interventions/{_asked(desk)}/refuse", "operator2", form={"note": "不同意。"})


@recipe("POST /operations/interventions/<intervention_id>/withdraw")
def _(desk: Desk) -> Sent:
    return Sent(f"/operations/interventions/{_asked(desk)}/withdraw", "operator")


def _dead(desk: Desk) -> str:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import OutboxRow  # noqa: PLC0415

    values = {"kind": "NOTICE", "name": "TOLD", "payload": {}, "correlation": "", "status": "DEAD", "attempts": 8}
    row = OutboxRow(id=uuid4().hex, county_id=COUNTY, proceeding_id=desk.ids["reviewed"], **values)
    row.created_at = row.due_at = desk.now
    db.session.add(row)
    db.session.commit()
    return row.id


@recipe("POST /operations/letters/<letter_id>/send-again")
def _(desk: Desk) -> Sent:
    return Sent(f"/operations/letters/{_dead(desk)}/send-again", "operator", form={"note": "对方已恢复。"})


@recipe("POST /operations/letters/<letter_id>/discard")
def _(desk: Desk) -> Sent:
    return Sent(f"/operations/letters/{_dead(desk)}/discard", "operator", form={"note": "已电话告知。"})
