"""关联程序: further procedures about a case or a decision; the list, a new one, one of them."""

from typing import Any

from flask import url_for

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.cases import Created, listing_of
from app.api.languages import language
from app.api.permission import actor, needs_token
from app.domain.proceedings import ProceedingKind
from app.queries.procedures import ProcedurePage, procedure_page
from app.services.procedures import open_procedure as open_


@route("GET", "/procedures", tag="procedures")
@needs_token
@takes(schemas.ProceedingQuery, location="query")
@gives(200, schemas.ProceedingListing)
def list_procedures(query: dict[str, Any]) -> dict[str, Any]:
    """The further procedures that the caller may see, newest first."""
    return listing_of(ProceedingKind.PROCEDURE, query)


@route("POST", "/procedures", tag="procedures")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.ProcedureOpening)
@gives(201, schemas.Opened, headers=schemas.LOCATION)
def open_procedure(once: dict[str, str], body: dict[str, Any]) -> Created:
    """Open a procedure about a case or a decision; with `data` its first form is submitted in the same act."""
    opened = open_(
        body["procedure"],
        body["about"],
        subject_id=body["subject_id"],
        regulation_id=body["regulation"],
        actor=actor(),
        now=clock.now(),
        key=once["key"],
        data=body["data"],
    )
    return opened, 201, {"Location": url_for("api.get_procedure", key=opened.proceeding_id)}


@route("GET", "/procedures/<key>", tag="procedures")
@needs_token
@gives(200, schemas.Procedure)
def get_procedure(key: str) -> ProcedurePage:
    """One procedure by id or number: what it is about, where it stands, what came of it."""
    return procedure_page(actor(), key, now=clock.now(), locale=language())
