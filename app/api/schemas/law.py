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
    provisional = fields.Boolean()
