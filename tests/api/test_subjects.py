"""责任对象 over the API: what is refused, and to whom. What is done is tested where the services are."""

from tests.api.conftest import Caller, Callers, problem_of

NEW = {"kind": "ORGAN", "organ_id": "beishan.zjj", "role": "IMPLEMENTING", "reason": "调查中发现新的事实。"}
DIED = {"status": "DEAD", "since": "2026-02-09", "reason": "有关材料证明。", "papers": ["p1"]}


def test_only_those_who_investigate_add_a_subject(reporter: Caller, director: Caller, callers: Callers) -> None:
    case = reporter.open_case()["id"]

    problem_of(director.post(f"/cases/{case}/subjects", NEW), 403)
    problem_of(callers("director", county="nanhe").post(f"/cases/{case}/subjects", NEW), 404)
    missing = problem_of(director.post(f"/cases/{case}/subjects", {**NEW, "organ_id": None}), 422)
    assert [error["field"] for error in missing["errors"]] == ["organ_id"]


def test_a_status_is_recorded_of_a_subject_that_there_is(reporter: Caller, director: Caller) -> None:
    case = reporter.open_case()["id"]

    problem_of(director.post(f"/cases/{case}/subjects/none/status", DIED), 404)
    wrong = problem_of(
        director.post(f"/cases/{case}/subjects/none/status", {**DIED, "since": "昨天", "papers": 1}), 422
    )
    told = {error["field"]: error["detail"] for error in wrong["errors"]}
    assert told == {"since": "此项应为日期，例如 2026-03-02。", "papers": "此项应为清单。"}
    assert reporter.get(f"/cases/{case}").json["subjects"] == []
