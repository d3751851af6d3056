"""流程版本: what is published, handing in and publishing new versions, moving running cases to another one."""

from typing import Any

from flask import request

from app.api import bodies, clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.once import once
from app.api.permission import actor, needs_token
from app.domain.errors import ConflictError, InvalidAnswersError, Sentence
from app.queries.migration_runs import RunPage, run_page
from app.queries.releases import list_releases
from app.queries.studio import publication_page
from app.services import migration_runs, migrations
from app.services.studio import files as studio_files
from app.services.studio import review

MOST_BYTES = 20_000_000
"""Of all files that are handed in together."""


@route("GET", "/definitions", tag="definitions")
@needs_token
@gives(200, schemas.Definitions)
def list_definitions() -> dict[str, Any]:
    """All published versions of the processes of the caller's county."""
    return {"items": list_releases(actor())}


@route("POST", "/definitions", tag="definitions")
@needs_token
@takes(schemas.PossibleKey, location="headers", status=400)
@takes(schemas.DefinitionNotes, location="form")
@takes(schemas.DefinitionFiles, location="files")
@gives(201, schemas.HandedIn)
def hand_in_definitions(
    given: dict[str, Any], notes: dict[str, str], _files: dict[str, Any]
) -> tuple[studio_files.HandedIn, int]:
    """Hand in changed files of the caller's county as a draft; without errors it is submitted for approval at once.

    For process owners. Nothing runs on it before a second one publishes it.
    """
    uploads = {}
    for file in request.files.getlist("files")[: studio_files.MOST_IMPORTED + 1]:
        bodies.ensure_storable(file.filename or "")
        uploads[file.filename or ""] = file.read(MOST_BYTES)
    handed = studio_files.hand_in(
        notes["title"], uploads, notes=notes["notes"], key=given["key"] or "", actor=actor(), now=clock.now()
    )
    return handed, 201


@route("POST", "/definitions/<draft_id>/publish", tag="definitions")
@needs_token
@takes(schemas.Publishing)
@gives(200, schemas.Published)
def publish_definitions(body: dict[str, str], draft_id: str) -> dict[str, Any]:
    """Publish a submitted draft: all its files at once. The caller is an owner who did not write it.

    Sent again it is answered the same and changes nothing.
    """
    who = actor()
    page = publication_page(who, review.published_once(draft_id, body["reason"], actor=who, now=clock.now()))
    made = [{"id": id_, "process": process, "number": number} for id_, process, number in page.releases]
    return {"id": page.line.id, "number": page.line.number, "releases": made}


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
    found = [migrations.find(key, actor=who) for key in keys] if keys else _every(change)[: schemas.MOST_MIGRATED]
    return {"items": [_moved(id_, change, dry=body["dry_run"], now=now) for id_ in found]}


def _every(change: migrations.Change) -> list[str]:
    return [id_ for id_, _ in migrations.candidates(change.release_id, actor=actor())]


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


@route("POST", "/definitions/<release_id>/migrate/undo", tag="definitions")
@needs_token
@takes(schemas.MigratingBack)
@gives(200, schemas.MigrationsBack)
def migrate_back(body: dict[str, Any], release_id: str) -> dict[str, Any]:
    """Take back the last change of version of proceedings that run on this version, each in its own transaction.

    Refused, one by one, where anything has happened since, and where it was taken back already.
    """
    who = actor()
    change = migrations.change_to(release_id, mapping={}, reason=body["reason"], actor=who)
    if not change.reason:
        raise InvalidAnswersError({"reason": [migrations.NO_REASON_BACK]})
    found = [migrations.find(key, actor=who) for key in body["proceedings"]]
    return {"items": [_moved_back(id_, change) for id_ in found]}


def _moved_back(proceeding_id: str, change: migrations.Change) -> dict[str, Any]:
    number = migrations.number_of(proceeding_id)
    try:
        plan = migrations.undo(
            proceeding_id, reason=change.reason, actor=actor(), now=clock.now(), from_release=change.release_id
        )
    except ConflictError as error:
        why = Sentence(error.sentence, **error.values)
        return {"id": proceeding_id, "number": number, "done": False, "release": None, "obstacles": [why]}
    return {"id": proceeding_id, "number": number, "done": True, "release": plan.release_number, "obstacles": []}


@route("POST", "/definitions/<release_id>/migration-runs", tag="definitions")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.MigratingMany)
@gives(200, schemas.MigrationRun)
def begin_migration_run(given: dict[str, str], body: dict[str, Any], release_id: str) -> RunPage:
    """Order that many running proceedings move to this version; the worker does them one by one.

    Sent again with its key it orders nothing more and answers how far the run is.
    """
    who = actor()
    run_id = migration_runs.id_for(given["key"], actor=who, address=request.path)
    change = migrations.change_to(release_id, mapping=body["mapping"], reason=body["reason"], actor=who)
    keys = body["proceedings"]
    with once(given["key"]):
        chosen = [migrations.find(key, actor=who) for key in keys] if keys else _every(change)
        migration_runs.begin(change, chosen, actor=who, now=clock.now(), run_id=run_id)
    return run_page(who, run_id)


@route("GET", "/migration-runs/<run_id>", tag="definitions")
@needs_token
@gives(200, schemas.MigrationRun)
def get_migration_run(run_id: str) -> RunPage:
    """How far a run is, with what was refused and why."""
    return run_page(actor(), run_id)


@route("POST", "/migration-runs/<run_id>/undo", tag="definitions")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.Reasoned)
@gives(200, schemas.MigrationRun)
def undo_migration_run(given: dict[str, str], body: dict[str, str], run_id: str) -> RunPage:
    """Order that everything that a run has changed goes back, as far as nothing has happened since."""
    who = actor()
    back_id = migration_runs.id_for(given["key"], actor=who, address=request.path)
    with once(given["key"]):
        migration_runs.begin_back(run_id, reason=body["reason"], actor=who, now=clock.now(), run_id=back_id)
    return run_page(who, back_id)
