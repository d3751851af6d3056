"""换版 of many proceedings with one act: a run with a row for each, done by the worker one after the other.

Each row is the ordinary change of version in a transaction of its own that also settles the row (docs/decisions/0011),
as the person who acted, with the roles held when it is done.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError
from app.extensions import db
from app.services import migrations, runs
from app.services.migrations import NO_REASON, NO_REASON_BACK, Change
from app.storage import migrations as rows
from app.storage.accounts import actor_of
from app.storage.models import MigrationItem, MigrationRun, Release
from app.storage.runs import DONE
from app.storage.transaction import transaction

LONGEST_REASON = 500
NOTHING_CHOSEN = N_("请选择要换版的件。")


def id_for(key: str, *, actor: Actor, address: str) -> str:
    """The id of the run that is ordered with this key: the same for the same caller at the same address."""
    return sha256(f"{actor.username}\n{address}\n{key}".encode()).hexdigest()[:32]


def begin(change: Change, proceedings: Sequence[str], *, actor: Actor, now: datetime, run_id: str = "") -> str:
    """Order that proceedings of the actor's county change to a release; the id of the run, its own where none is given.

    Raises NotAllowedError, NotFoundError, InvalidAnswersError without a reason, ConflictError where none is chosen.
    """
    migrations.ensure_owner(actor)
    if not change.reason:
        raise InvalidAnswersError({"reason": [NO_REASON]})
    with transaction():  # sent again, it is known as done here: by then none may be left to choose
        if not proceedings:
            raise ConflictError(NOTHING_CHOSEN)
        rows.ensure_of_county(proceedings, county_id=actor.county_id)
        run = _run(change.release_id, change.reason, actor, now)
        run.id, run.mapping = run_id or run.id, dict(change.mapping)
        return rows.begin(run, proceedings)


def begin_back(back_of: str, *, reason: str, actor: Actor, now: datetime, run_id: str = "") -> str:
    """Order that everything a run has changed goes back; the id of the new run. Raises like `begin`."""
    migrations.ensure_owner(actor)
    if not reason.strip():
        raise InvalidAnswersError({"reason": [NO_REASON_BACK]})
    with transaction():
        before = rows.get_run(back_of, county_id=actor.county_id)
        changed = rows.changed_by(before.id)
        if not changed or before.back_of is not None or rows.is_taken_back(before.id):
            raise ConflictError(N_("这一批没有可以撤销的换版。"))
        run = _run(before.release_id, reason.strip()[:LONGEST_REASON], actor, now)
        run.id, run.back_of = run_id or run.id, before.id
        return rows.begin(run, changed)


def _run(release_id: str, reason: str, actor: Actor, now: datetime) -> MigrationRun:
    return MigrationRun(
        id=uuid4().hex,
        county_id=actor.county_id or "",
        release_id=release_id,
        mapping={},
        reason=reason,
        username=actor.username,
        created_at=now,
    )


def do_some(now: datetime) -> int:
    """Do a few rows; how many were done."""
    return runs.do_some(do_next, now)


def do_next(now: datetime) -> bool:
    """Do the next row of any run. False when none waits."""
    return runs.do_next(rows.claim_next, lambda item, run: _perform(item, run, now), action="migrate", now=now)


def _perform(item: MigrationItem, run: MigrationRun, now: datetime) -> str:
    actor = actor_of(run.username, now=now)
    if actor is None:
        raise NotAllowedError(N_("办理人的账号已停用。"))
    if run.back_of is not None:
        migrations.undo_here(item.proceeding_id, reason=run.reason, actor=actor, now=now, from_release=run.release_id)
        return DONE
    release = db.session.get_one(Release, run.release_id)
    change = Change(
        release.id, release.number, release.process_key, release.regulation_id, dict(run.mapping), run.reason
    )
    migrations.change_here(item.proceeding_id, change, actor=actor, now=now)
    return DONE
