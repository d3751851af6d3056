"""Answers taken in: the only way from a browser, the API, a scenario or an import into a submission."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from marshmallow import ValidationError

from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import N_, InvalidAnswersError, Sentence
from app.domain.roles import ROLES
from app.forms import notices
from app.forms.conditions import broken_checks, is_required, roles_needed, settle
from app.forms.options import Options, options_in
from app.forms.parse import Component, Form
from app.forms.schema import ATTACHMENTS, PICKERS, is_answered, messages_of, required_sentence, schema_of, valid_part

Errors = dict[str, list[str]]


class Choices(Protocol):
    """Which ids a person may choose. `source` is the property of the field (organs, members, persons, ...)."""

    def allowed(self, source: str, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that may be chosen."""
        ...

    def held(self, role: str, organs: Iterable[str]) -> frozenset[str]:
        """Those of the organs in which somebody holds the role."""
        ...


def load(
    form: Form,
    raw: Mapping[str, Any],
    *,
    options: Options,
    choices: Choices,
    context: Mapping[str, Any],
    now: datetime,
    signer: str = "",
) -> dict[str, Any]:
    """The answers as they are kept: every field that was asked, by name; None where a field was left empty.

    Fields that were hidden are absent; computed fields are computed here, whatever was sent. Dates are ISO text,
    date-times carry +08:00, money is fen, attachments are lists of ids. `context` is what FEEL may read besides the
    fields (`case` or `meeting`, elements); facts that it lacks read as null. A given signature becomes the name of its
    `signer` and the time: `{"name": ..., "at": ...}`.

    Raises:
        InvalidAnswersError: `fields` maps paths such as `subjects[0].name` to Chinese sentences (`Sentence`).
    """
    lists = options_in(options)
    if not isinstance(raw, Mapping):
        raise InvalidAnswersError({"": [Sentence(N_("提交的内容无法识别，请刷新页面后重试。"))]})
    found, errors = _loaded(form, raw, lists)
    outcome = settle(form, found, context=context, now=now)
    notices.serve(form, outcome)
    errors = {path: sentences for path, sentences in errors.items() if _root(path) not in outcome.hidden}
    errors |= outcome.errors
    asked = [c for c in form.fields if c.key and c.key not in outcome.hidden]
    data = {c.key: outcome.values[c.key] for c in asked if c.key and (c.writable or c.type == "computed")}
    told = {_root(path) for path in errors}
    for component in asked:
        name = component.key or ""
        if name in told or not component.writable or is_answered(component, data[name]):
            continue
        if is_required(component, outcome, context=context, now=now):
            errors[name] = [required_sentence(component)]
    for component in asked:
        name = component.key or ""
        if name in told or name in errors or not is_answered(component, data.get(name)):
            continue
        if broken := broken_checks(component, outcome, context=context, now=now):
            errors[name] = list(broken)
        elif missing := _unheld(component, data[name], roles_needed(component, outcome, context, now), choices):
            errors[name] = [missing]
    errors |= outcome.errors
    errors |= _not_allowed(form, data, choices)
    if errors:
        raise InvalidAnswersError(in_document_order(form, errors))
    return {**data, **_signed(asked, data, signer=signer, now=now)}


def _signed(asked: list[Component], data: Mapping[str, Any], *, signer: str, now: datetime) -> dict[str, Any]:
    stamp = {"name": signer, "at": now.astimezone(OFFICE_ZONE).isoformat(timespec="seconds")}
    return {c.key: dict(stamp) if data[c.key] else None for c in asked if c.key and c.type == "signature"}


def unknown_names(form: Form, raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Names in a submission that the form does not ask; `load` leaves them out."""
    known = {c.key for c in form.fields}
    return tuple(sorted(str(name) for name in raw if name not in known))


def attachments_in(form: Form, data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Path of each attachment field -> ids of the papers that the answers name."""
    return {c.key: list(data[c.key]) for c in form.fields if c.key and c.type in ATTACHMENTS and data.get(c.key)}


def picks_in(form: Form, data: Mapping[str, Any]) -> Iterator[tuple[str, str, Component, list[str]]]:
    """Path, source, field and ids of every picker that was answered, cells of tables included."""
    for component in form.fields:
        value = data.get(component.key or "")
        if component.type == "table":
            for number, row in enumerate(value or ()):
                for column in component.columns:
                    yield from _pick(f"{component.key}[{number}].{column.key}", column, row.get(column.key or ""))
        else:
            yield from _pick(component.key or "", component, value)


def source_of(component: Component) -> str:
    return component.properties.get("source") or PICKERS[component.type]


def sources_in(form: Form) -> set[str]:
    """Where fields and columns of tables take names from; a picker that says nothing, from what its kind has."""
    parts = (part for field in form.fields for part in (field, *field.columns))
    return {source for part in parts if (source := part.properties.get("source") or PICKERS.get(part.type))}


def _pick(path: str, component: Component, value: Any) -> Iterator[tuple[str, str, Component, list[str]]]:
    if component.type in PICKERS and value:
        yield path, source_of(component), component, [value] if isinstance(value, str) else list(value)


def _not_allowed(form: Form, data: Mapping[str, Any], choices: Choices) -> Errors:
    picks = list(picks_in(form, data))
    wanted: dict[str, set[str]] = {}
    for _, source, _, ids in picks:
        wanted.setdefault(source, set()).update(ids)
    allowed = {source: choices.allowed(source, ids) for source, ids in wanted.items()}
    errors: Errors = {}
    for path, source, component, ids in picks:
        if not allowed[source].issuperset(ids):
            sentence = Sentence(N_("“%(label)s”中有不能选择的对象，请重新选择。"), label=component.words)
            errors[path] = [in_row(_row(path), sentence) if "[" in path else sentence]
    return errors


def _unheld(component: Component, value: Any, roles: Collection[str], choices: Choices) -> Sentence | None:
    """What is said where the case would wait for a role that nobody holds in the chosen organ."""
    if not roles:
        return None
    organs = {value} if isinstance(value, str) else set(value)
    missing = next((role for role in roles if organs - choices.held(role, organs)), None)
    if missing is None:
        return None
    label = Sentence(ROLES[missing].label) if missing in ROLES else missing
    sentence = N_("“%(label)s”所选单位没有人担任“%(role)s”，后续环节无人办理。请另选单位，或者请安全管理员先授予岗位。")
    return Sentence(sentence, label=component.words, role=label)


def _loaded(form: Form, raw: Mapping[str, Any], options: Any) -> tuple[dict[str, Any], Errors]:
    writable = {c.key for c in form.fields if c.writable}
    given = {name: value for name, value in raw.items() if name in writable}
    try:
        return dict(schema_of(form, options).load(given)), {}
    except ValidationError as problem:
        return valid_part(problem), _flat(messages_of(problem))


def in_row(row: int, sentence: str) -> Sentence:
    """The sentence of a table cell, with the number of its row (from 1)."""
    return Sentence(N_("第 %(row)s 行：%(sentence)s"), row=row, sentence=sentence)


def _flat(messages: Mapping[Any, Any]) -> Errors:
    """marshmallow's nested messages by path; the sentence of a cell names its row."""
    errors: Errors = {}
    for name, found in messages.items():
        if not isinstance(found, Mapping):
            errors[str(name)] = list(found)
            continue
        for number, cells in found.items():
            for column, sentences in cells.items():
                errors[f"{name}[{number}].{column}"] = [in_row(number + 1, sentence) for sentence in sentences]
    return errors


def _root(path: str) -> str:
    return path.split("[", 1)[0]


def _row(path: str) -> int:
    return int(path.split("[", 1)[1].split("]", 1)[0]) + 1


def in_document_order(form: Form, errors: Mapping[str, list[str]]) -> Errors:
    """The same errors in the order in which a reader meets the fields."""
    position = {c.key: number for number, c in enumerate(form.fields)}
    return dict(sorted(errors.items(), key=lambda item: (position.get(_root(item[0]), -1), "[" in item[0])))
