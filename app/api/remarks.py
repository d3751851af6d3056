"""讨论: remarks on a case, meeting or procedure, apart from its record."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.once import once
from app.api.permission import actor, needs_token
from app.domain.errors import NotFoundError
from app.queries.comments import comments_of
from app.services import comments


@route("GET", "/proceedings/<proceeding_id>/remarks", tag="remarks")
@needs_token
@gives(200, schemas.Remarks)
def list_remarks(proceeding_id: str) -> dict[str, Any]:
    """What was said about a proceeding that the caller sees, oldest first. Nothing of it belongs to its record."""
    found = comments_of(actor(), proceeding_id, now=clock.now())
    if found is None:
        raise NotFoundError
    return {"items": found}


@route("POST", "/proceedings/<proceeding_id>/remarks", tag="remarks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Remarking)
@gives(200, schemas.Remarks)
def add_remark(given: dict[str, str], body: dict[str, Any], proceeding_id: str) -> dict[str, Any]:
    """Say something. Whom the text names with @ gets a notice, if he sees the proceeding."""
    with once(given["key"]):
        comments.add(proceeding_id, text=body["text"], task_id=body["task_id"], actor=actor(), now=clock.now())
    return list_remarks(proceeding_id)


@route("PUT", "/remarks/<remark_id>", tag="remarks")
@needs_token
@takes(schemas.PossibleKey, location="headers", status=400)
@takes(schemas.RemarkChanging)
@gives(204)
def change_remark(given: dict[str, Any], body: dict[str, str], remark_id: str) -> None:
    """Other words, within a quarter of an hour and by the author alone."""
    with once(given["key"]):
        comments.change(remark_id, text=body["text"], actor=actor(), now=clock.now())


@route("DELETE", "/remarks/<remark_id>", tag="remarks")
@needs_token
@takes(schemas.PossibleKey, location="headers", status=400)
@gives(204)
def remove_remark(given: dict[str, Any], remark_id: str) -> None:
    """Take it away, within a quarter of an hour: its words are gone, that there was one is told."""
    with once(given["key"]):
        comments.remove(remark_id, actor=actor(), now=clock.now())
