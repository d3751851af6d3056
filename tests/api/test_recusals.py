"""回避 over the API."""

from tests.api.conftest import Caller, Callers, problem_of

ASKED = {"person_id": "beishan.officer", "ground": "INTEREST", "reason": "其配偶是本案承办人。"}


def test_a_recusal_is_requested_decided_and_takes_effect_at_once(
    reporter: Caller, officer: Caller, director: Caller
) -> None:
    case = reporter.open_case()["id"]

    asked = reporter.post(f"/proceedings/{case}/recusals", ASKED)

    assert asked.status_code == 200, asked.text
    (line,) = asked.json["items"]
    assert (line["status"], line["may_decide"]) == ("REQUESTED", False)
    assert ASKED["person_id"] in asked.json["people"]
    decide = f"/proceedings/{case}/recusals/{line['id']}/decide"
    problem_of(reporter.post(decide, {"granted": True, "reason": "属实"}), 403)
    decided = director.post(decide, {"granted": True, "reason": "情况属实"}, key="grant").json["items"][0]
    assert (decided["status"], decided["decision_reason"]) == ("GRANTED", "情况属实")
    assert officer.get(f"/cases/{case}").status_code == 404
    assert officer.get(f"/proceedings/{case}/recusals").status_code == 404
    assert director.post(decide, {"granted": True, "reason": "情况属实"}, key="grant").status_code == 200


def test_who_names_nobody_declares_it_for_himself(reporter: Caller, officer: Caller) -> None:
    case = reporter.open_case()["id"]

    found = officer.post(f"/proceedings/{case}/recusals", {"ground": "NEAR_RELATIVE", "reason": "原告是本人兄长。"})

    assert [line["requested_by"] for line in found.json["items"]] == [found.json["items"][0]["person"]]
    again = officer.post(f"/proceedings/{case}/recusals", {"ground": "NEAR_RELATIVE", "reason": "原告是本人兄长。"})
    problem_of(again, 409)


def test_a_wrong_request_is_refused_by_field_and_a_hidden_case_is_not_found(reporter: Caller, callers: Callers) -> None:
    case = reporter.open_case()["id"]

    wrong = problem_of(reporter.post(f"/proceedings/{case}/recusals", {**ASKED, "ground": "DISLIKE"}), 422)

    assert [error["field"] for error in wrong["errors"]] == ["ground"]
    hidden = callers("director", county="nanhe").post(f"/proceedings/{case}/recusals", ASKED)
    problem_of(hidden, 404)
