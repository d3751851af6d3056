"""案件: the register, a new case, one case and its story."""

from typing import Any

from flask import url_for

from app.api import clock, cursors, schemas
from app.api.blueprint import gives, route, takes
from app.api.languages import language
from app.api.permission import actor, needs_token
from app.domain.proceedings import ProceedingKind
from app.queries.cases import CasePage, case_page
from app.queries.listings import Wanted, list_proceedings
from app.services.cases import Opened
from app.services.cases import open_case as open_

Created = tuple[Opened, int, dict[str, str]]


@route("GET", "/cases", tag="cases")
@needs_token
@takes(schemas.ProceedingQuery, location="query")
@gives(200, schemas.ProceedingListing)
def list_cases(query: dict[str, Any]) -> dict[str, Any]:
    """The cases that the caller may see, newest first."""
    return listing_of(ProceedingKind.CASE, query)


def listing_of(kind: ProceedingKind, query: dict[str, Any]) -> dict[str, Any]:
    """One page of cases or meetings."""
    wanted = Wanted(**{name: query[name] for name in ("number", "text", "lead_organ", "status", "stage")})
    found = list_proceedings(actor(), kind, wanted=wanted, after=cursors.read(query["cursor"]), limit=query["limit"])
    return {"items": found.items, "total": found.total, "next": cursors.written(found.end)}


@route("POST", "/cases", tag="cases")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.CaseOpening)
@gives(201, schemas.Opened, headers=schemas.LOCATION)
def open_case(once: dict[str, str], body: dict[str, Any]) -> Created:
    """Open a case of the caller's organ, or of another by the office; with `data` its first form is submitted too."""
    opened = open_(
        actor=actor(),
        now=clock.now(),
        key=once["key"],
        regulation_id=body["regulation"],
        organ_id=body["organ_id"],
        data=body["data"],
        override_reason=body["override_reason"],
    )
    return opened, 201, {"Location": url_for("api.get_case", key=opened.proceeding_id)}


@route("GET", "/cases/<key>", tag="cases")
@needs_token
@gives(200, schemas.Case)
def get_case(key: str) -> CasePage:
    """One case by id or number: where it stands, what waits, who is held responsible as far as the caller may know."""
    return case_page(actor(), key, now=clock.now(), locale=language())


@route("GET", "/cases/<key>/history", tag="cases")
@needs_token
@gives(200, schemas.History)
def get_history(key: str) -> dict[str, Any]:
    """The whole story of a case in order. Submissions that the caller may not read are marked `withheld`."""
    return {"items": case_page(actor(), key, now=clock.now(), locale=language()).story.lines}
