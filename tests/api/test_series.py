"""系列案 over the API."""

from datetime import UTC, datetime
from io import BytesIO

from flask import Flask
from werkzeug.test import TestResponse

from tests.api.conftest import Caller, Callers, problem_of

TABLE = "doc_no,matter\n（2026）北行初2号,违法拆除\n（2026）北行初3号,违法拆除\n"


def send(caller: Caller, case: str, key: str, content: str = TABLE) -> TestResponse:
    return caller.send(
        "POST",
        f"/cases/{case}/series",
        headers={"Idempotency-Key": key},
        data={"table": (BytesIO(content.encode()), "series.csv")},
    )


def work(app: Flask) -> None:
    from app.services import clockwork  # noqa: PLC0415  (see tests.conftest)

    with app.app_context():
        while clockwork.tick(datetime.now(UTC)):
            pass


def test_cases_alike_are_registered_from_a_table(app: Flask, reporter: Caller) -> None:
    case = reporter.open_case()

    answer = send(reporter, case["id"], "a")

    assert answer.status_code == 200, answer.text
    (run,) = answer.json["runs"]
    assert (run["waiting"], run["total"]) == (2, 2)
    work(app)
    assert send(reporter, case["id"], "a").json["runs"][0]["done"] == 2
    rows = reporter.get(f"/series-runs/{run['id']}").json
    assert [row["telling"] for row in rows["settled"]] == ["（2026）北行初2号", "（2026）北行初3号"]
    opened = {line["number"] for line in reporter.get("/cases").json["items"]}
    assert opened == {case["number"], *(row["number"] for row in rows["settled"])}


def test_who_may_not_and_what_is_no_table_is_told(reporter: Caller, director: Caller, callers: Callers) -> None:
    case = reporter.open_case()["id"]

    problem_of(send(director, case, "b"), 403)
    problem_of(send(callers("reporter", county="nanhe"), case, "c"), 404)
    problem_of(send(reporter, case, "d", "nothing"), 422)
    missing = problem_of(reporter.post(f"/cases/{case}/series", {}), 422)
    assert [error["field"] for error in missing["errors"]] == ["table"]
    problem_of(reporter.post(f"/cases/{case}/separation", {"reason": "事实不同"}), 403)
    problem_of(director.post(f"/cases/{case}/separation", {"reason": "事实不同"}), 409)
    problem_of(reporter.get("/series-runs/nothing"), 404)
