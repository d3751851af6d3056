"""Published versions, and who the token speaks for."""

import shutil
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from tests.api.conftest import SEEDS, STARTED, Caller, Callers, problem_of


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


def test_a_run_moves_many_cases_and_is_taken_back_and_one_goes_back_alone(
    app: Flask, callers: Callers, tmp_path: Path
) -> None:
    numbers = [callers("reporter").open_case()["number"] for _ in range(2)]
    published_again(app, tmp_path, name="second")
    owner, officer = callers("owner"), callers("officer")
    newest = next(item for item in owner.get("/definitions").json["items"] if item["latest"])
    address, key = f"/definitions/{newest['id']}", {"Idempotency-Key": "run-1"}

    ordered, again = (
        owner.send("POST", f"{address}/migration-runs", headers=key, json={"reason": "改正"}) for _ in range(2)
    )
    run = f"/migration-runs/{ordered.json['progress']['id']}"
    stranger = officer.get(run)
    worked(app)
    done = owner.get(run)
    late = owner.send("POST", f"{address}/migration-runs", headers=key, json={"reason": "改正"})
    alone = owner.post(f"{address}/migrate/undo", {"proceedings": numbers[:1], "reason": "先不换"})
    twice = owner.post(f"{address}/migrate/undo", {"proceedings": numbers[:1], "reason": "先不换"})
    back = owner.send("POST", f"{run}/undo", headers={"Idempotency-Key": "back-1"}, json={"reason": "都不换"})
    worked(app)
    returned = owner.get(f"/migration-runs/{back.json['progress']['id']}").json

    assert ordered.status_code == 200, ordered.json
    assert ordered.json == again.json
    assert ordered.json["progress"]["waiting"] == 2
    assert stranger.status_code == 403
    assert late.json == done.json
    assert sorted(row["number"] for row in done.json["changed"]) == sorted(numbers)
    assert [(item["number"], item["done"], item["release"]) for item in alone.json["items"]] == [(numbers[0], True, 1)]
    assert twice.json["items"][0]["obstacles"] == ["本件没有可以撤销的换版。"]
    assert [row["number"] for row in returned["changed"]] == numbers[1:]
    assert [row["sentences"] for row in returned["refused"]] == [["本件没有可以撤销的换版。"]]


def worked(app: Flask) -> None:
    """The worker has done what waits."""
    from app.services import clockwork  # noqa: PLC0415  (see tests.conftest)

    with app.app_context():
        clockwork.tick(STARTED + timedelta(days=2))


def handed_in(caller: Caller, content: bytes, *, key: str = "hand-in-1") -> TestResponse:
    data = {"title": "改一个名称", "notes": "名称不清楚", "files": [(BytesIO(content), "small-case.bpmn")]}
    return caller.send("POST", "/definitions", headers={"Idempotency-Key": key}, data=data)


def test_files_handed_in_are_published_by_a_second_owner(callers: Callers) -> None:
    owner, second = callers("owner"), callers("owner2")
    content = (SEEDS / "processes" / "small-case.bpmn").read_bytes().replace("登记".encode(), "录入".encode())

    handed = handed_in(owner, content)
    again = handed_in(owner, content)
    by_himself = owner.post(f"/definitions/{handed.json['id']}/publish", {"reason": "试"})
    unreasoned = second.post(f"/definitions/{handed.json['id']}/publish", {})
    published = second.post(f"/definitions/{handed.json['id']}/publish", {"reason": "没有情景"})
    twice = second.post(f"/definitions/{handed.json['id']}/publish", {"reason": "没有情景"})

    assert handed.status_code == 201, handed.text
    assert (handed.json["status"], handed.json["files"]) == ("SUBMITTED", ["small-case.bpmn"])
    assert again.json == handed.json
    problem_of(by_himself, 403)
    assert problem_of(unreasoned, 422)["errors"][0]["field"] == "reason"
    assert [(one["process"], one["number"]) for one in published.json["releases"]] == [("small-case", 2)]
    assert twice.json == published.json
    newest = next(item for item in owner.get("/definitions").json["items"] if item["latest"])
    assert (newest["process"], newest["number"], newest["published_by"]) == ("small-case", 2, "beishan.owner2")


def test_what_has_errors_stays_a_draft_and_what_cannot_be_read_is_refused(callers: Callers) -> None:
    owner = callers("owner")
    content = (SEEDS / "processes" / "small-case.bpmn").read_bytes()

    wrong = handed_in(owner, content.replace(b'value="jmo.officer"', b'value="jmo.oficer"'), key="wrong")
    unreadable = handed_in(owner, b"<!DOCTYPE a []><a/>", key="unreadable")
    stranger = handed_in(callers("director"), content, key="stranger")
    unsubmitted = callers("owner2").post(f"/definitions/{wrong.json['id']}/publish", {"reason": "试"})

    assert wrong.json["status"] == "EDITING"
    found = next(one for one in wrong.json["findings"] if one["rule"] == "role")
    assert found["element"]
    assert found["sentence"] == "角色 jmo.oficer 不存在，是否为 jmo.officer？"
    assert problem_of(unreadable, 422)["errors"][0]["field"] == "small-case.bpmn"
    problem_of(stranger, 403)
    problem_of(unsubmitted, 409)
