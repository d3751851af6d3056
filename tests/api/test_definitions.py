"""Published versions, and who the token speaks for."""

from datetime import timedelta

from flask import Flask

from tests.api.conftest import SEEDS, STARTED, Caller, Callers


def test_the_published_versions_of_the_own_county_are_listed(reporter: Caller) -> None:
    items = reporter.get("/definitions").json["items"]

    assert [(item["process"], item["number"], item["latest"]) for item in items] == [
        ("small-case", 1, True),
        ("small-meeting", 1, True),
    ]
    assert {item["regulation"] for item in items} == {"beishan-2020-1"}
    assert {item["in_force_from"] for item in items} == {"2020-01-01"}
    assert all(item["published_at"] == STARTED.isoformat() for item in items)


def test_publishing_the_same_files_again_adds_no_version(app: Flask, reporter: Caller) -> None:
    from app.services import definitions  # noqa: PLC0415  (see tests.conftest)

    with app.app_context():
        again = definitions.publish_seeds(
            SEEDS / "processes", SEEDS / "forms", by="tests", now=STARTED + timedelta(days=1)
        )

    assert again == []
    assert len(reporter.get("/definitions").json["items"]) == 2


def test_the_caller_learns_who_the_token_speaks_for(callers: Callers) -> None:
    me = callers("officer").get("/me").json

    assert (me["username"], me["name"], me["county_id"]) == ("beishan.officer", "李北", "beishan")
    assert me["organ_id"] == "beishan.fzb"
    assert me["roles"] == [{"id": "jmo.officer", "label": "联席会议办公室经办", "organ": "beishan.fzb"}]
