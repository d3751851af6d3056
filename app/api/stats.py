"""Figures of the county, for roles that see all of it: ledger, assessment sheet, bulletin, counts."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.languages import language
from app.api.permission import actor, needs_token
from app.queries.bulletins import Bulletin
from app.queries.bulletins import bulletin as bulletin_of
from app.queries.counts import Counts, counts_of
from app.queries.ledger import Ledger, LedgerFilters
from app.queries.ledger import ledger as ledger_of
from app.queries.overview import Overview
from app.queries.overview import overview as overview_of
from app.queries.process_status import ProcessCard, Span, StatusFilters, process_cards, process_status
from app.queries.sheets import Sheet, assessment_sheet


@route("GET", "/stats/ledger", tag="stats")
@needs_token
@takes(schemas.LedgerQuery, location="query")
@gives(200, schemas.LedgerAnswer)
def get_ledger(query: dict[str, Any]) -> Ledger:
    """台账: one line a case, the newest first."""
    page, limit = query.pop("page"), query.pop("limit")
    return ledger_of(actor(), LedgerFilters(**query), page=page, per_page=limit, now=clock.now(), locale=language())


@route("GET", "/stats/assessment", tag="stats")
@needs_token
@takes(schemas.YearQuery, location="query")
@gives(200, schemas.AssessmentSheet)
def get_assessment(query: dict[str, Any]) -> Sheet:
    """考核表: what the regulation wants counted of each organ in a year, every rate with its two numbers."""
    return assessment_sheet(actor(), query["year"], regulation_id=query["regulation"], now=clock.now())


@route("GET", "/stats/bulletin", tag="stats")
@needs_token
@takes(schemas.BulletinQuery, location="query")
@gives(200, schemas.BulletinAnswer)
def get_bulletin(query: dict[str, Any]) -> Bulletin:
    """通报: cases lost in a year or quarter, how filing went, and what was decided."""
    return bulletin_of(
        actor(),
        query["year"],
        quarter=query["quarter"],
        regulation_id=query["regulation"],
        now=clock.now(),
        locale=language(),
    )


@route("GET", "/stats/overview", tag="stats")
@needs_token
@gives(200, schemas.OverviewAnswer)
def get_overview() -> Overview:
    """概览: how the cases stand that the caller sees; each figure names the filters that list its cases."""
    return overview_of(actor(), now=clock.now())


@route("GET", "/stats/processes", tag="stats")
@needs_token
@gives(200, schemas.ProcessesAnswer)
def get_processes() -> dict[str, tuple[ProcessCard, ...]]:
    """Processes that start by themselves, with how many run and how many of their open steps are late."""
    return {"items": process_cards(actor(), now=clock.now())}


@route("GET", "/stats/processes/<process_key>", tag="stats")
@needs_token
@takes(schemas.StatusQuery, location="query")
@gives(200, schemas.ProcessStatusAnswer)
def get_process(query: dict[str, Any], process_key: str) -> dict[str, Any]:
    """流程状态: what stands at each step now, and how long the steps take that were done in a span of time."""
    filters = StatusFilters(query["release"], query["organ"], Span(query["span"]))
    page = process_status(actor(), process_key, filters, now=clock.now())
    return {
        "key": page.key,
        "name": page.name,
        "running": page.running,
        "versions": page.versions,
        "steps": sorted(page.figures.values(), key=lambda row: (row.process_key, row.step_id)),
    }


@route("GET", "/stats/counts", tag="stats")
@needs_token
@gives(200, schemas.Counts)
def get_counts() -> Counts:
    """How many proceedings there are by status and stage, and how many steps are open, late or held by a failure."""
    return counts_of(actor(), now=clock.now())
