"""The joint meeting on the engine alone, and together with the cases it decides."""

from typing import Any

import pytest

from app.domain.advance import ServiceRequest
from tests.processes.offices import MEMBERS, Walk


def item(number: int, *, case_no: str | None = None, recused: tuple[str, ...] = ()) -> dict[str, Any]:
    kind = "CASE" if case_no else "BULLETIN"
    return {"item_no": number, "kind": kind, "case_no": case_no, "title": f"议题{number}", "recused": list(recused)}


def meeting(*items: dict[str, Any], **operations: Any) -> Walk:
    fakes = {"meeting/lock_agenda": lambda _: list(items), "meeting/add_items": lambda _: list(items), **operations}
    return Walk("joint-meeting", meeting_no="M1", operations=fakes)


def sitting(*items: dict[str, Any]) -> Walk:
    """A meeting that has just begun: every item is open for discussion."""
    walk = meeting(*items).go_on(until="T_hold")
    walk.do("T_hold")
    return walk


def discuss(walk: Walk, number: int, resolution: str) -> None:
    walk.do("T_discuss", {"agenda_item": element(walk, "T_discuss", number)}, resolution=resolution)


def element(walk: Walk, step_id: str, number: int) -> Any:
    found = (task.element["agenda_item"] for task in walk.tasks if task.step_id == step_id)
    return next(agenda_item for agenda_item in found if agenda_item["item_no"] == number)


def sign(walk: Walk, number: int, **by_member: str) -> None:
    """Every member who was asked countersigns an item; who is not named agrees."""
    for task in walk.tasks:
        if task.step_id == "T_countersign" and task.element["agenda_item"]["item_no"] == number:
            code = str(task.element["member"]).removeprefix("demo.")
            walk.done.append("T_countersign")
            walk.complete(task.id, decision=by_member.get(code, "AGREE"))


def decided(walk: Walk) -> dict[str, str]:
    return {message["case_no"]: message["resolution"] for message in walk.messages}


def recorded(walk: Walk) -> list[dict[str, Any]]:
    return [dict(r.parameters) for r in walk.requests if r.operation == "meeting/record_resolution"]


def test_a_meeting_goes_from_proposal_to_archive() -> None:
    walk = meeting(item(1, case_no="0001")).go_on()

    assert walk.last.completed
    assert walk.done[:2] == ["T_propose", "T_consult"]
    assert walk.done.count("T_consult") == len(MEMBERS)
    assert walk.done.count("T_countersign") == len(MEMBERS)
    assert walk.done[-3:] == ["T_minutes", "T_close", "T_marchive"]
    assert decided(walk) == {"0001": "PURSUE"}


def test_each_member_is_asked_for_itself() -> None:
    walk = sitting(item(1, case_no="0001"))

    discuss(walk, 1, "PURSUE")

    assert sorted(task.candidate_organ or "" for task in walk.tasks) == sorted(MEMBERS)


def test_three_items_end_by_themselves_one_deferred_one_disputed_one_pursued() -> None:
    walk = sitting(item(1, case_no="0001"), item(2, case_no="0002"), item(3, case_no="0003"))
    for number, resolution in ((1, "PURSUE"), (2, "DEFER"), (3, "PURSUE")):
        discuss(walk, number, resolution)

    sign(walk, 3, fy="DISAGREE")
    assert walk.open.count("T_mediate") == 1
    sign(walk, 1)
    sign(walk, 2)
    assert decided(walk) == {"0001": "PURSUE", "0002": "DEFER"}

    walk.do("T_mediate")
    sign(walk, 3, fy="RESERVE")
    assert walk.open == ["T_no_consent"]
    walk.do("T_no_consent", no_consent_way="ESCALATE")
    walk.do("T_escalate", ruling="NOT_PURSUE")

    assert decided(walk) == {"0001": "PURSUE", "0002": "DEFER", "0003": "NOT_PURSUE"}
    assert walk.open == ["T_minutes"]
    assert [(r["item_no"], r["by"]) for r in recorded(walk)] == [(1, "CONSENT"), (2, "CONSENT"), (3, "COUNTY_LEADER")]


def test_a_disputed_item_that_is_mediated_needs_no_ruling() -> None:
    walk = sitting(item(1, case_no="0001"))
    discuss(walk, 1, "PURSUE")
    sign(walk, 1, jcy="DISAGREE")

    walk.do("T_mediate", resolution="EXEMPT")
    sign(walk, 1)

    assert decided(walk) == {"0001": "EXEMPT"}
    assert "T_escalate" not in walk.done


def test_a_member_recused_beforehand_is_not_asked() -> None:
    walk = sitting(item(1, case_no="0001", recused=("demo.fy", "demo.sfj")))

    discuss(walk, 1, "PURSUE")

    asked = {task.candidate_organ for task in walk.tasks}
    assert asked == set(MEMBERS) - {"demo.fy", "demo.sfj"}


def test_a_member_who_did_not_attend_is_not_asked() -> None:
    walk = meeting(item(1, case_no="0001")).go_on(until="T_hold")
    rows = [{"member": member, "absent": member == "demo.gaj"} for member in MEMBERS]

    walk.do("T_hold", attendances=rows)
    discuss(walk, 1, "PURSUE")

    assert {task.candidate_organ for task in walk.tasks} == set(MEMBERS) - {"demo.gaj"}


def test_the_vote_of_a_member_who_recuses_itself_while_countersigning_does_not_count() -> None:
    walk = sitting(item(1, case_no="0001"))
    discuss(walk, 1, "PURSUE")

    sign(walk, 1, fy="RECUSED")

    assert decided(walk) == {"0001": "PURSUE"}


def test_nobody_agreeing_is_no_consent() -> None:
    walk = sitting(item(1, case_no="0001"))
    discuss(walk, 1, "PURSUE")

    sign(walk, 1, **{member.removeprefix("demo."): "RECUSED" for member in MEMBERS})

    assert walk.open == ["T_mediate"]


def test_silent_members_do_not_block_an_item_for_ever() -> None:
    walk = sitting(item(1, case_no="0001"))
    discuss(walk, 1, "PURSUE")

    walk.wait(days=11)
    assert walk.open == ["T_mediate"]
    walk.do("T_mediate")
    walk.wait(days=11)

    assert walk.open == ["T_no_consent"]


def test_other_items_are_countersigned_but_tell_no_case() -> None:
    walk = sitting(item(1, case_no="0001"), item(2))
    discuss(walk, 1, "PURSUE")
    sign(walk, 1)

    walk.do("T_discuss_other", resolution="ADOPTED")
    sign(walk, 2)

    assert decided(walk) == {"0001": "PURSUE"}
    assert {"item_no": 2, "resolution": "ADOPTED", "by": "CONSENT"} in recorded(walk)
    assert walk.open == ["T_minutes"]


def test_an_item_without_consent_may_wait_for_the_next_meeting() -> None:
    walk = sitting(item(1, case_no="0001"))
    discuss(walk, 1, "PURSUE")
    sign(walk, 1, fy="DISAGREE")
    walk.do("T_mediate")
    sign(walk, 1, fy="DISAGREE")

    walk.do("T_no_consent", no_consent_way="NEXT_MEETING")

    assert decided(walk) == {"0001": "NO_CONSENT"}
    assert recorded(walk) == [{"item_no": 1, "resolution": "NO_CONSENT", "by": "NO_CONSENT"}]


def test_a_disputed_item_that_is_no_case_is_ruled_on_as_what_it_is() -> None:
    walk = sitting(item(1))
    walk.do("T_discuss_other", resolution="ADOPTED")
    sign(walk, 1, fy="DISAGREE")
    walk.do("T_mediate", other_resolution="ADOPTED")
    sign(walk, 1, fy="DISAGREE")
    walk.do("T_no_consent")

    walk.do("T_escalate", other_ruling="NOT_ADOPTED")

    assert recorded(walk) == [{"item_no": 1, "resolution": "NOT_ADOPTED", "by": "COUNTY_LEADER"}]
    assert walk.messages == []


def test_an_adopted_item_that_is_no_case_has_an_outcome_before_the_archive() -> None:
    adopted = {"meeting/adopted_items": lambda _: [item(2)]}
    walk = meeting(item(1, case_no="0001"), item(2), **adopted).go_on(until="T_outcome")

    walk.do("T_outcome", outcome_note="已印发")

    assert walk.open == ["T_marchive"]


def ruled_by(rule: str, *items: dict[str, Any], mode: str = "MEMBER", **attendance: Any) -> Walk:
    walk = meeting(*items)
    walk.context["meeting"] = {
        **walk.context["meeting"],
        "switches": {"countersignRule": rule, "judicialMemberMode": mode},
    }
    walk.go_on(until="T_hold")
    walk.do("T_hold", **attendance)
    discuss(walk, 1, "PURSUE")
    return walk


def asked(walk: Walk) -> set[str]:
    return {str(task.candidate_organ).removeprefix("demo.") for task in walk.tasks}


def test_by_majority_a_few_who_disagree_do_not_stop_an_item() -> None:
    walk = ruled_by("MAJORITY", item(1, case_no="0001"))

    sign(walk, 1, fy="DISAGREE", jcy="RESERVE", gaj="DISAGREE")

    assert decided(walk) == {"0001": "PURSUE"}
    assert recorded(walk)[0]["by"] == "MAJORITY"


def test_half_of_the_votes_are_no_majority() -> None:
    walk = ruled_by("MAJORITY", item(1, case_no="0001", recused=("demo.sfj",)))

    sign(walk, 1, fy="DISAGREE", jcy="DISAGREE", gaj="DISAGREE")

    assert walk.open == ["T_mediate"]


def test_where_all_must_agree_the_absent_are_asked_too() -> None:
    rows = [{"member": member, "absent": member == "demo.gaj"} for member in MEMBERS]

    walk = ruled_by("UNANIMOUS_ALL", item(1, case_no="0001"), attendances=rows)

    assert "gaj" in asked(walk)


def test_where_the_conveners_decide_only_they_countersign() -> None:
    walk = ruled_by("CONVENERS_ONLY", item(1, case_no="0001"))

    assert asked(walk) == {"sfj", "jw"}


def test_court_and_procuratorate_may_be_observers() -> None:
    walk = ruled_by("UNANIMOUS_ATTENDED", item(1, case_no="0001"), mode="OBSERVER")

    assert asked(walk) == {"sfj", "jw", "rsj", "czj", "gaj"}


def test_a_meeting_that_is_not_held_gives_its_cases_back_and_may_be_prepared_again() -> None:
    walk = meeting(item(1, case_no="0001")).go_on(until="T_hold")

    walk.do("T_hold", held="POSTPONED")
    assert walk.open == ["T_propose"]
    walk.go_on(until="T_hold")
    walk.do("T_hold", held="CANCELLED")

    assert walk.last.completed
    returned = [r.parameters["outcome"] for r in walk.requests if r.operation == "meeting/return_to_pool"]
    assert returned == [None, "CANCELLED"]


def test_the_director_may_cancel_instead_of_fixing_an_agenda() -> None:
    walk = meeting(item(1, case_no="0001")).go_on(until="T_agenda")

    walk.do("T_agenda", agenda_decision="CANCEL")

    assert walk.last.completed
    assert [r.operation for r in walk.requests][-1] == "meeting/return_to_pool"


def test_a_late_pack_is_the_directors_decision_and_a_postponed_meeting_fixes_its_agenda_again() -> None:
    verdicts = ["LATE", "LATE"]

    def check(_: ServiceRequest) -> str:
        return verdicts.pop()

    walk = meeting(item(1, case_no="0001"), **{"meeting/check_pack": check}).go_on(until="T_late")

    walk.do("T_late", late_handling="POSTPONE")
    assert walk.open == ["T_agenda"]
    walk.go_on(until="T_late")
    walk.do("T_late", late_handling="WAIVER")

    assert walk.open == ["T_hold"]


def test_the_pack_is_due_three_calendar_days_before_the_meeting() -> None:
    walk = meeting(item(1, case_no="0001")).go_on(until="T_pack")

    pack = walk.task("T_pack")

    assert pack.deadline_from == "2026-04-20T09:00:00+08:00"
    assert {key: pack.properties[key] for key in ("deadline", "deadlineKind", "dayCount")} == {
        "deadline": "-P3D",
        "deadlineKind": "regulation",
        "dayCount": "CALENDAR",
    }


@pytest.mark.slow
def test_one_meeting_decides_three_cases_which_all_come_to_their_end() -> None:
    numbers = ("0001", "0002", "0003")
    cases = {number: Walk("jinzhai-case", case_no=number, lead_organ="demo.zjj") for number in numbers}
    late = cases["0001"].go_on(until="T_draft")
    late.wait(days=12)
    assert late.open == ["T_draft", "T_urge"]
    for walk in cases.values():
        walk.go_on()
    first = sitting(*(item(n, case_no=number) for n, number in enumerate(numbers, 1)))
    for n, number in enumerate(numbers, 1):
        cases[number].deliver("AgendaScheduled", case_no=number, meeting_no="M1", item_no=n)
        discuss(first, n, "DEFER" if n == 2 else "PURSUE")

    sign(first, 3, fy="DISAGREE")
    sign(first, 1)
    sign(first, 2)
    deliver(first, cases)
    cases["0001"].go_on()
    cases["0002"].go_on()
    assert cases["0001"].last.completed
    assert "W_pool" in cases["0002"].waiting
    assert "W_pool" in cases["0003"].waiting

    first.do("T_mediate")
    sign(first, 3, fy="DISAGREE")
    first.do("T_no_consent")
    first.go_on(T_escalate={"ruling": "NOT_PURSUE"})
    deliver(first, cases)
    cases["0003"].go_on()
    assert first.last.completed
    assert cases["0003"].last.completed

    second = sitting(item(1, case_no="0002"))
    discuss(second, 1, "PURSUE")
    sign(second, 1)
    deliver(second, cases)
    cases["0002"].go_on()

    assert all(walk.last.completed for walk in cases.values())


def deliver(walk: Walk, cases: dict[str, Walk]) -> None:
    """Hand each decision of the meeting to its case, once."""
    while walk.messages:
        message = walk.messages.pop(0)
        cases[message["case_no"]].deliver(**message)
