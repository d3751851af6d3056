"""A series of cases, and what was done for all of them with one act."""

from marshmallow import EXCLUDE, Schema, fields

from app.api.schemas.fields import one_of
from app.api.schemas.runs import Counts, RefusedRow
from app.domain.errors import N_
from app.domain.proceedings import ProceedingStatus


class SeriesTable(Schema):
    table = fields.Raw(
        required=True,
        error_messages={"required": N_("请在 table 字段中上传表格。")},
        metadata={"type": "string", "format": "binary", "description": "xlsx or CSV, one row a case."},
    )

    class Meta:
        unknown = EXCLUDE


class SeriesMember(Schema):
    id = fields.String()
    number = fields.String()
    doc_no = fields.String()
    title = fields.String()
    status = fields.String(validate=one_of(ProceedingStatus))
    opened_at = fields.AwareDateTime()
    follows = fields.String(metadata={"description": "Number of the leading case that it waits for; empty if none."})


class RunProgress(Counts):
    id = fields.String()
    kind = fields.String()
    step_name = fields.String()
    person = fields.String()
    created_at = fields.AwareDateTime()
    case_id = fields.String()
    case_number = fields.String()


class SeriesAnswer(Schema):
    series_id = fields.String(attribute="page.series_id")
    number = fields.String(attribute="page.number")
    follows = fields.String(attribute="page.follows")
    members = fields.List(fields.Nested(SeriesMember), attribute="page.members")
    runs = fields.List(fields.Nested(RunProgress), metadata={"description": "The latest, newest first."})


class RunRow(RefusedRow):
    line = fields.Integer()
    telling = fields.String(metadata={"description": "What tells the row apart: the number of its document."})
    case_id = fields.String(allow_none=True)


class SeriesRun(Schema):
    progress = fields.Nested(RunProgress)
    refused = fields.List(fields.Nested(RunRow))
    settled = fields.List(fields.Nested(RunRow))
