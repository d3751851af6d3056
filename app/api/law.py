"""制度: the regulations and their clauses, as the pages show them. Law is public: every caller reads all of it."""

from collections.abc import Iterator
from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route
from app.api.permission import actor, needs_token
from app.domain.deadlines import office_day
from app.queries import regulations as query
from app.queries.regulations import ClauseFilters, ClauseView, RegulationPage


@route("GET", "/regulations", tag="regulations")
@needs_token
@gives(200, schemas.Regulations)
def list_regulations() -> dict[str, Any]:
    """The regulations of all counties, with how many of their clauses are carried."""
    return {"items": query.list_regulations(on=office_day(clock.now()))}


@route("GET", "/regulations/<regulation_id>", tag="regulations")
@needs_token
@gives(200, schemas.RegulationClauses)
def get_regulation(regulation_id: str) -> dict[str, Any]:
    """One regulation clause by clause: our reading, the official wording where it was imported, and what carries it.

    How often a clause was passed this year is counted in the caller's own county only.
    """
    page = query.regulation_page(actor(), regulation_id, ClauseFilters(), now=clock.now())
    return {"regulation": page.line, "year": page.year, "items": list(_clauses(page))}


def _clauses(page: RegulationPage) -> Iterator[dict[str, Any]]:
    for article in page.articles:
        for view in article.clauses:
            yield {"clause": view.clause, "wording": view.wording or None, "passed": _passed(page, view)}


def _passed(page: RegulationPage, view: ClauseView) -> dict[str, int] | None:
    if not page.counts_here:
        return None
    return {"cases": view.cases, "meetings": view.meetings, "procedures": view.procedures}
