"""The form of 试算: what was entered, as it was entered, and the facts that it states."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain import vocabulary as words

MOST_ROWS = 60
LONGEST = 500
SINGLE = ("issuing_body", "case_type", "instance", "effective_date", "act_date", "series_id", "mental_state")
MANY = ("fault_circumstances", "circumstances")
FLAGS = ("legal_effect", "compensation_paid")
SUBJECT_WORDS = (
    "role",
    "name",
    "person_id",
    "organ_id",
    "mental_state",
    "fault",
    "case_type",
    "organ_type",
    "level",
    "authority",
    "current_status",
    "person_category",
    "art88_ground",
)
SUBJECT_FLAGS = ("nominal_fault", "leading_cadre", "holds_appointed_post", "superior_order", "objected_in_writing")
HISTORY = ("fault", "act_date", "person_id", "organ_id", "series_id", "case_no")
TRUTH = {"true": True, "false": False}
FIRST = {"issuing_body": "COURT", "case_type": "REVOKE", "legal_effect": "true", "mental_state": "GROSS_NEGLIGENCE"}


@dataclass(frozen=True, slots=True)
class Entered:
    """Raw texts by field; rows of subjects and of history in the order of the page."""

    texts: Mapping[str, str]
    lists: Mapping[str, list[str]]
    subjects: tuple[Mapping[str, str], ...]
    history: tuple[Mapping[str, str], ...]


def first() -> Entered:
    """A form that nobody has touched: one organ, one person."""
    subjects = ({"role": "IMPLEMENTING_AND_NOMINAL"}, {"role": "HANDLER"})
    return Entered(FIRST, {name: [] for name in MANY}, subjects, ())


def entered(form: MultiDict[str, str]) -> Entered:
    """What a browser sent, with the row that its button adds or removes."""
    act, _, place = form.get("act", "").partition(":")
    subjects = _rows(form, "subjects", (*SUBJECT_WORDS, *SUBJECT_FLAGS))
    history = _rows(form, "history", HISTORY)
    if act == "add_subject" and len(subjects) < MOST_ROWS:
        subjects.append({"role": "HANDLER"})
    if act == "add_history" and len(history) < MOST_ROWS:
        history.append({})
    for name, rows in (("remove_subject", subjects), ("remove_history", history)):
        if act == name and place.isdecimal() and int(place) < len(rows):
            del rows[int(place)]
    texts = {name: form.get(name, "").strip()[:LONGEST] for name in (*SINGLE, *FLAGS, "compensation_amount")}
    lists = {name: [value[:LONGEST] for value in form.getlist(name)][:MOST_ROWS] for name in MANY}
    return Entered(texts, lists, tuple(subjects), tuple(history))


def _rows(form: MultiDict[str, str], prefix: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    count = form.get(f"{prefix}-count", "0")
    rows = min(int(count), MOST_ROWS) if count.isdecimal() and len(count) < 4 else 0
    return [{name: form.get(f"{prefix}-{n}-{name}", "").strip()[:LONGEST] for name in names} for n in range(rows)]


def stated(of: Entered) -> dict[str, Any]:
    """The facts in the shape that the API takes; what is empty is not stated."""
    facts: dict[str, Any] = {name: value for name in SINGLE if (value := of.texts.get(name))}
    facts |= {name: TRUTH.get(value, value) for name in FLAGS if (value := of.texts.get(name))}
    if amount := of.texts.get("compensation_amount"):
        facts["compensation_amount"] = _number(amount)
    facts |= {name: list(values) for name, values in of.lists.items()}
    facts["subjects"] = [_subject(row) for row in of.subjects]
    facts["history"] = [{name: value for name, value in row.items() if value} for row in of.history]
    return facts


def _subject(row: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {name: value for name in SUBJECT_WORDS if (value := row.get(name))}
    given |= {name: TRUTH.get(value, value) for name in SUBJECT_FLAGS if (value := row.get(name))}
    given["kind"] = "ORGAN" if row.get("role") in words.ORGAN_ROLE else "PERSON"
    return given


def _number(text: str) -> float | str:
    """As a number, or as it was written: then it is refused with a sentence."""
    try:
        return float(text)
    except ValueError:
        return text
