"""Fields whose complaints are message ids like all other sentences."""

from typing import Any

from flask_babel import gettext
from marshmallow import fields, validate

from app.api.languages import ENGLISH, language
from app.domain import errors
from app.domain.errors import N_

COMMON = {"required": N_("此项必填。"), "null": N_("此项不能为空值。"), "validator_failed": N_("此项的值不允许。")}
NOT_TEXT = N_("此项应为文字。")
TOO_LONG = N_("内容过长。")


class Text(fields.String):
    default_error_messages = {**COMMON, "invalid": NOT_TEXT, "invalid_utf8": NOT_TEXT}

    def __init__(self, *, longest: int = 200, **more: Any) -> None:
        super().__init__(validate=validate.Length(max=longest, error=TOO_LONG), **more)


class Number(fields.Integer):
    default_error_messages = {
        **COMMON,
        "invalid": N_("此项应为整数，例如 12。"),
        "too_large": N_("数字超出允许的范围。"),
    }


class Object(fields.Dict):
    """A JSON object with any content; a form's own rules are checked by the form."""

    default_error_messages = {**COMMON, "invalid": N_("此项应为 JSON 对象。")}


class Sentence(fields.String):
    """A message id, answered in the caller's language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:
        return errors.in_words(value, gettext, english=language() == ENGLISH) if value else ""


def in_words(refusal: Any) -> str:
    """The sentence of something that carries one, with its values."""
    return errors.in_words(errors.Sentence(refusal.sentence, **refusal.values), gettext, english=language() == ENGLISH)


def one_of(values: Any) -> validate.OneOf:
    return validate.OneOf([str(value) for value in values], error=N_("不在允许的取值之中。"))
