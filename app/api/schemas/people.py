"""Who is who."""

from marshmallow import Schema, fields, validate

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


class Confirming(Schema):
    password = fields.String(required=True, validate=validate.Length(1, 256))
    code = fields.String(
        load_default="",
        validate=validate.Length(max=20),
        metadata={"description": "One-time or recovery code, of an account with a second factor."},
    )


class Confirmed(Schema):
    confirmed_until = fields.AwareDateTime(metadata={"description": "Until then acts that want it are open."})
