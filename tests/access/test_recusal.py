"""Whoever steps aside meets nothing of the case from the next request on: no page, list, count, file or notice."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.domain.deadlines import office_day
from app.extensions import db
from tests.access.conftest import READ, SETTLED, Ground
from tests.access.world import COUNTY
from tests.faults.crash_world import Desk

pytestmark = pytest.mark.slow
OFFICER, DEPUTY = f"{COUNTY}.jmo.officer", f"{COUNTY}.member.signatory.sfj"
PLACES = {
    "the open form": "/tasks/{task}",
    "the open form over the API": "/api/v1/tasks/{task}",
    "to do": "/inbox/todo",
    "to do as a file": "/inbox/todo/list.csv",
    "to do over the API": "/api/v1/tasks",
    "done": "/inbox/done",
    "done as a file": "/inbox/done/list.csv",
    "notices": "/inbox/notices",
    "the page": "/cases/{case}",
    "the page over the API": "/api/v1/cases/{case}",
    "the history": "/api/v1/cases/{case}/history",
    "the way taken": "/proceedings/{case}/diagram.json",
    "the catalogue": "/cases/{case}/dossier.csv",
    "the cases": "/cases",
    "the cases over the API": "/api/v1/cases",
    "search": "/search?q={mark}",
    "the jump": "/search/jump?q={number}",
    "the ledger": "/ledger",
    "the ledger as a file": "/ledger.csv",
    "the ledger as a workbook": "/ledger.xlsx",
    "the ledger over the API": "/api/v1/stats/ledger",
    "the steps that wait": "/steps",
    "what he follows": "/api/v1/me/follows",
}
OF_DEPUTY = ("the page", "the page over the API", "the cases", "search", "the ledger as a file", "the catalogue")
COUNTS = {
    "his boxes": "/inbox/counts",
    "his tasks": "/api/v1/tasks?limit=1",
    "the county": "/api/v1/stats/counts",
    "the processes": "/api/v1/stats/processes",
}


@dataclass(frozen=True)
class Met:
    """Which places showed something of the case, what was counted, and the answer to an open form that is sent."""

    shown: frozenset[str]
    by_deputy: frozenset[str]
    counts: dict[str, Any]
    sent: dict[str, int]
    rows_written: tuple[str, ...]


@pytest.fixture(scope="module")
def met(ground: Ground) -> Iterator[tuple[Met, Met]]:
    """Before the recusal, and right after it."""
    ground.restore(SETTLED)
    with ground.app.app_context():
        names = prepared(Desk(ground.settled.built))
    before = meet(ground, names)
    with ground.app.app_context():
        step_aside(Desk(ground.settled.built), names["case"])
    yield before, meet(ground, names)
    ground.restore(READ)


def prepared(desk: Desk) -> dict[str, str]:
    """The officer holds a step, follows the case, was told of a remark, and somebody else stands in for him."""
    from app.services import comments, follows, searching  # noqa: PLC0415  (see tests.conftest)
    from app.services.handling import deputies  # noqa: PLC0415
    from app.storage.models import Proceeding  # noqa: PLC0415

    officer, director, now = desk.actor("jmo.officer"), desk.actor("jmo.director"), desk.now
    case, task = desk.ids["checked"], desk.step("checked").task_id
    row = db.session.get_one(Proceeding, case)
    mark = f"jm.{case[:12]}"  # stands in every sentence of it: tests.access.world.canary
    follows.follow(case, actor=officer, now=now)
    comments.add(case, text=f"@{officer.name} 请核对。", actor=director, now=now)
    searching.catch_up(most=10_000)
    today = office_day(now)
    wanted = {"since": today, "until": today + timedelta(days=9), "roles": [], "reason": "出差", "actor": officer}
    deputy_id = desk.actor(DEPUTY.removeprefix(f"{COUNTY}.")).person_id
    deputies.appoint(principal_id=officer.person_id, deputy_id=deputy_id, **wanted, now=now)
    return {"case": case, "task": task, "number": row.number, "mark": mark}


def step_aside(desk: Desk, case: str) -> None:
    from app.services import recusals  # noqa: PLC0415

    officer, director = desk.actor("jmo.officer"), desk.actor("jmo.director")
    words = {"ground": "INTEREST", "reason": "其配偶是原告的股东。"}
    asked = recusals.request(case, person_id=officer.person_id, **words, actor=officer, now=desk.now)
    recusals.decide(asked, granted=True, reason="情况属实。", actor=director, now=desk.now)


def meet(ground: Ground, names: dict[str, str]) -> Met:
    visits = ground.visits
    with visits.undone():
        shown = {place for place, path in PLACES.items() if shows(ground, path, names, who=OFFICER)}
        by_deputy = {place for place in OF_DEPUTY if shows(ground, PLACES[place], names, who=DEPUTY)}
        counts = {place: body_of(visits.send(path, OFFICER).text) for place, path in COUNTS.items()}
        answers = {
            act: visits.send(path.format(**names), OFFICER, method=method, **more)
            for act, (method, path, more) in SENT.items()
        }
    sent = {act: answer.status for act, answer in answers.items()}
    return Met(
        frozenset(shown),
        frozenset(by_deputy),
        counts,
        sent,
        tuple(statement for answer in answers.values() for statement in answer.written),
    )


SENT: dict[str, tuple[str, str, dict[str, Any]]] = {
    "complete": ("POST", "/tasks/{task}", {"data": {"data": "{}"}}),
    "keep a draft": ("PUT", "/tasks/{task}/draft", {"json": {"opinion": "先存"}}),
    "keep a draft over the API": ("PUT", "/api/v1/tasks/{task}/draft", {"json": {"data": {"opinion": "先存"}}}),
    "complete over the API": ("POST", "/api/v1/tasks/{task}/complete", {"json": {"data": {}}}),
    "remark": ("POST", "/proceedings/{case}/comments", {"data": {"text": "我还在", "next": "/"}}),
    "follow": ("POST", "/follows/{case}", {"data": {"on": "1", "next": "/"}}),
}


def shows(ground: Ground, path: str, names: dict[str, str], *, who: str) -> bool:
    """Whether an answer names the case, or its open step; what was asked for does not count."""
    answer = ground.visits.send(path.format(**names), who)
    if answer.status == 404:
        return False
    if "{case}" in path or "{task}" in path:
        return answer.status == 200
    assert answer.status == 200, f"{path} {answer.status}"
    # the page of the jump repeats what was asked for; what it found it names by id
    found = (names["case"], names["task"]) if "{number}" in path else (names["case"], names["task"], names["number"])
    return any(name in answer.text for name in found)


def body_of(text: str) -> Any:
    return json.loads(text.partition("\r\n\r\n")[2])


def test_before_it_everything_shows_the_case(met: tuple[Met, Met]) -> None:
    before, _ = met

    assert before.shown == set(PLACES)
    assert before.by_deputy == set(OF_DEPUTY)
    assert set(before.sent.values()) & {403, 404} == set()


def test_after_it_nothing_does(met: tuple[Met, Met]) -> None:
    _, after = met

    assert after.shown == set()


def test_nor_does_anything_for_who_stands_in_for_him(met: tuple[Met, Met]) -> None:
    _, after = met

    assert after.by_deputy == set()


def test_every_count_is_another(met: tuple[Met, Met]) -> None:
    before, after = met

    assert [place for place in COUNTS if before.counts[place] == after.counts[place]] == []


def test_the_form_that_was_open_is_refused_and_changes_no_row(met: tuple[Met, Met]) -> None:
    _, after = met

    assert after.sent == dict.fromkeys(SENT, 404)
    assert after.rows_written == ()


OF_A_MEETING = (
    "/meetings/{meeting}",
    "/api/v1/meetings/{meeting}",
    "/cases/{meeting}/dossier",
    "/cases/{meeting}/dossier.csv",
    "/cases/{meeting}/opinions",
    "/cases/{meeting}/outline",
    "/cases/{meeting}/timeline",
    "/proceedings/{meeting}/diagram",
    "/proceedings/{meeting}/diagram.json",
    "/proceedings/{meeting}/handling",
    "/proceedings/{meeting}/mentions",
    "/proceedings/{meeting}/recusals",
    "/api/v1/proceedings/{meeting}/outline",
    "/steps",
    "/meetings",
    "/overview",
    "/supervision",
    "/processes/joint-meeting/status.json",
)


def test_of_a_meeting_he_still_sees_he_meets_no_item_about_the_case(ground: Ground) -> None:
    from app.storage.models import Proceeding  # noqa: PLC0415

    ground.restore(SETTLED)
    with ground.app.app_context():
        desk = Desk(ground.settled.built)
        names = {"meeting": desk.ids["voting"]}
        step_aside(desk, desk.ids["voted"])
        title = db.session.get_one(Proceeding, desk.ids["voted"]).title
    item = f"第1项 {title}"

    with ground.visits.undone():
        answers = {path: ground.visits.send(path.format(**names), OFFICER) for path in OF_A_MEETING}

    assert not any(answer.refused for path, answer in answers.items() if path in OF_A_MEETING[:2])
    named = (item, json.dumps(item)[1:-1])
    assert [path for path, answer in answers.items() if any(name in answer.text for name in named)] == []
    ground.restore(READ)
