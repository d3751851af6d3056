"""What the shipped forms refuse, and the sentence at the field: no heavier than the notice, lawful measures only."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.processes.form_answers import CLERK, NOTICE, said_at


def decided(subject: Mapping[str, Any], *sanctions: str) -> list[str]:
    context = {"subject": {**CLERK, **NOTICE, **subject}}
    return said_at("sanctions", "accountability/decision_draft", context, kind="ACCOUNTABLE", sanctions=list(sanctions))


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("subject-finding/entity_finding", "proposed_kind"),
        ("accountability/prior_notice", "notice_kind"),
        ("accountability/decision_draft", "kind"),
    ],
)
def test_an_organ_without_fault_is_not_held_accountable_at_any_step(form: str, field: str) -> None:
    def said(has_fault: bool, kind: str) -> list[str]:
        organ = {"kind": "ORGAN", "has_fault": has_fault}
        return said_at(field, form, {"subject": organ}, has_fault=has_fault, **{field: kind})

    assert "没有过错" in "".join(said(False, "ACCOUNTABLE"))
    assert said(True, "ACCOUNTABLE") == said(False, "NOT_PURSUED") == []


@pytest.mark.parametrize("sanctions", [("ADMONITION",), ("CIRCULATED_CRITICISM",), ("WRITTEN_SELF_EXAMINATION",)])
def test_a_decision_may_follow_the_notice_or_be_milder(sanctions: tuple[str, ...]) -> None:
    assert decided({}, *sanctions) == []


@pytest.mark.parametrize("sanctions", [("TRANSFER_FROM_POST",), ("ADMONITION", "CIRCULATED_CRITICISM")])
def test_a_decision_is_never_heavier_than_the_notice(sanctions: tuple[str, ...]) -> None:
    assert "不得重于事先告知" in decided({}, *sanctions)[0]


def test_whoever_was_told_of_no_accountability_is_not_held_accountable_without_a_new_notice() -> None:
    context = {"subject": {**CLERK, "notice_kind": "EXEMPT"}}

    sentences = said_at("kind", "accountability/decision_draft", context, kind="ACCOUNTABLE")

    assert "重新告知" in sentences[0]


@pytest.mark.parametrize(
    ("subject", "sanction", "because"),
    [
        ({"kind": "ORGAN"}, "ADMONITION", "第十三条第二款"),
        ({}, "ORDERED_RESIGNATION", "领导成员"),
        ({}, "REMOVAL", "任命职务"),
        ({}, "TERMINATE_APPOINTMENT", "聘用人员"),
        ({"person_category": "CONTRACT_STAFF"}, "DISMISSAL", "第八十八条"),
        ({"current_status": "RETIRED"}, "ADMONITION", "已离职"),
    ],
)
def test_a_measure_that_the_law_does_not_allow_is_refused(subject: dict[str, Any], sanction: str, because: str) -> None:
    notice = {"notice_sanctions": [sanction]}

    assert because in decided({**subject, **notice}, sanction)[0]


def test_a_leading_member_may_be_ordered_to_resign_and_a_retired_person_criticised() -> None:
    leader = {"is_leading_cadre": True, "notice_sanctions": ["ORDERED_RESIGNATION"]}
    retired = {"current_status": "RETIRED", "notice_sanctions": ["CIRCULATED_CRITICISM"]}

    assert decided(leader, "ORDERED_RESIGNATION") == []
    assert decided(retired, "CIRCULATED_CRITICISM") == []


@pytest.mark.parametrize("fact", [{"current_status": "DEAD"}, {"objection_excuses": True}])
def test_neither_the_dead_nor_who_objected_in_writing_is_held_accountable(fact: dict[str, Any]) -> None:
    context = {"subject": {**CLERK, **NOTICE, **fact}}

    assert said_at("kind", "accountability/decision_draft", context, kind="ACCOUNTABLE") != []
    assert said_at("kind", "accountability/decision_draft", context, kind="WITHDRAWN") == []


def test_a_superiors_order_excuses_only_a_written_objection_to_what_was_not_plainly_illegal() -> None:
    objected = {"superior_order": True, "objection_made": True, "objected_in_writing": True}
    form = "subject-finding/person_finding"

    lawful = said_at("proposed_kind", form, {}, **objected, order_plainly_illegal=False, proposed_kind="ACCOUNTABLE")
    illegal = said_at("proposed_kind", form, {}, **objected, order_plainly_illegal=True, proposed_kind="ACCOUNTABLE")

    assert "第六十条" in lawful[0]
    assert illegal == []


@pytest.mark.parametrize(("members", "refused"), [(["p-one"], True), (["p-two"], False), (["p-one", "p-two"], False)])
def test_a_team_has_two_people(members: list[str], refused: bool) -> None:
    assert bool(said_at("members", "investigation/team", {}, leader="p-one", members=members)) is refused


def test_who_steps_aside_is_neither_the_replacement_nor_decides_it() -> None:
    persons = {"replaced_person": "p-one", "replacement": "p-one", "decided_by": "p-one"}

    def said(field: str, **answers: str) -> list[str]:
        given = {"recusal_result": "REPLACE", **persons, **answers}
        return said_at(field, "investigation/recusal_decision", {}, **given)

    assert said("replaced_person") == ["回避人员不能决定自己的回避。"]
    assert said("replaced_person", decided_by="p-two") == []
    assert said("replacement") == ["接替人员不能是回避人员。"]
    assert said("replacement", replacement="p-two") == []


def test_every_measure_of_the_decision_is_executed_with_a_receipt_of_its_own() -> None:
    subject = {"sanctions": ["ADMONITION", "CIRCULATED_CRITICISM"]}
    done = [{"sanction": "ADMONITION", "done_on": "2026-03-01", "detail": "已诫勉谈话", "archived": True}]
    form = "accountability/execution"

    lacking = said_at("executions", form, {"subject": subject}, executions=done, execution_status="DONE")
    record = said_at("admonition_record", form, {"subject": subject}, executions=done, execution_status="DONE")

    assert "每一种方式" in lacking[0]
    assert record != []


@pytest.mark.parametrize(
    ("found", "decided", "asked"),
    [
        ({"mitigation_grounds": ["SELF_CORRECTED"]}, {"level": "NORMAL"}, True),
        ({"mitigation_grounds": ["SELF_CORRECTED"]}, {"level": "LIGHTER"}, False),
        ({"mitigation_grounds": ["SELF_CORRECTED"]}, {"level": "REDUCED"}, False),
        ({"aggravation_grounds": ["OBSTRUCTION"]}, {"level": "NORMAL"}, True),
        ({"aggravation_grounds": ["OBSTRUCTION"]}, {"level": "HEAVIER"}, False),
        ({}, {"level": "NORMAL"}, False),
        ({}, {"level": "LIGHTER"}, True),
        ({}, {"level": "HEAVIER"}, True),
        ({"exemption_grounds": ["MINOR_NO_HARM"]}, {"level": "NORMAL"}, True),
        ({"exemption_grounds": ["MINOR_NO_HARM"]}, {"kind": "EXEMPT"}, False),
        ({}, {"kind": "EXEMPT"}, True),
        (
            {"mitigation_grounds": ["SELF_CORRECTED"], "aggravation_grounds": ["OBSTRUCTION"]},
            {"level": "NORMAL"},
            False,
        ),
    ],
)
def test_a_decision_of_yiyuan_follows_the_grounds_found_or_says_why_not(
    found: dict[str, Any], decided: dict[str, Any], asked: bool
) -> None:
    answers = {"kind": "ACCOUNTABLE", **decided}

    sentences = said_at(
        "departure_reason", "yiyuan-decision/decision_draft", {"subject": {**CLERK, **found}}, **answers
    )

    assert bool(sentences) is asked


def test_an_opinion_that_finds_an_exemption_and_holds_accountable_says_why() -> None:
    found = {"exemption_grounds": ["MINOR_NO_HARM"], "proposed_kind": "ACCOUNTABLE"}

    assert said_at("departure_reason", "yiyuan-finding/opinion", {}, **found) != []
    assert said_at("departure_reason", "yiyuan-finding/opinion", {}, **{**found, "proposed_kind": "EXEMPT"}) == []


@pytest.mark.parametrize(
    ("failures", "faults", "refused"),
    [
        (["HEAD_NOT_APPEARED"], ["FAULT_NON_APPEARANCE"], False),
        (["HEAD_NOT_APPEARED"], ["FAULT_DEFENCE_EVIDENCE"], True),
        (["EVIDENCE_LATE"], ["FAULT_DEFENCE_EVIDENCE"], False),
        (["EVIDENCE_LATE"], ["FAULT_NON_APPEARANCE"], True),
        ([], ["FAULT_PROCEDURE"], False),
    ],
)
def test_not_appearing_in_court_has_a_place_of_its_own_among_the_faults(
    failures: list[str], faults: list[str], refused: bool
) -> None:
    form = "yiyuan-attribution/grounds"

    sentences = said_at("litigation_failures", form, {}, fault_circumstances=faults, litigation_failures=failures)

    assert bool(sentences) is refused


@pytest.mark.parametrize("form", ["jinzhai-case/archive", "joint-meeting/archive", "yiyuan-closing/archive"])
def test_a_file_that_is_a_state_secret_is_not_archived_here(form: str) -> None:
    assert said_at("secrecy", form, {}, secrecy="CONFIDENTIAL")
    assert said_at("secrecy", form, {}, secrecy="INTERNAL") == []
