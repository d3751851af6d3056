"""The proposal that follows from facts about a lost case."""

from marshmallow import Schema, fields

from app.api.schemas.fields import Sentence as SentenceField


class AssessmentReason(Schema):
    clause = fields.String()
    table = fields.String()
    row = fields.String()
    sentence = SentenceField()
    subject = fields.Integer(allow_none=True, metadata={"description": "Index of the subject; null for the case."})


class EligibleSanctions(Schema):
    """Clause ids by kind of subject, before the limits of the individual."""

    organ = fields.List(fields.String())
    person = fields.List(fields.String())
    leader = fields.List(fields.String())


class AssessedSubjectProposal(Schema):
    index = fields.Integer()
    kind = fields.String(attribute="facts.kind")
    role = fields.String(attribute="facts.role")
    person_id = fields.String(attribute="facts.person_id", allow_none=True)
    organ_id = fields.String(attribute="facts.organ_id", allow_none=True)
    name = fields.String(attribute="facts.name", allow_none=True)
    mental_state = fields.String(attribute="facts.mental_state", allow_none=True)
    proposals = fields.List(fields.String())
    outcome = fields.String(allow_none=True)
    suggested = fields.String(allow_none=True)
    basis_articles = fields.List(fields.String())
    exemption_articles = fields.List(fields.String())
    mitigation_articles = fields.List(fields.String())
    aggravation_articles = fields.List(fields.String())
    eligible_sanctions = fields.List(fields.String())
    human_choice = fields.List(fields.String())
    routing = fields.List(fields.String())
    attributed = fields.Boolean(allow_none=True)


class AssessmentAnswer(Schema):
    """A proposal: nothing is decided until a named person signs it."""

    regulation = fields.String()
    in_scope = fields.Boolean()
    accountable = fields.Boolean()
    scope_kind = fields.String(allow_none=True)
    basis_articles = fields.List(fields.String())
    outcome = fields.String()
    suggested = fields.String(allow_none=True)
    exemption_articles = fields.List(fields.String())
    mitigation_articles = fields.List(fields.String())
    aggravation_articles = fields.List(fields.String())
    eligible_sanctions = fields.Nested(EligibleSanctions)
    attribution = fields.List(fields.String())
    per_entity = fields.Boolean()
    human_choice = fields.List(fields.String())
    filing_duty = fields.Boolean(allow_none=True)
    recovery = fields.String(allow_none=True)
    award_disqualification = fields.Boolean(allow_none=True)
    routing = fields.List(fields.String())
    repeats = fields.List(fields.Nested("AssessmentRepeat"))
    reasons = fields.List(fields.Nested(AssessmentReason))
    subjects = fields.List(fields.Nested(AssessedSubjectProposal))


class AssessmentRepeat(Schema):
    """An entry of the history that makes the case a repetition."""

    person_id = fields.String(allow_none=True)
    organ_id = fields.String(allow_none=True)
    fault = fields.String()
    act_date = fields.Date()
    series_id = fields.String(allow_none=True)
    case_no = fields.String(allow_none=True)
