"""Figures, rule settings and the calendar over the API."""

from tests.api.conftest import Caller, Callers, problem_of


def test_the_ledger_lists_the_cases_of_the_county_page_by_page(reporter: Caller, director: Caller) -> None:
    opened = [reporter.open_case()["number"] for _ in range(3)]

    found = director.get("/stats/ledger", limit=2).json

    assert (found["total"], found["pages"], len(found["items"])) == (3, 2, 2)
    rest = director.get("/stats/ledger", limit=2, page=2).json["items"]
    assert [line["number"] for line in found["items"] + rest] == opened[::-1]
    assert {"doc_no", "filing", "sanctions", "compensation", "status"} <= rest[0].keys()
    assert director.get("/stats/ledger", text="没有的").json["total"] == 0


def test_the_sheet_and_the_bulletin_answer_for_a_year(reporter: Caller, director: Caller) -> None:
    reporter.open_case()

    sheet = director.get("/stats/assessment", year=2026).json
    bulletin = director.get("/stats/bulletin", year=2026, quarter=4).json

    assert (sheet["year"], sheet["regulation"], sheet["total"]["figures"]) == (2026, "beishan-2020-1", [])
    assert (bulletin["first"], bulletin["last"]) == ("2026-10-01", "2026-12-31")
    assert bulletin["exchange"] == {"listed": 0, "registered": 0, "by_office": 0, "unfiled": 0}
    problem_of(director.get("/stats/assessment", regulation="nanhe-2020-1"), 404)
    problem_of(director.get("/stats/bulletin", quarter=5), 422)


def test_counts_tell_what_is_under_way(reporter: Caller, director: Caller, callers: Callers) -> None:
    reporter.open_case()
    case = reporter.open_case()["id"]
    callers("director").post(f"/cases/{case}/suspend", {"reason": "等待另案", "basis": "第一条"})

    counts = director.get("/stats/counts").json

    assert counts["cases"] == {"RUNNING": 2}
    assert [(stage["key"], stage["cases"]) for stage in counts["stages"]] == [("check", 2)]
    assert (counts["open_steps"], counts["suspended"], counts["held"]) == (2, 1, 0)


def test_the_overview_names_the_filters_behind_each_figure(reporter: Caller, director: Caller) -> None:
    reporter.open_case()

    found = director.get("/stats/overview").json

    assert found["open"] == {"number": 1, "filters": {"status": "RUNNING"}}
    assert len(found["months"]) == 12
    assert sum(month["opened"]["number"] for month in found["months"]) == 1
    assert reporter.get("/stats/overview").json["open"]["number"] == 1


def test_a_process_tells_what_stands_at_its_steps(reporter: Caller, director: Caller) -> None:
    reporter.open_case()

    (card,) = (card for card in director.get("/stats/processes").json["items"] if card["running"])
    status = director.get(f"/stats/processes/{card['key']}", span="ever").json

    assert (card["running"], card["steps"]) == (1, sum(step["open"] for step in status["steps"]))
    assert sum(step["done"] for step in status["steps"]) == 1
    problem_of(director.get("/stats/processes/none"), 404)
    problem_of(director.get(f"/stats/processes/{card['key']}", span="week"), 422)


def test_figures_of_the_county_are_not_for_everybody(reporter: Caller, callers: Callers) -> None:
    reporter.open_case()

    for path in ("ledger", "assessment", "bulletin", "counts", "processes", "processes/small"):
        problem_of(reporter.get(f"/stats/{path}"), 404)
    other = callers("director", county="nanhe")
    assert other.get("/stats/counts").json["cases"] == {}
    assert other.get("/stats/ledger").json["total"] == 0


def test_the_settings_of_the_own_county_are_read(reporter: Caller) -> None:
    rules = reporter.get("/regulations/beishan-2020-1/rules").json

    assert rules["items"] == []
    (deadline,) = rules["deadlines"]
    assert (deadline["step"], deadline["period"], deadline["changed"]) == ("small-case/T_check", "P5D", False)
    problem_of(reporter.get("/regulations/nanhe-2020-1/rules"), 404)


def test_the_calendar_of_a_year_is_read(reporter: Caller) -> None:
    calendar = reporter.get("/calendar", year=2026).json

    assert calendar["year"] == 2026
    assert {"day": "2026-10-01", "kind": "HOLIDAY", "name": "国庆节"} in calendar["days"]
    assert 2026 in [year["year"] for year in calendar["years"] if year["known"]]
    assert reporter.get("/calendar", year=1200).json["status"] == 400, "no other year is given instead"
