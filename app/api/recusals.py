"""回避: asking that somebody step aside in a case, meeting or procedure, and deciding it."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.once import once
from app.api.permission import actor, needs_token
from app.queries.recusals import RecusalPage, recusal_page
from app.services import recusals


@route("GET", "/proceedings/<proceeding_id>/recusals", tag="recusals")
@needs_token
@gives(200, schemas.Recusals)
def list_recusals(proceeding_id: str) -> RecusalPage:
    """Every request in a case, meeting or procedure, the newest first, and who may be asked."""
    return recusal_page(actor(), proceeding_id)


@route("POST", "/proceedings/<proceeding_id>/recusals", tag="recusals")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.RecusalRequest)
@gives(200, schemas.Recusals)
def request_recusal(given: dict[str, str], body: dict[str, str], proceeding_id: str) -> RecusalPage:
    """Ask that somebody step aside; without `person_id` the caller declares that for himself."""
    person = body["person_id"] or actor().person_id
    said = {"ground": body["ground"], "reason": body["reason"]}
    with once(given["key"]):
        recusals.request(proceeding_id, person_id=person, **said, actor=actor(), now=clock.now())
    return recusal_page(actor(), proceeding_id)


@route("POST", "/proceedings/<proceeding_id>/recusals/<recusal_id>/decide", tag="recusals")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.RecusalDecision)
@gives(200, schemas.Recusals)
def decide_recusal(given: dict[str, str], body: dict[str, Any], proceeding_id: str, recusal_id: str) -> RecusalPage:
    """Decide a request. A granted one takes the person's steps away and hides the proceeding from him at once."""
    recusal_page(actor(), proceeding_id)  # hidden from who may not see the proceeding
    granted, reason = body["granted"], body["reason"]
    with once(given["key"]):
        recusals.decide(recusal_id, granted=granted, reason=reason, actor=actor(), now=clock.now())
    return recusal_page(actor(), proceeding_id)
