"""The diagram in words."""

from marshmallow import Schema, fields

from app.api.schemas.fields import COMMON, Sentence, one_of
from app.api.schemas.law import Clause, LampAnswer
from app.api.schemas.taken import Taken
from app.domain.errors import N_
from app.queries.outlines import State


class OutlineQuery(Taken):
    automatic = fields.Boolean(
        load_default=False,
        error_messages={**COMMON, "invalid": N_("此项应为 true 或 false。")},
        metadata={"description": "Tell also what the system does by itself."},
    )


class RunAnswer(Schema):
    person = fields.String()
    deputy_of = fields.String(metadata={"description": "Whom he stood in for; empty where nobody."})
    organ = fields.String()
    at = fields.AwareDateTime()
    task_id = fields.String(allow_none=True)


class HoldingAnswer(Schema):
    task_id = fields.String()
    element = Sentence()
    assignee = fields.String()
    organ = fields.String()
    deadline = fields.Nested(LampAnswer, attribute="lamp", allow_none=True)
    since = fields.AwareDateTime()


class Condition(Schema):
    question = Sentence()
    answer = Sentence()


class NextStep(Schema):
    process = fields.String(attribute="process_key")
    step = fields.String(attribute="step_id")
    name = Sentence()
    kind = fields.String()
    given = fields.List(fields.Nested(Condition), metadata={"description": "Where it is not certain: under what."})


class OutlineStepAnswer(Schema):
    process = fields.String(attribute="process_key")
    step = fields.String(attribute="step_id")
    name = Sentence()
    kind = fields.String()
    state = fields.String(validate=one_of(State))
    role = Sentence()
    clauses = fields.List(fields.Nested(Clause))
    months = fields.Integer(metadata={"description": "The deadline as the diagram says it; both 0 without one."})
    days = fields.Integer()
    in_working_days = fields.Boolean()
    deadline_kind = fields.String()
    repeated = fields.Boolean()
    held = fields.Boolean(metadata={"description": "Held by a failure."})
    runs = fields.List(fields.Nested(RunAnswer))
    holdings = fields.List(fields.Nested(HoldingAnswer))
    after = fields.List(fields.Nested(NextStep))
    told_above = fields.Boolean(metadata={"description": "What it calls is written out further up."})
    children = fields.List(fields.Nested(lambda: OutlineStepAnswer()))


class OutlineAnswer(Schema):
    name = Sentence()
    steps = fields.List(fields.Nested(OutlineStepAnswer))
    done = fields.Integer()
    current = fields.Integer()
    ahead = fields.Integer()
    skipped = fields.Integer()
    next_steps = fields.List(fields.Nested(NextStep))
