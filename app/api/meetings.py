"""联席会议: the list, a new meeting, one meeting with its agenda."""

from typing import Any

from flask import url_for

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.cases import Created, listing_of
from app.api.languages import language
from app.api.permission import actor, needs_token
from app.domain.proceedings import ProceedingKind
from app.queries.meetings import MeetingPage, meeting_page
from app.services.meetings import open_meeting as open_


@route("GET", "/meetings", tag="meetings")
@needs_token
@takes(schemas.ProceedingQuery, location="query")
@gives(200, schemas.ProceedingListing)
def list_meetings(query: dict[str, Any]) -> dict[str, Any]:
    """The joint meetings that the caller may see, newest first."""
    return listing_of(ProceedingKind.MEETING, query)


@route("POST", "/meetings", tag="meetings")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.MeetingOpening)
@gives(201, schemas.Opened, headers=schemas.LOCATION)
def open_meeting(once: dict[str, str], body: dict[str, Any]) -> Created:
    """Propose a joint meeting; with `data` the proposal is submitted in the same act."""
    opened = open_(actor=actor(), now=clock.now(), key=once["key"], data=body["data"])
    return opened, 201, {"Location": url_for("api.get_meeting", key=opened.proceeding_id)}


@route("GET", "/meetings/<key>", tag="meetings")
@needs_token
@gives(200, schemas.Meeting)
def get_meeting(key: str) -> MeetingPage:
    """One meeting by id or number: agenda, opinions, the countersign sheet as far as the caller may see it yet."""
    return meeting_page(actor(), key, now=clock.now(), locale=language())
