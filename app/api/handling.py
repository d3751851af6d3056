"""Verbs beside submitting: 退回, 取回, 委派, 加签, 征求意见, 催办, 督办, 延期申请, 撤销, 代理."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.once import once
from app.api.permission import actor, needs_token
from app.queries.deputies import DeputiesPage, deputies_page
from app.queries.handling import Handling, handling_of
from app.services.handling import asking, back, delegation, deputies, ending, extensions, oversight, urging


@route("GET", "/tasks/<task_id>/handling", tag="tasks")
@needs_token
@gives(200, schemas.Handling)
def get_handling(task_id: str) -> dict[str, Any]:
    """What the caller may do with a step besides submitting it, and what lies beside it."""
    return _handling(task_id)


@route("POST", "/tasks/<task_id>/return", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.SendingBack)
@gives(204)
def send_back(given: dict[str, str], body: dict[str, str], task_id: str) -> None:
    """退回 to a step that was passed and that the diagram allows (`ways_back`). Its answers wait as a draft."""
    with once(given["key"]):
        back.send_back(task_id, to_step=body["to_step"], reason=body["reason"], actor=actor(), now=clock.now())


@route("POST", "/tasks/<task_id>/take-back", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Reasoned)
@gives(204)
def take_back(given: dict[str, str], body: dict[str, str], task_id: str) -> None:
    """取回 of one's own submission while nobody has opened what followed."""
    with once(given["key"]):
        back.take_back(task_id, reason=body["reason"], actor=actor(), now=clock.now())


@route("POST", "/tasks/<task_id>/delegate", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Transfer)
@gives(204)
def delegate(given: dict[str, str], body: dict[str, str], task_id: str) -> None:
    """委派: it comes back with the delegate's opinion."""
    to_person, reason = body["to_person"], body["reason"]
    with once(given["key"]):
        delegation.delegate(task_id, to_person=to_person, reason=reason, actor=actor(), now=clock.now())


@route("POST", "/tasks/<task_id>/hand-back", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.OpinionGiven)
@gives(204)
def hand_back(given: dict[str, str], body: dict[str, str], task_id: str) -> None:
    """The delegate gives the step back to its owner, with an opinion."""
    with once(given["key"]):
        delegation.hand_back(task_id, opinion=body["opinion"], actor=actor(), now=clock.now())


@route("POST", "/tasks/<task_id>/recall", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Reasoned)
@gives(204)
def recall(given: dict[str, str], body: dict[str, str], task_id: str) -> None:
    """收回委派."""
    with once(given["key"]):
        delegation.recall(task_id, reason=body["reason"], actor=actor(), now=clock.now())


@route("POST", "/tasks/<task_id>/ask", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Asking)
@gives(200, schemas.Handling)
def ask(given: dict[str, str], body: dict[str, Any], task_id: str) -> dict[str, Any]:
    """加签 (COUNTERSIGN: the step waits for the answer) or 征求意见 (OPINION)."""
    with once(given["key"]):
        asking.ask(
            task_id,
            kind=body["kind"],
            person_id=body["person_id"],
            question=body["question"],
            actor=actor(),
            now=clock.now(),
        )
    return _handling(task_id)


@route("POST", "/asked/<side_task_id>/answer", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.OpinionGiven)
@gives(204)
def answer(given: dict[str, str], body: dict[str, str], side_task_id: str) -> None:
    """Give the opinion that was asked for."""
    with once(given["key"]):
        asking.answer(side_task_id, opinion=body["opinion"], actor=actor(), now=clock.now())


@route("POST", "/asked/<side_task_id>/withdraw", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Reasoned)
@gives(204)
def withdraw(given: dict[str, str], body: dict[str, str], side_task_id: str) -> None:
    """Do without the answer."""
    with once(given["key"]):
        asking.withdraw(side_task_id, reason=body["reason"], actor=actor(), now=clock.now())


@route("POST", "/tasks/<task_id>/urge", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Urging)
@gives(204)
def urge(given: dict[str, str], body: dict[str, str], task_id: str) -> None:
    """催办, once a day."""
    with once(given["key"]):
        urging.urge(task_id, text=body["text"], actor=actor(), now=clock.now())


@route("POST", "/tasks/<task_id>/extension-requests", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.ExtensionRequesting)
@gives(200, schemas.Handling)
def request_extension(given: dict[str, str], body: dict[str, Any], task_id: str) -> dict[str, Any]:
    """延期申请, before the last day has passed."""
    with once(given["key"]):
        extensions.request(task_id, until=body["until"], reason=body["reason"], actor=actor(), now=clock.now())
    return _handling(task_id)


@route("POST", "/extension-requests/<request_id>/decide", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.RecusalDecision)
@gives(204)
def decide_extension(given: dict[str, str], body: dict[str, Any], request_id: str) -> None:
    """Approve or refuse a request, by who answers for the time of the step."""
    granted, reason = body["granted"], body["reason"]
    with once(given["key"]):
        extensions.decide(request_id, granted=granted, reason=reason, actor=actor(), now=clock.now())


@route("POST", "/tasks/<task_id>/sheets", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.SheetIssuing)
@gives(204)
def issue_sheet(given: dict[str, str], body: dict[str, Any], task_id: str) -> None:
    """督办: issue a yellow or red sheet on an open step."""
    with once(given["key"]):
        oversight.issue(
            task_id,
            colour=body["colour"],
            demand=body["demand"],
            term=body["term"],
            actor=actor(),
            now=clock.now(),
        )


@route("POST", "/sheets/<sheet_id>/answer", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.OpinionGiven)
@gives(204)
def answer_sheet(given: dict[str, str], body: dict[str, str], sheet_id: str) -> None:
    """Report what was done about a sheet."""
    with once(given["key"]):
        oversight.answer(sheet_id, text=body["opinion"], actor=actor(), now=clock.now())


@route("POST", "/sheets/<sheet_id>/close", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.OpinionGiven)
@gives(204)
def close_sheet(given: dict[str, str], body: dict[str, str], sheet_id: str) -> None:
    """销号."""
    with once(given["key"]):
        oversight.close(sheet_id, note=body["opinion"], actor=actor(), now=clock.now())


@route("POST", "/cases/<key>/revoke", tag="cases")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Suspending)
@gives(204)
def revoke_case(given: dict[str, str], body: dict[str, str], key: str) -> None:
    """撤销案件: it ends where it stands, for good; its file stays."""
    with once(given["key"]):
        ending.revoke(key, reason=body["reason"], basis=body["basis"], actor=actor(), now=clock.now())


@route("GET", "/me/deputies", tag="me")
@needs_token
@gives(200, schemas.Deputies)
def get_deputies() -> DeputiesPage:
    """代理: who stands in for the caller and those whom he leads, and the steps that he may do in others' stead."""
    return deputies_page(actor(), now=clock.now())


@route("POST", "/me/deputies", tag="me")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Appointing)
@gives(200, schemas.Deputies)
def appoint_deputy(given: dict[str, str], body: dict[str, Any]) -> DeputiesPage:
    """Let somebody stand in for the caller, or for somebody whom he leads, for some days."""
    with once(given["key"]):
        deputies.appoint(
            principal_id=body["principal_id"] or actor().person_id,
            deputy_id=body["deputy_id"],
            since=body["since"],
            until=body["until"],
            roles=body["roles"],
            reason=body["reason"],
            actor=actor(),
            now=clock.now(),
        )
    return deputies_page(actor(), now=clock.now())


@route("DELETE", "/me/deputies/<deputy_id>", tag="me")
@needs_token
@gives(204)
def end_deputy(deputy_id: str) -> None:
    """End it before its last day. Again changes nothing."""
    deputies.end(deputy_id, actor=actor(), now=clock.now())


def _handling(task_id: str) -> dict[str, Any]:
    found: Handling = handling_of(actor(), task_id, now=clock.now())
    return {"handling": found, "ways_back": back.ways_back(task_id, actor=actor())}
