"""Loading what somebody sent against a form: hidden fields dropped, computed ones recomputed, the rest checked field by field."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from marshmallow import ValidationError

from app.domain.errors import N_, InvalidAnswersError, Sentence
from app.feel.errors import FeelError
from app.feel.interpreter import evaluate
from app.forms.parse import Field, Form
from app.forms.schema import schema_of

_ONE_ID = {"person": "persons", "organ": "organs", "case-ref": "cases"}
_MANY_IDS = {"multi-person": "persons", "multi-organ": "organs", "multi-case-ref": "cases"}


class Choices(Protocol):
    """Whether ids may be chosen from a source (`organs`, `persons`, `members`, `pool_cases` ...)."""

    def allowed(self, source: str, ids: Iterable[str]) -> frozenset[str]: ...


def load(
    form: Form,
    raw: Mapping[str, Any],
    *,
    options: bytes,
    choices: Choices,
    context: Mapping[str, Any],
    now: datetime,
    signer: str = "",
) -> dict[str, Any]:
    """Checked answers by field name. Keys that the form does not have are left out; fields in `context` may be read by
    the form's conditions.

    Raises InvalidAnswersError with a sentence per field path, such as `subjects[0].organ`.
    """
    given = {key: value for key, value in raw.items() if isinstance(key, str)}
    visible, computed = _seen(form, given, context, now)
    shown = [field for field in form.fields if field.key in visible and field.type != "computed"]
    asked = {
        field.key: _blank_to_none(given[field.key]) for field in shown if field.key in given and not field.disabled
    }
    errors: dict[str, list[str]] = {}
    try:
        data = dict(schema_of(form, frozenset(visible), options).load(asked, unknown="exclude"))
    except ValidationError as error:
        errors = dict(_flat(error.normalized_messages()))
        data = dict(error.valid_data) if isinstance(error.valid_data, Mapping) else {}
    for path, sentence in (*_empty_required(shown, data, errors), *_unknown_ids(shown, data, choices)):
        errors.setdefault(path, []).append(sentence)
    if errors:
        raise InvalidAnswersError(errors)
    stamped = {field.key: {"name": signer, "at": now.isoformat()} for field in shown if field.type == "signature"}
    answers = {key: value for key, value in data.items() if value not in (None, "")}
    answers.update({key: value for key, value in stamped.items() if data.get(key)})
    answers.update(computed)
    return answers


def _blank_to_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _seen(
    form: Form, given: Mapping[str, Any], context: Mapping[str, Any], now: datetime
) -> tuple[set[str], dict[str, Any]]:
    """Which fields are shown, in the form's order, and what the computed ones say. A hidden answer reads as null."""
    values: dict[str, Any] = {field.key: None for field in form.fields}
    visible: set[str] = set()
    computed: dict[str, Any] = {}
    for field in form.fields:
        values[field.key] = given.get(field.key) if field.type != "computed" else None
    for field in form.fields:
        if any(_truth(hide, values, context, now) for hide in field.hides):
            values[field.key] = None
            continue
        visible.add(field.key)
        if field.type == "computed" and field.expression:
            computed[field.key] = values[field.key] = _value(field.expression, values, context, now)
    return visible, computed


def _truth(expression: str, values: Mapping[str, Any], context: Mapping[str, Any], now: datetime) -> bool:
    return _value(expression, values, context, now) is True


def _value(expression: str, values: Mapping[str, Any], context: Mapping[str, Any], now: datetime) -> Any:
    """A condition over answers that are not checked yet: where they make no sense it is simply not met."""
    try:
        return evaluate(expression, {**context, **values}, now=now)
    except FeelError:
        return None


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Marshmallow's nested messages by field path."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}" if path else str(key))
    else:
        yield path, list(messages)


def _empty_required(
    shown: list[Field], data: Mapping[str, Any], errors: Mapping[str, Any]
) -> Iterator[tuple[str, Sentence]]:
    """Required answers that arrived but say nothing: empty text, no choice, an unticked confirmation."""
    for field in shown:
        if not field.required or any(path == field.key or path.startswith(f"{field.key}[") for path in errors):
            continue
        value = data.get(field.key)
        if value in ("", [], None) or (field.type == "checkbox" and value is not True):
            sentence = (
                N_("请填写“%(label)s”。") if field.type in ("textfield", "textarea") else N_("请选择“%(label)s”。")
            )
            yield field.key, Sentence(sentence, label=field.label)


def _unknown_ids(shown: list[Field], data: Mapping[str, Any], choices: Choices) -> Iterator[tuple[str, Sentence]]:
    """Ids that may not be chosen, all of one source asked at once."""
    asked: dict[str, list[tuple[str, str, str]]] = {}
    for field in shown:
        for path, label, source, id_ in _ids_of(field, data.get(field.key)):
            asked.setdefault(source, []).append((path, label, id_))
    for source, entries in asked.items():
        allowed = choices.allowed(source, {id_ for _, _, id_ in entries})
        refused = {(path, label) for path, label, id_ in entries if id_ not in allowed}
        for path, label in sorted(refused):
            yield path, Sentence(N_("“%(label)s”中有不能选择的内容，请重新选择。"), label=label)


def _ids_of(field: Field, value: Any) -> Iterator[tuple[str, str, str, str]]:
    if not value:
        return
    if field.type in _ONE_ID:
        yield field.key, field.label, field.source or _ONE_ID[field.type], value
    elif field.type in _MANY_IDS:
        for id_ in value:
            yield field.key, field.label, field.source or _MANY_IDS[field.type], id_
    elif field.type == "table":
        for index, row in enumerate(value):
            for column in field.columns:
                if column.type in _ONE_ID and row.get(column.key):
                    source = column.source or _ONE_ID[column.type]
                    yield f"{field.key}[{index}].{column.key}", column.label, source, row[column.key]


def attachments_in(form: Form, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Attachment ids by field path."""
    return {
        field.key: list(answers[field.key])
        for field in form.fields
        if field.type in ("attachment", "multi-attachment") and answers.get(field.key)
    }
