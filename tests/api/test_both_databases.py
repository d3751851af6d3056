"""What the two databases would do differently if nobody took care."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from tests.api.conftest import REGISTRATION, Callers, problem_of


def test_the_same_case_sent_several_times_at_once_is_opened_once(callers_on_both: Callers) -> None:
    key = uuid.uuid4().hex

    with ThreadPoolExecutor(4) as threads:
        sent = [
            threads.submit(callers_on_both("reporter").post, "/cases", {"data": REGISTRATION}, key=key)
            for _ in range(4)
        ]
    answers = [one.result() for one in sent]

    assert [answer.status_code for answer in answers] == [201] * 4, [answer.text for answer in answers]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert sorted(answer.json["replayed"] for answer in answers) == [False, True, True, True]
    assert callers_on_both("reporter").get("/cases").json["total"] == 1


def test_the_same_meeting_sent_several_times_at_once_is_opened_once(callers_on_both: Callers) -> None:
    key = uuid.uuid4().hex

    with ThreadPoolExecutor(3) as threads:
        sent = [threads.submit(callers_on_both("director").post, "/meetings", {}, key=key) for _ in range(3)]
    answers = [one.result() for one in sent]

    assert [answer.status_code for answer in answers] == [201] * 3, [answer.text for answer in answers]
    assert len({answer.json["id"] for answer in answers}) == 1


def test_a_step_completed_by_two_people_at_once_is_completed_once(callers_on_both: Callers) -> None:
    callers_on_both("reporter").open_case()
    task = callers_on_both("officer").tasks("claimable")[0]["id"]
    body = {"data": {"check_result": "PASSED"}}

    with ThreadPoolExecutor(2) as threads:
        sent = [
            threads.submit(callers_on_both(person).post, f"/tasks/{task}/complete", body)
            for person in ("officer", "officer2")
        ]
    answers = [one.result() for one in sent]

    assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.text for answer in answers]
    assert len(callers_on_both("director").tasks()) == 1


def test_texts_that_a_database_could_stumble_over_are_stored_or_refused(callers_on_both: Callers) -> None:
    reporter = callers_on_both("reporter")
    task = reporter.open_case(None)["task_id"]

    nul = reporter.send("PUT", f"/tasks/{task}/draft", json={"data": {"matter": "a\0b"}})
    half = reporter.send(
        "PUT", f"/tasks/{task}/draft", data=b'{"data": {"matter": "\\ud800"}}', content_type="application/json"
    )
    odd = {"matter": "\U0001f600\uffff%s'\\", "pages": 2**53 - 1}
    kept = reporter.send("PUT", f"/tasks/{task}/draft", json={"data": odd})

    problem_of(nul, 400)
    problem_of(half, 400)
    assert kept.status_code == 200
    assert reporter.get(f"/tasks/{task}").json["form"]["data"] == odd
    assert reporter.send("GET", "/tasks/%00").status_code == 400
    assert reporter.send("GET", "/cases?text=%00").status_code == 400


def test_pages_and_numbers_are_the_same_on_both(callers_on_both: Callers) -> None:
    reporter, officer = callers_on_both("reporter"), callers_on_both("officer")
    opened = [reporter.open_case() for _ in range(3)]

    first = officer.get("/tasks", box="claimable", limit=2).json
    second = officer.get("/tasks", box="claimable", limit=2, cursor=first["next"]).json

    assert [line["proceeding"]["id"] for line in first["items"] + second["items"]] == [
        one["id"] for one in reversed(opened)
    ]
    assert officer.get(f"/cases/{quote(opened[0]['number'])}").json["case"]["id"] == opened[0]["id"]
