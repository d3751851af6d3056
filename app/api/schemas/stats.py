"""Figures: the ledger, the assessment sheet, the bulletin and plain counts."""

from typing import Any

from marshmallow import Schema, fields

from app.api.schemas.fields import Sentence, one_of
from app.api.schemas.law import Clause
from app.domain.proceedings import ProceedingStatus


class Money(fields.Integer):
    """Fen."""


class LedgerEntry(Schema):
    """One case, in words of the caller's language. No name of a person is among them."""

    id = fields.String()
    number = fields.String()
    title = fields.String()
    year = fields.Integer()
    doc_no = fields.String()
    area = fields.String()
    act_kind = fields.String()
    nominal_entity = fields.String()
    implementing = fields.String()
    plaintiff = fields.String()
    instance = fields.String()
    case_type = fields.String()
    lost = Sentence()
    faults = fields.String()
    head_attended = fields.String()
    received = fields.Date(allow_none=True)
    effective = fields.Date(allow_none=True)
    due = fields.Date(allow_none=True)
    filed = fields.Date(allow_none=True)
    filing = fields.String(attribute="filing.filing", allow_none=True, dump_default=None)
    days_late = fields.Integer(attribute="filing.days_late", allow_none=True, dump_default=None)
    meeting = fields.String()
    resolution = fields.String()
    docket = fields.String()
    subjects = fields.String(metadata={"description": "Organs / people held responsible."})
    sanctions = fields.String()
    exemptions = fields.String()
    mitigations = fields.String()
    aggravations = fields.String()
    decided = fields.String()
    remedies = fields.String()
    compensation = Money(allow_none=True, metadata={"description": "Fen."})
    recovered = Money(allow_none=True, metadata={"description": "Fen."})
    rectified = fields.String()
    archived = fields.String()
    departures = fields.Integer(metadata={"description": "How often an answer departed from a proposal."})
    stage = fields.String()
    status = fields.String(validate=one_of(ProceedingStatus))


class LedgerAnswer(Schema):
    items = fields.List(fields.Nested(LedgerEntry), attribute="rows")
    total = fields.Integer()
    page = fields.Integer()
    pages = fields.Integer()


class Figure(Schema):
    part = fields.Integer()
    whole = fields.Integer(allow_none=True, metadata={"description": "What it is a part of; null for a mere number."})
    rate = fields.Float(allow_none=True, metadata={"description": "Percent; null where it cannot be told."})
    once = fields.Integer(allow_none=True, metadata={"description": "`part` with every series counted once."})
    not_stated = fields.Integer(
        attribute="unknown", metadata={"description": "Cases in which nobody stated what is asked."}
    )
    asked = fields.Boolean(metadata={"description": "The whole is a number that nobody has entered."})


class SheetLine(Schema):
    organ = fields.String()
    organ_id = fields.String()
    figures = fields.List(fields.Nested(Figure), attribute="tallies")


class IndicatorName(Schema):
    key = fields.String()
    zh = fields.String()
    en = fields.String()
    clauses = fields.List(fields.String())


class AssessmentSheet(Schema):
    year = fields.Integer()
    regulation = fields.String(attribute="law.id")
    clauses = fields.List(fields.Nested(Clause))
    indicators = fields.List(fields.Nested(IndicatorName))
    rows = fields.List(fields.Nested(SheetLine), metadata={"description": "`figures` in the order of `indicators`."})
    total = fields.Nested(SheetLine)
    pending = fields.Integer(metadata={"description": "Cases whose document has not taken effect: in no figure."})


class HeldResponsible(Schema):
    kind = fields.String()
    organs = fields.String()
    number = fields.Integer()
    decision = fields.String()
    sanctions = fields.Function(lambda held: dict(held.sanctions), metadata={"type": "object"})


class DecidedCase(Schema):
    id = fields.String()
    number = fields.String()
    organ = fields.String()
    case_type = fields.String()
    resolution = fields.String()
    held = fields.List(fields.Nested(HeldResponsible))
    revised = fields.Integer()


class BulletinOrgan(Schema):
    organ = fields.String()
    lost = fields.Integer()
    once = fields.Integer()
    on_time = fields.Integer()
    late = fields.Integer()
    missing = fields.Integer()


class CourtExchange(Schema):
    listed = fields.Integer()
    registered = fields.Integer()
    by_office = fields.Integer()
    unfiled = fields.Integer()


class BulletinAnswer(Schema):
    year = fields.Integer()
    quarter = fields.Integer(allow_none=True)
    first = fields.Date()
    last = fields.Date()
    regulation = fields.String(attribute="law.id")
    lost = fields.Integer()
    once = fields.Integer(metadata={"description": "`lost` with every series counted once."})
    references = fields.Integer()
    pending = fields.Integer()
    by_type = fields.Function(lambda made: dict(made.by_type), metadata={"type": "object"})
    organs = fields.List(fields.Nested(BulletinOrgan))
    exchange = fields.Nested(CourtExchange)
    decided = fields.List(fields.Nested(DecidedCase))


def _stages(counted: Any) -> list[dict[str, Any]]:
    return [{"key": key, "zh": zh, "en": en, "cases": cases} for key, zh, en, cases in counted.stages]


class Counts(Schema):
    cases = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata={"description": "By status."})
    meetings = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata={"description": "By status."})
    procedures = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata={"description": "By status."})
    stages = fields.Function(_stages, metadata={"type": "array", "description": "Running cases by stage."})
    open_steps = fields.Integer()
    late_steps = fields.Integer()
    suspended = fields.Integer()
    held = fields.Integer(metadata={"description": "Steps held by a failure."})
