"""我的关注: the proceedings that the caller follows. Nobody else learns of it."""

from typing import Any

from app.api import clock, cursors, schemas
from app.api.blueprint import gives, route, takes
from app.api.permission import actor, needs_token
from app.queries.listings import Wanted, list_followed
from app.services import follows


@route("GET", "/me/follows", tag="me")
@needs_token
@takes(schemas.ProceedingQuery, location="query")
@gives(200, schemas.ProceedingListing)
def list_follows(query: dict[str, Any]) -> dict[str, Any]:
    """What the caller follows and may still see, newest first."""
    wanted = Wanted(**{name: query[name] for name in ("number", "text", "lead_organ", "status", "stage")})
    found = list_followed(actor(), wanted=wanted, after=cursors.read(query["cursor"]), limit=query["limit"])
    return {"items": found.items, "total": found.total, "next": cursors.written(found.end)}


@route("PUT", "/me/follows/<proceeding_id>", tag="me")
@needs_token
@gives(204)
def follow(proceeding_id: str) -> None:
    """Follow a case, meeting or procedure. Again changes nothing."""
    follows.follow(proceeding_id, actor=actor(), now=clock.now())


@route("DELETE", "/me/follows/<proceeding_id>", tag="me")
@needs_token
@gives(204)
def unfollow(proceeding_id: str) -> None:
    """Follow it no longer. Again changes nothing."""
    follows.unfollow(proceeding_id, actor=actor())
