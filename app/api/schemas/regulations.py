"""Regulations and their clauses."""

from marshmallow import Schema, fields

from app.api.schemas.fields import Sentence, one_of
from app.law.clauses import Modality


class Regulation(Schema):
    id = fields.String()
    title = Sentence()
    document_no = fields.String()
    issuer = Sentence()
    status = fields.String(metadata={"description": "Today: PENDING, IN_FORCE, TRIAL, EXPIRED or REPEALED."})
    in_force_from = fields.Date()
    in_force_to = fields.Date(allow_none=True)
    notices = fields.List(Sentence(), metadata={"description": "What a reader must know of its validity."})
    clauses = fields.Integer(metadata={"description": "How many clauses are registered."})
    carried = fields.Integer()
    declaratory = fields.Integer()
    uncarried = fields.Integer()
    has_wording = fields.Boolean(metadata={"description": "The official text was imported."})
    is_published = fields.Boolean(metadata={"description": "Its procedure runs here."})


class Regulations(Schema):
    items = fields.List(fields.Nested(Regulation))


class RegisteredClause(Schema):
    id = fields.String()
    article = Sentence()
    modality = fields.String(validate=one_of(Modality))
    actor = Sentence()
    trigger = Sentence()
    deadline = Sentence(metadata={"description": "Empty where the text fixes none."})
    period = fields.String(allow_none=True, metadata={"description": "The deadline as an ISO 8601 duration."})
    reading = Sentence(metadata={"description": "Our reading; the official wording governs."})
    in_force_from = fields.Date()
    in_force_to = fields.Date(allow_none=True)
    source = fields.String()
    carried_by = fields.List(
        fields.String(),
        metadata={"description": "process/step, table#row, table, check:…, report:…, switch:… or page:…"},
    )
    declaratory = Sentence(metadata={"description": "Why nothing has to carry it; empty where something does."})


class Passed(Schema):
    cases = fields.Integer()
    meetings = fields.Integer()
    procedures = fields.Integer()


class ClauseItem(Schema):
    clause = fields.Nested(RegisteredClause)
    wording = fields.String(allow_none=True, metadata={"description": "The official words, where imported."})
    passed = fields.Nested(Passed, allow_none=True, metadata={"description": "This year, in the caller's county."})


class RegulationClauses(Schema):
    regulation = fields.Nested(Regulation)
    year = fields.Integer()
    items = fields.List(fields.Nested(ClauseItem))
