"""Cases and meetings: their lines, heads, pages and stories."""

from typing import Any

from flask_babel import gettext
from marshmallow import Schema, fields

from app.api.schemas.fields import Sentence, in_words, one_of
from app.api.schemas.law import Clause, Deadline
from app.domain.history import Act
from app.domain.proceedings import ProceedingKind, ProceedingStatus


class Listing(Schema):
    total = fields.Integer(metadata={"description": "Over all pages."})
    next = fields.String(allow_none=True, metadata={"description": "Cursor of the next page; null on the last."})


class ProceedingRef(Schema):
    id = fields.String()
    kind = fields.String(validate=one_of(ProceedingKind))
    number = fields.String()
    title = fields.String()


class ProceedingLine(Schema):
    id = fields.String()
    number = fields.String()
    title = fields.String()
    status = fields.String(validate=one_of(ProceedingStatus))
    stage = fields.String()
    lead_organ = fields.String()
    regulation = fields.String(allow_none=True)
    opened_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)


class ProceedingListing(Listing):
    items = fields.List(fields.Nested(ProceedingLine))


class Stage(Schema):
    key = fields.String()
    zh = fields.String()
    en = fields.String()
    state = fields.String()
    reached_at = fields.AwareDateTime(allow_none=True)


class Head(Schema):
    id = fields.String()
    kind = fields.String()
    number = fields.String()
    title = fields.String()
    status = fields.String()
    outcome = fields.String()
    lead_organ = fields.String()
    tags = fields.List(fields.String())
    regulation = Sentence()
    document_no = fields.String()
    process = fields.String(attribute="process_key")
    release = fields.Integer(attribute="release_number")
    stages = fields.List(fields.Nested(Stage))
    opened_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)
    meeting_date = fields.AwareDateTime(allow_none=True)
    place = fields.String()


class Opened(Schema):
    id = fields.String(attribute="proceeding_id")
    number = fields.String()
    task_id = fields.String(metadata={"description": "The first step, which waits for the caller unless `data` came."})
    replayed = fields.Boolean()


class OpenStep(Schema):
    task_id = fields.String()
    name = Sentence()
    element = Sentence()
    process = fields.String(attribute="process_key")
    step = fields.String(attribute="step_id")
    role = Sentence()
    organ = fields.String()
    assignee = fields.String()
    opened_at = fields.AwareDateTime()
    deadline = fields.Nested(Deadline, allow_none=True)


class Subject(Schema):
    id = fields.String()
    name = fields.String()
    kind = fields.String()
    role = fields.String()
    status = fields.String()
    decision = fields.String()
    decision_no = fields.String()
    revision = fields.String(metadata={"description": "What a later procedure made of the decision; empty if nothing."})
    revision_no = fields.String()
    sanctions = fields.List(fields.String(), metadata={"description": "In force now."})
    standing = fields.String(metadata={"description": "What became of the person since; empty if nothing."})
    since = fields.Date(allow_none=True)


class OnAgenda(Schema):
    meeting_id = fields.String()
    meeting_number = fields.String()
    item_no = fields.Integer()
    resolution = fields.String()


class Incident(Schema):
    name = Sentence()
    sentence = fields.Function(in_words)
    since = fields.AwareDateTime()


class Case(Schema):
    case = fields.Nested(Head, attribute="head")
    open_steps = fields.List(fields.Nested(OpenStep), attribute="steps")
    my_task_id = fields.String(
        allow_none=True, metadata={"description": "The open step that the caller can go on with."}
    )
    subjects = fields.List(fields.Nested(Subject))
    agenda = fields.List(fields.Nested(OnAgenda))
    incidents = fields.List(fields.Nested(Incident))
    procedures = fields.List(fields.Nested(lambda: LinkedProcedure()))


class LinkedProcedure(Schema):
    id = fields.String()
    number = fields.String()
    title = fields.String()
    subject = fields.String()
    case_id = fields.String(attribute="parent_id", allow_none=True, metadata={"description": "Null where hidden."})
    case_number = fields.String(attribute="parent_number")
    status = fields.String(validate=one_of(ProceedingStatus))
    outcome = fields.String()
    opened_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)


class Procedure(Schema):
    procedure = fields.Nested(Head, attribute="head")
    link = fields.Nested(LinkedProcedure, attribute="row")
    open_steps = fields.List(fields.Nested(OpenStep), attribute="steps")
    my_task_id = fields.String(allow_none=True)
    incidents = fields.List(fields.Nested(Incident))


class MemberOpinion(Schema):
    member = fields.String()
    opinion = fields.String()
    reason = fields.String()


class Vote(Schema):
    code = fields.String(metadata={"description": "The vote; or WAITING, HIDDEN (not open to the caller yet), NONE."})
    label = fields.String()
    comment = fields.String()
    person = fields.String()


class Abstention(Schema):
    member = fields.String()
    reasons = fields.List(Sentence())


class AgendaItem(Schema):
    item_no = fields.Integer()
    kind = fields.String()
    title = fields.String()
    case_id = fields.String(allow_none=True)
    case_number = fields.String()
    recused = fields.List(fields.String())
    abstentions = fields.List(fields.Nested(Abstention))
    resolution = fields.String()
    decided_by = fields.String()
    decided_at = fields.AwareDateTime(allow_none=True)
    waiting_for = Sentence()
    opinions = fields.List(fields.Nested(MemberOpinion))
    votes = fields.List(fields.Nested(Vote), metadata={"description": "One for each of `members`, in that order."})


class Delivery(Schema):
    member = fields.String()
    sent_at = fields.String()
    received_at = fields.String()
    method = fields.String()
    on_time = fields.Boolean(allow_none=True)


class Meeting(Schema):
    meeting = fields.Nested(Head, attribute="head")
    open_steps = fields.List(fields.Nested(OpenStep), attribute="steps")
    my_task_id = fields.String(allow_none=True)
    members = fields.List(fields.String())
    items = fields.List(fields.Nested(AgendaItem))
    deliveries = fields.List(fields.Nested(Delivery))
    last_delivery = fields.Date(allow_none=True)
    pack_status = fields.String()
    incidents = fields.List(fields.Nested(Incident))


class LabelledAnswer(Schema):
    label = fields.String()
    text = fields.String()


class Opinion(Schema):
    verdict = fields.String()
    text = fields.String()


def remark_on(line: Any) -> str:
    """What a page says beside a line of history; the outputs of decision tables are for those who act on them."""
    details = line.details
    if (sentence := details.get("sentence")) is not None:
        translated = str(gettext(sentence))
        return str(translated % details["values"]) if details.get("values") else translated
    remarks = [str(details[name]) for name in ("reason", "override_reason", "to") if details.get(name)]
    return str(gettext("，")).join(remarks)


class HistoryLine(Schema):
    position = fields.Integer()
    at = fields.AwareDateTime()
    act = fields.String(validate=one_of(Act))
    name = Sentence()
    process = fields.String(attribute="process_key")
    step = fields.String(attribute="step_id")
    task_id = fields.String(allow_none=True)
    person = Sentence()
    organ = fields.String()
    role = Sentence()
    clauses = fields.List(fields.Nested(Clause))
    remark = fields.Function(remark_on, metadata={"type": "string", "description": "Reason, new holder or fault."})
    submission_id = fields.String(allow_none=True)
    answers = fields.List(fields.Nested(LabelledAnswer), allow_none=True)
    opinion = fields.Nested(Opinion, allow_none=True)
    withheld = fields.Boolean(metadata={"description": "Something was submitted that the caller may not read."})


class History(Schema):
    items = fields.List(fields.Nested(HistoryLine))
