"""Rule settings and the calendar: what deadlines and decisions are counted by."""

from marshmallow import Schema, fields

from app.api.schemas.fields import Sentence, one_of
from app.api.schemas.law import Clause
from app.domain.calendars import DayKind


class RuleSettingMade(Schema):
    value = Sentence()
    valid_from = fields.Date()
    organ = fields.String(metadata={"description": "Whose own implementing rule it is; empty for the county's."})
    basis = fields.String()
    reason = fields.String()
    set_by = fields.String()
    set_at = fields.AwareDateTime()
    ahead = fields.Boolean(metadata={"description": "Not in force yet."})


class Rule(Schema):
    name = fields.String()
    question = Sentence(attribute="rule.zh")
    risk = fields.String(attribute="rule.risk")
    value = fields.String(metadata={"description": "In force today for the county."})
    recommended = fields.String(attribute="rule.default")
    values = fields.Dict(attribute="rule.values", metadata={"description": "Allowed values and what they are called."})
    why = Sentence(attribute="rule.why")
    fixed = fields.Boolean(attribute="rule.fixed")
    changed = fields.Boolean()
    clauses = fields.List(fields.Nested(Clause))
    settings = fields.List(fields.Nested(RuleSettingMade))


class InternalPeriod(Schema):
    name = fields.String()
    step = fields.String(attribute="step.step")
    step_name = Sentence(attribute="step.name")
    period = fields.String(metadata={"description": "ISO 8601 duration."})
    changed = fields.Boolean()
    settings = fields.List(fields.Nested(RuleSettingMade))


class Rules(Schema):
    regulation = fields.String(attribute="regulation_id")
    today = fields.Date()
    items = fields.List(fields.Nested(Rule), attribute="rows")
    deadlines = fields.List(fields.Nested(InternalPeriod))


class CalendarYear(Schema):
    year = fields.Integer()
    source = fields.String()
    imported_at = fields.AwareDateTime(allow_none=True)
    holidays = fields.Integer()
    make_up_days = fields.Integer()
    known = fields.Boolean()


class SpecialDay(Schema):
    day = fields.Date()
    kind = fields.String(validate=one_of(DayKind))
    name = fields.String()


class Calendar(Schema):
    year = fields.Integer()
    days = fields.List(fields.Nested(SpecialDay), metadata={"description": "What the year's notice names."})
    years = fields.List(fields.Nested(CalendarYear))
    missing = fields.List(fields.Integer(), metadata={"description": "Years whose notice should be known and is not."})
    provisional = fields.Integer(metadata={"description": "Open steps of the county that wait for a notice."})
