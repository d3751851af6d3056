"""案件 over the API: opening, the register, one case, its story."""

import uuid
from urllib.parse import quote

from tests.api.conftest import REGISTRATION, Caller, Callers, problem_of


def test_opening_a_case_says_where_it_is(reporter: Caller) -> None:
    answer = reporter.post("/cases", {})

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/cases/{answer.json['id']}"
    case = reporter.get(f"/cases/{answer.json['id']}").json
    assert case["my_task_id"] == answer.json["task_id"]
    assert case["case"]["number"] == answer.json["number"]


def test_a_case_can_be_opened_with_its_first_form(reporter: Caller) -> None:
    opened = reporter.open_case()

    case = reporter.get(f"/cases/{opened['id']}").json

    assert case["case"]["title"] == REGISTRATION["matter"]
    assert [step["name"] for step in case["open_steps"]] == ["完整性审查"]
    assert case["my_task_id"] is None


def test_a_refused_first_form_opens_nothing(reporter: Caller) -> None:
    answer = reporter.post("/cases", {"data": {"matter": ""}})

    document = problem_of(answer, 422)
    assert "matter" in {error["field"] for error in document["errors"]}
    assert reporter.get("/cases").json["total"] == 0


def test_opening_twice_with_one_key_opens_one_case(reporter: Caller) -> None:
    key = uuid.uuid4().hex

    first = reporter.post("/cases", {}, key=key)
    second = reporter.post("/cases", {}, key=key)

    assert second.json == {**first.json, "replayed": True}
    assert second.headers["Location"] == first.headers["Location"]
    assert reporter.get("/cases").json["total"] == 1


def test_only_a_reporting_organ_opens_cases(officer: Caller) -> None:
    document = problem_of(officer.post("/cases", {}), 403)

    assert "填报人" in document["detail"]


def test_the_office_opens_a_case_of_any_organ_of_the_county(officer: Caller) -> None:
    opened = officer.post("/cases", {"organ_id": "beishan.lyj"})
    unknown = officer.post("/cases", {"organ_id": "nanhe.lyj"})

    assert opened.status_code == 201
    assert [case["id"] for case in officer.get("/cases", lead_organ="beishan.lyj").json["items"]] == [opened.json["id"]]
    assert [error["field"] for error in problem_of(unknown, 422)["errors"]] == ["organ_id"]


def test_a_case_is_opened_under_a_regulation_of_the_own_county_only(reporter: Caller) -> None:
    own = reporter.post("/cases", {"regulation": "beishan-2020-1"})
    foreign = reporter.post("/cases", {"regulation": "nanhe-2020-1"})
    unknown = reporter.post("/cases", {"regulation": "nobody-2020-1"})

    assert own.status_code == 201
    problem_of(foreign, 404)
    assert foreign.data == unknown.data


def test_a_case_is_found_by_its_chinese_number(officer: Caller, reporter: Caller) -> None:
    opened = reporter.open_case()

    by_number = officer.get(f"/cases/{quote(opened['number'])}")
    by_id = officer.get(f"/cases/{opened['id']}")

    assert "〔" in opened["number"]
    assert by_number.status_code == 200
    assert by_number.json == by_id.json


def test_the_register_is_narrowed_and_paged(reporter: Caller, officer: Caller, callers: Callers) -> None:
    mine = reporter.open_case()
    callers("reporter.lyj").open_case(None)

    everything = officer.get("/cases").json
    of_organ = officer.get("/cases", lead_organ="beishan.zjj").json
    at_check = officer.get("/cases", stage="check").json
    first_page = officer.get("/cases", limit=1).json
    second_page = officer.get("/cases", limit=1, cursor=first_page["next"]).json

    assert everything["total"] == 2
    assert [item["id"] for item in of_organ["items"]] == [item["id"] for item in at_check["items"]] == [mine["id"]]
    assert officer.get("/cases", status="CLOSED").json["total"] == 0
    assert officer.get("/cases", number=mine["number"]).json["total"] == 1
    assert [item["id"] for page in (first_page, second_page) for item in page["items"]] == [
        item["id"] for item in everything["items"]
    ]
    assert (second_page["total"], second_page["next"]) == (2, None)


def test_another_organ_and_another_county_see_nothing_of_a_case(reporter: Caller, callers: Callers) -> None:
    opened = reporter.open_case()

    for stranger in (callers("reporter.lyj"), callers("manager", county="nanhe"), callers("owner")):
        assert stranger.get("/cases").json == {"items": [], "next": None, "total": 0}
        for path in (opened["id"], quote(opened["number"])):
            for tail in ("", "/history"):
                hidden = stranger.get(f"/cases/{path}{tail}")
                absent = stranger.get(f"/cases/{uuid.uuid4().hex}{tail}")
                problem_of(hidden, 404)
                assert hidden.data == absent.data


def test_a_meeting_is_not_a_case(director: Caller) -> None:
    meeting = director.post("/meetings", {}).json

    problem_of(director.get(f"/cases/{meeting['id']}"), 404)


def test_the_history_tells_the_story_in_order_with_names_and_clauses(
    reporter: Caller, officer: Caller, callers: Callers
) -> None:
    opened = reporter.open_case()
    task = officer.tasks("claimable")[0]["id"]
    officer.post(f"/tasks/{task}/complete", {"data": {"check_result": "PASSED", "check_opinion": "材料齐全"}})

    lines = officer.get(f"/cases/{quote(opened['number'])}/history").json["items"]

    assert [line["position"] for line in lines] == sorted(line["position"] for line in lines)
    assert [(line["act"], line["name"], line["person"]) for line in lines if line["act"] == "SUBMITTED"] == [
        ("SUBMITTED", "登记法律文书", "张北"),
        ("SUBMITTED", "完整性审查", "李北"),
    ]
    check = lines[-1]
    assert [clause["id"] for clause in check["clauses"]] == ["BEISHAN-1", "BEISHAN-2"]
    assert {"label": "审查意见", "text": "通过"} in check["answers"]
    assert check["role"] == "联席会议办公室经办"


def test_the_history_withholds_what_the_reader_may_not_open(reporter: Caller, officer: Caller) -> None:
    opened = reporter.open_case()
    task = officer.tasks("claimable")[0]["id"]
    officer.post(f"/tasks/{task}/complete", {"data": {"check_result": "PASSED", "check_opinion": "内部说明"}})

    answer = reporter.get(f"/cases/{opened['id']}/history")

    check = answer.json["items"][-1]
    assert check["withheld"] is True
    assert check["answers"] is None
    assert "内部说明" not in answer.text


def test_the_history_says_why_and_to_whom_a_step_was_handed_on(reporter: Caller, officer: Caller) -> None:
    opened = reporter.open_case()
    task = officer.tasks("claimable")[0]["id"]
    officer.send("POST", f"/tasks/{task}/claim")
    officer.send("POST", f"/tasks/{task}/transfer", json={"to_person": "beishan.officer2", "reason": "出差"})

    line = officer.get(f"/cases/{opened['id']}/history").json["items"][-1]

    assert (line["act"], line["person"], line["remark"]) == ("TRANSFERRED", "李北", "出差，钱北")
