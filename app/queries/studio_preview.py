"""A form of a draft as staff will see it: labels in a language, the draft's option lists, the county's own pickers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.forms.answers import sources_in
from app.forms.parse import parse_form
from app.forms.presentation import schema_for_browser
from app.queries.choices import Asker, Choice, choices_of
from app.queries.labels import OPTIONS_FILE
from app.queries.studio_files import open_file


@dataclass(frozen=True, slots=True)
class Preview:
    name: str
    title: str
    schema: Mapping[str, Any]
    options: Mapping[str, list[Choice]]


def preview_of(actor: Actor, draft_id: str, name: str, *, locale: str, now: datetime) -> Preview:
    """Raises NotFoundError, NotAllowedError, InvalidFileError, InvalidDefinitionError (the form cannot be shown)."""
    form = parse_form(open_file(actor, draft_id, name, now=now).content, name)
    lists = open_file(actor, draft_id, OPTIONS_FILE, now=now).content
    asker = Asker(actor=actor, county_id=actor.county_id or "", proceeding_id="", on=office_day(now))
    return Preview(name, form.title, schema_for_browser(form, lists, locale), choices_of(sources_in(form), asker))
