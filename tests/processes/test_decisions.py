"""The tables propose what the regulation says, and every row names its clause."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.engine.decisions import Decision, DecisionTable, read_table
from app.engine.sources import read_source
from tests.processes.offices import FOLDER

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TABLES = sorted(path.stem for path in FOLDER.glob("*.dmn"))
CLAUSES = Path(__file__).parents[1] / "data" / "clauses.json"


@cache
def table(name: str) -> DecisionTable:
    return read_table(read_source((FOLDER / f"{name}.dmn").read_bytes()))


def decide(name: str, **facts: Any) -> Decision:
    return table(name).decide(facts, now=NOW)


def scope(case_type: str, *, legal_effect: bool | None = True, effective_date: str | None = "2024-05-06") -> Any:
    facts = {"case_type": case_type, "legal_effect": legal_effect, "effective_date": effective_date}
    outputs = decide("jinzhai-scope", **facts).outputs
    return outputs["scope_kind"], outputs["scope_article"]


def exemptions(*circumstances: str, mental_state: str | None = "GROSS_NEGLIGENCE") -> Any:
    outputs = decide("jinzhai-exemption", circumstances=list(circumstances), mental_state=mental_state).outputs
    return {name: [clause for clause in found if clause] for name, found in outputs.items()}


def eligible(kind: str, **facts: Any) -> list[str]:
    names = ("leading_cadre", "holds_appointed_post", "person_category", "art88_ground", "current_status")
    unknown = dict.fromkeys(names)
    return decide("jinzhai-sanctions", **{"subject_kind": kind, **unknown, **facts}).outputs["eligible_sanction_codes"]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_an_id_a_clause_and_a_reading(name: str) -> None:
    rows = table(name).rules

    assert len({row.id for row in rows}) == len(rows)
    assert all(row.id and len(row.annotations) == 2 and all(row.annotations) for row in rows)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_names_a_clause_that_exists(name: str) -> None:
    known = {clause["id"] for clause in json.loads(CLAUSES.read_text())}

    assert {row.annotations[0] for row in table(name).rules} <= known


@pytest.mark.parametrize(
    ("case_type", "article"),
    [
        ("REVOKE", "JZ-3(1)"),
        ("PARTIAL_REVOKE", "JZ-3(1)"),
        ("CONFIRM_ILLEGAL", "JZ-3(2)"),
        ("ALTER", "JZ-3(3)"),
        ("ORDER_PERFORM", "JZ-3(4)"),
        ("ORDER_COMPENSATE", "JZ-3(5)"),
        ("CONFIRM_INVALID", "JZ-3(6)"),
        ("OTHER_LOSS", "JZ-3(6)"),
    ],
)
def test_a_lost_case_is_in_direct_scope_once_it_has_effect(case_type: str, article: str) -> None:
    assert scope(case_type) == ("DIRECT", article)
    assert scope(case_type, legal_effect=False) == ("AWAIT_EFFECT", None)


def test_article_four_cases_come_in_by_reference_and_do_not_wait_for_effect() -> None:
    assert scope("REF_HEAD_ABSENT", legal_effect=False) == ("BY_REFERENCE", "JZ-4(6)")
    assert scope("REF_ADVICE_IGNORED", legal_effect=None, effective_date=None) == ("BY_REFERENCE", "JZ-4(4)")


def test_only_the_unperformed_judgment_asks_for_effect_among_article_four_cases() -> None:
    assert scope("REF_NOT_EXECUTED", legal_effect=False) == ("AWAIT_EFFECT", None)
    assert scope("REF_NOT_EXECUTED") == ("BY_REFERENCE", "JZ-4(5)")


def test_a_case_that_was_won_or_took_effect_before_the_rule_is_out_of_scope() -> None:
    assert scope("WON") == ("OUT", None)
    assert scope("REVOKE", effective_date="2017-10-10") == ("OUT", "JZ-23")
    assert scope("REVOKE", effective_date="2017-10-11") == ("DIRECT", "JZ-3(1)")


def test_each_fault_is_its_item_of_article_five() -> None:
    found = decide("jinzhai-fault", fault_circumstances=["FAULT_DEFENCE_EVIDENCE", "FAULT_PROCEDURE"]).outputs

    assert found["proposed_faults"] == ["JZ-5(3)", "JZ-5(7)"]
    assert decide("jinzhai-fault", fault_circumstances=[]).outputs["proposed_faults"] == []


def test_the_nominal_entity_answers_only_for_its_own_fault() -> None:
    def proposal(nominal_fault: bool | None) -> list[str]:
        facts = {"subject_kind": "ORGAN", "subject_role": "NOMINAL", "implementing_count": 1}
        return decide("jinzhai-subjects", nominal_fault=nominal_fault, **facts).outputs["subject_proposal"]

    assert proposal(True) == ["ACCOUNTABLE"]
    assert proposal(False) == ["NOT_ACCOUNTABLE"]
    assert proposal(None) == ["HUMAN_DECISION"]


def test_several_implementing_entities_are_held_to_account_separately() -> None:
    facts = {"subject_kind": "ORGAN", "subject_role": "IMPLEMENTING", "nominal_fault": None}

    found = decide("jinzhai-subjects", implementing_count=2, **facts).outputs

    assert found == {"subject_basis": ["JZ-6.p1", "JZ-6.p3"], "subject_proposal": ["ACCOUNTABLE", "SEPARATE"]}


@pytest.mark.parametrize(
    ("mental_state", "proposal"),
    [
        ("INTENT", "ACCOUNTABLE_NORMAL"),
        ("GROSS_NEGLIGENCE", "ACCOUNTABLE_NORMAL"),
        ("ORDINARY_NEGLIGENCE", "EXEMPT"),
        ("NONE", "EXEMPT"),
        (None, "HUMAN_DECISION"),
    ],
)
def test_only_intent_and_gross_negligence_are_accountable(mental_state: str | None, proposal: str) -> None:
    assert decide("jinzhai-mental-state", mental_state=mental_state).outputs["proposed_mental_state"] == proposal


@pytest.mark.parametrize(
    ("circumstances", "found", "contested"),
    [
        (["MINOR_NO_HARM"], ["JZ-15(1)"], []),
        (["COUNTERPARTY_FRAUD"], ["JZ-15(2)"], []),
        (["COUNTERPARTY_FRAUD", "REVIEW_DUTY_NOT_MET"], [], ["JZ-15(2)"]),
        (["UNCLEAR_BASIS"], ["JZ-15(3)"], []),
        (["BASIS_AMENDED"], [], []),
        (["BASIS_AMENDED_LONG_AGO"], [], []),
        (["PRIOR_ACT_ERROR", "REVIEW_DUTY_MET"], ["JZ-15(4)"], []),
        (["PRIOR_ACT_ERROR", "REVIEW_DUTY_NOT_MET"], [], []),
        (["PRIOR_ACT_ERROR"], [], ["JZ-15(4)"]),
        (["FORCE_MAJEURE"], ["JZ-15(5)"], []),
        (["NECESSITY"], ["JZ-15(5)"], []),
        (["FORCE_MAJEURE", "NECESSITY"], ["JZ-15(5)"], []),
        (["OTHER_EXEMPTION_BY_LAW"], ["JZ-15(7)"], []),
        (["EXCUSE_STAFF_ON_TRIP"], [], []),
    ],
)
def test_exemptions_follow_the_findings(circumstances: list[str], found: list[str], contested: list[str]) -> None:
    assert exemptions(*circumstances) == {"proposed_exemptions": found, "contested_exemptions": contested}


def test_ordinary_negligence_is_exempt_besides_any_other_exemption() -> None:
    found = exemptions("MINOR_NO_HARM", mental_state="ORDINARY_NEGLIGENCE")

    assert found["proposed_exemptions"] == ["JZ-15(1)", "JZ-15(6)"]


def test_a_plea_of_no_gross_fault_against_the_finding_is_contested() -> None:
    plea = "NO_INTENT_OR_GROSS_NEGLIGENCE"

    assert exemptions(plea, mental_state="INTENT")["contested_exemptions"] == ["JZ-15(6)"]
    assert exemptions(plea, mental_state="NONE")["contested_exemptions"] == []


@pytest.mark.parametrize(
    ("circumstance", "found", "contested"),
    [
        ("FORCE_MAJEURE_WORSENED", ["JZ-16(1)"], []),
        ("SELF_CORRECTED", ["JZ-16(2)"], []),
        ("OTHER_MITIGATION_BY_LAW", ["JZ-16(3)"], []),
        ("SELF_CORRECTION_CLAIMED", [], ["JZ-16(2)"]),
        ("CORRECTED_AFTER_SUIT", [], []),
    ],
)
def test_mitigation_needs_a_finding_not_a_claim(circumstance: str, found: list[str], contested: list[str]) -> None:
    outputs = decide("jinzhai-mitigation", circumstances=[circumstance]).outputs

    assert [clause for clause in outputs["proposed_mitigations"] if clause] == found
    assert [clause for clause in outputs["contested_mitigations"] if clause] == contested


def test_repetition_is_believed_only_from_the_record() -> None:
    def aggravations(*circumstances: str, repeat: bool | None = None) -> list[str]:
        facts = {"circumstances": list(circumstances), "repeat_within_year": repeat}
        return decide("jinzhai-aggravation", **facts).outputs["proposed_aggravations"]

    assert aggravations("REPEAT_SAME_PERSON_WITHIN_YEAR") == []
    assert aggravations(repeat=True) == ["JZ-17(1)"]
    assert aggravations("OBSTRUCTION", "RETALIATION", "SERIOUS_LOSS_OR_IMPACT", "OTHER_AGGRAVATION_BY_LAW") == [
        "JZ-17(2)",
        "JZ-17(3)",
        "JZ-17(4)",
        "JZ-17(5)",
    ]


def test_organs_are_open_to_the_first_three_sanctions_only() -> None:
    assert eligible("ORGAN") == ["WRITTEN_SELF_EXAMINATION", "CIRCULATED_CRITICISM", "PUBLIC_APOLOGY"]


def test_resignation_and_removal_need_a_leader_or_an_appointed_post() -> None:
    assert {"RESIGN_TAKING_BLAME", "ORDERED_RESIGNATION", "REMOVAL"} <= set(eligible("PERSON", leading_cadre=True))
    assert not {"RESIGN_TAKING_BLAME", "ORDERED_RESIGNATION", "REMOVAL"} & set(eligible("PERSON", leading_cadre=False))
    assert eligible("PERSON", leading_cadre=False, holds_appointed_post=True).count("REMOVAL") == 1


def test_dismissal_needs_a_statutory_ground_and_termination_an_appointment() -> None:
    assert "DISMISSAL" not in eligible("PERSON", art88_ground="")
    assert "DISMISSAL" in eligible("PERSON", art88_ground="连续旷工")
    assert "TERMINATE_APPOINTMENT" in eligible("PERSON", person_category="CONTRACT_STAFF")
    assert "TERMINATE_APPOINTMENT" not in eligible("PERSON", person_category="CIVIL_SERVANT")
