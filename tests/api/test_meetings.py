"""联席会议 over the API."""

import uuid
from urllib.parse import quote

from tests.api.conftest import Caller, Callers, problem_of


def test_a_meeting_is_proposed_and_found_by_id_and_number(director: Caller, officer: Caller) -> None:
    answer = director.post("/meetings", {"data": {"place": "县政府三楼会议室"}})

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/meetings/{answer.json['id']}"
    by_id = officer.get(f"/meetings/{answer.json['id']}").json
    by_number = officer.get(f"/meetings/{quote(answer.json['number'])}").json
    assert by_id == by_number
    assert by_id["meeting"]["kind"] == "MEETING"
    assert by_id["members"] == ["住房和城乡建设局", "林业局"]
    assert [step["name"] for step in by_id["open_steps"]] == ["形成会议纪要"]
    assert [item["id"] for item in officer.get("/meetings").json["items"]] == [answer.json["id"]]


def test_proposing_twice_with_one_key_makes_one_meeting(director: Caller) -> None:
    key = uuid.uuid4().hex

    first = director.post("/meetings", {}, key=key).json
    second = director.post("/meetings", {}, key=key).json

    assert second == {**first, "replayed": True}
    assert director.get("/meetings").json["total"] == 1


def test_only_the_director_proposes_a_meeting(officer: Caller, reporter: Caller) -> None:
    for caller in (officer, reporter):
        document = problem_of(caller.post("/meetings", {}), 403)
        assert "主任" in document["detail"]


def test_a_refused_proposal_makes_no_meeting(director: Caller) -> None:
    problem_of(director.post("/meetings", {"data": {}}), 422)

    assert director.get("/meetings").json["total"] == 0


def test_another_county_sees_no_meeting(director: Caller, callers: Callers) -> None:
    meeting = director.post("/meetings", {}).json
    stranger = callers("manager", county="nanhe")

    hidden = stranger.get(f"/meetings/{quote(meeting['number'])}")
    absent = stranger.get("/meetings/nothing")

    problem_of(hidden, 404)
    assert hidden.data == absent.data
    assert stranger.get("/meetings").json["total"] == 0
