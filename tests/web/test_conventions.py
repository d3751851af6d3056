"""The habits of office software that staff bring along: fixed boxes, lights in words, buttons that say their result."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.domain.history import Act
from app.extensions import db
from app.storage import models as m
from config import ROOT
from tests.statements import statements_of
from tests.web.pages import Browser
from tests.web.rows import tell
from tests.web.world import World

SignIn = Callable[[str], Browser]
TEMPLATES = ROOT / "app/templates"
NOT_FOR_STAFF = ("studio", "operations", "administration", "audit", "migration")
"""Folders and beginnings of names: pages of who draws procedures and of who runs the machine."""


def staff_pages() -> list[Path]:
    return [
        path
        for path in sorted(TEMPLATES.rglob("*.html"))
        if not path.relative_to(TEMPLATES).as_posix().removeprefix("parts/").startswith(NOT_FOR_STAFF)
    ]


def test_the_boxes_stand_in_the_order_that_offices_know(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.reporter").get("/inbox/todo")

    boxes = [said["data-count"] for tag, said in page.tags if tag == "b" and "data-count" in said]
    assert boxes == ["todo", "notices", "pool", "done", "closed", "mine", "drafts", "followed"]


@pytest.mark.parametrize(
    ("days", "colour", "word", "number"),
    [
        (30, "ok", "正常", r"剩\d+个工作日"),
        (1, "soon", "临期", r"剩\d个工作日|今日届满"),
        (-9, "late", "超期", r"\d+个工作日"),
    ],
)
def test_a_deadline_is_told_by_colour_word_and_number(
    app: Flask, signed_in: SignIn, world: World, days: int, colour: str, word: str, number: str
) -> None:
    with app.app_context():
        task = db.session.get_one(m.Task, world.tasks["T_draft"])
        task.due_at = datetime.now(UTC) + timedelta(days=days)
        db.session.commit()

    answer = signed_in("north.reporter").client.get("/inbox/todo").get_data(as_text=True)

    assert re.search(rf'class="lamp {colour}"[^>]*><b>{word}</b>({number})<', answer)


def test_no_button_says_only_that_it_is_one() -> None:
    """提交, 退回, 发表: a button names what it does."""
    empty = re.compile(r"<button[^>]*>\s*\{\{ _\('(确定|确认|完成|OK|好)'\) \}\}\s*</button>")

    assert [path.name for path in TEMPLATES.rglob("*.html") if empty.search(path.read_text("utf-8"))] == []


def test_staff_read_no_word_of_the_engine_room() -> None:
    avoided = re.compile("实例|令牌|用户任务|流程变量|部署|领取")

    pages = staff_pages()
    assert len(pages) > 50
    assert {path.name: found for path in pages if (found := avoided.findall(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize("page", ["/cases/{case}", "/tasks/{task}"])
def test_a_case_with_three_hundred_lines_asks_the_database_no_more_than_a_young_one(
    app: Flask, signed_in: SignIn, world: World, page: str
) -> None:
    browser = signed_in("north.officer")
    address = page.format(case=world.case_id, task=world.tasks["T_check"])
    browser.get(address)
    with app.app_context(), statements_of(db.engine) as young:
        browser.client.get(address)

    with app.app_context():
        case = db.session.get_one(m.Proceeding, world.case_id)
        for _ in range(300):
            tell(case, Act.URGED, "催办", datetime.now(UTC))
        db.session.commit()
        with statements_of(db.engine) as old:
            browser.client.get(address)

    assert len(old) <= len(young)


def test_every_sign_that_a_page_names_is_drawn() -> None:
    """A name without a drawing is an empty square where a sign should stand."""
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (ROOT / "app/static/icons.svg").read_text(encoding="utf-8")))

    named = {}
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"icon\('(\w+)'\)", text) + re.findall(r"empty\([^{}]*, '([a-z]+)'\) ?}}", text):
            named[name] = path.name

    assert {name: page for name, page in named.items() if name not in drawn} == {}
