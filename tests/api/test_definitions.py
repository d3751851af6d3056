"""Published versions, and who the token speaks for."""

import shutil
from datetime import timedelta
from pathlib import Path

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


def published_again(app: Flask, tmp_path: Path, *, name: str) -> str:
    """Another version of the small case with another name of its first step; the id of its release."""
    from app.services import definitions  # noqa: PLC0415  (see tests.conftest)

    seeds = tmp_path / "again"
    shutil.copytree(SEEDS, seeds)
    diagram = seeds / "processes" / "small-case.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace("</bpmn:definitions>", f"<!-- {name} --></bpmn:definitions>"))
    with app.app_context():
        definitions.publish_seeds(seeds / "processes", seeds / "forms", by="tests", now=STARTED + timedelta(days=1))
    return name


def test_a_process_owner_moves_running_cases_and_sees_first_what_would_happen(
    app: Flask, callers: Callers, tmp_path: Path
) -> None:
    opened = callers("reporter").open_case()
    published_again(app, tmp_path, name="second")
    owner = callers("owner")
    newest = next(item for item in owner.get("/definitions").json["items"] if item["latest"])
    address = f"/definitions/{newest['id']}/migrate"

    planned = owner.post(address, {"dry_run": True})
    unreasoned = owner.post(address, {})
    stranger = callers("officer").post(address, {"reason": "x"})
    moved = owner.post(address, {"reason": "改正", "proceedings": [opened["number"]]})
    again = owner.post(address, {"reason": "改正", "proceedings": [opened["number"]]})

    assert planned.status_code == 200, planned.json
    assert [(item["possible"], item["done"]) for item in planned.json["items"]] == [(True, False)]
    assert unreasoned.status_code == 422
    assert stranger.status_code == 403
    assert [(item["number"], item["release"], item["done"]) for item in moved.json["items"]] == [
        (opened["number"], 2, True)
    ]
    assert again.json["items"][0]["obstacles"] == ["本件已经在该版本上。"]
