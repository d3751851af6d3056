"""The verbs beside submitting, over the API."""

from datetime import UTC, date, datetime, timedelta

from app.domain.deadlines import office_day
from tests.api.conftest import Caller, problem_of


def today() -> date:
    return office_day(datetime.now(UTC))


def held_check(reporter: Caller, officer: Caller) -> str:
    case = reporter.open_case()
    task = str(next(line["id"] for line in officer.tasks("claimable") if line["proceeding"]["id"] == case["id"]))
    officer.post(f"/tasks/{task}/claim", {})
    return task


def test_a_countersignature_is_asked_for_over_the_api(reporter: Caller, officer: Caller, director: Caller) -> None:
    task = held_check(reporter, officer)
    asked = {"kind": "COUNTERSIGN", "person_id": director.get("/me").json["person_id"], "question": "是否受理？"}

    found = officer.post(f"/tasks/{task}/ask", asked).json

    (question,) = found["handling"]["asked"]
    assert (question["status"], question["question"]) == ("OPEN", "是否受理？")
    problem_of(officer.post(f"/tasks/{task}/complete", {"data": {"check_result": "PASSED"}}), 409)
    assert director.post(f"/asked/{question['id']}/answer", {"opinion": "同意受理"}).status_code == 204
    assert officer.get(f"/tasks/{task}/handling").json["handling"]["asked"][0]["opinion"] == "同意受理"


def test_a_step_is_urged_once_a_day_and_supervised(reporter: Caller, officer: Caller, director: Caller) -> None:
    task = held_check(reporter, officer)

    assert director.post(f"/tasks/{task}/urge", {"text": "请尽快"}).status_code == 204
    problem_of(director.post(f"/tasks/{task}/urge", {}), 409)
    sheet = {"colour": "RED", "demand": "限期办结", "term": (today() + timedelta(days=9)).isoformat()}
    assert director.post(f"/tasks/{task}/sheets", sheet).status_code == 204

    assert officer.get(f"/tasks/{task}/handling").json["handling"]["sheets"][0]["colour"] == "RED"


def test_a_deputy_is_appointed_and_ended(officer: Caller, director: Caller) -> None:
    days = {"since": today().isoformat(), "until": (today() + timedelta(days=3)).isoformat()}
    wanted = {"deputy_id": officer.get("/me").json["person_id"], **days, "reason": "出差"}

    found = director.post("/me/deputies", wanted).json

    row = found["arrangements"][0]
    assert row["state"] == "ACTIVE"
    assert "jmo.director" in [role["id"] for role in officer.get("/me").json["roles"]]
    assert director.send("DELETE", f"/me/deputies/{row['id']}").status_code == 204
    assert "jmo.director" not in [role["id"] for role in officer.get("/me").json["roles"]]


def test_what_is_missing_is_told_by_field(reporter: Caller, officer: Caller) -> None:
    task = held_check(reporter, officer)

    problem_of(officer.post(f"/tasks/{task}/return", {"to_step": "T_register"}), 422)
    problem_of(officer.post(f"/tasks/{task}/return", {"to_step": "T_nowhere", "reason": "缺页"}, key="r"), 409)
    problem_of(officer.post(f"/tasks/{task}/ask", {"kind": "SHOUT", "person_id": "x", "question": "?"}), 422)
