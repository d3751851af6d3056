"""流程版本: what is published, and moving running cases to another version."""

from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.permission import actor, needs_token
from app.domain.errors import ConflictError, InvalidAnswersError
from app.queries.releases import list_releases
from app.services import migrations


@route("GET", "/definitions", tag="definitions")
@needs_token
@gives(200, schemas.Definitions)
def list_definitions() -> dict[str, Any]:
    """All published versions of the processes of the caller's county."""
    return {"items": list_releases(actor())}


@route("POST", "/definitions/<release_id>/migrate", tag="definitions")
@needs_token
@takes(schemas.Migrating)
@gives(200, schemas.Migrations)
def migrate(body: dict[str, Any], release_id: str) -> dict[str, Any]:
    """Move running proceedings to this version, each in its own transaction; with `dry_run` only say what would be.

    Sent again it changes nothing more: what is on the version already is refused, one by one.
    """
    who, now = actor(), clock.now()
    change = migrations.change_to(release_id, mapping=body["mapping"], reason=body["reason"], actor=who)
    if not (change.reason or body["dry_run"]):
        raise InvalidAnswersError({"reason": [migrations.NO_REASON]})
    keys = body["proceedings"]
    found = [migrations.find(key, actor=who) for key in keys] if keys else _all(change)
    return {"items": [_moved(id_, change, dry=body["dry_run"], now=now) for id_ in found]}


def _all(change: migrations.Change) -> list[str]:
    return [id_ for id_, _ in migrations.candidates(change.release_id, actor=actor())][: schemas.MOST_MIGRATED]


def _moved(proceeding_id: str, change: migrations.Change, *, dry: bool, now: Any) -> dict[str, Any]:
    plan = migrations.plan(proceeding_id, change, now=now)
    done = False
    if plan.possible and not dry:
        try:
            plan = migrations.change_one(proceeding_id, change, actor=actor(), now=now)
            done = True
        except ConflictError as error:  # somebody was faster
            plan = migrations.refused(plan, error)
    return {"plan": plan, "done": done}
