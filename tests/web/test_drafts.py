"""Nothing that was typed is lost; what has a legal effect is read again; phrases; the weight of a page."""

import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries.labels import components_in
from app.storage.models import Phrase, Session, Submission, Task, TaskDraft
from tests.web.legal_step import ANSWERS, add_legal_step
from tests.web.pages import Browser, Seen
from tests.web.world import World

SignIn = Callable[[str], Browser]
PDF = b"%PDF-1.7\n1 0 obj<</Type/Pages/Count 1>>endobj 2 0 obj<</Type/Page>>endobj\n%%EOF\n"
FIRST_VISIT, NEXT_VISIT = 120_000, 20_000
"""Bytes over the line for the inbox."""


@pytest.fixture
def step(app: Flask, world: World) -> str:
    return add_legal_step(app, world)


def autosave(browser: Browser, task: str, data: dict[str, Any], *, window: str = "w1", base: str = "") -> TestResponse:
    headers = {
        "X-CSRFToken": browser.token(),
        "X-Draft-Window": window,
        "X-Draft-Base": base,
        "Accept": "application/json",
    }
    return browser.client.post(f"/tasks/{task}/draft", json=data, headers=headers)


def page_script(browser: Browser, task: str, name: str) -> str:
    """What the page of a step hands to its form."""
    html = browser.client.get(f"/tasks/{task}").get_data(as_text=True)
    found = re.search(rf'id="form-{name}"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert found is not None
    return found[1]


def filled_in(browser: Browser, task: str) -> Any:
    """What the form of the page starts with."""
    return json.loads(page_script(browser, task, "data"))


def upload(browser: Browser, name: str) -> str:
    """A paper's id; it belongs to no step yet."""
    kept = browser.client.post(
        "/attachments",
        data={"file": (BytesIO(PDF), name)},
        headers={"X-CSRFToken": browser.token(), "Accept": "application/json"},
    )
    return str(kept.get_json()["id"])


def test_a_draft_is_there_after_signing_out_and_on_another_device(signed_in: SignIn, step: str) -> None:
    browser = signed_in("north.leader")
    assert autosave(browser, step, {"head_opinion": "写到一半"}).status_code == 200
    browser.post("/sign-out")

    elsewhere = signed_in("north.leader")

    assert filled_in(elsewhere, step) == {"head_opinion": "写到一半"}
    assert "已自动保存" in elsewhere.get(f"/tasks/{step}").text


def test_an_autosave_after_the_session_ended_is_told_so_and_not_led_to_another_page(
    app: Flask, signed_in: SignIn, step: str
) -> None:
    browser = signed_in("north.leader")
    token = browser.token()
    with app.app_context():
        db.session.query(Session).delete()
        db.session.commit()

    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    answer = browser.client.post(f"/tasks/{step}/draft", json={"head_opinion": "x"}, headers=headers)

    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["detail"] == "登录已过期。"
    assert browser.client.get("/me/session", headers={"Accept": "application/json"}).status_code == 401


def test_a_page_that_outlived_its_session_gets_the_new_token(signed_in: SignIn) -> None:
    told = signed_in("north.leader").client.get("/me/session").json

    assert told is not None
    assert told["person"] == "north.leader"
    assert told["token"]


def test_a_window_never_writes_over_what_another_window_wrote_meanwhile(signed_in: SignIn, step: str) -> None:
    browser = signed_in("north.leader")
    first = autosave(browser, step, {"head_opinion": "甲", "head_decision": "APPROVED"}, window="one").json
    assert first is not None

    refused = autosave(browser, step, {"head_opinion": "乙"}, window="two")
    told = refused.json
    kept = autosave(browser, step, {"head_opinion": "乙"}, window="two", base=first["base"])
    again = autosave(browser, step, {"head_opinion": "丙"}, window="one", base=first["base"])

    assert refused.status_code == 409
    assert told is not None
    assert told["base"] == first["base"]
    assert {"label": "审批意见", "mine": "乙", "other": "甲"} in told["differences"]
    assert len(told["differences"]) == 2
    assert (kept.status_code, again.status_code) == (200, 409)


def window_of(page: Seen) -> str:
    """As which window the form of a page goes on writing; empty: it finds a name for itself."""
    return next(attrs["value"] or "" for tag, attrs in page.tags if tag == "input" and attrs.get("name") == "window")


@pytest.mark.parametrize("action", ["", "/check"])
def test_a_refused_page_is_the_window_that_was_submitted_also_where_its_last_draft_comes_late(
    signed_in: SignIn, step: str, action: str
) -> None:
    browser = signed_in("north.leader")
    assert window_of(browser.get(f"/tasks/{step}")) == "", "a page that nobody submitted is a window of its own"

    sent = {"data": '{"head_opinion": ""}', "window": "w1"}
    refused = browser.post(f"/tasks/{step}{action}", sent, status=422)
    late = autosave(browser, step, {"head_opinion": "写到一"}, window="w1")
    then = autosave(browser, step, {"head_opinion": "写到一半"}, window=window_of(refused))

    assert (late.status_code, then.status_code) == (200, 200)
    assert filled_in(browser, step) == {"head_opinion": "写到一半"}


def test_going_back_from_reading_again_is_the_same_window_and_another_one_is_told(
    app: Flask, signed_in: SignIn, step: str
) -> None:
    browser = signed_in("north.leader")
    before = autosave(browser, step, {"head_opinion": "甲"}, window="w1").json
    assert before is not None
    browser.post(f"/tasks/{step}/check", {"data": app.json.dumps(ANSWERS), "key": "k1", "window": "w1"})

    back = autosave(browser, step, {"head_opinion": "乙"}, window="w1", base=before["base"])
    other = autosave(browser, step, {"head_opinion": "丙"}, window="w2", base=before["base"])

    assert (back.status_code, other.status_code) == (200, 409)


def test_who_else_is_writing_on_the_step_is_named(app: Flask, signed_in: SignIn, step: str) -> None:
    with app.app_context():
        draft = {"task_id": step, "person_id": "north.director", "data": {}, "saved_at": datetime.now(UTC)}
        db.session.add(TaskDraft(**draft))
        db.session.commit()
    browser = signed_in("north.leader")

    page = browser.get(f"/tasks/{step}")
    assert "刘建国正在办理本环节" in page.text
    assert "没有写完的内容" not in page.text, "he has written nothing yet"

    with app.app_context():
        db.session.query(TaskDraft).update({"saved_at": datetime.now(UTC) - timedelta(hours=1)})
        db.session.commit()
    assert "正在办理本环节" not in browser.get(f"/tasks/{step}").text


def test_a_step_with_a_legal_effect_is_read_again_before_it_is_submitted(
    app: Flask, signed_in: SignIn, step: str
) -> None:
    browser = signed_in("north.leader")
    form = browser.get(f"/tasks/{step}")
    assert ("form", f"/tasks/{step}/check") in [(tag, attrs.get("action")) for tag, attrs in form.tags]

    page = browser.post(f"/tasks/{step}/check", {"data": app.json.dumps(ANSWERS), "key": "k1"})

    assert page.headings == ["提交前核对"]
    for words in ("法律效果：作出决定", "同意立案，请依法办理。", "2026年11月20日", "立案决定书", "确认提交"):
        assert words in page.text
    fields = {attrs.get("name"): attrs.get("value") for tag, attrs in page.tags if tag == "input"}
    assert app.json.loads(fields["data"] or "") == ANSWERS
    assert fields["key"] == "k1"
    with app.app_context():
        assert db.session.query(Submission).filter_by(task_id=step).count() == 0
    assert filled_in(browser, step) == ANSWERS, "back keeps everything"


def test_what_does_not_fit_is_refused_before_it_is_read_again(app: Flask, signed_in: SignIn, step: str) -> None:
    browser = signed_in("north.leader")

    page = browser.post(f"/tasks/{step}/check", {"data": '{"head_opinion": ""}'}, status=422)

    assert page.title.startswith("错误：")
    assert page.headings == ["负责人审批立案"]


def test_a_step_without_a_legal_effect_is_submitted_at_once(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.reporter").get(f"/tasks/{world.tasks['T_draft']}")

    assert f"/tasks/{world.tasks['T_draft']}" in [attrs.get("action") for tag, attrs in page.tags if tag == "form"]


def test_phrases_are_offered_to_their_owner_and_shared_ones_to_the_organ(app: Flask, signed_in: SignIn) -> None:
    one, colleague, other = (signed_in(f"north.{who}") for who in ("reporter", "reporter2", "officer"))
    assert "还没有常用语" in one.get("/me/phrases").text

    one.post("/me/phrases", {"text": "  材料齐全，\n同意。 "})
    one.post("/me/phrases", {"text": "请补充后再报。", "shared": "1"})
    one.post("/me/phrases", {"text": "请补充后再报。", "shared": "1"})

    def offered(browser: Browser) -> list[str]:
        told = browser.client.get("/me/phrases/offered").json
        assert told is not None
        return [phrase["text"] for phrase in told["phrases"]]

    assert offered(one) == ["材料齐全， 同意。", "请补充后再报。"]
    assert offered(colleague) == ["请补充后再报。"]
    assert offered(other) == []
    with app.app_context():
        shared = db.session.query(Phrase.id).filter(Phrase.organ_id.is_not(None)).scalar()
    colleague.post(f"/me/phrases/{shared}/remove", status=404)
    one.post(f"/me/phrases/{shared}/remove")
    assert offered(colleague) == []
    page = one.post("/me/phrases", {"text": " "}, status=422)
    assert page.title.startswith("错误：")


def test_the_inbox_is_light_and_asks_nobody_else(signed_in: SignIn, world: World) -> None:
    client = signed_in("north.reporter").client
    packed = {"Accept-Encoding": "gzip"}
    page = client.get("/inbox/todo", headers=packed)
    html = gzip.decompress(page.data).decode()

    addresses = set(re.findall(r'(?:src|href)="([^"#]+\.(?:css|js|svg)[^"#]*)', html))
    sizes = {}
    for address in addresses:
        with client.get(address, headers=packed) as asked:
            assert asked.status_code == 200, address
            assert asked.headers["Cache-Control"].endswith("max-age=31536000"), "the next visit does not ask again"
            assert "v=" in address, "a changed file has another address"
            sizes[address] = len(asked.data)

    assert len(page.data) < NEXT_VISIT
    assert len(page.data) + sum(sizes.values()) < FIRST_VISIT, sizes
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html)
    assert not re.search(r"<(?:img|iframe|video)\b(?![^>]*\bwidth=)", html), "nothing moves when a picture arrives"


def test_a_draft_names_its_papers_on_another_device_and_no_paper_of_others(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    reporter, task = signed_in("north.reporter"), world.tasks["T_supplement"]
    parts = components_in(json.loads(page_script(reporter, task, "schema"))["components"])
    keys = [part["key"] for part in parts if "attachment" in part["type"]]
    mine, foreign = upload(reporter, "整改照片.pdf"), upload(signed_in("north.leader"), "内部意见.pdf")
    autosave(reporter, task, {keys[0]: [mine, foreign]})

    offered = json.loads(page_script(signed_in("north.reporter"), task, "options"))["attachments"]

    assert offered == [{"value": mine, "label": "整改照片.pdf"}]


def test_what_somebody_left_unfinished_is_read_and_taken_over(app: Flask, signed_in: SignIn, step: str) -> None:
    with app.app_context():
        draft = {"task_id": step, "person_id": "north.director", "data": {"head_opinion": "拟同意立案"}}
        db.session.add(TaskDraft(**draft, saved_at=datetime.now(UTC) - timedelta(hours=3)))
        db.session.commit()
    browser = signed_in("north.leader")
    page = browser.get(f"/tasks/{step}")
    assert "刘建国没有写完的内容" in page.text
    assert "拟同意立案" in page.text

    browser.post(f"/tasks/{step}/draft/take-over", {"person": "north.director"})
    browser.post(f"/tasks/{step}/draft/take-over", {"person": "nobody"}, status=404)

    assert filled_in(browser, step) == {"head_opinion": "拟同意立案"}
    assert "没有写完的内容" not in browser.get(f"/tasks/{step}").text, "it is all in his own draft"


def gone_to(app: Flask, step: str, **fields: Any) -> None:
    """Somebody was faster."""
    with app.app_context():
        db.session.query(Task).filter_by(id=step).update(fields)
        db.session.commit()


@pytest.mark.parametrize("action", ["", "/check"])
def test_who_comes_too_late_reads_who_did_it_and_has_his_words_back(
    app: Flask, signed_in: SignIn, step: str, action: str
) -> None:
    browser = signed_in("north.leader")
    at = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    gone_to(app, step, status=TaskStatus.COMPLETED, completed_by="north.director", completed_at=at)

    page = browser.post(f"/tasks/{step}{action}", {"data": app.json.dumps(ANSWERS)}, status=409)

    assert page.headings == ["没有提交"]
    assert "该事项已由刘建国于2026-11-20 09:30办理，无需重复提交。" in page.text
    for words in ("同意立案，请依法办理。", "系统没有保存", "返回待办"):
        assert words in page.text


@pytest.mark.parametrize("begun", [True, False])
def test_who_submits_what_went_to_another_reads_to_whom_and_where_his_words_are(
    app: Flask, signed_in: SignIn, step: str, begun: bool
) -> None:
    browser = signed_in("north.leader")
    if begun:
        autosave(browser, step, {"head_opinion": "写到一半"})
    at = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    gone_to(app, step, assignee_id="north.director", claimed_at=at)

    page = browser.post(f"/tasks/{step}", {"data": app.json.dumps(ANSWERS)}, status=403)
    odd = browser.post(f"/tasks/{step}", {"data": '{"head_opinion": 5, "docketed_on": [1], "x": {}}'}, status=403)

    assert "该事项现由刘建国办理（自2026-11-20 09:30起）" in page.text
    assert ("已作为您的草稿留在本环节" if begun else "系统没有保存") in page.text
    assert odd.headings == ["没有提交"]
    with app.app_context():
        assert db.session.query(TaskDraft).count() == int(begun)
