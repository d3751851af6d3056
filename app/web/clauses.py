"""Clauses as the diagram viewer shows them."""

from collections.abc import Iterable, Mapping

from flask import url_for

from app.law.clauses import Clause
from app.web.problems import in_words


def law_of(clauses: Mapping[str, Iterable[Clause]]) -> dict[str, list[dict[str, str]]]:
    """Clauses by step, in the reader's language, each with its place on the regulation's page."""
    return {step: [_shown(clause) for clause in some] for step, some in clauses.items() if some}


def _shown(clause: Clause) -> dict[str, str]:
    return {
        "article": in_words(clause.article),
        "reading": in_words(clause.reading),
        "href": url_for("law.show", regulation_id=clause.regulation, _anchor=clause.anchor),
    }
