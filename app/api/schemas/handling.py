"""What goes in and out with the verbs beside submitting."""

from marshmallow import Schema, fields

from app.api.schemas.acts import Day, Reasoned
from app.api.schemas.fields import COMMON, Sentence, Text, one_of
from app.api.schemas.taken import Taken
from app.domain.errors import N_
from app.domain.handling import RequestStatus, SheetColour, SheetStatus, SideKind, SideStatus


class SendingBack(Reasoned):
    to_step = Text(required=True, metadata={"description": "Id of a step among `ways_back`."})


class OpinionGiven(Taken):
    opinion = Text(required=True, longest=500)


class Asking(Taken):
    kind = fields.Enum(
        SideKind,
        required=True,
        error_messages={**COMMON, "unknown": N_("不在允许的取值之中。")},
        metadata={"description": "COUNTERSIGN or OPINION."},
    )
    person_id = Text(required=True)
    question = Text(required=True, longest=500)


class Urging(Taken):
    text = Text(load_default="", longest=500)


class ExtensionRequesting(Reasoned):
    until = Day(required=True, metadata={"description": "The new last day."})


class SheetIssuing(Taken):
    colour = fields.Enum(
        SheetColour,
        required=True,
        error_messages={**COMMON, "unknown": N_("不在允许的取值之中。")},
        metadata={"description": "YELLOW or RED."},
    )
    demand = Text(required=True, longest=500)
    term = Day(required=True)


class Appointing(Reasoned):
    principal_id = Text(load_default=None, allow_none=True, metadata={"description": "Null: the caller himself."})
    deputy_id = Text(required=True)
    since = Day(required=True)
    until = Day(required=True)
    roles = fields.List(
        Text(),
        load_default=list,
        error_messages={**COMMON, "invalid": N_("此项应为清单。")},
        metadata={"description": "Ids of roles; empty for all."},
    )


class SideAnswer(Schema):
    id = fields.String()
    kind = fields.String(validate=one_of(SideKind))
    status = fields.String(validate=one_of(SideStatus))
    person = fields.String()
    question = fields.String()
    asked_by = fields.String()
    asked_at = fields.AwareDateTime()
    opinion = fields.String()
    ended_at = fields.AwareDateTime(allow_none=True)
    may_answer = fields.Boolean()
    may_withdraw = fields.Boolean()


class RequestAnswer(Schema):
    id = fields.String()
    status = fields.String(validate=one_of(RequestStatus))
    until = fields.Date()
    reason = fields.String()
    requested_by = fields.String()
    requested_at = fields.AwareDateTime()
    decided_by = fields.String()
    decision_reason = fields.String()
    may_decide = fields.Boolean()


class SheetAnswer(Schema):
    id = fields.String()
    colour = fields.String(validate=one_of(SheetColour))
    status = fields.String(validate=one_of(SheetStatus))
    demand = fields.String()
    term = fields.Date()
    late = fields.Boolean()
    issued_by = fields.String()
    issued_at = fields.AwareDateTime()
    answer = fields.String()
    answered_by = fields.String()
    answered_at = fields.AwareDateTime(allow_none=True)
    closing_note = fields.String()
    closed_by = fields.String()
    may_answer = fields.Boolean()
    may_close = fields.Boolean()


class HandlingAnswer(Schema):
    task_id = fields.String()
    holder = fields.String()
    may_return = fields.Boolean()
    may_delegate = fields.Boolean()
    may_ask = fields.Boolean()
    may_request = fields.Boolean()
    earliest = fields.Date(allow_none=True)
    may_urge = fields.Boolean()
    urged_at = fields.AwareDateTime(allow_none=True)
    may_supervise = fields.Boolean()
    owner = fields.String(metadata={"description": "Who gets it back from the delegate; empty where not delegated."})
    may_hand_back = fields.Boolean()
    may_recall = fields.Boolean()
    asked = fields.List(fields.Nested(SideAnswer))
    requests = fields.List(fields.Nested(RequestAnswer))
    sheets = fields.List(fields.Nested(SheetAnswer))


class WayBackAnswer(Schema):
    step_id = fields.String()
    name = Sentence()
    person = fields.String(metadata={"description": "Who did it last."})


class Handling(Schema):
    handling = fields.Nested(HandlingAnswer)
    ways_back = fields.List(fields.Nested(WayBackAnswer))


class DeputyAnswer(Schema):
    id = fields.String()
    principal = fields.String()
    deputy = fields.String()
    since = fields.Date()
    until = fields.Date()
    roles = fields.List(Sentence())
    reason = fields.String()
    set_by = fields.String()
    state = fields.String(validate=one_of(("ACTIVE", "COMING", "OVER")))
    ended_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When it was ended before its last day; else null."}
    )
    may_end = fields.Boolean()


class StandingStep(Schema):
    task_id = fields.String()
    principal = fields.String()
    number = fields.String()
    title = fields.String()
    name = Sentence()
    held = fields.Boolean(metadata={"description": "Whether the principal has taken it."})


class Deputies(Schema):
    arrangements = fields.List(fields.Nested(DeputyAnswer))
    steps = fields.List(fields.Nested(StandingStep))
