"""The form of an open step: its schema for the browser, what is already known, and what its pickers offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.domain.deadlines import office_day
from app.extensions import db
from app.forms.presentation import labels_of, schema_for_browser
from app.queries.answers import form_of
from app.queries.choices import Asker, Choice, choices_of
from app.queries.heads import Found
from app.queries.labels import OPTIONS_FILE, components_in
from app.storage import facts
from app.storage.facts import scope_of
from app.storage.models import Submission, Task
from app.storage.proceedings import File
from app.storage.releases import file_of

# A decision and a signature are made anew every time; a computed value is counted anew.
NEVER_FILLED = {"radio", "signature", "computed", "checkbox"}


@dataclass(frozen=True, slots=True)
class FormView:
    key: str
    schema: Mapping[str, Any]
    data: Mapping[str, Any]
    """Answers to start with: refused ones, else the draft, else what the file already says."""
    options: Mapping[str, list[Choice]]
    context: Mapping[str, Any]
    """What FEEL in the form may read besides its own fields: the case or meeting, and the element."""
    labels: Mapping[str, str]
    """Label by field name, for messages about a field."""


def form_view(
    found: Found, task: Task, draft: Mapping[str, Any] | None, answers: Mapping[str, Any] | None, *, locale: str
) -> FormView:
    """Raises NotFoundError where the release lacks the form."""
    release_id = found.head.release_id
    form = form_of(release_id, task.form_key)
    schema = schema_for_browser(form, file_of(release_id, OPTIONS_FILE), locale)
    components = [part for part in components_in(schema.get("components", ())) if part.get("key")]
    known = _known(found)
    sources = _sources(components)
    asker = Asker(county_id=task.county_id, proceeding_id=task.proceeding_id, on=office_day(task.opened_at))
    start = answers if answers is not None else draft
    return FormView(
        key=task.form_key,
        schema=schema,
        data=start if start is not None else _prefill(components, known, task),
        options=choices_of(sources, asker),
        context={found.proceeding.kind.value.lower(): known[""], **task.element},
        labels=labels_of(form, locale),
    )


def _sources(components: list[Mapping[str, Any]]) -> set[str]:
    """Sources of the pickers, of fields and of table columns."""
    sources = {(part.get("properties") or {}).get("source", "") for part in components}
    for part in components:
        columns = part.get("columns") or ()
        sources |= {column.get("source", "") for column in columns if isinstance(column, Mapping)}
    return sources - {""}


def _known(found: Found) -> dict[str, dict[str, Any]]:
    """Facts by scope; the core facts of the row join those without scope."""
    values = facts.read(found.proceeding.id)
    core = facts.columns_of(File(found.proceeding, found.case, found.meeting))
    head = {"number": found.head.number, "title": found.head.title, "county": found.proceeding.county_id}
    lead = {"lead_organ": found.case.lead_organ_id} if found.case else {}
    return {**values, "": {**core, **values[""], **head, **lead, "status": found.head.status.value}}


def _prefill(components: list[Mapping[str, Any]], known: Mapping[str, Mapping[str, Any]], task: Task) -> dict[str, Any]:
    """What the same step said last time, else what the file says under the same name."""
    before = _last_submission(task)
    here = known.get(scope_of(task.element), {})
    values = {**here, **before}
    return {
        part["key"]: values[part["key"]]
        for part in components
        if part.get("type") not in NEVER_FILLED and values.get(part["key"]) is not None
    }


def _last_submission(task: Task) -> Mapping[str, Any]:
    rows = db.session.execute(
        select(Submission.data, Task.element)
        .join(Task, Task.id == Submission.task_id)
        .where(Submission.proceeding_id == task.proceeding_id, Submission.form_key == task.form_key)
        .order_by(Submission.submitted_at.desc())
        .limit(40)
    )
    return next((data for data, element in rows if element == task.element), {})


