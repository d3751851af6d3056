"""What an organisation file must look like before anything in it is believed."""

from collections.abc import Mapping
from typing import Any

from marshmallow import INCLUDE, Schema, fields, validate

from app.domain.errors import N_

MISSING, NO_TEXT, NO_LIST, NO_ENTRY = N_("没有填写"), N_("应为文字"), N_("应为列表"), N_("应逐项写明（名称: 内容）")
_TEXT: dict[str, Any] = {"required": MISSING, "null": MISSING, "invalid": NO_TEXT}
_LIST: dict[str, Any] = {"null": NO_LIST, "invalid": NO_LIST, "type": NO_ENTRY}


def _text(*, required: bool = False) -> fields.String:
    said = validate.Length(min=1, error=MISSING)
    return fields.String(required=required, allow_none=not required, validate=said, error_messages=_TEXT)


class _Entry(Schema):
    class Meta:
        unknown = INCLUDE

    error_messages = {"type": NO_ENTRY}


def _many(entry: type[Schema]) -> fields.Nested:
    return fields.Nested(entry, many=True, allow_none=True, error_messages=_LIST)


class _County(_Entry):
    id, name, name_en = _text(required=True), _text(required=True), _text()


class _Organ(_Entry):
    code, name, short, kind = _text(required=True), _text(required=True), _text(), _text()


class _Member(_Entry):
    organ = _text(required=True)


class _Role(_Entry):
    role, organ = _text(required=True), _text()


class _Person(_Entry):
    username, name, organ, position = _text(required=True), _text(required=True), _text(), _text()
    roles = _many(_Role)


class _Organisation(_Entry):
    county = fields.Nested(_County, allow_none=True, error_messages=_LIST)
    organs, members, people = _many(_Organ), _many(_Member), _many(_Person)


def flaw_in(data: Any) -> tuple[str, str] | None:
    """The first place that is wrong, and what is wrong there; None where all is well."""
    found: Any = _Organisation().validate(data) if isinstance(data, Mapping) else {"_schema": [NO_ENTRY]}
    path: list[str] = []
    while isinstance(found, Mapping) and found:
        name = next(iter(found))
        if name != "_schema":
            path.append(str(name + 1) if isinstance(name, int) else str(name))
        found = found[name]
    return (".".join(path), found[0]) if found else None
