"""What other tools wrote beside a procedure, found in the diagrams of a draft and taken off on demand."""

from collections.abc import Mapping
from datetime import datetime

from app.domain.actors import Actor
from app.domain.definition_drafts import FileKind, find_kind, kind_of
from app.domain.errors import N_, ConflictError, NotFoundError
from app.engine.trimming import strange_places, trimmed
from app.services.studio.drafts import edited, ensure_owner, ensure_unchanged, put
from app.storage import studio


def strange_in(draft_id: str, *, actor: Actor) -> Mapping[str, int]:
    """Places that can be taken off, by diagram that the draft changes. Raises NotFoundError, NotAllowedError."""
    studio.get_draft(draft_id, ensure_owner(actor))
    rows = studio.draft_files(draft_id)
    diagrams = ((name, row.content) for name, row in rows.items() if find_kind(name) is FileKind.DIAGRAM)
    found = {name: strange_places(content) for name, content in diagrams if content is not None}
    return {name: count for name, count in found.items() if count}


def take_off(draft_id: str, name: str, *, base: int, actor: Actor, now: datetime) -> Mapping[str, int]:
    """A revision of a diagram without them; what stood there, with how often. The former revision stays in the history.

    Raises NotFoundError, NotAllowedError, ConflictError (nothing to take off), ChangedMeanwhileError.
    """
    county_id = ensure_owner(actor)
    with edited(draft_id, county_id) as draft:
        row = studio.find_draft_file(draft_id, name)
        if row is None or row.content is None or kind_of(name) is not FileKind.DIAGRAM:
            raise NotFoundError
        ensure_unchanged(row, base)
        result = trimmed(row.content)
        if not result.taken:
            raise ConflictError(N_("%(name)s 里没有其他工具的附加内容。"), name=name)
        put(draft, name, result.content, base=base, automatic=False, actor=actor, now=now)
    return result.taken
