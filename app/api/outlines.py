"""流程大纲: the diagram of a proceeding in words."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.languages import language
from app.api.permission import actor, needs_token
from app.queries.heads import find_seen
from app.queries.outlines import Outline, outline_of


@route("GET", "/proceedings/<key>/outline", tag="proceedings")
@needs_token
@takes(schemas.OutlineQuery, location="query")
@gives(200, schemas.OutlineAnswer)
def get_outline(query: dict[str, Any], key: str) -> Outline:
    """Every step with its role, clauses, deadline and state, nested as processes call, and what may come next."""
    found = find_seen(actor(), key, locale=language())
    return outline_of(actor(), found, automatic=query["automatic"], now=clock.now())
