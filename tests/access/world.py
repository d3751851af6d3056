"""One county in four stages, with a canary in every sentence that somebody wrote; and everybody who might look at it.

    open       a case that its organ still prepares              meeting `voting`: one member has signed, the rest not
    heard      a case under investigation, its subjects heard
    decided    a decision was served, it is being carried out
    archived   everything is done and filed                      meeting `met`: closed

`settle` makes it out of `tests.faults.crash_world`, so that every address that takes a form has something to do.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.domain.roles import ROLES
from app.scenarios.demo import Stage
from app.scenarios.hands import ServiceHands
from config import ROOT
from tests.faults import crash_world
from tests.faults.crash_world import COUNTY, Built

STAGES = {"open": "drafted", "heard": "C13", "decided": "decided", "archived": "archived"}
"""The stage -> our name of the case."""
MEETINGS = {"open": "voting", "archived": "met"}
OTHER_COUNTY = "yiyuan"
PEOPLE = {
    "own": f"{COUNTY}.organ.reporter.zjj",
    "unit": f"{COUNTY}.organ.reporter.zjj2",
    "deputy": f"{COUNTY}.organ.reporter.gaj",
    "other_organ": f"{COUNTY}.organ.reporter.scj",
    "other_county": f"{OTHER_COUNTY}.organ.reporter.zjj",
    "office": f"{COUNTY}.jmo.officer",
    "recused": f"{COUNTY}.assessor",
    "member_voted": f"{COUNTY}.member.signatory.czj",
    "member": f"{COUNTY}.member.signatory.fy",
    "liaison": f"{COUNTY}.court.liaison",
    "investigator": f"{COUNTY}.team.leader",
    "adjudicator": f"{COUNTY}.sup.adjudicator",
    "approver": f"{COUNTY}.decider.head",
    "remedy": f"{COUNTY}.remedy.officer",
    "subject": f"{COUNTY}.subject.person.zjj",
    "superior": f"{COUNTY}.manager",
    "owner": f"{COUNTY}.owner",
    "auditor": f"{COUNTY}.auditor",
    "system_admin": "system.admin",
    "security_admin": "security.admin",
    "audit_admin": "audit.admin",
}
"""Who looks: the eleven kinds of actor, and the relations that one of them may have to a case."""
STRANGER = "stranger"
EVERYBODY = (STRANGER, *PEOPLE)


@dataclass(frozen=True)
class Settled:
    built: Built
    canaries: frozenset[str]


def canary(proceeding_id: str, side: str, place: str) -> str:
    """What is written behind a sentence; plain letters, so that it is the same in JSON, HTML and a spreadsheet."""
    return f"jm.{proceeding_id[:12]}.{side}.{place}."


@cache
def _text_fields(form_key: str) -> frozenset[str]:
    """Names of the answers that are free sentences."""

    def walk(parts: Any) -> Iterator[str]:
        for part in parts:
            if part.get("type") == "textarea":
                yield part["key"]
            yield from walk(part.get("components", ()))

    form = json.loads((ROOT / "forms" / f"{form_key}.form").read_bytes())
    return frozenset(walk(form["components"]))


def _side_of(task: Any) -> str:
    """Whose sentences a step takes; those that it hands over to the subject himself are a side of their own."""
    if task.form_key.endswith("/prior_notice"):
        return "NOTICE"
    return "BALLOT" if task.candidate_role == "member.signatory" else ROLES[task.candidate_role].side.value


class _Marker:
    """Writes a canary into every free sentence of a submission."""

    def __init__(self) -> None:
        self.canaries: set[str] = set()

    def complete(self, _hands: Any, actor: Any, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None:
        from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
        from app.services import tasks  # noqa: PLC0415
        from app.storage.models import Task  # noqa: PLC0415

        task = db.session.get_one(Task, task_id)
        side = _side_of(task)
        organ = (task.candidate_organ or "").rpartition(".")[2]
        mark = canary(task.proceeding_id, side, f"{task.step_id}.{organ}")
        fields = _text_fields(task.form_key)
        db.session.rollback()
        tasks.complete(task_id, answers=self._marked(answers, mark, fields), actor=actor, now=now, key=uuid4().hex)

    def _marked(self, value: Any, mark: str, fields: Collection[str], *, name: str = "") -> Any:
        if isinstance(value, Mapping):
            return {key: self._marked(inner, mark, fields, name=key) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._marked(inner, mark, fields, name=name) for inner in value]
        if not isinstance(value, str) or name not in fields:
            return value
        self.canaries.add(mark)
        return f"{value}机密-{mark}"


def settle(app: Flask) -> Settled:
    """In a county whose people and procedures are there, and no cases."""
    marker = _Marker()
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(ServiceHands, "complete", partialmethod_of(marker))
        stage = Stage(ROOT / "demo", county=COUNTY, begins=crash_world.BEGINS, ends=datetime(2027, 6, 1, tzinfo=UTC))
        stage.world.pace = timedelta(minutes=5)
        _play(stage)
        patch.setattr(crash_world, "BEGINS", crash_world.BEGINS + timedelta(days=14))
        built = crash_world.build(app)
        ids = {**stage.world.proceedings, **built.proceedings}
        _relate(stage, ids, built.now)
        _found_by_words()
    return Settled(Built(built.now, ids), frozenset(marker.canaries))


def _found_by_words() -> None:
    """The worker has read everything that was written: a search answers with it."""
    from app.services import searching  # noqa: PLC0415  (see tests.conftest)

    while searching.catch_up(most=10_000):
        pass


def partialmethod_of(marker: _Marker) -> Any:
    def complete(hands: Any, actor: Any, now: datetime, **given: Any) -> None:
        marker.complete(hands, actor, now, **given)

    return complete


def _play(stage: Stage) -> None:
    for number, name in enumerate(("archived", "decided", "voted"), 601):
        case = stage.cases["C13"]
        document = {**case["legal_document"], "series_id": None, "doc_no": f"（2026）皖1524行初{number}号"}
        stage.cases[name] = {**case, "legal_document": document}
        stage.perform({"open": name})
    stage.perform({"meet": "met", "cases": ["archived", "decided"]})
    stage.perform({"play": "decided", "until": "enforcement/T_feedback"})
    stage.perform({"play": "archived"})
    stage.world.move_to(stage.world.now + timedelta(days=3))
    stage.perform({"meet": "voting", "cases": ["voted"], "until": "agenda-item/T_countersign"})
    meeting = stage.players["voting"]
    ballot = meeting.find("agenda-item/T_countersign", of=["czj"])
    meeting.do(ballot, {"decision": "DISAGREE", "comment": "过错程度还需区分。"})


def _relate(stage: Stage, ids: Mapping[str, str], now: datetime) -> None:
    """Somebody stands in for the organ's reporter; one of the office has stepped aside everywhere."""
    from app.domain.deadlines import office_day  # noqa: PLC0415
    from app.services import recusals  # noqa: PLC0415
    from app.services.handling import deputies  # noqa: PLC0415

    actors = {name: stage.world.actor(username) for name, username in PEOPLE.items()}
    today = office_day(now)
    wanted = {"deputy_id": actors["deputy"].person_id, "since": today, "until": today + timedelta(days=9), "roles": []}
    own = actors["own"]
    deputies.appoint(principal_id=own.person_id, **wanted, reason="出差", actor=own, now=now)
    director = stage.world.actor(f"{COUNTY}.jmo.director")
    for name in (*STAGES.values(), *MEETINGS.values()):
        asked = recusals.request(
            ids[name],
            person_id=actors["recused"].person_id,
            ground="INTEREST",
            reason="其配偶是原告的股东。",
            actor=actors["office"],
            now=now,
        )
        recusals.decide(asked, granted=True, reason="情况属实。", actor=director, now=now)
