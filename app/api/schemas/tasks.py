"""Steps: their lines, the whole of one, and what completing it brought about."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from app.api.schemas.fields import Sentence, one_of
from app.api.schemas.law import Clause, Deadline, LampAnswer
from app.api.schemas.proceedings import Head, LabelledAnswer, Listing, ProceedingRef
from app.domain.tasks import TaskStatus


class TaskLine(Schema):
    id = fields.String(allow_none=True, metadata={"description": "Null in the box `started`, which lists proceedings."})
    name = Sentence()
    element = Sentence(metadata={"description": "Which one of a repeated step."})
    process = fields.String(attribute="process_key")
    step = fields.String(attribute="step_id")
    status = fields.String()
    role = fields.String()
    organ = fields.String(metadata={"description": "Id of the organ that the step is addressed to."}, allow_none=True)
    assignee = fields.String(allow_none=True)
    opened_at = fields.AwareDateTime()
    completed_at = fields.AwareDateTime(allow_none=True)
    deadline = fields.Nested(LampAnswer, attribute="lamp")
    lead_organ = fields.String()
    proceeding = fields.Nested(ProceedingRef)


class TaskListing(Listing):
    items = fields.List(fields.Nested(TaskLine))


class Proposed(Schema):
    field = fields.String(metadata={"description": "Key of the field that the proposal is for."})
    words = fields.String(metadata={"description": "What is proposed, in words; empty: to choose nothing."})
    table = fields.String(metadata={"description": "Name of the decision table; empty where none proposed it."})
    rows = fields.List(fields.Integer(), metadata={"description": "Numbers of the rows that matched."})
    clauses = fields.List(fields.Nested(Clause))


class Form(Schema):
    key = fields.String()
    schema = fields.Raw(metadata={"description": "form-js schema with its options resolved.", "type": "object"})
    data = fields.Raw(metadata={"description": "What to start with: the draft, else what is known.", "type": "object"})
    options = fields.Raw(metadata={"description": "Choices of the pickers by source.", "type": "object"})
    context = fields.Raw(metadata={"description": "What conditions may read besides the fields.", "type": "object"})
    proposals = fields.List(
        fields.Nested(Proposed), metadata={"description": "What decision tables propose; to depart needs a reason."}
    )


class Colleague(Schema):
    person_id = fields.String()
    name = fields.String()


class DraftSaved(Schema):
    saved_at = fields.AwareDateTime()


class LeftDraft(Schema):
    person_id = fields.String()
    name = fields.String()
    saved_at = fields.AwareDateTime()
    answers = fields.List(
        fields.Nested(LabelledAnswer), metadata={"description": "What differs from the caller's own draft, shortened."}
    )


class LeftDrafts(Schema):
    items = fields.List(fields.Nested(LeftDraft))


class Task(Schema):
    id = fields.String()
    name = Sentence()
    element = Sentence()
    process = fields.String(attribute="process_key")
    step = fields.String(attribute="step_id")
    status = fields.String(validate=one_of(TaskStatus))
    source = fields.String()
    role = Sentence()
    organ = fields.String()
    assignee = fields.String()
    assignee_id = fields.String(allow_none=True)
    claimed_at = fields.AwareDateTime(allow_none=True)
    opened_at = fields.AwareDateTime()
    completed_by = fields.String()
    completed_at = fields.AwareDateTime(allow_none=True)
    proceeding = fields.Nested(Head, attribute="head")
    clauses = fields.List(fields.Nested(Clause))
    deadline = fields.Nested(Deadline, allow_none=True)
    form = fields.Nested(Form, allow_none=True)
    answers = fields.List(fields.Nested(LabelledAnswer), allow_none=True)
    draft_saved_at = fields.AwareDateTime(allow_none=True)
    may_claim = fields.Boolean()
    may_complete = fields.Boolean()
    may_release = fields.Boolean()
    may_transfer = fields.Boolean()
    colleagues = fields.List(fields.Nested(Colleague))


class Next(Schema):
    task_id = fields.String(allow_none=True, metadata={"description": "Null where the step waits for somebody else."})
    name = Sentence()
    role = Sentence(attribute="role_label")
    organ = fields.String(attribute="organ_name")
    mine = fields.Boolean()


class Completed(Schema):
    proceeding = fields.Method("_proceeding", metadata={"type": "object"})
    next = fields.List(fields.Nested(Next))
    closed = fields.Boolean()
    replayed = fields.Boolean(metadata={"description": "The key was used before; this is the answer it got then."})
    series_run = fields.String(
        allow_none=True, metadata={"description": "The run that does the step of the other cases of the series."}
    )

    def _proceeding(self, done: Any) -> Mapping[str, str]:
        return {"id": done.proceeding_id, "kind": done.kind, "number": done.number, "title": done.title}
