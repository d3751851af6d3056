"""视图: a box with its filters under a name."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.once import once
from app.api.permission import actor, needs_token
from app.queries.boxes import Filters
from app.queries.views import views_of
from app.services import views


@route("GET", "/me/views", tag="me")
@needs_token
@gives(200, schemas.Views)
def list_views() -> dict[str, Any]:
    """The caller's own views first, then those shared in his organ. A view is only a question, not a right."""
    return {"items": views_of(actor())}


@route("POST", "/me/views", tag="me")
@needs_token
@takes(schemas.PossibleKey, location="headers", status=400)
@takes(schemas.ViewKeeping)
@gives(200, schemas.Views)
def keep_view(given: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Keep a view; one of the same name is overwritten. Filters are the parameters of the page's address."""
    filters = Filters.of_address(body["filters"]).address()
    with once(given["key"]):
        views.save(
            body["name"], box=body["box"], filters=filters, shared=body["shared"], actor=actor(), now=clock.now()
        )
    return list_views()


@route("DELETE", "/me/views/<view_id>", tag="me")
@needs_token
@takes(schemas.PossibleKey, location="headers", status=400)
@gives(204)
def drop_view(given: dict[str, Any], view_id: str) -> None:
    """Drop one of the caller's own."""
    with once(given["key"]):
        views.remove(view_id, actor=actor())
