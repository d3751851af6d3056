"""责任对象: one that new facts bring up, and what became of a person."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.languages import language
from app.api.once import once
from app.api.permission import actor, needs_token
from app.queries.cases import CasePage, case_page
from app.services import standings, subjects


@route("POST", "/cases/<proceeding_id>/subjects", tag="subjects")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.NewSubject)
@gives(200, schemas.Case)
def add_subject(given: dict[str, str], body: dict[str, Any], proceeding_id: str) -> CasePage:
    """增加责任对象: add a responsible subject to a case that is investigated or decided on already."""
    with once(given["key"]):
        subjects.add(proceeding_id, subjects.NewSubject(**body), actor=actor(), now=clock.now())
    return case_page(actor(), proceeding_id, now=clock.now(), locale=language())


@route("POST", "/cases/<proceeding_id>/subjects/<subject_id>/status", tag="subjects")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.SubjectStatus)
@gives(200, schemas.Case)
def record_status(given: dict[str, str], body: dict[str, Any], proceeding_id: str, subject_id: str) -> CasePage:
    """变更状态: a responsible person died, left or moved; `papers` are ids of uploaded proof."""
    change = standings.StatusChange(**body)
    with once(given["key"]):
        standings.record(proceeding_id, subject_id, change, actor=actor(), now=clock.now())
    return case_page(actor(), proceeding_id, now=clock.now(), locale=language())
