"""The regulations and their clauses for machines."""

from tests.api.conftest import Caller, Callers


def test_the_regulations_of_all_counties_are_listed(reporter: Caller) -> None:
    items = reporter.get("/regulations").json["items"]

    assert {item["id"] for item in items} == {"beishan-2020-1", "nanhe-2020-1"}
    assert all(item["clauses"] == item["carried"] + item["declaratory"] + item["uncarried"] for item in items)


def test_a_regulation_answers_clause_by_clause(reporter: Caller) -> None:
    found = reporter.get("/regulations/beishan-2020-1").json

    first = found["items"][0]
    assert found["regulation"]["in_force_from"] == "2020-01-01"
    assert first["clause"]["id"] == "BEISHAN-1"
    assert first["clause"]["modality"] == "OBLIGATION"
    assert first["clause"]["carried_by"] == ["small-case/T_register"]
    assert first["wording"] is None
    assert first["passed"] == {"cases": 0, "meetings": 0, "procedures": 0}


def test_what_cases_passed_is_told_to_the_own_county_only(callers: Callers) -> None:
    other = callers("reporter", county="nanhe").get("/regulations/beishan-2020-1").json

    assert [item["passed"] for item in other["items"]] == [None, None]


def test_an_unknown_regulation_is_not_found(reporter: Caller) -> None:
    assert reporter.get("/regulations/none").status_code == 404
