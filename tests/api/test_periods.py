"""中止, 恢复 and 延期 over the API."""

from datetime import date, timedelta

from tests.api.conftest import Caller, problem_of

WHY = {"reason": "等待另案结果", "basis": "参照司法解释第八十七条"}


def check_of(case: dict[str, object], officer: Caller) -> str:
    return str(next(line["id"] for line in officer.tasks("claimable") if line["proceeding"]["id"] == case["id"]))


def test_a_suspended_case_stands_until_it_is_resumed(reporter: Caller, officer: Caller, director: Caller) -> None:
    case = reporter.open_case()
    task = check_of(case, officer)

    stopped = director.post(f"/cases/{case['id']}/suspend", WHY)

    assert stopped.status_code == 200, stopped.text
    assert stopped.json["suspension"]["basis"] == WHY["basis"]
    assert (stopped.json["may_suspend"], stopped.json["may_resume"]) == (False, True)
    assert stopped.json["steps"][0]["deadline"]["due_at"] is None
    problem_of(officer.post(f"/tasks/{task}/complete", {"data": {"check_result": "PASSED"}}), 409)

    going = director.post(f"/cases/{case['number']}/resume", {"reason": "另案已结"}).json

    assert going["suspension"] is None
    assert (going["past"][0]["days"], going["past"][0]["end_reason"]) == (0, "另案已结")
    assert going["steps"][0]["deadline"]["due_at"]
    assert officer.get(f"/cases/{case['id']}/periods").json["past"] == going["past"]


def test_a_step_is_given_more_time_until_a_day(reporter: Caller, officer: Caller, director: Caller) -> None:
    task = check_of(reporter.open_case(), officer)
    end = officer.get(f"/tasks/{task}").json["deadline"]["last_day"]
    longer = (date.fromisoformat(end) + timedelta(days=10)).isoformat()

    found = director.post(f"/tasks/{task}/extend", {"until": longer, "reason": "材料较多"}).json

    changes = found["steps"][0]["deadline"]["changes"]
    assert [change["from"] for change in changes] == [end]
    assert found["steps"][0]["deadline"]["last_day"] >= longer


def test_an_act_sent_again_with_its_key_changes_nothing(reporter: Caller, director: Caller) -> None:
    case = reporter.open_case()

    first = director.post(f"/cases/{case['id']}/suspend", WHY, key="stop-1")
    again = director.post(f"/cases/{case['id']}/suspend", WHY, key="stop-1")
    other = director.post(f"/cases/{case['id']}/suspend", WHY, key="stop-2")

    assert again.status_code == 200
    assert again.json["suspension"] == first.json["suspension"]
    problem_of(other, 409)
    history = director.get(f"/cases/{case['id']}/history").json["items"]
    assert [line["act"] for line in history].count("SUSPENDED") == 1


def test_who_may_not_and_what_is_missing_is_told(reporter: Caller, officer: Caller, director: Caller) -> None:
    case = reporter.open_case()

    problem_of(officer.post(f"/cases/{case['id']}/suspend", WHY), 403)
    problem_of(director.post("/cases/nothing/suspend", WHY), 404)
    fields = problem_of(director.post(f"/cases/{case['id']}/suspend", {"reason": "等待"}), 422)["errors"]
    assert [error["field"] for error in fields] == ["basis"]
    wrong = problem_of(director.post("/tasks/any/extend", {"until": "明天", "reason": "忙"}), 422)["errors"]
    assert [error["field"] for error in wrong] == ["until"]
    problem_of(director.send("POST", f"/cases/{case['id']}/suspend", json=WHY), 400)  # no key
