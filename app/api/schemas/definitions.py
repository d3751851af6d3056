"""Published versions."""

from marshmallow import Schema, fields


class Definition(Schema):
    id = fields.String()
    process = fields.String(attribute="process_key")
    number = fields.Integer()
    latest = fields.Boolean(metadata={"description": "New proceedings start on this one."})
    regulation = fields.String(allow_none=True, attribute="regulation_id")
    title = fields.String()
    document_no = fields.String()
    in_force_from = fields.Date(allow_none=True)
    in_force_to = fields.Date(allow_none=True)
    digest = fields.String()
    published_at = fields.AwareDateTime()
    published_by = fields.String()


class Definitions(Schema):
    items = fields.List(fields.Nested(Definition))
