"""What the shipped forms say of compensation and its recovery."""

import pytest

from tests.processes.form_answers import said_at


@pytest.mark.parametrize(("state", "refused"), [("INTENT", False), ("ORDINARY_NEGLIGENCE", True)])
def test_recovery_needs_intent_or_gross_negligence(state: str, refused: bool) -> None:
    case = {"subjects": [{"id": "s1", "mental_state": state}]}
    answers = {"recover": True, "recovery_persons": ["s1"], "paid_amount": 100, "proposed_amount": 100}

    sentences = [
        said_at(field, "recovery/recovery_opinion", {"case": case}, **answers)
        for field in ("recover", "recovery_persons")
    ]

    assert [bool(found) for found in sentences] == [refused, refused]


def test_nobody_bears_more_than_was_paid() -> None:
    case = {"subjects": [{"id": "s1", "mental_state": "INTENT"}]}

    sentences = said_at(
        "proposed_amount",
        "recovery/recovery_opinion",
        {"case": case},
        recover=True,
        paid_amount=100,
        proposed_amount=101,
    )

    assert "不能超过" in sentences[0]


@pytest.mark.parametrize(("kind", "asked"), [("ORDER_COMPENSATE", True), ("REVOKE", False)])
@pytest.mark.parametrize("county", ["jinzhai", "yiyuan"])
def test_compensation_may_be_stated_for_any_loss_and_must_be_where_it_was_ordered(
    county: str, kind: str, asked: bool
) -> None:
    form = f"{county}-case/legal_document"

    assert bool(said_at("compensation_amount", form, {}, case_type=kind)) is asked
    assert said_at("compensation_paid", form, {}, case_type=kind, compensation_amount=100) != []


@pytest.mark.parametrize(("day", "refused"), [("2026-03-02", True), ("2026-03-03", False), ("2026-09-03", True)])
def test_who_has_not_paid_is_asked_again_within_half_a_year(day: str, refused: bool) -> None:
    unpaid = {"compensation_paid": False, "compensation_owed": True, "compensation_part": 0}

    sentences = said_at("ask_again_on", "recovery/compensation_payment", {}, **unpaid, ask_again_on=day)

    assert bool(sentences) is refused


def test_what_is_paid_in_full_is_more_than_nothing_and_was_not_paid_tomorrow() -> None:
    form = "recovery/compensation_payment"

    assert said_at("compensation_part", form, {}, compensation_paid=True, compensation_part=0) != []
    paid = {"compensation_paid": True, "compensation_part": 100, "compensation_paid_on": "2026-03-03"}
    assert said_at("compensation_paid_on", form, {}, **paid) != []


@pytest.mark.parametrize(
    ("received", "fully", "refused"), [(60, True, True), (60, False, False), (100, True, False), (100, False, True)]
)
def test_paid_in_full_is_what_the_person_was_ordered_to_bear(received: int, fully: bool, refused: bool) -> None:
    context = {"subject": {"amount": 100}}

    sentences = said_at("fully_paid", "recovery/payment", context, received=received, fully_paid=fully)

    assert bool(sentences) is refused
