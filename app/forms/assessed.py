"""Facts about a lost case as somebody states them: in the words of the vocabulary, checked field by field."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates_schema

from app.domain import vocabulary as words
from app.domain.assessment import CaseFacts, MentalState, SubjectFacts
from app.domain.errors import N_, InvalidAnswersError, Sentence
from app.domain.repeats import PastFault
from app.domain.subjects import SubjectKind

COMMON = {"required": N_("此项必填。"), "null": N_("此项不能为空值。"), "validator_failed": N_("此项的值不允许。")}
NOT_TEXT = N_("此项应为文字。")
TOO_LONG = N_("内容过长。")
LONGEST_LIST = 200
LONGEST_HISTORY = 2000
NOT_A_FLAG = N_("此项应为 true 或 false。")
NOT_A_DATE = N_("此项应为日期，例如 2024-05-10。")
NOT_AN_AMOUNT = N_("此项应为不小于零的金额（元），例如 8000 或者 8000.50。")
NOT_A_LIST = N_("此项应为列表。")
TOO_MANY = N_("列表过长。")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

DESCRIBING = frozenset({
    "id", "title", "title_en", "title_zh", "desc", "description", "note", "source", "source_confidence", "facts_zh",
    "facts_en", "facts_real_vs_assumed", "fault_articles_jz", "expected",
})  # fmt: skip
"""Keys of published cases that describe and decide nothing: they are left out of account."""


class Code(fields.String):
    """One word of the vocabulary. A wrong one is told with the nearest right ones."""

    default_error_messages = {**COMMON, "invalid": NOT_TEXT, "invalid_utf8": NOT_TEXT}

    def __init__(self, codes: Mapping[str, str], **more: Any) -> None:
        super().__init__(validate=lambda word: _ensure_known(word, codes), metadata={"enum": list(codes)}, **more)


def _ensure_known(word: str, codes: Iterable[str]) -> None:
    known = list(codes)
    if word in known:
        return
    near = get_close_matches(word.upper(), known, n=3, cutoff=0.5) or known[:6]
    raise ValidationError(
        [Sentence(N_("词表中没有“%(word)s”，可用的有：%(near)s。"), word=word[:60], near="、".join(near))]
    )


class Words(fields.String):
    default_error_messages = {**COMMON, "invalid": NOT_TEXT, "invalid_utf8": NOT_TEXT}


class Flag(fields.Boolean):
    """true or false, nothing that resembles them."""

    default_error_messages = {**COMMON, "invalid": NOT_A_FLAG}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Day(fields.Field[date]):
    """A calendar day, YYYY-MM-DD."""

    default_error_messages = {**COMMON, "invalid": NOT_A_DATE}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> date:
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise self.make_error("invalid")


class Amount(fields.Field[float]):
    """Yuan."""

    default_error_messages = {**COMMON, "invalid": NOT_AN_AMOUNT}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
            raise self.make_error("invalid")
        return float(value)


def listed(inner: Any, *, longest: int = LONGEST_LIST) -> fields.List[Any]:
    """A list that may be left out."""
    return fields.List(
        inner,
        load_default=None,
        allow_none=True,
        error_messages={**COMMON, "invalid": NOT_A_LIST},
        validate=validate.Length(max=longest, error=TOO_MANY),
    )


def optional(codes: Mapping[str, str]) -> Code:
    return Code(codes, load_default=None, allow_none=True)


def text(longest: int = 200) -> Words:
    return Words(load_default=None, allow_none=True, validate=validate.Length(max=longest, error=TOO_LONG))


def flag() -> Flag:
    return Flag(load_default=None, allow_none=True)


class Stated(Schema):
    """Facts in words of the vocabulary. A field that nobody reads is a mistake of the caller, so it is refused."""

    error_messages = {"type": N_("此项应为 JSON 对象。")}
    ignored: frozenset[str] = frozenset()

    class Meta:
        unknown = EXCLUDE

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def ensure_known(self, data: Any, original: Any, **more: Any) -> None:
        if not isinstance(original, Mapping):
            return
        unknown = [name for name in original if name not in self.fields and name not in self.ignored]
        if unknown:
            raise ValidationError({name: [self._unknown(name)] for name in unknown})

    def _unknown(self, name: str) -> Sentence:
        near = get_close_matches(name, self.fields, n=3, cutoff=0.5)
        if near:
            return Sentence(N_("没有这个字段；相近的有：%(near)s。"), near="、".join(near))
        return Sentence(N_("没有这个字段；可用的有：%(known)s。"), known="、".join(self.fields))


class AssessedSubject(Stated):
    kind = Code(words.KIND, required=True)
    role = Code({**words.ORGAN_ROLE, **words.PERSON_ROLE}, required=True)
    organ_type = optional(words.ORGAN_TYPE)
    authority = optional(words.AUTHORITY)
    current_status = optional(words.CURRENT_STATUS)
    person_id = text()
    organ_id = text()
    name = text()
    case_type = optional(words.CASE_TYPE)
    level = optional(words.LEVEL)
    fault = optional(words.FAULT)
    fault_degree = optional(words.FAULT_DEGREE)
    mental_state = optional(words.MENTAL_STATE)
    nominal_fault = flag()
    leading_cadre = flag()
    holds_appointed_post = flag()
    person_category = optional(words.PERSON_CATEGORY)
    art88_ground = text(500)
    superior_order = flag()
    objected_in_writing = flag()

    @validates_schema
    def ensure_role_fits(self, data: Mapping[str, Any], **more: Any) -> None:
        roles = words.ORGAN_ROLE if data["kind"] == SubjectKind.ORGAN else words.PERSON_ROLE
        if data["role"] not in roles:
            sentence = Sentence(
                N_("该种类的责任对象没有“%(role)s”这一地位，可用的有：%(near)s。"),
                role=data["role"],
                near="、".join(roles),
            )
            raise ValidationError([sentence], "role")

    @post_load
    def as_facts(self, data: dict[str, Any], **more: Any) -> SubjectFacts:
        given = {name: value for name, value in data.items() if value is not None}
        given["kind"] = SubjectKind(given["kind"])
        if "mental_state" in given:
            given["mental_state"] = MentalState(given["mental_state"])
        if not str(given.get("art88_ground", "")).strip():
            given.pop("art88_ground", None)
        return SubjectFacts(**given)


class AssessedHistory(Stated):
    fault = Code(words.FAULT, required=True)
    act_date = Day(required=True)
    person_id = text()
    organ_id = text()
    series_id = text()
    case_no = text()

    @post_load
    def as_fact(self, data: dict[str, Any], **more: Any) -> PastFault:
        return PastFault(**data)


class AssessedCase(Stated):
    """What is known of the case. Keys that only describe a published case are accepted and left out of account."""

    ignored = DESCRIBING

    issuing_body = Code(words.ISSUING_BODY, required=True)
    case_type = Code(words.CASE_TYPE, required=True)
    legal_effect = flag()
    instance = optional(words.INSTANCE)
    effective_date = Day(load_default=None, allow_none=True)
    act_date = Day(load_default=None, allow_none=True)
    series_id = text()
    fault_circumstances = listed(Code(words.FAULT))
    mental_state = optional(words.MENTAL_STATE)
    subjects = listed(fields.Nested(AssessedSubject, error_messages={**COMMON, "type": N_("此项应为 JSON 对象。")}))
    circumstances = listed(Code(words.CIRCUMSTANCE))
    history = listed(fields.Nested(AssessedHistory), longest=LONGEST_HISTORY)
    compensation_amount = Amount(load_default=None, allow_none=True)
    compensation_paid = flag()

    @validates_schema
    def effect_is_stated(self, data: dict[str, Any], **more: Any) -> None:
        """Nothing follows from a document while nobody knows whether it has effect, unless its class does not ask."""
        if data.get("legal_effect") is None and data.get("case_type") not in words.EFFECT_NOT_ASKED:
            raise ValidationError(COMMON["required"], "legal_effect")

    @post_load
    def as_facts(self, data: dict[str, Any], **more: Any) -> CaseFacts:
        lists = ("fault_circumstances", "subjects", "circumstances", "history")
        values: dict[str, Any] = {name: tuple(value or ()) if name in lists else value for name, value in data.items()}
        values["mental_state"] = MentalState(data["mental_state"]) if data["mental_state"] else None
        values["legal_effect"] = data["legal_effect"] is True
        values["compensation_paid"] = data["compensation_paid"] is True
        return CaseFacts(**values)


def facts_in(stated: Mapping[str, Any]) -> CaseFacts:
    """The facts that somebody stated. Raises InvalidAnswersError by path, e.g. `subjects.0.role`."""
    try:
        facts: CaseFacts = AssessedCase().load(stated)
    except ValidationError as error:
        raise InvalidAnswersError(dict(_by_path(error.messages_dict, ()))) from error
    return facts


def _by_path(messages: Any, path: tuple[str, ...]) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(messages, dict):
        for key, value in messages.items():
            yield from _by_path(value, path if key == "_schema" else (*path, str(key)))
    else:
        yield ".".join(path), list(messages)
