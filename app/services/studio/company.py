"""Who is at a file of a draft beside whom: each owner sees the other before either of them saves."""

from datetime import datetime, timedelta

from app.domain.actors import Actor
from app.domain.definition_drafts import Choice, kind_of
from app.domain.errors import NotFoundError
from app.extensions import db
from app.services.studio import candidates
from app.services.studio.drafts import ensure_owner
from app.storage import studio
from app.storage.models import OpenedFile
from app.storage.transaction import transaction
from app.storage.upsert import upsert

FRESH = timedelta(seconds=20)
"""Within this time of the last note nothing is written again."""


def come(draft_id: str, name: str, *, actor: Actor, now: datetime) -> None:
    """Note that the actor has the file open. Nothing in the draft changes, and nothing is journaled.

    Raises NotFoundError, NotAllowedError, InvalidFileError.
    """
    _ensure_there(draft_id, name, actor=actor)
    row = db.session.get(OpenedFile, (draft_id, name, actor.person_id), populate_existing=True)
    if row is None or now - row.seen_at >= FRESH:
        with transaction():
            _write({"draft_id": draft_id, "name": name, "seen_at": now}, actor=actor)


def choose(draft_id: str, name: str, choice: Choice, *, actor: Actor, now: datetime) -> None:
    """Note what the actor made of his version and of the one that another had saved before; the other will be told.

    Raises NotFoundError (nobody else saved the file), NotAllowedError, InvalidFileError.
    """
    _ensure_there(draft_id, name, actor=actor)
    other = studio.last_other_editor(draft_id, name, actor.person_id)
    if other is None:
        raise NotFoundError
    chosen = {"choice": choice, "chosen_at": now, "chosen_from": other}
    with transaction():
        _write({"draft_id": draft_id, "name": name, "seen_at": now, **chosen}, actor=actor)


def _write(row: dict[str, object], *, actor: Actor) -> None:
    upsert(OpenedFile, [{**row, "person_id": actor.person_id, "person_name": actor.name}], keys=_KEYS)


_KEYS = ("draft_id", "name", "person_id")


def _ensure_there(draft_id: str, name: str, *, actor: Actor) -> None:
    county_id = ensure_owner(actor)
    kind_of(name)
    studio.get_draft(draft_id, county_id)
    row = studio.find_draft_file(draft_id, name)
    if (row.content if row is not None else candidates.current_content(county_id, name)) is None:
        raise NotFoundError
