"""Where cases and other proceedings stand: the overview, and the steps of a process."""

from marshmallow import Schema, fields

from app.api.schemas.fields import Sentence, Text, one_of
from app.api.schemas.taken import Taken
from app.domain.proceedings import ProceedingKind
from app.domain.tasks import Lamp
from app.queries.process_status import Span


class FigureAnswer(Schema):
    """A number, and how the register of cases has to be narrowed to list just these cases."""

    number = fields.Integer()
    filters = fields.Function(
        lambda figure: {name: value for name, value in figure.filters.address().items() if value},
        metadata={"type": "object", "additionalProperties": {"type": "string"}},
    )


class GroupAnswer(Schema):
    key = fields.String()
    zh = fields.String()
    en = fields.String()
    open = fields.Nested(FigureAnswer)
    late = fields.Nested(FigureAnswer)
    soon = fields.Nested(FigureAnswer)
    suspended = fields.Nested(FigureAnswer)


class MonthAnswer(Schema):
    first = fields.Date()
    opened = fields.Nested(FigureAnswer)
    closed = fields.Nested(FigureAnswer)


class OverviewAnswer(Schema):
    open = fields.Nested(FigureAnswer)
    late = fields.Nested(FigureAnswer)
    soon = fields.Nested(FigureAnswer)
    suspended = fields.Nested(FigureAnswer)
    meeting = fields.Nested(FigureAnswer)
    remedy = fields.Nested(FigureAnswer)
    closed = fields.Nested(FigureAnswer)
    closed_this_year = fields.Nested(FigureAnswer)
    stages = fields.List(fields.Nested(GroupAnswer))
    organs = fields.List(fields.Nested(GroupAnswer))
    months = fields.List(fields.Nested(MonthAnswer))


class ProcessCardAnswer(Schema):
    key = fields.String()
    name = Sentence()
    kind = fields.String(allow_none=True, validate=one_of(ProceedingKind))
    versions = fields.Integer()
    running = fields.Integer()
    steps = fields.Integer(metadata={"description": "Open steps, those of called processes included."})
    late = fields.Integer()


class ProcessesAnswer(Schema):
    items = fields.List(fields.Nested(ProcessCardAnswer))


class VersionAnswer(Schema):
    release_id = fields.String()
    number = fields.Integer()
    published_at = fields.AwareDateTime()
    running = fields.Integer()


class StepFiguresAnswer(Schema):
    process_key = fields.String()
    step_id = fields.String()
    name = Sentence()
    lamp = fields.String(validate=one_of(Lamp), metadata={"description": "The worst of what stands there."})
    open = fields.Integer()
    cases = fields.Integer(metadata={"description": "Proceedings that the open steps belong to."})
    late = fields.Integer()
    soon = fields.Integer()
    suspended = fields.Integer()
    held = fields.Integer()
    waiting = fields.Integer()
    longest = fields.Float(metadata={"description": "Natural days that the oldest open one has been there."})
    done = fields.Integer()
    median = fields.Float(allow_none=True, metadata={"description": "Natural days."})
    ninetieth = fields.Float(allow_none=True, metadata={"description": "Natural days; nearest rank."})


class ProcessStatusAnswer(Schema):
    key = fields.String()
    name = Sentence()
    running = fields.Integer()
    versions = fields.List(fields.Nested(VersionAnswer))
    steps = fields.List(fields.Nested(StepFiguresAnswer))


class StatusQuery(Taken):
    release = Text(load_default="")
    organ = Text(load_default="")
    span = fields.String(load_default=Span.YEAR.value, validate=one_of(Span))
