"""讨论: the remarks on a proceeding, for who sees it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.remarks import is_changeable, names_after_at
from app.queries.names import people_names
from app.storage import comments as rows
from app.storage.visibility import may_see

OFFERED = 8
LOOKED_AT = 40
"""So many people are asked whether they see the proceeding; who types more of a name finds the others."""


@dataclass(frozen=True, slots=True)
class Nameable:
    name: str
    post: str
    """Organ and position; of people of one name, those of the first."""


@dataclass(frozen=True, slots=True)
class Remark:
    id: str
    author: str
    text: str
    """Empty once it was removed."""
    at: datetime
    edited: bool
    removed: bool
    names_me: bool
    mine: bool
    changeable: bool
    """By the actor, now."""


def comments_of(actor: Actor, proceeding_id: str, *, now: datetime) -> tuple[Remark, ...] | None:
    """Oldest first; None where the actor does not see the proceeding as a whole."""
    if not may_see(actor, proceeding_id):
        return None
    found = rows.of_proceeding(proceeding_id)
    people = people_names(row.author_id for row in found)
    return tuple(
        Remark(
            id=row.id,
            author=people.get(row.author_id, ""),
            text=row.text,
            at=row.created_at,
            edited=row.edited_at is not None,
            removed=row.removed_at is not None,
            names_me=actor.person_id in row.mentioned,
            mine=row.author_id == actor.person_id,
            changeable=row.author_id == actor.person_id
            and row.removed_at is None
            and is_changeable(row.created_at, now=now),
        )
        for row in found
    )


def people_to_name(actor: Actor, proceeding_id: str, *, begun: str) -> tuple[Nameable, ...]:
    """Whose name has these characters, who see the proceeding and whom an @ would find; first who had to do with it.

    Raises NotFoundError where the actor does not see it as a whole.
    """
    if not may_see(actor, proceeding_id):
        raise NotFoundError
    found: dict[str, Nameable] = {}
    for row in islice(rows.people_like(begun, proceeding_id=proceeding_id, besides=actor.person_id), LOOKED_AT):
        if len(found) == OFFERED:
            break
        if row.name not in found and names_after_at(f"@{row.name}") == (row.name,) and rows.sees(row, proceeding_id):
            found[row.name] = Nameable(row.name, row.post)
    return tuple(found.values())
