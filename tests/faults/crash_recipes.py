"""A valid request for every address that takes a form or a body, by method and rule. A new address needs a new line.

`Sent` is what is sent; the key is added by whoever sends it, the same one every time.
"""

import json
from typing import Any

from tests.faults import (
    crash_recipes_of_administrators,
    crash_recipes_of_cases,
    crash_recipes_of_files,
    crash_recipes_of_handling,
    crash_recipes_of_lists,
    crash_recipes_of_notices,
    crash_recipes_of_operations,
    crash_recipes_of_people,
    crash_recipes_of_studio,
    crash_recipes_of_tryouts,
)
from tests.faults.crash_requests import FILE, RECIPES, Sent, recipe
from tests.faults.crash_world import COUNTY, LIST, Desk

__all__ = [
    "RECIPES",
    "crash_recipes_of_administrators",
    "crash_recipes_of_cases",
    "crash_recipes_of_files",
    "crash_recipes_of_handling",
    "crash_recipes_of_lists",
    "crash_recipes_of_notices",
    "crash_recipes_of_operations",
    "crash_recipes_of_people",
    "crash_recipes_of_studio",
    "crash_recipes_of_tryouts",
]


def _opened(desk: Desk) -> dict[str, Any]:
    """Answers of a registration that is valid for a case of the reporter."""
    from app.services import cases  # noqa: PLC0415

    reporter = desk.actor("organ.reporter.zjj")
    return desk.registration(cases.open_case(actor=reporter, now=desk.now, key="sample").proceeding_id)


# ---- signing in and small things


@recipe("POST /sign-in")
def _(desk: Desk) -> Sent:
    return Sent("/sign-in", form={"username": f"{COUNTY}.jmo.officer", "password": "only-For-Tests-1"})


@recipe("POST /sign-out")
def _(desk: Desk) -> Sent:
    return Sent("/sign-out", "jmo.officer")


@recipe("POST /locale")
def _(desk: Desk) -> Sent:
    return Sent("/locale", "jmo.officer", form={"locale": "en", "next": "/"})


@recipe("POST /notices/<notice_id>/read")
def _(desk: Desk) -> Sent:
    from app.storage.models import Notice  # noqa: PLC0415

    notice = desk.row(Notice, Notice.role == "jmo.officer", Notice.read_at.is_(None))
    return Sent(f"/notices/{notice.id}/read", "jmo.officer", form={"stay": "1"})


@recipe("POST /attachments")
def _(desk: Desk) -> Sent:
    return Sent("/attachments", "organ.reporter.zjj", files={"file": FILE})


@recipe("POST /api/v1/attachments")
def _(desk: Desk) -> Sent:
    return Sent("/api/v1/attachments", "organ.reporter.zjj", files={"file": FILE})


# ---- tasks


@recipe("POST /tasks/<task_id>")
def _(desk: Desk) -> Sent:
    task, who, answers = desk.filled("reviewed")
    return Sent(f"/tasks/{task}", who.removeprefix(f"{COUNTY}."), form={"data": json.dumps(answers)})


@recipe("POST /api/v1/tasks/<task_id>/complete")
def _(desk: Desk) -> Sent:
    task, who, answers = desk.filled("reviewed")
    return Sent(f"/api/v1/tasks/{task}/complete", who.removeprefix(f"{COUNTY}."), body={"data": answers})


def _claimable(desk: Desk) -> tuple[str, str]:
    task, who, _answers = desk.filled("drafted")
    return task, who.removeprefix(f"{COUNTY}.")


@recipe("POST /tasks/<task_id>/claim")
def _(desk: Desk) -> Sent:
    task, who = _claimable(desk)
    return Sent(f"/tasks/{task}/claim", who)


@recipe("POST /api/v1/tasks/<task_id>/claim")
def _(desk: Desk) -> Sent:
    task, who = _claimable(desk)
    return Sent(f"/api/v1/tasks/{task}/claim", who)


@recipe("POST /tasks/<task_id>/release")
def _(desk: Desk) -> Sent:
    return Sent(f"/tasks/{desk.step('checked').task_id}/release", "jmo.officer", form={"reason": "出差"})


@recipe("POST /api/v1/tasks/<task_id>/release")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/tasks/{desk.step('checked').task_id}/release", "jmo.officer", body={"reason": "出差"})


@recipe("POST /tasks/<task_id>/transfer")
def _(desk: Desk) -> Sent:
    to = {"to_person": desk.actor("jmo.officer2").person_id, "reason": "出差"}
    return Sent(f"/tasks/{desk.step('checked').task_id}/transfer", "jmo.officer", form=to)


@recipe("POST /api/v1/tasks/<task_id>/transfer")
def _(desk: Desk) -> Sent:
    to = {"to_person": desk.actor("jmo.officer2").person_id, "reason": "出差"}
    return Sent(f"/api/v1/tasks/{desk.step('checked').task_id}/transfer", "jmo.officer", body=to)


@recipe("POST /tasks/<task_id>/draft")
def _(desk: Desk) -> Sent:
    return Sent(f"/tasks/{desk.step('checked').task_id}/draft", "jmo.officer", body={"opinion": "先存"})


@recipe("PUT /tasks/<task_id>/draft")
def _(desk: Desk) -> Sent:
    return Sent(f"/tasks/{desk.step('checked').task_id}/draft", "jmo.officer", body={"opinion": "先存"})


def _left(desk: Desk) -> str:
    """A step that was handed over with an unfinished draft."""
    from app.services import drafts, tasks  # noqa: PLC0415  (see tests.conftest)

    step, first, second = desk.step("checked").task_id, desk.actor("jmo.officer"), desk.actor("jmo.officer2")
    drafts.save(step, data={"opinion": "写到一半"}, actor=first, now=desk.now)
    tasks.transfer(step, actor=first, now=desk.now, to_person=second.person_id, reason="出差")
    return step


@recipe("POST /tasks/<task_id>/draft/take-over")
def _(desk: Desk) -> Sent:
    form = {"person": desk.actor("jmo.officer").person_id}
    return Sent(f"/tasks/{_left(desk)}/draft/take-over", "jmo.officer2", form=form)


@recipe("POST /api/v1/tasks/<task_id>/draft/take-over")
def _(desk: Desk) -> Sent:
    body = {"person_id": desk.actor("jmo.officer").person_id}
    return Sent(f"/api/v1/tasks/{_left(desk)}/draft/take-over", "jmo.officer2", body=body)


@recipe("PUT /api/v1/tasks/<task_id>/draft")
def _(desk: Desk) -> Sent:
    path = f"/api/v1/tasks/{desk.step('checked').task_id}/draft"
    return Sent(path, "jmo.officer", body={"data": {"opinion": "先存"}})


# ---- opening


@recipe("POST /cases")
def _(desk: Desk) -> Sent:
    return Sent("/cases", "organ.reporter.zjj", files={"memo": FILE})


@recipe("POST /api/v1/cases")
def _(desk: Desk) -> Sent:
    return Sent("/api/v1/cases", "organ.reporter.zjj", body={"data": _opened(desk)})


@recipe("POST /meetings")
def _(desk: Desk) -> Sent:
    return Sent("/meetings", "jmo.director")


@recipe("POST /api/v1/meetings")
def _(desk: Desk) -> Sent:
    return Sent("/api/v1/meetings", "jmo.director", body={})


@recipe("POST /procedures")
def _(desk: Desk) -> Sent:
    return Sent("/procedures", "jmo.officer", form={"kind": "advice"})


@recipe("POST /api/v1/procedures")
def _(desk: Desk) -> Sent:
    return Sent("/api/v1/procedures", "jmo.officer", body={"procedure": "advice"})


@recipe("POST /court-list")
def _(desk: Desk) -> Sent:
    from app.storage.models import Organ  # noqa: PLC0415

    organ = desk.row(Organ, Organ.id == f"{COUNTY}.zjj").name
    return Sent("/court-list", "jmo.officer", form={"list": LIST.format(number=802, organ=organ)})


@recipe("POST /court-list/<entry_id>/case")
def _(desk: Desk) -> Sent:
    from app.storage.models import CourtListEntry  # noqa: PLC0415

    return Sent(f"/court-list/{desk.row(CourtListEntry).id}/case", "jmo.officer")


@recipe("POST /court-list/leads/<procedure_id>/case")
def _(desk: Desk) -> Sent:
    return Sent(f"/court-list/leads/{desk.ids['advice']}/case", "jmo.officer")
