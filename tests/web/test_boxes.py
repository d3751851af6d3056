"""The workbench as a clerk uses it: boxes, filters, views, many rows at once, lists to take along, search."""

import io
import json
from collections.abc import Callable

import pytest
from flask import Flask
from python_calamine import load_workbook

from app.domain.tasks import TaskStatus
from app.extensions import db
from app.services import searching
from app.storage.models import Task
from tests.web.pages import Browser
from tests.web.world import World, add_tasks

SignIn = Callable[[str], Browser]


@pytest.mark.parametrize(
    ("box", "words"),
    [("closed", "还没有办结的案件"), ("drafts", "没有草稿"), ("followed", "还没有关注的案件")],
)
def test_the_further_boxes_have_an_empty_state_that_says_what_comes_there(
    signed_in: SignIn, world: World, box: str, words: str
) -> None:
    assert words in signed_in("north.reporter").get(f"/inbox/{box}").text


def test_a_star_brings_the_case_into_the_box_and_out_again(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")

    browser.post(f"/follows/{world.case_id}", {"on": "1", "next": "/inbox/followed"})
    followed = browser.get("/inbox/followed").text
    browser.post(f"/follows/{world.case_id}", {"on": "0", "next": "//elsewhere.example"})

    assert world.case_number in followed
    assert world.case_number not in browser.get("/inbox/followed").text
    browser.post(f"/follows/{'0' * 32}", {"on": "1"}, status=404)


def test_what_was_begun_lies_in_the_box_of_drafts(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")
    browser.client.post(
        f"/tasks/{world.tasks['T_draft']}/draft",
        json={"facts_summary": "先写一半"},
        headers={"X-CSRFToken": browser.token()},
    )

    assert world.case_number in browser.get("/inbox/drafts").text


def test_counts_are_answered_with_a_mark_and_only_once_while_nothing_changes(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    client = signed_in("north.reporter").client

    first = client.get("/inbox/counts")
    again = client.get("/inbox/counts", headers={"If-None-Match": first.headers["ETag"]})
    with app.app_context():
        add_tasks(1)
    changed = client.get("/inbox/counts", headers={"If-None-Match": first.headers["ETag"]})

    assert first.get_json()["todo"] == 1
    assert again.status_code == 304
    assert changed.get_json()["todo"] == 2


def test_every_filter_stands_in_the_address_and_narrows(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")

    for address in ("kind=CASE", f"case={world.case_number}", "order=updated", "county=north", "person=north.reporter"):
        assert world.case_number in browser.get(f"/inbox/todo?{address}").text, address
    for address in ("kind=MEETING", "case=x", "county=south", "person=nobody"):
        assert "没有符合条件的事项" in browser.get(f"/inbox/todo?{address}").text, address


def test_a_view_keeps_the_filters_and_is_opened_from_the_side(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")

    saved = browser.post("/views", {"box": "todo", "name": "快到期的", "lamp": "SOON", "q": "0021", "shared": "1"})

    assert "视图已保存" in saved.text
    links = [attrs["href"] for tag, attrs in saved.tags if tag == "a" and "lamp=SOON" in attrs.get("href", "")]
    assert any("q=0021" in link for link in links)
    assert "起个名称" in browser.post("/views", {"box": "todo", "name": " "}).text
    assert "快到期的" not in signed_in("south.reporter").get("/inbox/todo").text


def test_a_list_is_taken_along_as_it_is_filtered(app: Flask, signed_in: SignIn, world: World) -> None:
    with app.app_context():
        add_tasks(60)
    client = signed_in("north.reporter").client

    book = client.get("/inbox/todo/list.xlsx").get_data()
    few = client.get("/inbox/todo/list.csv?q=整改事项007").get_data(as_text=True)

    rows = load_workbook(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["编号", "事由"]
    assert len(rows) == 62
    assert all(isinstance(cell, str) for row in rows for cell in row)
    assert len(few.splitlines()) == 2
    assert few.startswith("\ufeff编号,")


def test_many_rows_are_claimed_at_once_and_each_says_what_became_of_it(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")
    form = {"act": "claim", "item": [world.tasks["T_supplement"], world.tasks["T_draft"]], "key": "k" * 32, "next": "/"}

    first, second = browser.post("/inbox/bulk", form), browser.post("/inbox/bulk", form)

    assert "已签收" in first.text
    assert world.case_number in first.text
    assert "未办" in second.text
    assert "请先勾选" in browser.post("/inbox/bulk", {"act": "claim", "next": "/inbox/todo"}).text
    browser.post("/inbox/bulk", {"act": "delete"}, status=404)


def test_steps_of_one_case_are_told_apart_and_each_that_was_taken_opens(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    step = world.tasks["T_supplement"]
    with app.app_context():
        db.session.get_one(Task, step).element = {"subject": {"name": "邱银萍"}}
        db.session.commit()

    page = signed_in("north.reporter").post("/inbox/bulk", {"act": "claim", "item": step, "next": "/inbox/pool"})

    assert "邱银萍" in page.text
    assert f"/tasks/{step}" in [attrs.get("href") for tag, attrs in page.tags if tag == "a"]


def test_urging_many_asks_for_words_once(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.director")

    asked = browser.get(f"/inbox/bulk?act=urge&item={world.case_id}")
    without = browser.post("/inbox/bulk", {"act": "urge", "item": world.case_id})

    assert "催办说明" in asked.text
    assert "请填写事由" in without.text


def test_a_ticked_case_in_which_nobody_is_waited_for_is_named_in_the_result(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    with app.app_context():
        db.session.query(Task).filter_by(proceeding_id=world.case_id).update({"status": TaskStatus.WITHDRAWN})
        db.session.commit()

    page = signed_in("north.director").post(
        "/inbox/bulk", {"act": "urge", "item": world.case_id, "reason": "请抓紧办理"}
    )

    assert world.case_number in page.text
    assert "没有等待他人办理的环节，未催办。" in page.text
    assert "成功 0 件，未办 1 件" in page.text


def test_words_for_many_that_are_too_many_come_back_whole(signed_in: SignIn, world: World) -> None:
    browser, reason = signed_in("north.director"), "请抓紧办理" * 101

    page = browser.post("/inbox/bulk", {"act": "urge", "item": world.case_id, "reason": reason})

    assert "最多500个字，现有505个字，请删减。" in page.text
    assert reason in page.text


def test_the_search_shows_where_the_words_stand_and_nothing_to_others(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    with app.app_context():
        searching.catch_up()
    browser = signed_in("north.reporter")

    found = browser.get(f"/search?q={world.case_number}")
    jumps = json.loads(browser.client.get("/search/jump?q=0021").get_data())
    others = signed_in("south.reporter").get(f"/search?q={world.case_number}")

    assert ("mark", {}) in found.tags
    assert [one["number"] for one in jumps] == [world.case_number]
    assert "没有找到" in others.text
    assert "要找什么" in browser.get("/search").text
