"""Recipes for the verbs beside submitting: 退回, 取回, 委派, 加签, 催办, 延期申请, 督办, 撤销; and 提交前核对."""

import json
from datetime import date, timedelta
from typing import Any

from tests.faults.crash_requests import Sent, recipe
from tests.faults.crash_world import COUNTY, Desk

REASON = "材料缺页，请补正。"


def _today(desk: Desk) -> date:
    from app.domain.deadlines import office_day  # noqa: PLC0415  (see tests.conftest)

    return office_day(desk.now)


def _check(desk: Desk) -> str:
    """A step that the officer has claimed."""
    return str(desk.step("checked").task_id)


# ---- 提交前核对, 退回, 取回


@recipe("POST /tasks/<task_id>/check")
def _(desk: Desk) -> Sent:
    task, who, answers = desk.filled("reviewed")
    return Sent(f"/tasks/{task}/check", who.removeprefix(f"{COUNTY}."), form={"data": json.dumps(answers)})


def _returnable(desk: Desk) -> tuple[str, str, str]:
    """A step that fell to its only candidate, who has it, and the step before it."""
    from app.services.handling.back import ways_back  # noqa: PLC0415
    from app.storage.models import Task  # noqa: PLC0415

    task = desk.row(Task, Task.proceeding_id == desk.ids["reviewed"], Task.step_id == "T_review")
    who = "organ.legal_reviewer.zjj"
    return task.id, who, ways_back(task.id, actor=desk.actor(who))[0].step_id


@recipe("POST /tasks/<task_id>/return")
def _(desk: Desk) -> Sent:
    task, who, back = _returnable(desk)
    return Sent(f"/tasks/{task}/return", who, form={"to_step": back, "reason": REASON})


@recipe("POST /api/v1/tasks/<task_id>/return")
def _(desk: Desk) -> Sent:
    task, who, back = _returnable(desk)
    return Sent(f"/api/v1/tasks/{task}/return", who, body={"to_step": back, "reason": REASON})


def _submitted(desk: Desk) -> tuple[str, str]:
    """A step that was submitted while nobody has opened the one that followed, and by whom."""
    from app.storage.models import Task  # noqa: PLC0415

    done = desk.row(Task, Task.proceeding_id == desk.ids["reviewed"], Task.step_id == "T_draft")
    return done.id, "organ.reporter.zjj"


@recipe("POST /tasks/<task_id>/take-back")
def _(desk: Desk) -> Sent:
    task, who = _submitted(desk)
    return Sent(f"/tasks/{task}/take-back", who, form={"reason": REASON})


@recipe("POST /api/v1/tasks/<task_id>/take-back")
def _(desk: Desk) -> Sent:
    task, who = _submitted(desk)
    return Sent(f"/api/v1/tasks/{task}/take-back", who, body={"reason": REASON})


# ---- 委派, 交回, 收回


def _to_colleague(desk: Desk) -> dict[str, str]:
    return {"to_person": desk.actor("jmo.officer2").person_id, "reason": "请先核对送达日期。"}


def _delegated(desk: Desk) -> str:
    from app.services.handling import delegation  # noqa: PLC0415

    delegation.delegate(_check(desk), **_to_colleague(desk), actor=desk.actor("jmo.officer"), now=desk.now)
    return _check(desk)


@recipe("POST /tasks/<task_id>/delegate")
def _(desk: Desk) -> Sent:
    return Sent(f"/tasks/{_check(desk)}/delegate", "jmo.officer", form=_to_colleague(desk))


@recipe("POST /api/v1/tasks/<task_id>/delegate")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/tasks/{_check(desk)}/delegate", "jmo.officer", body=_to_colleague(desk))


@recipe("POST /tasks/<task_id>/hand-back")
def _(desk: Desk) -> Sent:
    return Sent(f"/tasks/{_delegated(desk)}/hand-back", "jmo.officer2", form={"opinion": "日期无误。"})


@recipe("POST /api/v1/tasks/<task_id>/hand-back")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/tasks/{_delegated(desk)}/hand-back", "jmo.officer2", body={"opinion": "日期无误。"})


@recipe("POST /tasks/<task_id>/recall")
def _(desk: Desk) -> Sent:
    return Sent(f"/tasks/{_delegated(desk)}/recall", "jmo.officer", form={"reason": "本人办理。"})


@recipe("POST /api/v1/tasks/<task_id>/recall")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/tasks/{_delegated(desk)}/recall", "jmo.officer", body={"reason": "本人办理。"})


# ---- 加签, 征求意见


def _question(desk: Desk) -> dict[str, str]:
    person = desk.actor("jmo.director").person_id
    return {"kind": "COUNTERSIGN", "person_id": person, "question": "是否受理？"}


def _asked(desk: Desk) -> str:
    """The id of a question to the director."""
    from app.domain.handling import SideKind  # noqa: PLC0415
    from app.services.handling import asking  # noqa: PLC0415

    said: dict[str, Any] = {**_question(desk), "kind": SideKind.COUNTERSIGN}
    return asking.ask(_check(desk), **said, actor=desk.actor("jmo.officer"), now=desk.now)


@recipe("POST /tasks/<task_id>/ask")
def _(desk: Desk) -> Sent:
    return Sent(f"/tasks/{_check(desk)}/ask", "jmo.officer", form=_question(desk))


@recipe("POST /api/v1/tasks/<task_id>/ask")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/tasks/{_check(desk)}/ask", "jmo.officer", body=_question(desk))


@recipe("POST /asked/<side_task_id>")
def _(desk: Desk) -> Sent:
    return Sent(f"/asked/{_asked(desk)}", "jmo.director", form={"opinion": "同意受理。"})


@recipe("POST /api/v1/asked/<side_task_id>/answer")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/asked/{_asked(desk)}/answer", "jmo.director", body={"opinion": "同意受理。"})


@recipe("POST /tasks/<task_id>/asked/<side_task_id>/withdraw")
def _(desk: Desk) -> Sent:
    path = f"/tasks/{_check(desk)}/asked/{_asked(desk)}/withdraw"
    return Sent(path, "jmo.officer", form={"reason": "已经查明。"})


@recipe("POST /api/v1/asked/<side_task_id>/withdraw")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/asked/{_asked(desk)}/withdraw", "jmo.officer", body={"reason": "已经查明。"})


# ---- 催办, 延期申请


@recipe("POST /tasks/<task_id>/urge")
def _(desk: Desk) -> Sent:
    return Sent(f"/tasks/{_check(desk)}/urge", "jmo.director", form={"text": "请尽快办理。"})


@recipe("POST /api/v1/tasks/<task_id>/urge")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/tasks/{_check(desk)}/urge", "jmo.director", body={"text": "请尽快办理。"})


def _wish(desk: Desk) -> dict[str, str]:
    return {"until": (_today(desk) + timedelta(days=30)).isoformat(), "reason": "材料较多。"}


def _wished(desk: Desk) -> str:
    """The id of a request for more time that waits for the director."""
    from app.services.handling import extensions  # noqa: PLC0415

    officer, until = desk.actor("jmo.officer"), _today(desk) + timedelta(days=30)
    return extensions.request(_check(desk), until=until, reason="材料较多。", actor=officer, now=desk.now)


@recipe("POST /tasks/<task_id>/extension-requests")
def _(desk: Desk) -> Sent:
    return Sent(f"/tasks/{_check(desk)}/extension-requests", "jmo.officer", form=_wish(desk))


@recipe("POST /api/v1/tasks/<task_id>/extension-requests")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/tasks/{_check(desk)}/extension-requests", "jmo.officer", body=_wish(desk))


@recipe("POST /tasks/<task_id>/extension-requests/<request_id>")
def _(desk: Desk) -> Sent:
    path = f"/tasks/{_check(desk)}/extension-requests/{_wished(desk)}"
    return Sent(path, "jmo.director", form={"decision": "grant", "reason": "情况属实。"})


@recipe("POST /api/v1/extension-requests/<request_id>/decide")
def _(desk: Desk) -> Sent:
    body = {"granted": True, "reason": "情况属实。"}
    return Sent(f"/api/v1/extension-requests/{_wished(desk)}/decide", "jmo.director", body=body)


# ---- 督办, 撤销


def _demand(desk: Desk) -> dict[str, str]:
    return {"colour": "RED", "demand": "限期办结。", "term": (_today(desk) + timedelta(days=9)).isoformat()}


def _sheet(desk: Desk, *, answered: bool = False) -> str:
    """The id of a sheet to the officer."""
    from app.domain.handling import SheetColour  # noqa: PLC0415
    from app.services.handling import oversight  # noqa: PLC0415

    term, director = _today(desk) + timedelta(days=9), desk.actor("jmo.director")
    sheet = oversight.issue(
        _check(desk), colour=SheetColour.YELLOW, demand="请办结。", term=term, actor=director, now=desk.now
    )
    if answered:
        oversight.answer(sheet, text="已经办结。", actor=desk.actor("jmo.officer"), now=desk.now)
    return sheet


@recipe("POST /tasks/<task_id>/sheets")
def _(desk: Desk) -> Sent:
    return Sent(f"/tasks/{_check(desk)}/sheets", "jmo.director", form=_demand(desk))


@recipe("POST /api/v1/tasks/<task_id>/sheets")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/tasks/{_check(desk)}/sheets", "jmo.director", body=_demand(desk))


@recipe("POST /tasks/<task_id>/sheets/<sheet_id>/answer")
def _(desk: Desk) -> Sent:
    return Sent(f"/tasks/{_check(desk)}/sheets/{_sheet(desk)}/answer", "jmo.officer", form={"text": "已经办结。"})


@recipe("POST /api/v1/sheets/<sheet_id>/answer")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/sheets/{_sheet(desk)}/answer", "jmo.officer", body={"opinion": "已经办结。"})


@recipe("POST /tasks/<task_id>/sheets/<sheet_id>/close")
def _(desk: Desk) -> Sent:
    path = f"/tasks/{_check(desk)}/sheets/{_sheet(desk, answered=True)}/close"
    return Sent(path, "jmo.director", form={"note": "同意销号。"})


@recipe("POST /api/v1/sheets/<sheet_id>/close")
def _(desk: Desk) -> Sent:
    path = f"/api/v1/sheets/{_sheet(desk, answered=True)}/close"
    return Sent(path, "jmo.director", body={"opinion": "同意销号。"})


def _mistaken() -> dict[str, str]:
    return {"reason": "重复登记。", "basis": "同一裁判文书已立案。"}


@recipe("POST /proceedings/<proceeding_id>/revoke")
def _(desk: Desk) -> Sent:
    return Sent(f"/proceedings/{desk.ids['checked']}/revoke", "jmo.director", form=_mistaken())


@recipe("POST /api/v1/cases/<key>/revoke")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/cases/{desk.ids['checked']}/revoke", "jmo.director", body=_mistaken())
