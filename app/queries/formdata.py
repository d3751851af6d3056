"""The form of an open step: its schema for the browser, what is already known, and what its pickers offer."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.access import can_read_submission
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.extensions import db
from app.forms.answers import sources_in
from app.forms.parse import Form
from app.forms.presentation import labels_of, schema_for_browser
from app.forms.schema import ATTACHMENTS
from app.queries.answers import form_of
from app.queries.archive_lists import filled_tables
from app.queries.choices import Asker, Choice, choices_of
from app.queries.heads import Found
from app.queries.labels import OPTIONS_FILE, components_in
from app.queries.names import names_for
from app.queries.proposals import FieldProposal, field_proposals
from app.storage import attachments, facts, withheld
from app.storage.facts import scope_of
from app.storage.models import CaseFact, Submission, Task
from app.storage.procedures import revision_of, subject_of
from app.storage.proceedings import About, File, get_file
from app.storage.releases import file_of
from app.storage.subjects import STANDING, status_of

# A decision and a signature are made anew every time; a computed value is counted anew.
MOST_PAPERS = 50
NEVER_FILLED = {"radio", "signature", "computed", "checkbox"}
_READS_SUBJECT = re.compile(r"\bsubject\.([a-z][a-z0-9_]*)")
_READS_FACT = re.compile(r"\b(?:case|meeting|procedure)\.([a-z][a-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class FormView:
    key: str
    schema: Mapping[str, Any]
    data: Mapping[str, Any]
    """Answers to start with: refused ones, else the draft, else what the actor may know that the file already says."""
    options: Mapping[str, list[Choice]]
    context: Mapping[str, Any]
    """The facts that FEEL in this form reads, and the element; nothing else of the file goes to the browser."""
    labels: Mapping[str, str]
    """Label by field name, for messages about a field."""
    proposals: tuple[FieldProposal, ...]
    """What decision tables propose for fields of the form."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was answered before: the draft, or answers that were refused."""

    draft: Mapping[str, Any] | None
    refused: Mapping[str, Any] | None


def form_view(
    actor: Actor, found: Found, task: Task, known: Known, *, locale: str, opens_file: bool, now: datetime
) -> FormView:
    """Raises NotFoundError where the release lacks the form."""
    release_id = found.head.release_id
    form = form_of(release_id, task.form_key)
    schema = schema_for_browser(form, file_of(release_id, OPTIONS_FILE), locale)
    components = [part for part in components_in(schema.get("components", ())) if part.get("key")]
    asker = Asker(
        actor=actor, county_id=task.county_id, proceeding_id=task.proceeding_id, on=office_day(task.opened_at)
    )
    start = known.refused if known.refused is not None else known.draft
    if start is None:
        before = _answered_before(actor, found, task, opens_file=opens_file)
        unanswered = [part for part in components if part["key"] not in before]
        filled = filled_tables(actor, found, unanswered, locale=locale)
        start = _prefill(components, {**filled, **before, **_recorded(task, schema)})
    return FormView(
        key=task.form_key,
        schema=schema,
        data=start,
        options={**choices_of(sources_in(form), asker), **_papers(actor, form, start, now=now)},
        context=_context(found, task, schema),
        labels=labels_of(form, locale),
        proposals=field_proposals(
            release_id, task.form_key, task.proposals, names=names_for(task.county_id, ()), locale=locale
        ),
    )


def _papers(actor: Actor, form: Form, start: Mapping[str, Any], *, now: datetime) -> dict[str, list[Choice]]:
    """Names of the papers that the form starts with, of those that the actor may open: a draft may name any id."""
    fields = [field.key for field in form.fields if field.type in ATTACHMENTS]
    ids = attachments.ids_in([start.get(key or "") for key in fields])
    rows = [attachments.get(key) for key in ids[:MOST_PAPERS]]
    today = office_day(now)
    named = [row for row in rows if row is not None and attachments.may_read(row, actor, today=today)]
    return {"attachments": [{"value": row.id, "label": row.file_name} for row in named]} if named else {}


def _context(found: Found, task: Task, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Only what the form's expressions name: they decide what is asked, and the browser must decide alike."""
    wanted = set(_READS_FACT.findall(json.dumps(schema, ensure_ascii=False)))
    values: dict[str, Any] = {}
    if wanted:
        head = {"number": found.head.number, "title": found.head.title, "status": found.head.status.value}
        everything = {**_core(found), **facts.read(found.proceeding.id)[""], **head}
        values = {name: everything.get(name) for name in sorted(wanted)}
    about = get_file(found.proceeding.id).about if found.procedure else None
    parent = {"case": _of_parent(about, wanted)} if found.procedure else {}
    subject = _subject(about, task, schema)
    return {**parent, found.proceeding.kind.value.lower(): values, **task.element, **subject}


def _of_parent(about: About | None, wanted: set[str]) -> dict[str, Any]:
    """The same facts of the case that a further procedure is about."""
    if about is None:
        return {}
    everything = {**facts.columns_of(about.file), **about.facts[""]}
    return {name: everything.get(name) for name in sorted(wanted)}


def _subject(about: About | None, task: Task, schema: Mapping[str, Any]) -> dict[str, Any]:
    """What the form's expressions read of the responsible subject of the step."""
    wanted = set(_READS_SUBJECT.findall(json.dumps(schema, ensure_ascii=False)))
    element = next(iter(task.element.values()), None)
    if wanted and (subject := subject_of(about)) is not None:
        return {"subject": {name: subject.get(name) for name in sorted(wanted)}}
    if not wanted or not isinstance(element, Mapping):
        return {}
    known = facts.read(task.proceeding_id).get(scope_of(task.element), {})
    if "revision" in wanted:
        known = {**known, **revision_of(str(element.get("id")))}
    recorded = status_of(str(element.get("id"))) if wanted.intersection(STANDING) else {}
    return {"subject": {**{name: known.get(name) for name in sorted(wanted)}, **element, **recorded}}


def _recorded(task: Task, schema: Mapping[str, Any]) -> dict[str, Any]:
    """What was recorded of the person of the step, for forms that hold their answer against it."""
    element = next(iter(task.element.values()), None)
    if not isinstance(element, Mapping) or "recorded_status" not in _READS_SUBJECT.findall(json.dumps(schema)):
        return {}
    return status_of(str(element.get("id")))


def _core(found: Found) -> dict[str, Any]:
    """The core facts of the row."""
    lead = {"lead_organ": found.case.lead_organ_id} if found.case else {}
    return {**facts.columns_of(File(found.proceeding, found.case, found.meeting)), **lead}


def _prefill(components: list[Mapping[str, Any]], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        part["key"]: values[part["key"]]
        for part in components
        if part.get("type") not in NEVER_FILLED and values.get(part["key"]) is not None
    }


def _answered_before(actor: Actor, found: Found, task: Task, *, opens_file: bool) -> dict[str, Any]:
    """What the step said last time, else what the file says under the same name; only what the actor may read."""
    core = _core(found) if opens_file and not task.element else {}
    rows = db.session.execute(
        select(CaseFact.name, CaseFact.value, Submission.person_id, Task.candidate_role)
        .join(Submission, Submission.id == CaseFact.submission_id)
        .join(Task, Task.id == Submission.task_id)
        .where(CaseFact.proceeding_id == task.proceeding_id, CaseFact.scope == scope_of(task.element))
    )
    meets = found.meeting is not None
    kept_back = withheld.of_meeting(task.proceeding_id, actor.person_id) if meets else withheld.NOTHING
    readable = {
        name: value
        for name, value, person_id, role in rows
        if can_read_submission(actor, performer_id=person_id, role=role) and not kept_back.hides(task.element, value)
    }
    return {**core, **readable, **_last_submission(actor, task, kept_back)}


def _last_submission(actor: Actor, task: Task, kept_back: withheld.Withheld) -> Mapping[str, Any]:
    rows = db.session.execute(
        select(Submission.data, Submission.person_id, Task.element, Task.candidate_role)
        .join(Task, Task.id == Submission.task_id)
        .where(Submission.proceeding_id == task.proceeding_id, Submission.form_key == task.form_key)
        .order_by(Submission.submitted_at.desc())
        .limit(40)
    )
    return next(
        (
            data
            for data, person_id, element, role in rows
            if element == task.element
            and can_read_submission(actor, performer_id=person_id, role=role)
            and not kept_back.hides(element, data)
        ),
        {},
    )
