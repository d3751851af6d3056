"""Organs, people and cases that are chosen by name."""

from typing import Any

import pytest

from app.domain.errors import InvalidAnswersError
from tests.forms.builders import Known, answer, field, form_of

ROUTED = form_of(
    field("radio", "route", values=[{"value": "UNIT", "label": "任免机关"}, {"value": "NONE", "label": "不再办理"}]),
    field(
        "multi-organ",
        "pursuers",
        label="责任追究机关",
        properties={"held_roles": 'if route = "UNIT" then ["unit.officer", "unit.head"] else null'},
    ),
)
OFFICES = Known(organs=["a", "b"], **{"unit.officer": ["a", "b"], "unit.head": ["a"]})


def test_choices_are_asked_once_for_each_source() -> None:
    form = form_of(
        field("organ", "a"),
        field("multi-organ", "b"),
        field("table", "t", columns=[{"key": "o", "type": "organ", "label": "单位", "source": "organs"}]),
    )
    choices = Known(organs=["1", "2", "3"])

    answer(form, {"a": "1", "b": ["2", "3"], "t": [{"o": "1"}, {"o": "3"}]}, choices=choices)

    assert choices.asked == ["organs"]


def test_an_organ_in_which_nobody_could_go_on_is_refused_with_the_role_that_is_missing() -> None:
    with pytest.raises(InvalidAnswersError) as refusal:
        answer(ROUTED, {"route": "UNIT", "pursuers": ["a", "b"]}, choices=OFFICES)

    (sentence,) = refusal.value.fields["pursuers"]
    assert "“责任追究机关”所选单位没有人担任“机关内部追责负责人”" in str(sentence)


@pytest.mark.parametrize("answers", [{"route": "UNIT", "pursuers": ["a"]}, {"route": "NONE", "pursuers": ["b"]}])
def test_an_organ_is_taken_where_everybody_is_there_or_nobody_is_needed(answers: dict[str, Any]) -> None:
    assert answer(ROUTED, answers, choices=OFFICES) == answers
