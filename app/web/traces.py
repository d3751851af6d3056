"""Refusals and exports are told in the journal, whichever page or address of the API it was."""

import structlog
from flask import Flask, g, make_response, request
from flask.wrappers import Response

from app.domain.actors import Actor
from app.domain.readings import Shown
from app.extensions import OUTAGES
from app.services import traces
from app.web import clock
from app.web.problems import away
from app.web.rates import EXPORT, rate_of_request

REFUSED = (403, 404, 429)

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    app.after_request(leave)


def leave(response: Response) -> Response:
    """Nothing is taken along without a line in the journal; a refusal is one whether its line can be written or not.

    An address that is none of ours refuses nobody anything, nor does a page that only asks for the password again.
    """
    if request.endpoint in (None, "static") or "asked_again" in g:
        return response
    status = g.get("refused") or response.status_code
    if status in REFUSED:
        _tell_refusal(status)
    elif status == 200 and request.method == "GET" and (actor := _actor()):
        try:
            _tell_reading(actor)
        except OUTAGES as error:
            return make_response(away(error))
    return response


def _tell_reading(actor: Actor) -> None:
    """What was taken along, and what was looked at; whoever does neither costs nothing."""
    if rate_of_request() is EXPORT:
        traces.exported(
            actor.username, actor.county_id, what=request.path, asked=request.args.to_dict(), now=clock.now()
        )
    elif (shown := shown_by(request.url_rule.rule if request.url_rule else "")) is not None:
        names = request.view_args or {}
        traces.looked(actor.username, shown, next(str(names[n]) for n in _KEYS[shown] if n in names), now=clock.now())


_KEYS = {
    Shown.SUBJECT: ("subject_id",),
    Shown.SUBMISSION: ("submission_id",),
    Shown.STEP: ("task_id",),
    Shown.FILE: ("key", "proceeding_id"),
}
"""Arguments of the routes that name something of a case, the narrowest first."""
_ELSEWHERE = ("/operations/", "/meetings/", "/api/v1/meetings/")
"""What shows numbers and steps only, or what lies before an investigation."""


def shown_by(rule: str) -> Shown | None:
    """What of a case the pages of a route show; None for all others."""
    if rule.startswith(_ELSEWHERE):
        return None
    return next((shown for shown, names in _KEYS.items() if any(f"<{name}>" in rule for name in names)), None)


def _tell_refusal(status: int) -> None:
    actor = _actor()
    if actor is None and status != 429:
        return  # a stranger meets the door, and what lies behind it stays unsaid
    who = actor.username if actor else f"address/{request.remote_addr or ''}"
    try:
        traces.refused(who, status=status, what=f"{request.method} {request.path}", now=clock.now())
    except OUTAGES as error:
        log.error("refusal not told", who=who, status=status, why=str(error).partition("\n")[0])


def _actor() -> Actor | None:
    found: Actor | None = g.get("token_actor") or g.get("actor")
    return found
