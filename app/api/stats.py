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


@route("GET", "/stats/counts", tag="stats")
@needs_token
@gives(200, schemas.Counts)
def get_counts() -> Counts:
    """How many proceedings there are by status and stage, and how many steps are open, late or held by a failure."""
    return counts_of(actor(), now=clock.now())
