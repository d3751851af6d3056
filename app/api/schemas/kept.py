"""What a person keeps for himself: remarks on a proceeding, phrases, views."""

from marshmallow import Schema, fields, validate

from app.api.schemas.fields import COMMON, Text, one_of
from app.api.schemas.taken import Taken
from app.domain.errors import N_
from app.queries.boxes import Box

YES_OR_NO = {**COMMON, "invalid": N_("此项应为 true 或 false。")}
LONGEST_REMARK, LONGEST_PHRASE, LONGEST_NAME = 1000, 300, 30


class RemarkChanging(Taken):
    text = Text(required=True, longest=LONGEST_REMARK)


class Remarking(RemarkChanging):
    task_id = Text(load_default=None, allow_none=True, metadata={"description": "The step that it is about."})


class PhraseKeeping(Taken):
    text = Text(required=True, longest=LONGEST_PHRASE)
    shared = fields.Boolean(
        load_default=False,
        error_messages={**YES_OR_NO},
        metadata={"description": "Offered to everybody of the caller's organ."},
    )


class ViewKeeping(Taken):
    name = Text(required=True, longest=LONGEST_NAME)
    box = fields.String(required=True, error_messages={**COMMON}, validate=one_of(Box))
    filters = fields.Dict(
        keys=fields.String(),
        values=Text(longest=100),
        load_default=dict,
        error_messages={**COMMON, "invalid": N_("此项应为 JSON 对象。")},
        validate=validate.Length(max=20, error=N_("内容过长。")),
        metadata={"description": "As in the address of the box: lamp, step, organ, q, kind, case, person, order."},
    )
    shared = fields.Boolean(load_default=False, error_messages={**YES_OR_NO})


class RemarkAnswer(Schema):
    id = fields.String()
    author = fields.String()
    text = fields.String(metadata={"description": "Empty once it was removed."})
    at = fields.AwareDateTime()
    edited = fields.Boolean()
    removed = fields.Boolean()
    names_me = fields.Boolean()
    mine = fields.Boolean()
    changeable = fields.Boolean()


class Remarks(Schema):
    items = fields.List(fields.Nested(RemarkAnswer))


class PhraseAnswer(Schema):
    id = fields.String()
    text = fields.String()
    shared = fields.Boolean()
    mine = fields.Boolean()
    kept_by = fields.String()


class Phrases(Schema):
    items = fields.List(fields.Nested(PhraseAnswer))


class ViewAnswer(Schema):
    id = fields.String()
    name = fields.String()
    box = fields.String(validate=one_of(Box))
    filters = fields.Dict(keys=fields.String(), values=fields.String())
    mine = fields.Boolean()
    shared = fields.Boolean()
    owner = fields.String()


class Views(Schema):
    items = fields.List(fields.Nested(ViewAnswer))
