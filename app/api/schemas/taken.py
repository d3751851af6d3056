"""What a caller sends."""

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from app.api.schemas.fields import Number, Object, Text, one_of
from app.domain.errors import N_
from app.domain.proceedings import ProceedingStatus

BOXES = ("todo", "claimable", "done", "started")


class Taken(Schema):
    """What a caller sends. A field that nobody reads is a mistake of the caller, so it is refused."""

    error_messages = {"unknown": N_("没有这个字段。"), "type": N_("请求正文应为 JSON 对象。")}

    class Meta:
        unknown = RAISE


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


class PossibleKey(OnceKey):
    """For acts that do no harm when they happen twice: a caller who will try again should send a key."""

    class Meta(OnceKey.Meta):
        pass

    key = fields.String(
        data_key="Idempotency-Key",
        load_default=None,
        validate=OnceKey._declared_fields["key"].validate,
        metadata={"description": "The same key again gives the same answer and changes nothing."},
    )


class Page(Taken):
    limit = Number(load_default=50, validate=validate.Range(1, 100, error=N_("每页条数应在1至100之间。")))
    cursor = Text(load_default="", metadata={"description": "`next` of the page before; opaque."})
    number = Text(load_default="", longest=100, metadata={"description": "Number of the case or meeting, in full."})
    text = Text(load_default="", longest=100, metadata={"description": "Contained in number, title, organ or step."})


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


class TakeOver(Taken):
    person_id = Text(required=True, metadata={"description": "Whose unfinished answers: see the drafts of the step."})


class StepDone(Answers):
    with_series = fields.Boolean(
        load_default=False,
        metadata={"description": "Do the same step of the other cases of the series with the same answers."},
    )


class CaseOpening(Taken):
    regulation = Text(load_default=None, allow_none=True)
    organ_id = Text(
        load_default=None,
        allow_none=True,
        metadata={"description": "The organ that the case is about, where the office opens it; else the caller's own."},
    )
    data = Object(load_default=None, allow_none=True, metadata={"description": "The first form, submitted at once."})
    override_reason = Text(
        load_default=None,
        allow_none=True,
        longest=500,
        metadata={"description": "Why a case is opened under a regulation that is not in force; recorded."},
    )


class MeetingOpening(Taken):
    data = Object(load_default=None, allow_none=True, metadata={"description": "The proposal, submitted at once."})


class ProcedureOpening(Taken):
    procedure = Text(required=True, metadata={"description": "Key of the kind of procedure in the register."})
    about = Text(
        load_default=None,
        allow_none=True,
        metadata={"description": "Number or id of the case, or number of the decision; null where it is about none."},
    )
    subject_id = Text(load_default=None, allow_none=True)
    regulation = Text(load_default=None, allow_none=True)
    data = Object(load_default=None, allow_none=True, metadata={"description": "The first form, submitted at once."})


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
