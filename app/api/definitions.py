"""流程版本: what is published."""

from typing import Any

from app.api import schemas
from app.api.blueprint import gives, route
from app.api.permission import actor, needs_token
from app.queries.releases import list_releases


@route("GET", "/definitions", tag="definitions")
@needs_token
@gives(200, schemas.Definitions)
def list_definitions() -> dict[str, Any]:
    """All published versions of the processes of the caller's county."""
    return {"items": list_releases(actor())}
