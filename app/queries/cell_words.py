"""Cells of a decision table for who does not read FEEL, in both languages: codes by their labels, tests in words."""

import re
from collections.abc import Mapping
from functools import cache

from app.domain import vocabulary
from app.queries.labels import label_in, label_of, labels_together
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
    """What the column's own list, else the settings or the forms, call a code; the code where nothing does.

    The list of a column that no field asks for has its name in capitals.
    """
    if (label := label_in(release_id, field.upper(), code, locale=locale)) != code:
        return label
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
