"""A form as a marshmallow schema, and as FEEL types for the diagrams that read its answers."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError

from app.domain.errors import N_, Sentence
from app.feel.checking import Choice, FeelType, ListOf, inspect
from app.feel.errors import FeelError
from app.forms.fields import (
    CheckboxField,
    DateField,
    FormField,
    IdentityNumberField,
    MoneyField,
    NumberField,
    OptionField,
    OptionListField,
    PickField,
    PickListField,
    TextField,
    allowed_values,
    whole,
)
from app.forms.options import OptionLists, Options, options_in
from app.forms.parse import Component, Form

MOST_ROWS = 200

PICKERS: Mapping[str, str] = {
    "person": "persons",
    "multi-person": "persons",
    "organ": "organs",
    "multi-organ": "organs",
    "case-ref": "cases",
    "multi-case-ref": "cases",
}
"""Picker type -> source of its choices when the form names none."""

SOURCES = frozenset(
    {
        *("organs", "own_organs", "other_organs", "persons", "investigators"),
        *("members", "case_subjects", "pool_cases", "cases"),
    }
)
"""What a picker may choose from, as a form names it (`source`)."""
ATTACHMENTS = {"attachment", "multi-attachment"}
IDENTITY_NUMBER = "identity-number"
FIELDS: Mapping[str, Callable[[Component], FormField]] = {
    "textfield": TextField,
    "textarea": TextField,
    "number": NumberField,
    "money": MoneyField,
    IDENTITY_NUMBER: IdentityNumberField,
    "datetime": DateField,
    "checkbox": CheckboxField,
    "signature": CheckboxField,
    "person": PickField,
    "organ": PickField,
    "case-ref": PickField,
    "multi-person": PickListField,
    "multi-organ": PickListField,
    "multi-case-ref": PickListField,
    "attachment": PickListField,
    "multi-attachment": PickListField,
}
OPTION_FIELDS: Mapping[str, Callable[[Component, OptionLists], FormField]] = {
    "select": OptionField,
    "radio": OptionField,
    "checklist": OptionListField,
}
FEEL_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("textfield", "textarea", "person", "organ", "case-ref", IDENTITY_NUMBER), "string"),
    **dict.fromkeys(("number", "money"), "number"),
    "checkbox": "boolean",
    "signature": "context",
    **dict.fromkeys(("checklist", "multi-person", "multi-organ", "multi-case-ref", "table"), "list"),
    **dict.fromkeys(ATTACHMENTS, "list"),
}
FIELD_TYPES = frozenset({*FIELDS, *OPTION_FIELDS, "table", "computed"})


class FormSchema(Schema):
    """Loads whatever fits; unknown names are left out (see `answers.unknown_names`)."""

    class Meta:
        unknown = EXCLUDE


class TableField(FormField):
    """Rows of typed cells. Rows without any answer are left out."""

    def __init__(self, component: Component, options: OptionLists) -> None:
        super().__init__(component)
        self.rows = _schema(component.columns, options)
        self.columns = component.columns

    def read(self, value: Any) -> list[dict[str, Any]] | None:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.refuse(N_("“%(label)s”应为表格。"))
        most = min(whole(self.component.raw.get("maxRows"), MOST_ROWS), MOST_ROWS)
        if len(value) > most:
            raise self.refuse(N_("“%(label)s”最多 %(most)s 行。"), most=most)
        rows, errors = [], {}
        for number, given in enumerate(value):
            if all(given.get(column.key) in (None, "", False, []) for column in self.columns if column.key):
                continue
            row, wrong = self._row(given)
            rows.append(row)
            if wrong:
                errors[number] = wrong
        if errors:
            raise ValidationError(errors)  # keyed by row number, as marshmallow's own List does
        least = whole(self.component.raw.get("minRows"), 0)
        if rows and len(rows) < least:
            raise self.refuse(N_("“%(label)s”至少 %(least)s 行。"), least=least)
        return rows or None

    def _row(self, given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
        errors: dict[str, list[str]] = {}
        try:
            found = self.rows.load(given)
        except ValidationError as problem:
            found, errors = valid_part(problem), messages_of(problem)
        row = {column.key: found.get(column.key) for column in self.columns if column.key}
        for column in self.columns:
            if column.key and column.key not in errors and column.required and not is_answered(column, row[column.key]):
                errors[column.key] = [required_sentence(column)]
        return row, errors


def valid_part(problem: ValidationError) -> dict[str, Any]:
    """What fitted, beside the things that did not."""
    return dict(problem.valid_data) if isinstance(problem.valid_data, Mapping) else {}


def messages_of(problem: ValidationError) -> dict[Any, Any]:
    return dict(problem.normalized_messages())  # type: ignore[no-untyped-call]  # marshmallow leaves it untyped


def is_answered(component: Component, value: Any) -> bool:
    """Whether a loaded value answers its field: a box that must be ticked is answered only by a tick."""
    return value is True if component.type in ("checkbox", "signature") else value is not None


_REQUIRED: Mapping[str, str] = {
    **dict.fromkeys(("select", "radio", "datetime"), N_("请选择“%(label)s”。")),
    **dict.fromkeys(("checklist", *PICKERS), N_("请选择“%(label)s”。")),
    **dict.fromkeys(ATTACHMENTS, N_("请上传“%(label)s”。")),
    "checkbox": N_("请勾选“%(label)s”。"),
    "signature": N_("请本人签字确认“%(label)s”。"),
}


def required_sentence(component: Component) -> Sentence:
    message = _REQUIRED.get(component.type, N_("请填写“%(label)s”。"))
    return Sentence(message, label=component.words)


@lru_cache(maxsize=1024)
def schema_of(form: Form, options: OptionLists) -> Schema:
    """The schema of a form's writable fields."""
    return _schema(form.fields, options)


def _schema(components: tuple[Component, ...], options: OptionLists) -> Schema:
    made = {c.key: field_of(c, options) for c in components if c.key and c.writable and c.type in FIELD_TYPES}
    schema: Schema = FormSchema.from_dict(dict(made))()
    return schema


def field_of(component: Component, options: OptionLists) -> FormField:
    if component.type == "table":
        return TableField(component, options)
    if component.type in OPTION_FIELDS:
        return OPTION_FIELDS[component.type](component, options)
    return FIELDS[component.type](component)


@lru_cache(maxsize=2048)
def field_types(form: Form, options: Options | None = None) -> Mapping[str, FeelType]:
    """Field name -> FEEL type of its answer; "any" where the file does not tell. With `options` the values that an
    option field may have and the columns of a table are told too.
    """
    lists = None if options is None else options_in(options)
    return {c.key: type_of(c, lists) for c in form.fields if c.key and c.type in FIELD_TYPES}


def fact_types(form: Form, options: Options | None = None) -> Mapping[str, FeelType]:
    """Like `field_types`, only the fields whose answers are kept as facts (property `fact`, by default yes).

    An identity number is none: nothing decides by it.
    """
    kept = {c.key for c in form.fields if c.properties.get("fact", "true") != "false" and c.type != IDENTITY_NUMBER}
    return {name: type_ for name, type_ in field_types(form, options).items() if name in kept}


def type_of(component: Component, options: OptionLists | None) -> FeelType:
    if component.type in ("select", "radio"):
        return _choice_type(component, options)
    if options is not None and component.type == "checklist":
        return ListOf(_choice_type(component, options))
    if options is not None and component.type == "table":
        return ListOf({c.key: type_of(c, options) for c in component.columns if c.key and c.type in FIELD_TYPES})
    if component.type == "datetime":
        return "string" if component.raw.get("subtype") == "time" else "date"
    if component.type == "computed":
        return _computed_type(component)
    return FEEL_TYPES[component.type]


def _choice_type(component: Component, options: OptionLists | None) -> FeelType:
    name = component.properties.get("options", "")
    if options is None:
        return "boolean" if name == "YES_NO" else "string"
    values = allowed_values(component, options)
    kinds = frozenset(map(type, values))
    if kinds == {str}:
        return Choice(map(str, values))
    return {frozenset({bool}): "boolean", frozenset({int}): "number"}.get(kinds, "string")


def _computed_type(component: Component) -> str:
    try:
        found = inspect(str(component.raw.get("expression", "")), {}).type
    except FeelError:
        return "any"
    return {"date time": "date", "null": "any", "iso": "date"}.get(found, found)
