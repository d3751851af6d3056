"""What follows a decision to pursue, on the engine alone: docket, investigation, subjects, recovery, rectification."""

from typing import Any

import pytest

from tests.processes.offices import CHIEF, CLERK, ORGAN, Walk, successive


def docketing() -> Walk:
    return Walk("docketing").go_on(until="T_receive")


def test_supervision_sends_an_incomplete_transfer_back() -> None:
    walk = docketing()

    walk.do("T_receive", receipt_result="RETURNED")

    assert walk.open == ["T_transfer"]


def test_the_deputy_and_the_head_send_the_docket_proposal_back() -> None:
    walk = docketing().go_on(until="T_docket_deputy")

    walk.do("T_docket_deputy", deputy_result="RETURNED")
    assert walk.open == ["T_docket"]
    walk.go_on(until="T_docket_head")
    walk.do("T_docket_head", head_decision="RETURNED")

    assert walk.open == ["T_docket"]


@pytest.mark.parametrize("head_decision", ["REFUSED", "REFERRED"])
def test_a_case_that_is_not_docketed_is_explained_and_leaves_enforcement(head_decision: str) -> None:
    walk = Walk("enforcement").go_on(T_docket_head={"head_decision": head_decision})

    assert walk.last.completed
    assert walk.done[-1] == "T_nodocket"


def test_a_docketed_case_has_a_docket_number() -> None:
    walk = docketing().go_on()

    assert walk.last.completed
    assert [r.parameters for r in walk.requests] == [{"kind": "DOCKET"}]


def test_each_investigator_signs_for_himself_and_a_conflict_goes_to_the_head() -> None:
    walk = Walk("investigation-team").go_on(until="T_recusal")
    assert sorted(task.candidate_person or "" for task in walk.tasks) == ["p-one", "p-two"]

    walk.do("T_recusal", {"investigator": "p-one"}, relation="NEAR_RELATIVE")
    walk.do("T_recusal", {"investigator": "p-two"})
    assert walk.open == ["T_recusal_decision"]
    walk.do("T_recusal_decision", recusal_result="REPLACE")
    assert walk.open == ["T_team"]
    walk.go_on(until="T_recusal").go_on(T_recusal={"relation": "WITNESS"})

    assert walk.last.completed
    assert walk.done.count("T_team") == 2


@pytest.mark.parametrize("complied", ["DELAYED", "REFUSED"])
def test_an_organ_that_does_not_cooperate_is_dealt_with_before_evidence_is_taken(complied: str) -> None:
    walk = Walk("investigation").go_on(until="T_reply")

    walk.do("T_reply", complied=complied)
    assert walk.open == ["T_noncoop"]
    walk.do("T_noncoop")

    assert walk.open == ["T_collect"]


def test_adjudication_and_head_send_the_investigation_back() -> None:
    walk = Walk("investigation").go_on(until="T_adjudicate")

    walk.do("T_adjudicate", adjudication_result="RETURNED")
    assert walk.open == ["T_collect"]
    walk.go_on(until="T_signoff")
    walk.do("T_signoff", signoff_result="RETURNED")
    assert walk.open == ["T_report"]
    walk.go_on()

    assert walk.last.completed


def test_the_report_sees_what_the_tables_propose_for_each_subject() -> None:
    minor = {"mental_state": "ORDINARY_NEGLIGENCE", "exemptions": ["MINOR_NO_HARM"], "aggravations": ["OBSTRUCTION"]}

    walk = Walk("investigation").go_on(until="T_report", T_person=minor)

    findings = {finding["subject_id"]: finding for finding in walk.variables_at("T_report")["findings"]}
    assert set(findings) == {"S1", "S2", "S3"}
    assert findings["S1"]["proposed_faults"] == ["JZ-5(3)"]
    assert findings["S1"]["eligible_sanctions"] == ["JZ-13.p1(1)", "JZ-13.p1(2)", "JZ-13.p1(3)"]
    assert findings["S2"]["proposed_exemptions"] == ["JZ-15(1)", "JZ-15(6)"]
    assert findings["S2"]["proposed_aggravations"] == ["JZ-17(2)"]
    assert findings["S2"]["proposed_mental_state"] == "EXEMPT"


def enforcement(**options: Any) -> Walk:
    return Walk("enforcement", **options).go_on(until="T_statement")


def test_a_person_who_stays_silent_for_seven_days_waives_the_statement() -> None:
    walk = enforcement()
    waiting = [task.candidate_person for task in walk.tasks if task.step_id == "T_statement"]

    walk.wait(days=8)

    assert waiting == ["p-clerk"]
    assert "T_statement" not in walk.open
    assert "T_hear" in walk.open


def test_silence_is_no_waiver_before_the_term_that_the_notice_gave() -> None:
    walk = Walk("enforcement").go_on(until="T_statement", T_prior_notice={"due": "2026-03-20"})

    walk.wait(days=17)
    assert "T_statement" in walk.open
    walk.wait(days=2)

    assert "T_statement" not in walk.open


def test_the_drafter_of_the_decision_sees_the_proposals_for_this_subject() -> None:
    walk = enforcement().go_on(until="T_draft_decision")

    draft = walk.task("T_draft_decision")

    assert draft.variables["proposed_faults"] == ["JZ-5(3)"]
    assert draft.variables["subject"]["id"] == draft.element["subject"]["id"]


def test_a_returned_decision_is_drafted_again_and_an_exempt_subject_has_nothing_to_execute() -> None:
    walk = enforcement(operations={"case/record_subjects": lambda _: [CLERK]}).go_on(until="T_decide")

    walk.do("T_decide", sign_result="RETURNED")
    assert walk.open == ["T_draft_decision"]
    walk.go_on(T_draft_decision={"kind": "EXEMPT"})

    assert "T_execute" not in walk.done
    assert walk.last.completed


def test_a_subject_found_later_gets_a_finding_and_a_decision_of_its_own() -> None:
    operations = {
        "case/record_subjects": lambda _: [ORGAN, CLERK],
        "case/pending_subjects": successive([CHIEF], []),
    }

    walk = Walk("enforcement", operations=operations).go_on()

    assert walk.last.completed
    assert walk.done.count("T_person") == 2
    assert walk.done.count("T_serve") == 3


def test_a_referral_is_made_only_when_the_report_asks_for_it() -> None:
    walk = Walk("enforcement").go_on(T_report={"referral_needed": True})

    assert walk.done[-2:] == ["T_referral", "T_feedback"]
    assert "T_referral" not in Walk("enforcement").go_on().done


def test_rectification_is_repeated_until_it_is_confirmed() -> None:
    walk = Walk("rectification").go_on(until="T_confirm")

    walk.do("T_confirm", confirmed="RETURNED")
    assert walk.open == ["T_rectify"]
    walk.go_on()

    assert walk.last.completed


def test_recovery_alone_hears_the_person_before_it_orders() -> None:
    walk = Walk("recovery").go_on()

    assert walk.done == ["T_opinion", "T_heard", "T_order", "T_paid"]
