"""Asks a shipped form what it says of an answer."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.errors import InvalidAnswersError
from app.forms.answers import load
from app.forms.options import Options, parse_options
from app.forms.parse import parse_form

FORMS = Path(__file__).parents[2] / "forms"
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
CLERK = {
    "kind": "PERSON",
    "is_leading_cadre": False,
    "person_category": "CIVIL_SERVANT",
    "current_status": "IN_SERVICE",
}
NOTICE = {"notice_kind": "ACCOUNTABLE", "notice_sanctions": ["ADMONITION"]}


class Anything:
    def allowed(self, source: str, ids: Iterable[str]) -> frozenset[str]:
        return frozenset(ids)

    def held(self, role: str, organs: Iterable[str]) -> frozenset[str]:
        return frozenset(organs)


@cache
def options() -> Options:
    return parse_options((FORMS / "options.yml").read_bytes())


def said_at(field: str, form: str, context: Mapping[str, Any], **answers: Any) -> list[str]:
    """The sentences at one field; the others may be missing."""
    parsed = parse_form((FORMS / f"{form}.form").read_bytes())
    facts = {"case": context.get("case", {}), "subject": context.get("subject", {})}
    try:
        load(parsed, answers, options=options(), choices=Anything(), context=facts, now=NOW)
    except InvalidAnswersError as refusal:
        return [str(sentence) for sentence in refusal.fields.get(field, ())]
    return []
