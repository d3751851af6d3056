"""What any run tells: how many of its rows stand how, and why some were refused."""

from typing import Any

from flask_babel import gettext
from marshmallow import Schema, fields


def _said(row: Any) -> list[str]:
    return [str(gettext(sentence) % values if values else gettext(sentence)) for sentence, values in row.sentences]


class Counts(Schema):
    done = fields.Integer()
    refused = fields.Integer()
    waiting = fields.Integer(metadata={"description": "The worker does these one after the other."})
    total = fields.Integer()


class RefusedRow(Schema):
    number = fields.String()
    status = fields.String()
    sentences = fields.Function(_said, metadata={"type": "array", "description": "Why it was refused."})
