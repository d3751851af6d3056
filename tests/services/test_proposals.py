"""What a decision table proposes about the case is there for the person who confirms it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.errors import InvalidAnswersError
from app.extensions import db
from app.queries import open_steps
from app.queries.stories import story_of
from app.queries.tasks import task_page
from app.scenarios.demo import Stage
from app.services import tasks
from app.services.accounts import create_token
from app.services.proposals import made_by
from app.storage.models import Case, HistoryEntry, Proceeding, Task
from app.web.proposals import with_proposals
from config import ROOT


@pytest.fixture
def stage() -> Stage:
    return Stage(
        ROOT / "demo",
        county="jinzhai",
        begins=datetime(2026, 9, 15, 1, tzinfo=UTC),
        ends=datetime(2027, 1, 1, tzinfo=UTC),
    )


def test_departing_from_the_proposed_scope_asks_for_a_reason(county: Flask, stage: Stage) -> None:
    with county.app_context():
        stage.perform({"open": "C01", "until": "jinzhai-intake/T_scope"})
        step = open_steps.of_proceeding(stage.world.proceedings["C01"])[0]
        officer = open_steps.performer_of(step)
        assert officer is not None
        answers = {"scope_decision": "OUT", "scope_out_reason": "不是败诉案件，仅为程序性裁定。"}

        with pytest.raises(InvalidAnswersError) as refusal:
            tasks.complete(step.task_id, answers=answers, actor=officer, now=stage.world.now, key="k")

        assert db.session.get_one(Case, stage.world.proceedings["C01"]).scope_kind == "DIRECT"
        assert list(refusal.value.fields) == ["scope_departure_reason"]


def test_the_pursuing_organ_is_one_in_which_somebody_can_go_on(county: Flask) -> None:
    """The bureau that executes measures has neither investigators nor deciders: the case would rest there for ever."""
    begins = datetime(2024, 1, 15, 1, tzinfo=UTC)
    stage = Stage(
        ROOT / "demo", county="yiyuan", begins=begins, ends=begins + timedelta(days=200), cases="cases-yiyuan.yml"
    )
    with county.app_context():
        stage.perform({"open": "C11", "until": "yiyuan-routing/T_route"})
        step = next(
            step
            for step in open_steps.of_proceeding(stage.world.proceedings["C11"])
            if step.key.startswith("yiyuan-routing/T_route")
        )
        officer = open_steps.performer_of(step)
        assert officer is not None
        answers = {
            "route": "ORG",
            "pursuing_organ": "yiyuan.rsj",
            "leading_cadre_rules": False,
            "route_reason": "依权限。",
        }

        with pytest.raises(InvalidAnswersError) as refusal:
            tasks.complete(step.task_id, answers=answers, actor=officer, now=stage.world.now, key="k")

        (sentence,) = refusal.value.fields["pursuing_organ"]
        assert "没有人担任“组织人事承办”" in str(sentence)


def scope_step(stage: Stage) -> open_steps.OpenStep:
    stage.perform({"open": "C01", "until": "jinzhai-intake/T_scope"})
    return open_steps.of_proceeding(stage.world.proceedings["C01"])[0]


def story(proceeding_id: str) -> list[HistoryEntry]:
    query = select(HistoryEntry).where(HistoryEntry.proceeding_id == proceeding_id).order_by(HistoryEntry.position)
    return list(db.session.scalars(query))


def test_the_step_keeps_what_was_proposed_with_table_and_row(county: Flask, stage: Stage) -> None:
    with county.app_context():
        task = db.session.get_one(Task, scope_step(stage).task_id)

        assert task.proposals == {
            "scope_decision": {"value": "DIRECT", "table": "jinzhai-scope", "hits": ["scope_revoke"]}
        }


def test_over_the_api_a_step_tells_what_is_proposed_for_which_field_and_why(county: Flask, stage: Stage) -> None:
    with county.app_context():
        step = scope_step(stage)
        officer = open_steps.performer_of(step)
        assert officer is not None
        token = create_token(officer.username, "tests", now=datetime.now(UTC))

    answer = county.test_client().get(f"/api/v1/tasks/{step.task_id}", headers={"Authorization": f"Bearer {token}"})

    assert answer.json is not None
    (proposed,) = answer.json["form"]["proposals"]
    assert (proposed["field"], proposed["words"]) == ("scope_decision", "属于直接追责范围")
    assert proposed["table"] == "判定适用范围"
    assert proposed["rows"]
    assert "JZ-3(1)" in {clause["id"] for clause in proposed["clauses"]}


def test_the_confirmed_answer_takes_the_place_of_the_proposal_and_the_departure_is_told(
    county: Flask, stage: Stage
) -> None:
    with county.app_context():
        step = scope_step(stage)
        officer = open_steps.performer_of(step)
        assert officer is not None
        answers = {
            "scope_decision": "BY_REFERENCE",
            "scope_article": "JZ-4(2)",
            "scope_departure_reason": "文书只确认行政过错，没有撤销。",
        }

        tasks.complete(step.task_id, answers=answers, actor=officer, now=stage.world.now, key="k")

        case_id = stage.world.proceedings["C01"]
        assert db.session.get_one(Case, case_id).scope_kind == "BY_REFERENCE"
        told = [entry.details["departures"] for entry in story(case_id) if "departures" in entry.details]
        assert told == [
            [
                {
                    "field": "scope_decision",
                    "proposed": "DIRECT",
                    "answered": "BY_REFERENCE",
                    "table": "jinzhai-scope",
                    "hits": ["scope_revoke"],
                }
            ]
        ]


def test_field_and_story_say_in_words_what_was_proposed_and_what_was_decided(county: Flask, stage: Stage) -> None:
    with county.app_context():
        step = scope_step(stage)
        officer = open_steps.performer_of(step)
        assert officer is not None
        now, case_id = stage.world.now, stage.world.proceedings["C01"]
        answers = {"scope_decision": "OUT", "scope_out_reason": "撤诉裁定。", "scope_departure_reason": "没有败诉。"}

        page = task_page(officer, step.task_id, now=now, locale="zh")
        tasks.complete(step.task_id, answers=answers, actor=officer, now=now, key="k")
        release_id = db.session.get_one(Proceeding, case_id).release_id
        lines = story_of(officer, case_id, release_id=release_id, locale="zh").lines

        assert page.form is not None
        proposal = page.form.proposals[0]
        assert (proposal.field, proposal.words) == ("scope_decision", "属于直接追责范围")
        assert [clause.id for clause in proposal.clauses] == ["JZ-3(1)"]
        with county.test_request_context():
            parts = json.dumps(with_proposals(page.form), ensure_ascii=False)
        assert "建议：属于直接追责范围（决策表“判定适用范围”第4行 第三条第（一）项）" in parts
        departed = [departure for line in lines for departure in line.departures]
        assert [(item.proposed, item.answered, item.reason) for item in departed] == [
            ("属于直接追责范围", "不属于追责范围", "没有败诉。")
        ]


def test_an_adopted_proposal_is_told_as_no_departure(county: Flask, stage: Stage) -> None:
    with county.app_context():
        step = scope_step(stage)
        officer = open_steps.performer_of(step)
        assert officer is not None

        answers = {"scope_decision": "DIRECT", "scope_article": "JZ-3(1)"}
        tasks.complete(step.task_id, answers=answers, actor=officer, now=stage.world.now, key="k")

        assert not [entry for entry in story(stage.world.proceedings["C01"]) if "departures" in entry.details]


@pytest.mark.parametrize(
    ("scope", "hits"),
    [("s1", ["row-of-s1"]), ("s2", ["row-of-s2"]), ("s3", ["row-of-the-case"]), ("s1/inner", ["row-of-s1"])],
)
def test_a_proposal_names_the_rows_of_its_own_subject(scope: str, hits: list[str]) -> None:
    decisions = [
        {"table": "kinds", "hits": ["row-of-s2"], "outputs": {"kind": "B"}, "process": "p", "scope": "s2"},
        {"table": "kinds", "hits": ["row-of-s1"], "outputs": {"kind": "A"}, "process": "p", "scope": "s1"},
        {"table": "kinds", "hits": ["row-of-the-case"], "outputs": {"kind": "C"}, "process": "p", "scope": ""},
    ]

    assert made_by(decisions, "kind", scope=scope, process_key="p") == {"table": "kinds", "hits": hits}
