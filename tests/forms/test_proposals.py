"""An answer adopts what was proposed or departs from it; who departs says why."""

import json
from typing import Any

import pytest

from app.domain.errors import InvalidAnswersError
from app.forms.lint import lint
from app.forms.parse import Form, parse_form
from app.forms.proposals import confirmed, departures, ensure_reasoned, together


def form(*, is_range: bool = False, reasoned: bool = True) -> Form:
    properties = {"proposal": "case.proposed_route", "options": "ROUTES"} | (
        {"proposal_range": "true"} if is_range else {}
    )
    parts: list[dict[str, Any]] = [
        {"type": "radio", "id": "Field_route", "key": "route", "label": "去向", "properties": properties}
    ]
    if reasoned:
        parts.append({"type": "textarea", "id": "Field_why", "key": "departure_reason", "label": "理由"})
    content = {"type": "default", "schemaVersion": 19, "id": "any/form", "components": parts}
    return parse_form(json.dumps(content).encode())


PROPOSED = {"route": {"value": "UNIT", "table": "authority", "hits": ["unit"]}}
SEVERAL = {"route": {"value": ["A", "B"]}}


def test_the_proposed_answer_adopts_it_and_becomes_the_fact() -> None:
    data = {"route": "UNIT", "departure_reason": None}

    assert departures(form(), PROPOSED, data) == ()
    assert confirmed(form(), data) == {"proposed_route": "UNIT"}


def test_another_answer_departs_and_needs_a_reason() -> None:
    data = {"route": "ORG", "departure_reason": "  "}
    found = departures(form(), PROPOSED, data)

    with pytest.raises(InvalidAnswersError) as refusal:
        ensure_reasoned(form(), found, data)

    assert list(refusal.value.fields) == ["departure_reason"]
    assert (found[0].proposed, found[0].answered, found[0].hits) == ("UNIT", "ORG", ("unit",))
    ensure_reasoned(form(), found, {**data, "departure_reason": "涉嫌违法"})


def test_lists_are_compared_without_regard_to_order() -> None:
    assert departures(form(), SEVERAL, {"route": ["B", "A"]}) == ()
    assert departures(form(), SEVERAL, {"route": ["A"]})


def test_rows_that_each_answer_with_a_list_propose_all_that_stands_in_them() -> None:
    assert together([["A", "B"], ["B", "C"]]) == ["A", "B", "C"]
    assert (together(["A"]), together("A"), together([])) == (["A"], "A", [])


def test_what_cannot_be_told_apart_by_a_word_is_compared_as_it_is() -> None:
    rows = {"route": {"value": [{"who": "A"}]}}

    assert departures(form(), rows, {"route": [{"who": "A"}]}) == ()
    assert departures(form(), rows, {"route": [{"who": "B"}]})


def test_a_choice_within_a_proposed_range_adopts_it_and_leaves_the_range_alone() -> None:
    assert departures(form(is_range=True), SEVERAL, {"route": ["A"]}) == ()
    assert departures(form(is_range=True), SEVERAL, {"route": ["A", "C"]})
    assert confirmed(form(is_range=True), {"route": ["A"]}) == {}


def test_a_field_that_was_not_asked_or_not_proposed_departs_from_nothing() -> None:
    assert departures(form(), PROPOSED, {}) == ()
    assert departures(form(), {}, {"route": "ORG"}) == ()
    assert departures(form(), PROPOSED, {"route": None}) == ()


def test_a_form_that_shows_a_proposal_has_a_field_for_reasons() -> None:
    assert "form-proposal" in {finding.rule for finding in lint(form(reasoned=False), file="any.form")}
    assert "form-proposal" not in {finding.rule for finding in lint(form(), file="any.form")}
