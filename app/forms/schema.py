"""Fields of a form as marshmallow fields, with Chinese sentences that say what to do."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import N_, Sentence
from app.forms.options import Options, parse_options
from app.forms.parse import Column, Field, Form

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
MAX_TEXT, MAX_LONGTEXT, MAX_IDS = 500, 20_000, 200
YES_NO = frozenset({True, False})
_TYPED, _CHOSEN = N_("请填写“%(label)s”。"), N_("请选择“%(label)s”。")
_CHOOSERS = frozenset(
    ["radio", "select", "checklist", "taglist", "person", "multi-person", "organ", "multi-organ", "case-ref", "multi-case-ref", "multi-select"]
)
_FEEL_TYPES = {
    "number": "number",
    "money": "number",
    "checkbox": "boolean",
    "checklist": "list",
    "taglist": "list",
    "multi-person": "list",
    "multi-organ": "list",
    "multi-case-ref": "list",
    "attachment": "list",
    "multi-attachment": "list",
    "table": "list",
    "signature": "context",
    "computed": "any",
}


def field_types(form: Form, options: bytes | None = None) -> dict[str, str]:
    """FEEL type of every field. Dates are ISO text, money is fen."""
    lists = parse_options(options) if options else {}
    return {field.key: _feel_type(field, lists) for field in form.fields}


def fact_types(form: Form) -> dict[str, str]:
    """The same for the fields whose answers become facts of the file."""
    types = field_types(form)
    return {field.key: types[field.key] for field in form.fields if field.is_fact}


def _feel_type(field: Field, lists: Options) -> str:
    if field.type in ("radio", "select") and _is_yes_no(field.options, lists):
        return "boolean"
    return _FEEL_TYPES.get(field.type, "string")


def _is_yes_no(name: str | None, lists: Options) -> bool:
    if name in lists:
        return {option.value for option in lists[name]} <= YES_NO
    return name == "YES_NO"


class Text(fields.String):
    """Text: trimmed, composed (NFC), without control or direction characters; empty text is no answer."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError(Sentence(N_("“%(label)s”须为文字。"), label=self.metadata["label"]))
        if _BIDI.search(value):
            raise ValidationError(
                Sentence(N_("“%(label)s”含有不可见的方向控制字符，请删除。"), label=self.metadata["label"])
            )
        kept = (c for c in unicodedata.normalize("NFC", value) if c in "\n\t" or unicodedata.category(c) != "Cc")
        return "".join(kept).strip()


class Day(fields.Field[str]):
    """A date as ISO text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            day = date.fromisoformat(str(value)[:10])
        except ValueError as error:
            raise ValidationError(Sentence(N_("“%(label)s”不是有效的日期。"), label=self.metadata["label"])) from error
        if not 1949 <= day.year <= 2100:
            raise ValidationError(Sentence(N_("“%(label)s”的年份不合理，请核对。"), label=self.metadata["label"]))
        return day.isoformat()


class Moment(fields.Field[str]):
    """A date and time of the offices as ISO text with +08:00. A value without a zone is office time."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            moment = datetime.fromisoformat(str(value))
            moment = moment.replace(tzinfo=OFFICE_ZONE) if moment.tzinfo is None else moment.astimezone(OFFICE_ZONE)
        except (ValueError, OverflowError) as error:
            raise ValidationError(Sentence(N_("“%(label)s”不是有效的时间。"), label=self.metadata["label"])) from error
        if not 1949 <= moment.year <= 2100:
            raise ValidationError(Sentence(N_("“%(label)s”的年份不合理，请核对。"), label=self.metadata["label"]))
        return moment.isoformat()


class Choice(fields.Field[Any]):
    """One value of an option list. Yes and no also arrive as text from a browser."""

    def __init__(self, allowed: frozenset[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._allowed = allowed

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if self._allowed <= YES_NO and value in ("true", "false"):
            value = value == "true"
        try:
            known = value in self._allowed and (isinstance(value, bool) == (self._allowed <= YES_NO))
        except TypeError:
            known = False
        if not known:
            raise ValidationError(Sentence(N_("“%(label)s”的选项无效，请重新选择。"), label=self.metadata["label"]))
        return value


class Ids(fields.Field[list[str]]):
    """Ids that a picker or the upload gave; one id alone is a list of one. Whether they exist is checked together later."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        ids = [value] if isinstance(value, str) else value
        if not isinstance(ids, list) or len(ids) > MAX_IDS or not all(isinstance(i, str) and len(i) < 200 for i in ids):
            raise ValidationError(Sentence(_CHOSEN, label=self.metadata["label"]))
        return list(dict.fromkeys(id_ for id_ in ids if id_))


class Signature(fields.Field[bool]):
    """本人签字确认; signer and time are stamped by the server."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value is not True and value != "true":
            raise ValidationError(Sentence(N_("请由本人在“%(label)s”处签字确认。"), label=self.metadata["label"]))
        return True


class Number(fields.Field[int | float]):
    """A plain number, also as text; no NaN, no infinity, no more than fifteen digits. Whole where `whole` is set."""

    def __init__(self, *, whole: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._whole = whole

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | float:
        text = "" if isinstance(value, bool) else str(value).strip()
        if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", text) or (self._whole and "." in text):
            raise ValidationError(Sentence(N_("“%(label)s”须为数字。"), label=self.metadata["label"]))
        return float(text) if "." in text else int(text)


def schema_of(form: Form, visible: frozenset[str], options: bytes) -> Schema:
    """A schema of the visible fields. Unknown keys are left out before it is asked."""
    return _schema_class(form, visible, options)()


@lru_cache(maxsize=1024)
def _schema_class(form: Form, visible: frozenset[str], options: bytes) -> type[Schema]:
    lists = parse_options(options)
    shown = {
        field.key: marshmallow_field(field, lists)
        for field in form.fields
        if field.key in visible and field.type != "computed"
    }
    return Schema.from_dict(shown, name="Answers")


def marshmallow_field(field: Field, lists: Options) -> fields.Field[Any]:
    """The marshmallow field for a form field."""
    if field.type == "table":
        return _table(field, lists)
    kind = "datetime" if field.type == "datetime" and field.subtype != "date" else field.type
    common = _common(kind, field.label, required=field.required)
    return _BUILDERS[kind](field, lists, common)


def _common(kind: str, label: str, *, required: bool) -> dict[str, Any]:
    missing = Sentence(_CHOSEN if kind in _CHOOSERS else _TYPED, label=label)
    messages = {"required": missing, "null": missing, "invalid": missing}
    return {"required": required, "allow_none": not required, "error_messages": messages, "metadata": {"label": label}}


def _lengths(field: Field, limit: int) -> list[Callable[[Any], Any]]:
    rules, label = field.validate, field.label
    least, most = int(rules.get("minLength") or 0), min(int(rules.get("maxLength") or limit), limit)
    short = Sentence(N_("“%(label)s”至少填写%(min)s个字。"), label=label, min=least)
    long = Sentence(N_("“%(label)s”不能超过%(max)s个字。"), label=label, max=most)
    checks: list[Callable[[Any], Any]] = [validate.Length(max=most, error=long)]
    if least:
        checks.append(lambda value: None if value == "" else validate.Length(min=least, error=short)(value))
    if rules.get("pattern"):
        said = rules.get("patternErrorMessage") or Sentence(N_("“%(label)s”的格式不正确。"), label=label)
        pattern = re.compile(rules["pattern"])
        checks.append(lambda value: None if value == "" else validate.Regexp(pattern, error=said)(value))
    return checks


def _range(field: Field) -> list[Callable[[Any], Any]]:
    checks: list[Callable[[Any], Any]] = []
    if (least := field.validate.get("min")) is not None:
        error = Sentence(N_("“%(label)s”不能小于%(min)s。"), label=field.label, min=least)
        checks.append(validate.Range(min=least, error=error))
    if (most := field.validate.get("max")) is not None:
        error = Sentence(N_("“%(label)s”不能大于%(max)s。"), label=field.label, max=most)
        checks.append(validate.Range(max=most, error=error))
    return checks


def _allowed(options: str | None, lists: Options) -> frozenset[Any]:
    return frozenset(option.value for option in lists.get(options or "", ()))


def _many(field: Field, lists: Options, common: Mapping[str, Any]) -> fields.Field[Any]:
    inner = Choice(_allowed(field.options, lists), metadata={"label": field.label})
    return fields.List(inner, **common)


_Builder = Callable[[Field, Options, Mapping[str, Any]], fields.Field[Any]]
_BUILDERS: dict[str, _Builder] = {
    "textfield": lambda f, _, c: Text(validate=_lengths(f, MAX_TEXT), **c),
    "textarea": lambda f, _, c: Text(validate=_lengths(f, MAX_LONGTEXT), **c),
    "number": lambda f, _, c: Number(validate=_range(f), whole=f.validate.get("decimalDigits") == 0, **c),
    "money": lambda f, _, c: Number(validate=_range(f), whole=True, **c),
    "datetime": lambda f, _, c: (Day if f.subtype == "date" else Moment)(**c),
    "checkbox": lambda f, _, c: Choice(YES_NO, **c),
    "radio": lambda f, lists, c: Choice(_allowed(f.options, lists), **c),
    "select": lambda f, lists, c: Choice(_allowed(f.options, lists), **c),
    "checklist": _many,
    "taglist": _many,
    "signature": lambda _f, _, c: Signature(**c),
    **dict.fromkeys(("person", "organ", "case-ref"), lambda f, _, c: Text(validate=_lengths(f, 200), **c)),
    **dict.fromkeys(
        ("multi-person", "multi-organ", "multi-case-ref", "attachment", "multi-attachment"), lambda _f, _, c: Ids(**c)
    ),
}


def _table(field: Field, lists: Options) -> fields.Field[Any]:
    row = Schema.from_dict({column.key: _column(column, lists) for column in field.columns}, name="Row")
    checks = [
        validate.Length(
            max=field.max_rows,
            error=Sentence(N_("“%(label)s”不能超过%(max)s行。"), label=field.label, max=field.max_rows),
        )
    ]
    if field.min_rows or field.required:
        least = max(field.min_rows, 1)
        error = Sentence(N_("“%(label)s”至少填写%(min)s行。"), label=field.label, min=least)
        checks.append(validate.Length(min=least, error=error))
    common = _common("table", field.label, required=field.required or field.min_rows > 0)
    return fields.List(fields.Nested(row(unknown="exclude")), validate=checks, **common)


def _column(column: Column, lists: Options) -> fields.Field[Any]:
    kinds = {"text": "textfield", "longtext": "textarea", "date": "datetime", "multi-select": "checklist"}
    kind = kinds.get(column.type, column.type)
    as_field = Field(
        key=column.key,
        type=kind,
        subtype="date" if column.type == "date" else "",
        label=column.label,
        validate={"required": column.required, "maxLength": column.max_length},
        options=column.options,
        source=column.source,
        is_fact=False,
        hides=(),
        expression=None,
    )
    return marshmallow_field(as_field, lists)
