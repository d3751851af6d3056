"""事项 over the API: lists, one step, and every act on it."""

import base64
import re
import uuid
from urllib.parse import quote

import pytest

from tests.api.conftest import REGISTRATION, Caller, Callers, problem_of

PASSED = {"data": {"check_result": "PASSED"}}


FIRST_DAY = base64.urlsafe_b64encode(b'["0001-01-01T00:00:00+08:00", "a"]').rstrip(b"=").decode()


def to_check(reporter: Caller, officer: Caller) -> str:
    """The id of the check step of a new case, held by nobody."""
    reporter.open_case()
    return str(officer.tasks("claimable")[0]["id"])


def test_a_new_case_puts_its_first_step_into_the_box_of_who_opened_it(reporter: Caller) -> None:
    opened = reporter.open_case(None)

    [line] = reporter.tasks()

    assert line["id"] == opened["task_id"]
    assert (line["name"], line["step"], line["role"]) == ("登记法律文书", "T_register", "organ.reporter")
    assert line["organ"] == "beishan.zjj"
    assert line["proceeding"]["number"] == opened["number"]


def test_a_step_for_several_people_can_be_claimed_by_each_until_one_does(
    reporter: Caller, officer: Caller, callers: Callers
) -> None:
    task = to_check(reporter, officer)
    other = callers("officer2")

    assert [line["id"] for line in other.tasks("claimable")] == [task]
    assert officer.send("POST", f"/tasks/{task}/claim").status_code == 204
    assert officer.send("POST", f"/tasks/{task}/claim").status_code == 204

    assert other.tasks("claimable") == []
    assert [line["id"] for line in officer.tasks()] == [task]
    refusal = problem_of(other.send("POST", f"/tasks/{task}/claim"), 403)
    assert re.fullmatch(r"该事项现由\S+办理（自\d{4}-\d\d-\d\d \d\d:\d\d起）。.*转办给您。", refusal["detail"])


def test_a_released_step_lies_in_the_common_box_again(reporter: Caller, officer: Caller, callers: Callers) -> None:
    task = to_check(reporter, officer)
    officer.send("POST", f"/tasks/{task}/claim")

    problem_of(officer.send("POST", f"/tasks/{task}/release", json={"reason": "  "}), 422)
    answer = officer.send("POST", f"/tasks/{task}/release", json={"reason": "出差"})

    assert answer.status_code == 204
    assert [line["id"] for line in callers("officer2").tasks("claimable")] == [task]
    problem_of(officer.send("POST", f"/tasks/{task}/release", json={"reason": "出差"}), 403)


def test_a_held_step_can_be_handed_to_somebody_who_may_do_it_only(
    reporter: Caller, officer: Caller, callers: Callers
) -> None:
    task = to_check(reporter, officer)
    officer.send("POST", f"/tasks/{task}/claim")
    colleagues = officer.get(f"/tasks/{task}").json["colleagues"]

    wrong = officer.send("POST", f"/tasks/{task}/transfer", json={"to_person": "beishan.director", "reason": "忙"})
    right = officer.send("POST", f"/tasks/{task}/transfer", json={"to_person": "beishan.officer2", "reason": "忙"})

    assert [colleague["person_id"] for colleague in colleagues] == ["beishan.officer2"]
    problem_of(wrong, 403)
    assert right.status_code == 204
    assert [line["id"] for line in callers("officer2").tasks()] == [task]


def test_one_step_shows_its_form_clauses_deadline_and_case(reporter: Caller, officer: Caller) -> None:
    task = officer.get(f"/tasks/{to_check(reporter, officer)}").json

    assert task["form"]["key"] == "small-case/check"
    components = {part["key"]: part for part in task["form"]["schema"]["components"]}
    assert [option["value"] for option in components["check_result"]["values"]] == ["PASSED", "RETURNED"]
    assert [clause["id"] for clause in task["clauses"]] == ["BEISHAN-1", "BEISHAN-2"]
    assert task["clauses"][0]["reading"] == "收到文书后应当登记"
    assert task["deadline"]["kind"] == "internal"
    assert task["deadline"]["day_count"] == "WORKING"
    assert task["deadline"]["days"] == 5
    assert task["deadline"]["lamp"]["lamp"] == "NORMAL"
    assert task["proceeding"]["title"] == REGISTRATION["matter"]
    assert task["proceeding"]["number"].startswith("北败责〔")
    assert task["may_claim"] is True


def test_a_draft_is_kept_without_checking_and_shown_again(reporter: Caller) -> None:
    task = reporter.open_case(None)["task_id"]

    answer = reporter.send("PUT", f"/tasks/{task}/draft", json={"data": {"matter": "写到一半", "pages": -3}})

    assert answer.status_code == 200
    shown = reporter.get(f"/tasks/{task}").json
    assert shown["draft_saved_at"] == answer.json["saved_at"]
    assert shown["form"]["data"] == {"matter": "写到一半", "pages": -3}


def test_completing_a_step_names_the_steps_that_follow(reporter: Caller, officer: Caller, director: Caller) -> None:
    task = to_check(reporter, officer)

    answer = officer.post(f"/tasks/{task}/complete", PASSED)

    assert answer.status_code == 200
    done = answer.json
    assert done["closed"] is False
    assert done["replayed"] is False
    assert done["next"] == [
        {
            "task_id": None,
            "name": "主任签发",
            "role": "联席会议办公室主任",
            "organ": "",
            "mine": False,
        }
    ]
    assert [line["name"] for line in director.tasks()] == ["主任签发"]
    assert [line["id"] for line in officer.tasks("done")] == [task]


def test_the_last_step_closes_the_case(reporter: Caller, officer: Caller, director: Caller) -> None:
    task = to_check(reporter, officer)
    officer.post(f"/tasks/{task}/complete", PASSED)
    sign = director.tasks()[0]["id"]

    done = director.post(f"/tasks/{sign}/complete", {"data": {"sign_opinion": "同意"}}).json

    assert done["closed"] is True
    assert done["next"] == []


def test_the_same_key_again_gives_the_same_answer_and_changes_nothing(reporter: Caller, officer: Caller) -> None:
    task = to_check(reporter, officer)
    key = uuid.uuid4().hex

    first = officer.post(f"/tasks/{task}/complete", PASSED, key=key).json
    second = officer.post(f"/tasks/{task}/complete", PASSED, key=key).json

    assert second == {**first, "replayed": True}
    again = problem_of(officer.post(f"/tasks/{task}/complete", PASSED), 409)
    assert "李北" in again["detail"]


def test_a_key_belongs_to_its_act(reporter: Caller, officer: Caller) -> None:
    key = uuid.uuid4().hex
    first = reporter.post("/cases", {}, key=key).json

    done = reporter.post(f"/tasks/{first['task_id']}/complete", {"data": REGISTRATION}, key=key)

    assert done.status_code == 200
    assert done.json["replayed"] is False


@pytest.mark.parametrize("key", [None, "", "有中文", "a b", "x" * 129, "tab\t"])
def test_without_a_usable_idempotency_key_nothing_is_done(reporter: Caller, key: str | None) -> None:
    task = reporter.open_case(None)["task_id"]
    headers = {} if key is None else {"Idempotency-Key": key.encode().decode("latin-1")}

    answer = reporter.send("POST", f"/tasks/{task}/complete", headers=headers, json={"data": REGISTRATION})

    document = problem_of(answer, 400)
    assert document["errors"][0]["field"] == "Idempotency-Key"
    assert [line["id"] for line in reporter.tasks()] == [task]


def test_refused_answers_come_back_field_by_field_and_change_nothing(reporter: Caller) -> None:
    task = reporter.open_case(None)["task_id"]

    answer = reporter.post(f"/tasks/{task}/complete", {"data": {"case_type": "NONSENSE", "pages": 0}})

    document = problem_of(answer, 422)
    assert {error["field"] for error in document["errors"]} == {"matter", "case_type", "pages"}
    assert all(error["detail"] for error in document["errors"])
    assert [line["id"] for line in reporter.tasks()] == [task]


def test_a_form_field_that_does_not_exist_does_not_reach_the_case(reporter: Caller, officer: Caller) -> None:
    task = reporter.open_case(None)["task_id"]

    answer = reporter.post(f"/tasks/{task}/complete", {"data": {**REGISTRATION, "lead_organ": "beishan.lyj"}})

    assert answer.status_code in (200, 422)
    assert [line["organ"] for line in reporter.tasks("done")] in ([], ["beishan.zjj"])


def test_another_county_gets_the_answer_for_what_does_not_exist(
    reporter: Caller, officer: Caller, callers: Callers
) -> None:
    task = to_check(reporter, officer)
    stranger = callers("officer", county="nanhe")
    missing = uuid.uuid4().hex

    for method, act, body in (
        ("GET", "", None),
        ("POST", "/claim", None),
        ("POST", "/release", {"reason": "x"}),
        ("POST", "/transfer", {"reason": "x", "to_person": "nanhe.officer2"}),
        ("PUT", "/draft", {"data": {}}),
        ("POST", "/complete", PASSED),
    ):
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        hidden = stranger.send(method, f"/tasks/{task}{act}", headers=headers, json=body)
        absent = stranger.send(method, f"/tasks/{missing}{act}", headers=headers, json=body)

        problem_of(hidden, 404)
        assert (hidden.status_code, hidden.data) == (absent.status_code, absent.data)
    assert stranger.tasks("claimable") == []
    assert officer.tasks("claimable")[0]["id"] == task


def test_pages_follow_one_another_without_a_gap_or_a_repetition(reporter: Caller, officer: Caller) -> None:
    ids = [reporter.open_case()["id"] for _ in range(5)]

    seen, cursor, totals = [], "", set()
    for _ in range(3):
        page = officer.get("/tasks", box="claimable", limit=2, cursor=cursor).json
        seen += [line["proceeding"]["id"] for line in page["items"]]
        totals.add(page["total"])
        cursor = page["next"]

    assert seen == ids[::-1]
    assert totals == {5}
    assert cursor is None


def test_the_boxes_can_be_narrowed(reporter: Caller, officer: Caller, callers: Callers) -> None:
    first = reporter.open_case()
    callers("reporter.lyj").open_case({**REGISTRATION, "matter": "林木采伐"})

    assert len(officer.tasks("claimable")) == 2
    assert len(officer.tasks("claimable", role="jmo.officer", step="T_check")) == 2
    assert officer.tasks("claimable", role="jmo.director") == []
    assert officer.tasks("claimable", organ="beishan.zjj") == []
    [by_number] = officer.tasks("claimable", number=first["number"])
    [by_organ] = officer.tasks("claimable", lead_organ="beishan.zjj")
    [by_text] = officer.tasks("claimable", text="违法拆")
    assert by_number["id"] == by_organ["id"] == by_text["id"]
    assert officer.tasks("claimable", text="%") == []


def test_what_somebody_started_is_listed_with_where_it_stands(reporter: Caller) -> None:
    opened = reporter.open_case()

    [line] = reporter.tasks("started")

    assert line["id"] is None
    assert line["status"] == "RUNNING"
    assert line["proceeding"] == {
        "id": opened["id"],
        "kind": "CASE",
        "number": opened["number"],
        "title": REGISTRATION["matter"],
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("box=nonsense", "box"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("text=" + "x" * 101, "text"),
        ("colour=red", "colour"),
    ],
)
def test_a_wrong_query_is_refused_by_name(reporter: Caller, query: str, field: str) -> None:
    document = problem_of(reporter.send("GET", f"/tasks?{query}"), 422)

    assert [error["field"] for error in document["errors"]] == [field]


@pytest.mark.parametrize(
    "cursor", ["x", "!!!", "eyJhIjoxfQ", "WzEsMl0", "WyIyMDI2LTAxLTAxIiwiYSJd", quote("中文"), "W" * 200, FIRST_DAY]
)
def test_a_cursor_that_is_not_ours_is_refused(reporter: Caller, cursor: str) -> None:
    document = problem_of(reporter.send("GET", f"/tasks?cursor={cursor}"), 400)

    assert "cursor" in document["detail"]
