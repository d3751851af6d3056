"""The case from registration to archive on the engine alone: its normal route, every branch, timer and loop."""

from typing import Any

import pytest

from tests.processes.offices import DATES, Walk, successive

CASE = {"case_no": "0001", "lead_organ": "demo.zjj"}
PER_SUBJECT = [
    "T_prior_notice",
    "T_hear",
    "T_advice",
    "T_advice_reply",
    "T_draft_decision",
    "T_decide",
    "T_serve",
    "T_execute",
]


def case(**options: Any) -> Walk:
    return Walk("jinzhai-case", **CASE, **options)


def decide(walk: Walk, resolution: str) -> Walk:
    """The joint meeting decides about the waiting case."""
    walk.deliver("AgendaDecided", case_no="0001", resolution=resolution, opinion_ref="M1-1")
    return walk


def outcome(walk: Walk) -> Any:
    return [r.parameters["outcome"] for r in walk.requests if r.operation == "case/close"]


def test_a_pursued_case_goes_from_registration_to_the_assessment_record() -> None:
    walk = case().go_on()
    assert walk.waiting == ["B_age", "B_reversed3", "B_scheduled", "W_pool"]

    decide(walk, "PURSUE").go_on()

    assert walk.last.completed
    assert walk.done[:8] == [
        "T_register",
        "T_scope",
        "T_draft",
        "T_review",
        "T_sign",
        "T_file",
        "T_check",
        "T_collate",
    ]
    assert walk.done[-6:] == ["T_feedback", "T_rectify", "T_confirm", "T_exchange", "T_archive", "T_assessment"]
    assert outcome(walk) == ["CONCLUDED"]


def test_an_organ_and_two_persons_are_decided_one_by_one() -> None:
    walk = decide(case().go_on(), "PURSUE").go_on()

    assert all(walk.done.count(step) == 3 for step in PER_SUBJECT)
    assert walk.done.count("T_statement_organ") == 1
    assert walk.done.count("T_statement") == 2
    concluded = [r.parameters["subject_id"] for r in walk.requests if r.operation == "subject/conclude"]
    assert sorted(concluded) == ["S1", "S2", "S3"]


@pytest.mark.parametrize("resolution", ["NOT_PURSUE", "EXEMPT", "OUT_OF_SCOPE"])
def test_a_case_that_is_not_pursued_is_notified_and_still_rectified(resolution: str) -> None:
    walk = decide(case().go_on(), resolution)
    assert walk.open == ["T_notice"]

    walk.go_on()

    assert walk.last.completed
    assert walk.done[-6:] == ["T_notice", "T_rectify", "T_confirm", "T_exchange", "T_archive", "T_assessment"]
    assert outcome(walk) == [resolution]


def test_a_deferred_case_brings_material_and_waits_again() -> None:
    walk = decide(case().go_on(), "DEFER")
    assert walk.open == ["T_material"]
    walk.go_on()
    assert walk.done[-2:] == ["T_material", "T_collate"]

    decide(walk, "DEFER").go_on()
    decide(walk, "PURSUE")

    assert walk.open == ["T_transfer"]


def test_compensation_that_was_paid_is_recovered() -> None:
    walk = decide(case(facts={"compensation_paid": True}).go_on(), "PURSUE").go_on()

    assert [step for step in walk.done if step in ("T_opinion", "T_heard", "T_order", "T_paid")] == [
        "T_opinion",
        "T_heard",
        "T_order",
        "T_paid",
    ]


def test_recovery_ends_when_the_opinion_is_against_it_even_if_nobody_is_pursued() -> None:
    walk = decide(case(facts={"compensation_paid": True}).go_on(), "EXEMPT").go_on(T_opinion={"recover": False})

    assert "T_opinion" in walk.done
    assert "T_order" not in walk.done
    assert walk.last.completed


def test_a_case_out_of_scope_is_closed_at_once() -> None:
    walk = case().go_on(T_scope={"scope_decision": "OUT"})

    assert walk.last.completed
    assert walk.done == ["T_register", "T_scope"]
    assert outcome(walk) == ["OUT_OF_SCOPE"]


def test_a_filing_found_out_of_scope_closes_the_case() -> None:
    walk = case().go_on(T_check={"check_result": "OUT_OF_SCOPE"})

    assert walk.last.completed
    assert outcome(walk) == ["OUT_OF_SCOPE"]


def test_a_lead_by_reference_needs_no_filing() -> None:
    lead = {"T_register": {"case_type": "REF_HEAD_ABSENT"}, "T_scope": {"scope_decision": "BY_REFERENCE"}}

    walk = case().go_on(**lead)

    assert walk.done == ["T_register", "T_scope", "T_lead_facts", "T_lead", "T_collate"]


def test_the_office_registers_by_itself_what_the_organ_did_not() -> None:
    walk = case(entry="OFFICE")
    assert walk.open == ["T_register_office"]

    walk.go_on(until="T_draft")

    assert walk.open == ["T_draft"]
    assert "T_register" not in walk.done


def test_an_organ_that_never_files_does_not_hold_its_case_up() -> None:
    walk = case().go_on(until="T_draft")
    walk.wait(days=12)
    assert walk.open == ["T_draft", "T_urge"]

    walk.wait(days=15)
    assert walk.open == ["T_unfiled", "T_urge"]
    walk.do("T_unfiled")

    assert walk.open == ["T_collate"]


@pytest.mark.parametrize(("decision", "named"), [("APPROVED", "CONCLUDED"), ("REFUSED", "NOT_DOCKETED")])
def test_the_outcome_of_a_pursued_case_says_whether_it_was_docketed(decision: str, named: str) -> None:
    walk = decide(case().go_on(), "PURSUE").go_on(T_docket_head={"head_decision": decision})

    assert walk.last.completed
    assert outcome(walk) == [named]


def test_a_refused_lead_closes_the_case() -> None:
    walk = case().go_on(T_scope={"scope_decision": "BY_REFERENCE"}, T_lead={"lead_accepted": False})

    assert walk.last.completed
    assert outcome(walk) == ["LEAD_REFUSED"]


def awaiting(*rounds: dict[str, Any]) -> Walk:
    """A case whose judgment has no effect yet; `rounds` are what the calendar says each time."""
    pending = {**DATES, "legal_effect": False, "effect_check_at": "2026-03-20T09:00:00+08:00"}
    walk = case(operations={"case/compute_dates": successive(pending, *rounds)})
    walk.go_on()
    assert walk.waiting == ["B_reversed1", "W_effect"]
    return walk


def test_a_judgment_without_effect_is_awaited_and_then_confirmed() -> None:
    walk = awaiting(DATES)

    walk.wait(days=30)
    assert walk.open == ["T_effect"]
    walk.do("T_effect")

    assert walk.open == ["T_scope"]


def test_an_appeal_makes_the_case_wait_again() -> None:
    later = {**DATES, "legal_effect": False, "effect_check_at": "2026-07-20T09:00:00+08:00"}
    walk = awaiting(later, DATES)

    walk.wait(days=30)
    walk.do("T_effect", effect_status="APPEALED")

    assert walk.waiting == ["B_reversed1", "W_effect"]


def test_a_judgment_reversed_on_appeal_ends_the_case_before_it_began() -> None:
    walk = awaiting()

    walk.wait(days=30)
    walk.do("T_effect", effect_status="REVERSED")

    assert walk.last.completed
    assert outcome(walk) == ["REVERSED"]


@pytest.mark.parametrize(
    "step",
    ["T_register", "T_draft", "T_collate", "T_transfer", "T_team", "T_entity", "T_statement", "T_opinion", "T_rectify"],
)
def test_a_reversed_judgment_interrupts_every_phase(step: str) -> None:
    walk = case(facts={"compensation_paid": True}).go_on(until=step)
    if walk.waiting == ["B_age", "B_reversed3", "B_scheduled", "W_pool"]:
        decide(walk, "PURSUE").go_on(until=step)
    assert step in walk.open

    walk.deliver("CaseReversed", case_no="0001")
    assert walk.open == ["T_reverse"]
    walk.go_on()

    assert walk.last.completed
    assert outcome(walk) == ["REVERSED"]
    assert walk.done[-4:] == ["T_reverse", "T_exchange", "T_archive", "T_assessment"]


def test_even_while_it_is_being_archived_a_case_can_be_reversed() -> None:
    walk = decide(case().go_on(), "NOT_PURSUE").go_on(until="T_archive")

    walk.deliver("CaseReversed", case_no="0001")

    assert walk.open == ["T_reverse"]


def test_the_office_reminds_twice_and_urges_when_the_ten_days_are_over() -> None:
    walk = case().go_on(until="T_draft")

    walk.wait(days=7)
    assert [r.operation for r in walk.requests].count("notify/send") == 1
    walk.wait(days=3)
    assert [r.operation for r in walk.requests].count("notify/send") == 2
    walk.wait(days=2)

    assert walk.open == ["T_draft", "T_urge"]


def test_a_late_filing_goes_on_after_it_was_urged() -> None:
    walk = case().go_on(until="T_draft")
    walk.wait(days=12)
    walk.do("T_urge")

    walk.go_on()

    assert walk.done[-6:] == ["T_draft", "T_review", "T_sign", "T_file", "T_check", "T_collate"]
    assert "W_pool" in walk.waiting


def test_an_urge_that_nobody_recorded_does_not_hold_the_case() -> None:
    walk = case().go_on(until="T_draft")
    walk.wait(days=12)

    for step in ("T_draft", "T_review", "T_sign", "T_file", "T_check"):
        walk.do(step)

    assert walk.open == ["T_collate"]


def test_a_filing_on_time_is_neither_reminded_nor_urged() -> None:
    walk = case().go_on(until="T_check")

    walk.wait(days=30)

    assert walk.open == ["T_check"]
    assert "notify/send" not in [r.operation for r in walk.requests]


def test_the_filing_step_counts_ten_calendar_days_of_the_regulation_from_the_anchor() -> None:
    walk = case().go_on(until="T_file")

    filing = walk.task("T_file")

    assert filing.deadline_from == "2026-03-02"
    assert filing.candidate_organ == "demo.zjj"
    assert {key: filing.properties[key] for key in ("deadline", "deadlineKind", "dayCount", "clauses")} == {
        "deadline": "P10D",
        "deadlineKind": "regulation",
        "dayCount": "CALENDAR",
        "clauses": "JZ-18.s1",
    }


def test_reviewer_and_head_send_the_report_back_to_its_author() -> None:
    walk = Walk("filing-report").go_on(until="T_review")
    walk.do("T_review", review_result="RETURNED")
    assert walk.open == ["T_draft"]

    walk.go_on(until="T_sign")
    walk.do("T_sign", sign_result="RETURNED")
    assert walk.open == ["T_draft"]
    walk.go_on()

    assert walk.last.completed
    assert walk.done.count("T_draft") == 3


def filing(*checks: str) -> Walk:
    walk = case().go_on(until="T_check")
    for result in checks:
        walk.do("T_check", check_result=result)
        if walk.open == ["T_supplement"]:
            walk.do("T_supplement")
    return walk


def test_an_incomplete_filing_is_supplemented_and_checked_again() -> None:
    walk = filing("SUPPLEMENT")
    assert walk.open == ["T_check"]

    walk.do("T_check")

    assert walk.open == ["T_collate"]


def test_a_second_return_is_the_directors_decision() -> None:
    walk = filing("SUPPLEMENT", "SUPPLEMENT")
    assert walk.open == ["T_check_director"]

    walk.do("T_check_director", second_result="SUPPLEMENT")
    assert walk.open == ["T_supplement"]
    walk.do("T_supplement")
    walk.do("T_check", check_result="SUPPLEMENT")
    walk.do("T_check_director", second_result="ACCEPTED")

    assert walk.open == ["T_collate"]


def test_a_case_in_the_pool_notes_its_agenda_and_asks_for_a_meeting_every_sixty_days() -> None:
    walk = case().go_on()

    walk.deliver("AgendaScheduled", case_no="0001", meeting_no="M1", item_no=1)
    assert "X_on_agenda" in walk.passed
    walk.wait(days=61)
    assert walk.open == ["T_age"]
    walk.do("T_age")
    walk.wait(days=60)
    assert walk.open == ["T_age"]
    decide(walk, "PURSUE")

    assert walk.open == ["T_transfer"]


def test_a_case_rescheduled_by_a_postponed_meeting_notes_its_agenda_again() -> None:
    walk = case().go_on()

    for meeting in ("M1", "M2"):
        walk.deliver("AgendaScheduled", case_no="0001", meeting_no=meeting, item_no=1)

    assert walk.passed.count("X_on_agenda") == 2


def test_the_pool_takes_only_its_own_case() -> None:
    walk = case().go_on()

    with pytest.raises(Exception, match="没有环节在等待消息"):
        walk.deliver("AgendaDecided", case_no="0002", resolution="PURSUE", opinion_ref="M1-2")
