"""Clauses and deadlines."""

from marshmallow import Schema, fields

from app.api.schemas.fields import Sentence, one_of
from app.domain.tasks import Lamp


class Clause(Schema):
    id = fields.String()
    article = Sentence()
    modality = fields.String()
    reading = Sentence()


class LampAnswer(Schema):
    lamp = fields.String(validate=one_of(Lamp))
    days = fields.Integer(metadata={"description": "Working days left, or overdue where the lamp is OVERDUE."})
    due_at = fields.AwareDateTime(allow_none=True)


class ActingRule(Schema):
    """A rule setting that acts on a deadline."""

    risk = fields.String()
    name = fields.String()
    value = fields.String()


class Deadline(Schema):
    """How it was counted: the day of the anchor does not count; a last day of rest moves to a working day."""

    lamp = fields.Nested(LampAnswer)
    kind = fields.String()
    day_count = fields.String()
    anchor = fields.Date()
    days = fields.Integer()
    months = fields.Integer()
    nominal_day = fields.Date()
    last_day = fields.Date()
    provisional = fields.Boolean(metadata={"description": "A year's notice on days off is missing; see `waits_for`."})
    waits_for = fields.Integer(allow_none=True, metadata={"description": "The year whose notice may change it."})
    due_at = fields.AwareDateTime(allow_none=True, metadata={"description": "Null while the clock stands."})
    explanation = Sentence(metadata={"description": "How it was counted, in one sentence."})
    rules = fields.List(fields.Nested(ActingRule))
    changes = fields.List(
        fields.Dict(), metadata={"description": "Extensions, suspensions and recounts: change, from, to, and why."}
    )
    suspended_since = fields.Date(allow_none=True)
