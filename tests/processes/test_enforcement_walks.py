"""What follows a decision to pursue, on the engine alone: docket, investigation, subjects, recovery, rectification."""

from typing import Any

import pytest

from tests.processes.offices import CHIEF, CLERK, FACTS, ORGAN, Walk, successive

PAID = {"compensation_paid": True}


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
    assert walk.done[-2:] == ["T_nodocket", "T_office_reply"]
    assert ("T_refer" in walk.done) is (head_decision == "REFERRED")


def test_the_office_may_put_a_case_that_was_not_docketed_to_the_meeting_again() -> None:
    walk = Walk("docketing", case_no="0001").go_on(until="T_docket_head")
    walk.do("T_docket_head", head_decision="REFUSED")
    walk.go_on(until="T_office_reply").do("T_office_reply", office_reply="NEXT_MEETING")
    walk.go_on()
    assert "W_pool" in walk.waiting

    walk.deliver("AgendaDecided", case_no="0001", resolution="PURSUE", opinion_ref="M2-1")
    assert walk.open == ["T_transfer"]
    walk.go_on()

    assert walk.last.completed


def test_a_meeting_that_no_longer_pursues_ends_the_matter() -> None:
    walk = Walk("docketing", case_no="0001").go_on(until="T_docket_head")
    walk.do("T_docket_head", head_decision="REFUSED")
    walk.go_on(until="T_office_reply").do("T_office_reply", office_reply="NEXT_MEETING")
    walk.go_on()

    walk.deliver("AgendaDecided", case_no="0001", resolution="NOT_PURSUE", opinion_ref="M2-1")

    assert walk.last.completed


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


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ({"conduct": "HANDLER_WRONG_UNNOTICED"}, "DIRECT"),
        ({"collective_decision": True, "vote_in_collective": "SUPPORTED"}, "IMPORTANT_LEADER"),
        ({"collective_decision": True, "vote_in_collective": "DISSENT_RECORDED"}, "NONE"),
        ({}, None),
    ],
)
def test_where_the_error_arose_and_who_dissented_on_record_reach_the_share_proposal(
    said: dict[str, Any], share: str | None
) -> None:
    operations = {"case/record_subjects": lambda _: [CLERK]}

    walk = Walk("enforcement", operations=operations).go_on(until="T_report", T_person=said)

    assert walk.variables_at("T_report")["findings"][0]["share_proposal"] == share


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


KINDS = {"referral_needed": True, "referral_kinds": ["PARTY_DISCIPLINE", "DUTY_CRIME"]}


def test_referrals_run_beside_accountability_one_for_each_kind_with_its_own_receipt() -> None:
    walk = Walk("enforcement").go_on(until="T_prior_notice", T_report=KINDS)
    assert sorted(walk.open) == ["T_prior_notice"] * 3 + ["T_referral"] * 2

    walk.go_on()

    assert walk.last.completed
    assert (walk.done.count("T_referral"), walk.done.count("T_ack")) == (2, 2)
    assert walk.done[-1] == "T_feedback"
    assert "T_referral" not in Walk("enforcement").go_on().done


def test_the_feedback_waits_for_the_result_of_a_referral_that_suspends_a_person() -> None:
    walk = Walk("enforcement")

    walk.go_on(until="T_result", T_report=KINDS, T_referral={"suspends_person": True})
    assert "T_result" in walk.open
    walk.go_on(T_referral={"suspends_person": True})

    assert walk.done.count("T_result") == 2
    assert walk.last.completed


def test_a_criminal_referral_suspends_the_decision_on_that_person_alone() -> None:
    suspended = {"subject/suspended": lambda request: request.parameters["subject_id"] == "S2"}

    walk = Walk("enforcement", operations=suspended)
    for _ in range(200):
        todo = [task for task in walk.tasks if task.step_id != "T_resume"]
        if not todo:
            break
        walk.do(todo[0].step_id, todo[0].element)

    assert walk.open == ["T_resume"]
    assert walk.done.count("T_execute") == 2
    walk.go_on()
    assert walk.done.count("T_execute") == 3


def test_new_facts_are_notified_anew_and_the_person_is_heard_again() -> None:
    walk = enforcement(operations={"case/record_subjects": lambda _: [CLERK]}).go_on(until="T_hear")

    walk.do("T_hear", new_facts_found=True)
    assert walk.open == ["T_prior_notice"]
    walk.go_on()

    assert walk.done.count("T_statement") == 2
    assert walk.last.completed


def test_refused_advice_goes_to_the_county_leader_before_anything_is_decided() -> None:
    walk = enforcement(operations={"case/record_subjects": lambda _: [CLERK]}).go_on(until="T_advice_reply")

    walk.do("T_advice_reply", adopted="REFUSED")
    assert walk.open == ["T_ruling"]
    walk.go_on()

    assert walk.last.completed


def test_a_supervision_organ_with_the_authority_decides_without_advice() -> None:
    walk = enforcement(operations={"case/record_subjects": lambda _: [CLERK]}).go_on(until="T_hear")

    walk.do("T_hear", sup_competent=True)

    assert walk.open == ["T_draft_decision"]


def test_the_matter_ends_for_a_person_who_has_died_and_goes_on_for_the_organ() -> None:
    dead = {"current_status": "DEAD", "is_leading_cadre": False}
    operations = {
        "case/record_subjects": lambda _: [ORGAN, CLERK],
        "subject/current_status": lambda request: "DEAD" if request.parameters["subject_id"] == CLERK["id"] else None,
    }

    walk = Walk("enforcement", operations=operations).go_on(T_person=dead)

    assert walk.last.completed
    assert walk.done.count("T_terminate") == 1
    assert walk.done.count("T_decide") == 1


def test_an_investigation_of_five_months_is_looked_at() -> None:
    walk = Walk("enforcement").go_on(until="T_collect")

    walk.wait(days=170)
    assert walk.open == ["T_collect", "T_extend"]
    walk.go_on()

    assert walk.last.completed


def test_where_the_rule_asks_for_it_the_investigated_case_goes_to_the_meeting_again() -> None:
    switches = {**FACTS["switches"], "secondPassFinding": "ON"}

    walk = Walk("enforcement", case_no="0001", facts={"switches": switches}).go_on()
    assert "W_pool" in walk.waiting
    walk.deliver("AgendaDecided", case_no="0001", resolution="PURSUE", opinion_ref="M2-1")

    assert "T_prior_notice" in walk.open


def test_an_organ_that_does_not_cooperate_may_be_reminded_again() -> None:
    walk = Walk("investigation").go_on(until="T_reply")
    walk.do("T_reply", complied="REFUSED")

    walk.do("T_noncoop", noncoop_next="URGE_AGAIN")

    assert walk.open == ["T_inform"]


def test_rectification_is_repeated_until_it_is_confirmed() -> None:
    walk = Walk("rectification").go_on(until="T_confirm")

    walk.do("T_confirm", confirmed="RETURNED")
    assert walk.open == ["T_rectify"]
    walk.go_on()

    assert walk.last.completed


def test_recovery_alone_hears_the_person_before_it_orders() -> None:
    walk = Walk("recovery", facts=PAID).go_on()

    assert walk.done == ["T_opinion", "T_heard", "T_order", "T_paid"]


def test_recovery_from_several_persons_goes_on_for_each_apart() -> None:
    both = {"recover": True, "recovery_persons": [CLERK["id"], CHIEF["id"]]}

    walk = Walk("recovery", facts=PAID).go_on(until="T_heard", T_opinion=both)

    assert walk.open == ["T_heard", "T_heard"]
    walk.go_on()
    assert sorted(walk.done[1:]) == ["T_heard", "T_heard", "T_order", "T_order", "T_paid", "T_paid"]


def test_recovery_waits_until_the_compensation_is_paid() -> None:
    walk = Walk("recovery", facts={"compensation_amount": 100}).go_on(until="T_compensation")
    walk.context["case"] |= {"compensation_paid": False, "compensation_owed": True, "compensation_part": 0}

    walk.do("T_compensation", ask_again_on="2026-04-01")
    assert walk.open == []
    walk.wait(days=31)
    assert walk.open == ["T_compensation"]
    walk.context["case"] |= {"compensation_paid": True, "compensation_part": 100}
    walk.do("T_compensation")

    assert walk.open == ["T_opinion"]


@pytest.mark.parametrize(("part", "opened"), [(0, []), (40, ["T_opinion"])])
def test_of_compensation_that_is_owed_no_longer_what_was_paid_is_recovered(part: int, opened: list[str]) -> None:
    walk = Walk("recovery", facts={"compensation_amount": 100}).go_on(until="T_compensation")
    walk.context["case"] |= {"compensation_paid": False, "compensation_owed": False, "compensation_part": part}

    walk.do("T_compensation")

    assert walk.open == opened


def test_what_a_person_was_ordered_to_bear_is_asked_for_until_it_is_paid_or_ended_by_law() -> None:
    walk = Walk("recovery-person", subject=CLERK).go_on(until="T_paid")

    walk.do("T_paid", received=40, fully_paid=False)
    assert walk.open == ["T_unpaid"]
    walk.do("T_unpaid", unpaid_course="CONTINUED", next_due_on="2026-06-01")
    assert walk.open == ["T_paid"]
    walk.do("T_paid", received=40, fully_paid=False)
    walk.do("T_unpaid", unpaid_course="TERMINATED")

    assert walk.last.completed
