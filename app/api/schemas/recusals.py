"""Who was asked to step aside, and what was decided."""

from marshmallow import Schema, fields

from app.api.schemas.fields import Sentence, one_of
from app.domain.recusals import RecusalStatus


class RecusalAnswer(Schema):
    id = fields.String()
    person = fields.String()
    ground = Sentence()
    reason = fields.String()
    requested_by = fields.String()
    requested_at = fields.AwareDateTime()
    status = fields.String(validate=one_of(RecusalStatus))
    decided_by = fields.String()
    decided_at = fields.AwareDateTime(allow_none=True)
    decision_reason = fields.String()
    may_decide = fields.Boolean()


class Recusals(Schema):
    items = fields.List(fields.Nested(RecusalAnswer), attribute="lines")
    people = fields.Method("_people", metadata={"type": "object", "description": "Id and name of who may be asked."})

    def _people(self, page: object) -> dict[str, str]:
        return dict(getattr(page, "people", ()))
