"""Who is who."""

from marshmallow import Schema, fields

from app.api.schemas.fields import Sentence


class RoleHeld(Schema):
    id = fields.String()
    label = Sentence()
    organ = fields.String(allow_none=True)


class Me(Schema):
    username = fields.String()
    person_id = fields.String()
    name = fields.String()
    county_id = fields.String(allow_none=True)
    county_name = fields.String()
    organ_id = fields.String(allow_none=True)
    organ_name = fields.String()
    roles = fields.List(fields.Nested(RoleHeld))
