"""Proposals as people read them: beside the field that they are made for, and where an answer departed from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.decisions import read_table
from app.engine.sources import read_source
from app.forms.presentation import Row
from app.forms.proposals import reason_field
from app.law.clauses import Clause
from app.queries.answers import answers_of, form_of
from app.queries.names import Names
from app.queries.stages import register_of
from app.storage.releases import files_of


@dataclass(frozen=True, slots=True)
class FieldProposal:
    """What is proposed for a field of the open form."""

    field: str
    words: str
    """Empty where the proposal is to choose nothing."""
    table: str
    """Name of the decision table; empty where the proposal does not come from one."""
    rows: tuple[int, ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class DepartureView:
    """An answer that is not what was proposed."""

    label: str
    proposed: str
    answered: str
    reason: str


def field_proposals(
    release_id: str, form_key: str, proposals: Mapping[str, Any], *, names: Names, locale: str
) -> tuple[FieldProposal, ...]:
    """One for each field that has a proposal, in the order of the form."""
    asked = [key for field in form_of(release_id, form_key).fields if (key := field.key or "") in proposals]
    said = _in_words(release_id, form_key, {key: proposals[key]["value"] for key in asked}, names=names, locale=locale)
    return tuple(
        FieldProposal(
            key,
            said.get(key) or str(proposals[key]["value"] or ""),
            *_made_by(release_id, proposals[key]),
        )
        for key in asked
    )


def _made_by(release_id: str, made: Mapping[str, Any]) -> tuple[str, tuple[int, ...], tuple[Clause, ...]]:
    """Name of the table, numbers of its rows that matched, and the clauses that these cite."""
    content = files_of(release_id).get(f"{made.get('table')}.dmn")
    if content is None:
        return "", (), ()
    table, register = read_table(read_source(content)), register_of(release_id)
    rows = [(number, rule) for number, rule in enumerate(table.rules, 1) if rule.id in made["hits"]]
    cited = dict.fromkeys(clause for _, rule in rows for clause in register.cited_in(rule.annotations[:1]))
    return table.name, tuple(number for number, _ in rows), register.clauses_of(tuple(cited))


def departures_of(
    release_id: str,
    form_key: str,
    told: Iterable[Mapping[str, Any]],
    answers: tuple[Row, ...],
    *,
    names: Names,
    locale: str,
) -> tuple[DepartureView, ...]:
    """What the history tells of departures, in words; `answers` are those of the submission."""
    departed = list(told)
    if not departed:
        return ()
    field = reason_field(form_of(release_id, form_key))
    reason = next((row.text for row in answers if field is not None and row.name == field.key), "")
    proposed = {item["field"]: item["proposed"] for item in departed}
    said = _in_words(release_id, form_key, proposed, names=names, locale=locale)
    rows = {row.name: row for row in answers}
    return tuple(
        DepartureView(
            label=rows[key].label if key in rows else key,
            proposed=said.get(key) or str(item["proposed"]),
            answered=rows[key].text if key in rows else "",
            reason=reason,
        )
        for item in departed
        if (key := str(item["field"]))
    )


def _in_words(release_id: str, form_key: str, data: Mapping[str, Any], *, names: Names, locale: str) -> dict[str, str]:
    return {row.name: row.text for row in answers_of(release_id, form_key, data, names=names, locale=locale)}
