"""A submission as a person reads it: labels and words in the order of its form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.forms.parse import Form, parse_form
from app.forms.presentation import Row, describe
from app.queries.labels import OPTIONS_FILE
from app.queries.names import Names
from app.storage.releases import file_of

VERDICTS = ("result", "decision", "opinion", "ruling", "resolution", "accepted", "adopted", "confirmed")
"""How the names of choices end that decide something, by the naming of the forms."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody signed: the choice made and the words written."""

    verdict: str
    text: str
    kind: str = ""
    """What the form calls it (property `opinion` of a field); empty where the role decides."""


def form_of(release_id: str, form_key: str) -> Form:
    """The parsed form of a release; kept by its content. Raises NotFoundError."""
    return parse_form(file_of(release_id, f"{form_key}.form"))


def answers_of(
    release_id: str, form_key: str, data: Mapping[str, Any], *, names: Names, locale: str
) -> tuple[Row, ...]:
    """Every answered field."""
    rows = describe(
        form_of(release_id, form_key),
        data,
        options=file_of(release_id, OPTIONS_FILE),
        locale=locale,
        names=names.all,
    )
    return tuple(row for row in rows if row.text)


def verdict_of(release_id: str, form_key: str, data: Mapping[str, Any], answers: tuple[Row, ...]) -> str:
    """The choice that decides something, in words; empty where the form has none."""
    fields = form_of(release_id, form_key).fields
    chosen = (str(c.key) for c in fields if c.type == "radio" and data.get(str(c.key)) is not None)
    choice = next((key for key in chosen if key.endswith(VERDICTS)), "")
    return next((row.text for row in answers if row.name == choice), "")


def opinion_of(release_id: str, form_key: str, data: Mapping[str, Any], answers: tuple[Row, ...]) -> Opinion | None:
    """The signed part of a submission, where its form has one: a signature, or a text called an opinion."""
    fields = form_of(release_id, form_key).fields
    signed = any(component.type == "signature" for component in fields)
    texts = [str(c.key) for c in fields if c.type == "textarea" and data.get(str(c.key))]
    named = [str(c.key) for c in fields if c.properties.get("opinion")]
    opinions = [key for key in texts if key in named] or [key for key in texts if key.endswith("opinion")]
    if not signed and not opinions:
        return None
    shown = {row.name: row.text for row in answers}
    text = "\n".join(shown.get(key, "") for key in opinions or texts[:1])
    stated = next((c.properties["opinion"] for c in fields if c.properties.get("opinion")), "")
    return Opinion(verdict_of(release_id, form_key, data, answers), text, stated)


def ids_in(value: Any) -> Iterator[str]:
    """Short texts without spaces anywhere in a submission: what may be the id of a person or a paper."""
    if isinstance(value, str):
        if 0 < len(value) <= 64 and not any(char.isspace() for char in value):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from ids_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from ids_in(item)
