"""Cells of a decision table for who does not read FEEL, in both languages: codes by their labels, tests in words."""

import re
from collections.abc import Mapping
from functools import cache

from app.domain import vocabulary
from app.queries.labels import label_of, labels_together
from app.queries.stages import register_of

_CODE = re.compile(r'"([^"]*)"')
_CODES = re.compile(r'"[^"]*"(\s*,\s*"[^"]*")*')
_LIST = re.compile(r"\[([^\[\]]*)\]")
_ANY = r'(?:“[^”]*”|"[^"]*")'
_ONE = f"({_ANY})"
_PLAIN = tuple(
    (re.compile(feel), chinese, english)
    for feel, chinese, english in (
        (rf"not\(list contains\(\?, {_ONE}\)\)", r"不含\1", r"without \1"),
        (rf"list contains\(\?, {_ONE}\)", r"含\1", r"with \1"),
        (rf"not\(({_ANY}(?:, {_ANY})*)\)", r"不是\1", r"none of \1"),
        (r"(?<=[”\"]) and ", "，并且", " and "),
        (r"(?<=[”\"]) or ", "，或者", " or "),
    )
)
"""What tests of lists say, for who does not read FEEL."""
_WHOLE = {
    "count(?) > 0": ("有", "some"),
    "not(true)": ("否或者未填", "no or not said"),
    "not(false)": ("是或者未填", "yes or not said"),
}
"""Tests that are said in one word."""
_SPAN = re.compile(r"P(?:(\d+)M)?(?:(\d+)D)?")
_ASKED = {
    "remedy_step": {
        "FIRST": ("第一次", "first"),
        "SECOND": ("第二次", "second"),
        "THIRD": ("第三次", "third"),
    },
    "decision_maker": {
        "SUPERVISORY": ("监察机关", "supervisory organ"),
        "PARTY": ("党组织", "party organisation"),
        "LEADER_ACCOUNTABILITY": ("对党政领导干部问责的机关", "organ that holds leading cadres accountable"),
        "APPOINTING": ("任免机关、单位", "appointing organ or unit"),
    },
    "remedy_scope": {"STATUTE_ONLY": ("限于公务员法列明的事项", "only what the Civil Servants Law lists")},
    "remedy_apply_from": {
        "DECISION_RECEIVED": ("收到处理决定之日", "the decision was received"),
        "REEXAMINATION_DECISION": ("收到复审决定之日", "the re-examination decision was received"),
        "REVIEW_DECISION": ("收到复核决定之日", "the review decision was received"),
        "TREATMENT_KNOWN": ("知道处理之日", "the treatment became known"),
        "DISPUTE": ("争议发生之日", "the dispute arose"),
    },
    "remedy_body": {
        "SUPERVISORY_BODY": ("作出决定的监察机关", "the supervisory organ that decided"),
        "SUPERIOR_SUPERVISORY_BODY": ("上一级监察机关", "the supervisory organ above it"),
        "PARTY_ORGANISATION": ("作出决定的党组织", "the party organisation that decided"),
        "ORIGINAL_BODY": ("原处理机关", "the original authority"),
        "ARBITRATION_COMMISSION": ("人事争议仲裁委员会", "the arbitration commission"),
        "UNIT": ("原单位", "the unit"),
        "COMPETENT_DEPARTMENT": ("主管部门", "the competent department"),
        "CIVIL_SERVICE_AUTHORITY_OR_SUPERIOR": (
            "同级公务员主管部门或者上一级机关",
            "the civil service authority or the organ above",
        ),
        "SUPERIOR_OF_APPEAL_BODY": ("受理申诉机关的上一级机关", "the organ above the one that heard the appeal"),
    },
    "conduct": {
        "COLLECTIVE_DECIDED": ("主持集体决定", "presided over a collective decision"),
        "COLLECTIVE_SUPPORTED": ("集体决定中赞成错误意见", "supported the wrong opinion"),
        "COLLECTIVE_DISSENTED": ("集体决定中提出正确意见", "stated the right opinion"),
    },
    "question": {"RETIRED": ("已离职人员如何处理", "how to treat who has left")},
    "proposed_instrument": {"SUPERVISORY_ADVICE": ("监察建议", "supervisory advice")},
    "assessment_record": {
        "FILING": ("报送备案情况", "how filing was done"),
        "LOST_CASE": ("败诉案件", "the lost case"),
    },
    "recovery": {"OPEN": ("应当追偿", "recovery is due")},
    "profile": {
        "SUP": ("纪检监察机关", "discipline and supervision organ"),
        "ORG": ("组织人事部门", "organisation and personnel department"),
        "UNIT": ("本单位", "own unit"),
    },
}
"""What codes are called, by the column that holds them, that no field of a form asks for."""


@cache
def _called() -> Mapping[str, str]:
    """What the vocabulary of facts calls a code in Chinese, of those that mean one thing wherever they stand."""
    lists = [codes for codes in vars(vocabulary).values() if isinstance(codes, dict)]
    said: dict[str, set[str]] = {}
    for codes in lists:
        for code, label in codes.items():
            if isinstance(code, str) and isinstance(label, str):
                said.setdefault(code, set()).add(label)
    return {code: labels.pop() for code, labels in said.items() if len(labels) == 1 and code.isupper()}


def cell_in_words(release_id: str, locale: str, field: str, cell: str) -> str:
    """A cell whose codes read as the labels of the field's options, and ids of clauses as their articles.

    A plain list of codes also loses its quotes and brackets; tests of what a list holds are told in words.
    """
    if cell in _WHOLE:
        return _WHOLE[cell][locale == "en"]
    if (listed := _LIST.fullmatch(cell)) is not None:
        cell = listed[1].strip() or "—"
    codes = _CODE.findall(cell)
    labels = {code: _asked(release_id, field, code, locale) for code in codes}
    if any(label == code for code, label in labels.items()):  # what a table is asked about need not be a field
        labels |= labels_together(release_id, labels.keys(), locale=locale)
        clauses = register_of(release_id).clauses
        labels |= {code: clauses[code].article for code in codes if code in clauses}
        if locale != "en":
            labels |= {code: _called()[code] for code, label in labels.items() if label == code and code in _called()}
    if _CODES.fullmatch(cell):
        return (", " if locale == "en" else "、").join(labels[code] for code in codes)
    for code, label in labels.items():
        cell = cell.replace(f'"{code}"', f'"{label}"' if locale == "en" else f"“{label}”") if label != code else cell
    for feel, chinese, english in _PLAIN:
        cell = feel.sub(english if locale == "en" else chinese, cell)
    return cell


def _asked(release_id: str, field: str, code: str, locale: str) -> str:
    """What the column's own words, else the forms or the settings, call a code; the code where nothing does."""
    if code in (known := _ASKED.get(field, {})):
        return known[code][locale == "en"]
    if code != "P" and (span := _SPAN.fullmatch(code)):
        return _span(*(int(part or 0) for part in span.groups()), english=locale == "en")
    setting = register_of(release_id).rules.get(field)
    if setting is not None and code in setting.values:
        return setting.values[code]
    return label_of(release_id, field, code, locale=locale)


def _span(months: int, days: int, *, english: bool) -> str:
    """A period of a decision table: those of remedies are months or days, never both."""
    if english:
        unit = "month" if months else "day"
        return f"{months or days} {unit}{'s' if (months or days) > 1 else ''}"
    return f"{months}个月" if months else f"{days}日"
