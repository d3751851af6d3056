"""What the shipped forms refuse, and the sentence at the field: no heavier than the notice, lawful measures only."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import InvalidAnswersError
from app.forms.answers import load
from app.forms.options import Options, parse_options
from app.forms.parse import parse_form
from authoring.past_days import DONE

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


def test_public_notice_serves_after_thirty_days() -> None:
    notice = {"method": "PUBLIC_NOTICE", "notice_published_on": "2026-02-01"}

    early = said_at("served_on", "accountability/service", {}, **notice, served_on="2026-03-01")
    exact = said_at("served_on", "accountability/service", {}, **notice, served_on="2026-03-03")

    assert "2026-03-03" in early[0]
    assert exact == []


@pytest.mark.parametrize(
    ("form", "prefix", "rest"),
    [
        (
            "accountability/service",
            "",
            {
                "recipient": "王某",
                "notice_place": "县政府网站",
                "notice_reason": "其他方式无法送达",
                "proof": ["a-one"],
            },
        ),
        (
            "remedy/result_service",
            "result_",
            {"result_recipient": "王某", "result_proof": ["a-one"], "next_route": "CS_APPEAL"},
        ),
    ],
)
def test_the_day_of_service_by_public_notice_is_computed(form: str, prefix: str, rest: dict[str, Any]) -> None:
    parsed = parse_form((FORMS / f"{form}.form").read_bytes())
    answers = {**rest, f"{prefix}method": "PUBLIC_NOTICE", f"{prefix}notice_published_on": "2026-02-01"}

    kept = load(
        parsed, answers, options=options(), choices=Anything(), context={"subject": {}, "procedure": {}}, now=NOW
    )

    assert kept[f"{prefix}served_on"] == "2026-03-03"


def test_a_day_of_service_is_asked_where_no_notice_was_issued() -> None:
    assert said_at("served_on", "accountability/service", {}, method="DIRECT", notice_published_on="2026-02-01")


@pytest.mark.parametrize(
    ("form", "field", "rest"),
    [
        ("jinzhai-case/result_notice", "notified_on", {}),
        ("accountability/prior_notice", "notice_served", {}),
        ("yiyuan-defence/prior_notice", "notice_served", {}),
        ("accountability/service", "served_on", {"method": "SYSTEM"}),
        ("accountability/service", "notice_published_on", {"method": "PUBLIC_NOTICE"}),
        ("remedy/result_service", "result_served_on", {"result_method": "DIRECT"}),
        ("remedy/result_service", "result_notice_published_on", {"result_method": "PUBLIC_NOTICE"}),
        ("remedy/refusal", "refused_served_on", {}),
        ("remedy/redone_decision", "redo_served_on", {}),
        ("yiyuan-effects/award_bar", "award_notified_on", {}),
    ],
)
def test_nobody_was_told_or_served_tomorrow(form: str, field: str, rest: dict[str, Any]) -> None:
    context = {"subject": {"decided_on": None}, "procedure": {"decided_on": None}}

    assert said_at(field, form, context, **rest, **{field: "2026-03-02"}) == []
    assert said_at(field, form, context, **rest, **{field: "2026-03-03"}) == ["日期不能晚于今天。"]


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


@pytest.mark.parametrize("form", ["accountability/decision_sign", "yiyuan-decision/decision_sign"])
def test_no_decision_takes_effect_before_its_own_date(form: str) -> None:
    signed = {"sign_result": "SIGNED", "decided_on": "2026-03-02"}

    assert "不能早于决定日期" in said_at("effective_on", form, {}, **signed, effective_on="2026-03-01")[0]
    assert said_at("effective_on", form, {}, **signed, effective_on="2026-03-02") == []
    assert said_at("effective_on", form, {}, **signed)


@pytest.mark.parametrize("form", ["jinzhai-case/archive", "joint-meeting/archive", "yiyuan-closing/archive"])
def test_a_file_that_is_a_state_secret_is_not_archived_here(form: str) -> None:
    assert said_at("secrecy", form, {}, secrecy="CONFIDENTIAL")
    assert said_at("secrecy", form, {}, secrecy="INTERNAL") == []


ROWS = {
    "executions": {"sanction": "WRITTEN_SELF_EXAMINATION", "detail": "已提交书面检查"},
    "exchanges": {"organ": "fy", "body": "COURT", "method": "SYSTEM", "content": "问责情况"},
    "payments": {"amount": 100, "receipt_no": "0001"},
}
DONE_DAYS = [(form, field) for form, fields in DONE.items() for field in fields.split()]


@pytest.mark.parametrize(("form", "field"), DONE_DAYS)
def test_nothing_is_recorded_as_done_tomorrow(form: str, field: str) -> None:
    table, _, column = field.rpartition(".")

    def refused(day: str) -> bool:
        said_of = f"{day}T09:00:00+08:00" if field == "held_at" else day
        answers = {table: [{**ROWS[table], column: day}]} if table else {field: said_of}
        said = said_everywhere(form, **answers).get(table or field, [])
        return any("不能晚于今天" in sentence for sentence in said)

    assert refused("2026-03-03")
    assert not refused("2026-03-02")


def _without_condition(part: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != "conditional"}


def said_everywhere(form: str, **answers: Any) -> dict[str, list[str]]:
    """The sentences at each field of a form that hides nothing."""
    data = json.loads((FORMS / f"{form}.form").read_text("utf-8"), object_hook=_without_condition)
    try:
        load(parse_form(json.dumps(data).encode()), answers, options=options(), choices=Anything(), context={}, now=NOW)
    except InvalidAnswersError as refusal:
        return {field: [str(sentence) for sentence in told] for field, told in refusal.fields.items()}
    return {}


@pytest.mark.parametrize("form", ["accountability/decision_sign", "yiyuan-decision/decision_sign"])
def test_no_decision_is_older_than_the_notice_before_it(form: str) -> None:
    context = {"subject": {"notice_served": "2026-02-20"}}

    early = said_at("decided_on", form, context, sign_result="SIGNED", decided_on="2026-02-19")

    assert "不能早于事先告知" in early[0]
    assert said_at("decided_on", form, context, sign_result="SIGNED", decided_on="2026-02-20") == []
