"""Attachments."""

from marshmallow import Schema, fields


class Uploaded(Schema):
    id = fields.String()
    file_name = fields.String()
    size = fields.Integer(metadata={"description": "Bytes."})
    media_type = fields.String()
