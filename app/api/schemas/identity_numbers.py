"""身份证号码: masked everywhere; a whole one in the answer that shows it."""

from marshmallow import Schema, fields


class NumberReading(Schema):
    person = fields.String()
    reason = fields.String()
    read_at = fields.AwareDateTime()


class IdentityNumber(Schema):
    id = fields.String()
    whose = fields.String()
    masked = fields.String()
    step = fields.String()
    entered_by = fields.String()
    entered_at = fields.AwareDateTime()
    readings = fields.List(fields.Nested(NumberReading))


class IdentityNumbers(Schema):
    items = fields.List(fields.Nested(IdentityNumber), attribute="lines")


class RevealedNumber(Schema):
    id = fields.String(attribute="number_id")
    number = fields.String(attribute="plain")
