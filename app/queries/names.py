"""Names of organs and people for pages, fetched once a page."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import select

from app.domain.errors import N_, Sentence, UnknownChoiceError
from app.extensions import db
from app.storage import marks
from app.storage.models import Attachment, Organ, Person


@dataclass(frozen=True, slots=True)
class Names:
    organs: Mapping[str, str]
    people: Mapping[str, str]
    papers: Mapping[str, str]

    @property
    def all(self) -> Mapping[str, str]:
        """Names by id; ids of different kinds never collide."""
        return {**self.organs, **self.people, **self.papers}


def ensure_offered(name: str, given: str, known: Mapping[str, str]) -> None:
    """What an address asks for under a name is one of these, by code and in words; empty asks for nothing.

    Raises UnknownChoiceError.
    """
    if given and given not in known:
        raise UnknownChoiceError(name, given, [f"{code}（{words}）" for code, words in known.items()])


def organ_names(county_id: str | None, *, short: bool = False, mark: str | None = None) -> dict[str, str]:
    """All organs of a county by id, kept under the mark of the people: a task's page asks five times.

    `mark`: as a statement of the same request has read it.
    """
    mark, key = mark or marks.current(), (organ_names, county_id, short)
    seen, kept = marks.latest()
    if seen is None or seen != mark or key not in kept:
        column = Organ.short_name if short else Organ.name
        rows = db.session.execute(select(Organ.id, column).where(Organ.county_id == county_id))
        kept = marks.under(mark)
        kept[key] = dict(rows.all())
    return dict(kept[key])


def people_names(ids: Iterable[str | None]) -> dict[str, str]:
    wanted = {key for key in ids if key}
    if not wanted:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return dict(rows.all())


def paper_names(county_id: str | None, ids: Iterable[str]) -> dict[str, str]:
    """File names of attachments, which have ids of 32 hex digits."""
    wanted = sorted(key for key in ids if len(key) == 32)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Attachment.id, Attachment.file_name).where(Attachment.id.in_(wanted), Attachment.county_id == county_id)
    )
    return dict(rows.all())


def names_for(county_id: str | None, ids: Iterable[str]) -> Names:
    """All organs of the county, and the people and papers of the county among `ids`."""
    wanted = set(ids)
    return Names(organ_names(county_id), people_names(wanted), paper_names(county_id, wanted))


def element_label(element: Mapping[str, Any], organs: Mapping[str, str]) -> str:
    """Which one of a repeated step this is: the agenda item, the subject, the member unit. For `in_words`."""
    labels = [label for label in (_part(value, organs) for value in element.values()) if label]
    return reduce(
        lambda first, second: Sentence(N_("%(first)s，%(second)s"), first=first, second=second), labels or [""]
    )


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _row_label(row: Mapping[str, Any], organs: Mapping[str, str]) -> str:
    """A row of a form's table by the organs and days in it: nothing else tells one row from the next."""
    texts = (value for value in row.values() if isinstance(value, str))
    return " ".join(organs.get(text, text) for text in texts if text in organs or _DAY.fullmatch(text))


def _part(value: Any, organs: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        name = str(value.get("title") or value.get("name") or _row_label(value, organs))
        number = value.get("item_no")
        return Sentence(N_("第%(number)s项 %(name)s"), number=number, name=name) if number else name
    return organs.get(value, "") if isinstance(value, str) else ""
