"""What goes in and out, field by field. Sentences for wrong input are message ids like all others."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from app.domain.errors import N_
from app.domain.history import Act
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import Lamp, TaskStatus

REQUIRED = N_("此项必填。")
NOT_NULL = N_("此项不能为空值。")
NOT_TEXT = N_("此项应为文字。")
TOO_LONG = N_("内容过长。")

fields.Field.default_error_messages.update(required=REQUIRED, null=NOT_NULL, validator_failed=N_("此项的值不允许。"))


class Text(fields.String):
    default_error_messages = {"invalid": NOT_TEXT, "invalid_utf8": NOT_TEXT}

    def __init__(self, *, longest: int = 200, **more: Any) -> None:
        super().__init__(validate=validate.Length(max=longest, error=TOO_LONG), **more)


class Number(fields.Integer):
    default_error_messages = {"invalid": N_("此项应为整数。"), "too_large": N_("数字超出允许的范围。")}


class Object(fields.Dict):
    """A JSON object with any content; a form's own rules are checked by the form."""

    default_error_messages = {"invalid": N_("此项应为 JSON 对象。")}


class Sentence(fields.String):
    """A message id, answered in the caller's language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:
        return str(gettext(value)) if value else ""


def in_words(refusal: Any) -> str:
    """The sentence of something that carries one, with its values."""
    sentence = str(gettext(refusal.sentence))
    return sentence % refusal.values if refusal.values else sentence


def remark_on(line: Any) -> str:
    """What a page says beside a line of history; the outputs of decision tables are for those who act on them."""
    details = line.details
    if details.get("sentence"):
        sentence = str(gettext(details["sentence"]))
        return sentence % details["values"] if details.get("values") else sentence
    return "，".join(str(details[name]) for name in ("reason", "override_reason", "to") if details.get(name))


def one_of(values: Any) -> validate.OneOf:
    return validate.OneOf([str(value) for value in values], error=N_("不在允许的取值之中。"))


class Taken(Schema):
    """What a caller sends. A field that nobody reads is a mistake of the caller, so it is refused."""

    error_messages = {"unknown": N_("没有这个字段。"), "type": N_("请求正文应为 JSON 对象。")}

    class Meta:
        unknown = RAISE


# ---- refusals


class FieldProblem(Schema):
    field = fields.String(required=True)
    detail = fields.String(required=True)


class Problem(Schema):
    """RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldProblem))


# ---- taken


class OnceKey(Schema):
    """The same key again gives the same answer and changes nothing."""

    key = fields.String(
        data_key="Idempotency-Key",
        required=True,
        error_messages={"required": N_("请在 Idempotency-Key 头中提供请求标识。")},
        validate=validate.Regexp(r"[!-~]{1,128}\Z", error=N_("请求标识应为1至128个可见的ASCII字符。")),
        metadata={"description": "Made by the caller for this one act, for instance a UUID."},
    )

    class Meta:
        unknown = EXCLUDE


class Page(Taken):
    limit = Number(load_default=50, validate=validate.Range(1, 100, error=N_("每页条数应在1至100之间。")))
    cursor = Text(load_default="", metadata={"description": "`next` of the page before; opaque."})
    number = Text(load_default="", longest=100, metadata={"description": "Number of the case or meeting, in full."})
    text = Text(load_default="", longest=100, metadata={"description": "Contained in number, title, organ or step."})


BOXES = ("todo", "claimable", "done", "started")


class TaskQuery(Page):
    box = fields.String(load_default="todo", validate=one_of(BOXES))
    role = Text(load_default="", metadata={"description": "Id of the role that the step is addressed to."})
    organ = Text(load_default="", metadata={"description": "Id of the organ that the step is addressed to."})
    lead_organ = Text(load_default="", metadata={"description": "Id of the organ whose case it is."})
    step = Text(load_default="", metadata={"description": "Id or name of the step."})


class ProceedingQuery(Page):
    status = fields.String(load_default="", validate=one_of(("", *ProceedingStatus)))
    stage = Text(load_default="", metadata={"description": "Key of the stage reached last."})
    lead_organ = Text(load_default="")


class Answers(Taken):
    data = Object(required=True, metadata={"description": "Answers by field name of the form."})


class CaseOpening(Taken):
    regulation = Text(load_default=None, allow_none=True)
    data = Object(load_default=None, allow_none=True, metadata={"description": "The first form, submitted at once."})
    override_reason = Text(
        load_default=None,
        allow_none=True,
        longest=500,
        metadata={"description": "Why a case is opened under a regulation that is not in force; recorded."},
    )


class MeetingOpening(Taken):
    data = Object(load_default=None, allow_none=True, metadata={"description": "The proposal, submitted at once."})


class Release(Taken):
    reason = Text(required=True, longest=500)


class Transfer(Taken):
    to_person = Text(required=True)
    reason = Text(required=True, longest=500)


class Upload(Schema):
    file = fields.Raw(
        required=True,
        error_messages={"required": N_("请在 file 字段中上传文件。")},
        metadata={"type": "string", "format": "binary"},
    )

    class Meta:
        unknown = EXCLUDE


# ---- given

LOCATION = {"Location": {"description": "Address of what was made.", "schema": {"type": "string"}}}


class Clause(Schema):
    id = fields.String()
    article = fields.String()
    modality = fields.String()
    reading = fields.String()


class LampAnswer(Schema):
    lamp = fields.String(validate=one_of(Lamp))
    days = fields.Integer(metadata={"description": "Working days left, or overdue where the lamp is OVERDUE."})
    due_at = fields.AwareDateTime(allow_none=True)


class Deadline(Schema):
    """How it was counted: the day of the anchor does not count; a last day of rest moves to a working day."""

    lamp = fields.Nested(LampAnswer)
    kind = fields.String()
    day_count = fields.String()
    anchor = fields.Date()
    days = fields.Integer()
    months = fields.Integer()
    nominal_day = fields.Date()
    last_day = fields.Date()
    provisional = fields.Boolean()


class ProceedingRef(Schema):
    id = fields.String()
    kind = fields.String(validate=one_of(ProceedingKind))
    number = fields.String()
    title = fields.String()


class TaskLine(Schema):
    id = fields.String(allow_none=True, metadata={"description": "Null in the box `started`, which lists proceedings."})
    name = fields.String()
    element = fields.String(metadata={"description": "Which one of a repeated step."})
    process = fields.String(attribute="process_key")
    step = fields.String(attribute="step_id")
    status = fields.String()
    role = fields.String()
    organ = fields.String(metadata={"description": "Id of the organ that the step is addressed to."}, allow_none=True)
    assignee = fields.String(allow_none=True)
    opened_at = fields.AwareDateTime()
    completed_at = fields.AwareDateTime(allow_none=True)
    deadline = fields.Nested(LampAnswer, attribute="lamp")
    lead_organ = fields.String()
    proceeding = fields.Nested(ProceedingRef)


class Listing(Schema):
    total = fields.Integer(metadata={"description": "Over all pages."})
    next = fields.String(allow_none=True, metadata={"description": "Cursor of the next page; null on the last."})


class TaskListing(Listing):
    items = fields.List(fields.Nested(TaskLine))


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
    regulation = fields.String()
    document_no = fields.String()
    process = fields.String(attribute="process_key")
    release = fields.Integer(attribute="release_number")
    stages = fields.List(fields.Nested(Stage))
    opened_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)
    meeting_date = fields.AwareDateTime(allow_none=True)
    place = fields.String()


class Form(Schema):
    key = fields.String()
    schema = fields.Raw(metadata={"description": "form-js schema with its options resolved.", "type": "object"})
    data = fields.Raw(metadata={"description": "What to start with: the draft, else what is known.", "type": "object"})
    options = fields.Raw(metadata={"description": "Choices of the pickers by source.", "type": "object"})
    context = fields.Raw(metadata={"description": "What conditions may read besides the fields.", "type": "object"})


class LabelledAnswer(Schema):
    label = fields.String()
    text = fields.String()


class Colleague(Schema):
    person_id = fields.String()
    name = fields.String()


class DraftSaved(Schema):
    saved_at = fields.AwareDateTime()


class Task(Schema):
    id = fields.String()
    name = fields.String()
    element = fields.String()
    process = fields.String(attribute="process_key")
    step = fields.String(attribute="step_id")
    status = fields.String(validate=one_of(TaskStatus))
    source = fields.String()
    role = Sentence()
    organ = fields.String()
    assignee = fields.String()
    assignee_id = fields.String(allow_none=True)
    claimed_at = fields.AwareDateTime(allow_none=True)
    opened_at = fields.AwareDateTime()
    completed_by = fields.String()
    completed_at = fields.AwareDateTime(allow_none=True)
    proceeding = fields.Nested(Head, attribute="head")
    clauses = fields.List(fields.Nested(Clause))
    deadline = fields.Nested(Deadline, allow_none=True)
    form = fields.Nested(Form, allow_none=True)
    answers = fields.List(fields.Nested(LabelledAnswer), allow_none=True)
    draft_saved_at = fields.AwareDateTime(allow_none=True)
    may_claim = fields.Boolean()
    may_complete = fields.Boolean()
    may_release = fields.Boolean()
    may_transfer = fields.Boolean()
    colleagues = fields.List(fields.Nested(Colleague))


class Next(Schema):
    task_id = fields.String(allow_none=True, metadata={"description": "Null where the step waits for somebody else."})
    name = fields.String()
    role = Sentence(attribute="role_label")
    organ = fields.String(attribute="organ_name")
    mine = fields.Boolean()


class Completed(Schema):
    proceeding = fields.Method("_proceeding", metadata={"type": "object"})
    next = fields.List(fields.Nested(Next))
    closed = fields.Boolean()
    replayed = fields.Boolean(metadata={"description": "The key was used before; this is the answer it got then."})

    def _proceeding(self, done: Any) -> Mapping[str, str]:
        return {"id": done.proceeding_id, "kind": done.kind, "number": done.number, "title": done.title}


class Opened(Schema):
    id = fields.String(attribute="proceeding_id")
    number = fields.String()
    task_id = fields.String(metadata={"description": "The first step, which waits for the caller unless `data` came."})
    replayed = fields.Boolean()


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


class OpenStep(Schema):
    task_id = fields.String()
    name = fields.String()
    element = fields.String()
    process = fields.String(attribute="process_key")
    step = fields.String(attribute="step_id")
    role = Sentence()
    organ = fields.String()
    assignee = fields.String()
    opened_at = fields.AwareDateTime()
    deadline = fields.Nested(Deadline, allow_none=True)


class Subject(Schema):
    name = fields.String()
    kind = fields.String()
    role = fields.String()
    status = fields.String()
    decision = fields.String()
    decision_no = fields.String()


class OnAgenda(Schema):
    meeting_id = fields.String()
    meeting_number = fields.String()
    item_no = fields.Integer()
    resolution = fields.String()


class Incident(Schema):
    name = fields.String()
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


class MemberOpinion(Schema):
    member = fields.String()
    opinion = fields.String()
    reason = fields.String()


class Vote(Schema):
    code = fields.String(metadata={"description": "The vote; or WAITING, HIDDEN (not open to the caller yet), NONE."})
    label = fields.String()
    comment = fields.String()
    person = fields.String()


class AgendaItem(Schema):
    item_no = fields.Integer()
    kind = fields.String()
    title = fields.String()
    case_id = fields.String(allow_none=True)
    case_number = fields.String()
    recused = fields.List(fields.String())
    resolution = fields.String()
    decided_by = fields.String()
    decided_at = fields.AwareDateTime(allow_none=True)
    waiting_for = fields.String()
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


class Opinion(Schema):
    verdict = fields.String()
    text = fields.String()


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


class Definition(Schema):
    id = fields.String()
    process = fields.String(attribute="process_key")
    number = fields.Integer()
    latest = fields.Boolean(metadata={"description": "New proceedings start on this one."})
    regulation = fields.String(allow_none=True, attribute="regulation_id")
    title = fields.String()
    document_no = fields.String()
    in_force_from = fields.Date(allow_none=True)
    in_force_to = fields.Date(allow_none=True)
    digest = fields.String()
    published_at = fields.AwareDateTime()
    published_by = fields.String()


class Definitions(Schema):
    items = fields.List(fields.Nested(Definition))


class Uploaded(Schema):
    id = fields.String()
    file_name = fields.String()
    size = fields.Integer(metadata={"description": "Bytes."})
    media_type = fields.String()


class RoleHeld(Schema):
    id = fields.String()
    label = Sentence()
    organ = fields.String(allow_none=True)


class Me(Schema):
    username = fields.String()
    person_id = fields.String()
    name = fields.String()
    county_id = fields.String(allow_none=True)
    county_name = fields.String()
    organ_id = fields.String(allow_none=True)
    organ_name = fields.String()
    roles = fields.List(fields.Nested(RoleHeld))
