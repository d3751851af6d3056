"""The clock of a case: what runs until when, and the times in which nothing ran."""

from marshmallow import Schema, fields

from app.api.schemas.fields import Sentence
from app.api.schemas.law import Deadline
from app.api.schemas.proceedings import Head


class RunningStep(Schema):
    task_id = fields.String()
    name = Sentence()
    element = Sentence()
    deadline = fields.Nested(Deadline, allow_none=True)
    may_extend = fields.Boolean()
    refusal = Sentence(metadata={"description": "Why it can never be extended; empty where it can."})
    earliest = fields.Date(allow_none=True, metadata={"description": "An extension must name a later day."})


class SuspensionAnswer(Schema):
    since = fields.AwareDateTime()
    reason = fields.String()
    basis = fields.String()
    by = fields.String()
    ended_at = fields.AwareDateTime(allow_none=True)
    end_reason = fields.String()
    ended_by = fields.String()
    days = fields.Integer(allow_none=True, metadata={"description": "Natural days by which everything moved."})


class Periods(Schema):
    proceeding = fields.Nested(Head, attribute="head")
    steps = fields.List(fields.Nested(RunningStep))
    suspension = fields.Nested(SuspensionAnswer, allow_none=True, metadata={"description": "The one that is open."})
    past = fields.List(fields.Nested(SuspensionAnswer))
    may_suspend = fields.Boolean()
    may_resume = fields.Boolean()
