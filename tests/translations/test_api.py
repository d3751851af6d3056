"""A caller whose Accept-Language prefers English gets English details, down to the labels inside a sentence."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.api import problems
from app.domain.errors import ConflictError, InvalidAnswersError, Sentence, Words, in_words
from app.services import accounts
from authoring.messages import CHINESE
from tests.web.world import World

Call = Callable[..., TestResponse]


@pytest.fixture
def call(app: Flask, world: World) -> Call:
    with app.app_context():
        token = accounts.create_token("north.reporter", "tests", now=datetime.now(UTC))
    client = app.test_client()

    def send(method: str, path: str, *, language: str = "en", **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language, **options.pop("headers", {})}
        return client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    return send


def test_what_is_missing_in_a_form_is_named_by_its_english_label(call: Call, world: World) -> None:
    answer = call(
        "POST", f"/tasks/{world.tasks['T_draft']}/complete", json={"data": {}}, headers={"Idempotency-Key": "k" * 16}
    )

    assert answer.status_code == 422
    body = answer.get_json()
    assert body["title"] == "Changes are needed"
    assert re.fullmatch(r"Places to be changed: \d+\.", body["detail"])
    assert body["errors"]
    assert [error["detail"] for error in body["errors"] if CHINESE.search(error["detail"])] == []


def test_the_same_refusal_is_chinese_for_a_chinese_caller(call: Call, world: World) -> None:
    answer = call(
        "POST",
        f"/tasks/{world.tasks['T_draft']}/complete",
        language="zh-CN",
        json={"data": {}},
        headers={"Idempotency-Key": "k" * 16},
    )

    assert all(CHINESE.search(error["detail"]) for error in answer.get_json()["errors"])


@pytest.mark.parametrize("path", ["/cases/nothing", "/tasks/nothing", "/no-such-thing", "/cases?limit=x"])
def test_problems_are_told_in_english(call: Call, path: str) -> None:
    body = call("GET", path).get_json()

    assert not CHINESE.search(f"{body['title']} {body['detail']} {body.get('errors')}")


def test_steps_roles_and_clauses_have_english_names(call: Call, world: World) -> None:
    task = call("GET", f"/tasks/{world.tasks['T_draft']}").get_json()
    history = call("GET", f"/cases/{world.case_id}/history").get_json()

    lines = (line for line in history["items"] if line["act"] != "OPENED")  # that one is named by the case
    words = [line[name] for line in (task, *lines) for name in ("name", "role")]
    words += [clause[name] for clause in task["clauses"] for name in ("article", "reading")]
    assert "Write the loss analysis report" in words
    assert [text for text in words if CHINESE.search(text)] == []


def test_sentences_and_labels_inside_a_sentence_are_translated_too(app: Flask) -> None:
    label = Words("案由", "Matter")
    inner = Sentence("请填写“%(label)s”。", label=label)
    fields = {"rows": [Sentence("第 %(row)s 行：%(sentence)s", row=2, sentence=inner)]}

    with app.test_request_context(headers={"Accept-Language": "en"}):
        told = problems.refused(InvalidAnswersError(fields)).get_json()
        titled = problems.refused(
            ConflictError("%(title)s（%(document_no)s）", title=label, document_no="7")
        ).get_json()

    assert told["errors"] == [{"field": "rows", "detail": "Row 2: Enter “Matter”."}]
    assert titled["detail"] == "Matter (7)"


def test_a_sentence_reads_as_chinese_where_nobody_translates() -> None:
    sentence = Sentence(
        "第 %(row)s 行：%(sentence)s", row=1, sentence=Sentence("请填写“%(label)s”。", label=Words("案由", "Matter"))
    )

    assert str(sentence) == "第 1 行：请填写“案由”。"
    assert in_words(sentence, str, english=False) == "第 1 行：请填写“案由”。"
