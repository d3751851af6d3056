"""What of a meeting is kept from who stepped aside from a case on its agenda: the item, and what names the case.

The meeting goes on for him with its other items. A paper of the meeting as a whole, such as the minutes, speaks of all
items and cannot be shown in part: it is withheld. Answers are, where they name the case.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from app.extensions import db
from app.storage.agendas import item_no_of
from app.storage.models import AgendaItem, AgendaItemCase, Case, Proceeding, Task
from app.storage.visibility import has_left

SHORTEST = 4
"""Signs of a title or number by which a case can be told."""


@dataclass(frozen=True, slots=True)
class Withheld:
    items: frozenset[int]
    """Numbers of the items that are about such a case."""
    names: frozenset[str]
    """By which the cases may be named."""

    def hides(self, element: Mapping[str, Any] | None, words: Any = None) -> bool:
        """Whether something done for an item (or for the meeting as a whole, saying `words`) is kept from him."""
        if not self.items:
            return False
        item_no = item_no_of(element or {})
        return item_no in self.items if item_no else self._names(words)

    def hides_paper(self, element: Mapping[str, Any] | None) -> bool:
        """The same for a file, which may say anything."""
        return bool(self.items) and item_no_of(element or {}) in {0, *self.items}

    def _names(self, words: Any) -> bool:
        said = words if isinstance(words, str) else json.dumps(words, ensure_ascii=False, default=str)
        return any(name in said for name in self.names)


NOTHING = Withheld(frozenset(), frozenset())


def of_meeting(meeting_id: str, person_id: str) -> Withheld:
    """What of the meeting is kept from the person; `NOTHING` of what is no meeting."""
    cases = (Proceeding.id == AgendaItem.case_id) | (Proceeding.id == AgendaItemCase.case_id)
    rows = db.session.execute(
        select(AgendaItem.item_no, AgendaItem.title, Proceeding.id, Proceeding.number, Proceeding.title, Case.doc_no)
        .outerjoin(AgendaItemCase, AgendaItemCase.item_id == AgendaItem.id)
        .join(Proceeding, cases)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .where(AgendaItem.meeting_id == meeting_id, has_left(person_id, Proceeding.id))
    ).all()
    names = {name for row in rows for name in row[1:] if name and len(name) >= SHORTEST}
    return Withheld(frozenset(row.item_no for row in rows), frozenset(names)) if rows else NOTHING


def shown(tasks: Iterable[Task], person_id: str) -> list[Task]:
    """The steps without those of an item that is kept from the person. Asks nothing where none is of an item."""
    tasks = list(tasks)
    meetings = {task.proceeding_id for task in tasks if item_no_of(task.element)}
    kept_back = {id_: of_meeting(id_, person_id) for id_ in meetings}
    return [task for task in tasks if not kept_back.get(task.proceeding_id, NOTHING).hides(task.element)]


def met_by(person_id: str, meeting_id: Any) -> ColumnElement[bool]:
    """Criterion: the column names a meeting with a case on its agenda from which the person stepped aside."""
    along = exists(
        select(AgendaItemCase.case_id).where(
            AgendaItemCase.item_id == AgendaItem.id, has_left(person_id, AgendaItemCase.case_id)
        )
    )
    of_meeting = select(AgendaItem.id).where(
        AgendaItem.meeting_id == meeting_id, or_(has_left(person_id, AgendaItem.case_id), along)
    )
    return exists(of_meeting.correlate_except(AgendaItem))
