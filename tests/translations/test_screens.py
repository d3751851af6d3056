"""A reader of English meets no Chinese but data: names of people and organs, titles, numbers, what people wrote."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.domain.chains import Flaw
from app.domain.journal_acts import LABELS
from app.domain.roles import ROLES
from app.extensions import db
from app.storage import journal
from app.storage import models as m
from app.storage.transaction import transaction
from tests.web.legal_step import add_legal_step
from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]+")
DATA = (
    m.County.name,
    m.Organ.name,
    m.Organ.short_name,
    m.Person.name,
    m.Proceeding.number,
    m.Proceeding.title,
    m.Regulation.title,
    m.Meeting.place,
    m.Attachment.file_name,
)
NOT_FOR_READING = re.compile(
    r'<span class="(?:sealmark|avatar)" aria-hidden="true">[^<]*</span>'  # signs
    r"|>中文<"  # the way back
    r'|<option[^>]* value="[^"]*"'
    r'|<script type="application/json" id="form-(?:schema|context|options)".*?</script>',  # test_forms reads every form
    re.DOTALL,
)


@pytest.fixture
def data(app: Flask) -> list[str]:
    """Everything in the database that people named or wrote; the longest first."""
    with app.app_context():
        found = set(chain.from_iterable(db.session.scalars(select(column)) for column in DATA))
        found |= set(chain.from_iterable(_texts(answers) for answers in db.session.scalars(select(m.Submission.data))))
    register = "金政〔2017〕50号"
    return sorted((text for text in found | {register, "北政〔2020〕1号"} if text), key=len, reverse=True)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        yield from chain.from_iterable(map(_texts, value))
    elif isinstance(value, str):
        yield value


def chinese_in(page: str, data: list[str]) -> list[str]:
    """What a page has in Chinese besides data, with some of its surroundings."""
    text = html.unescape(_unescaped(NOT_FOR_READING.sub("", page)))
    for words in data:
        text = text.replace(words, "")
    return [text[max(0, found.start() - 40) : found.end() + 20] for found in CHINESE.finditer(text)]


def _unescaped(page: str) -> str:
    r"""The JSON of a page writes \uXXXX."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), page)


def read(browser: Browser, address: str, *, status: int = 200) -> str:
    answer = browser.client.get(address, follow_redirects=True)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


BOXES = tuple(f"/inbox/{box}" for box in ("todo", "pool", "notices", "done", "mine"))


@pytest.mark.parametrize(
    ("person", "addresses"),
    [
        ("north.reporter", (*BOXES, "/inbox/todo?lamp=OVERDUE", "/cases", "/cases?q=nothing")),
        ("south.reporter", (*BOXES, "/cases")),
        ("north.director", ("/meetings", "/cases")),
        ("south.director", ("/meetings", "/cases")),
        ("north.administrator", ("/cases",)),
    ],
)
def test_lists_are_in_english(english: SignIn, data: list[str], person: str, addresses: tuple[str, ...]) -> None:
    browser = english(person)

    assert {address: found for address in addresses if (found := chinese_in(read(browser, address), data))} == {}


RANKINGS = tuple(f"/bottlenecks?by={ranking}" for ranking in ("late", "wait", "median"))


def test_the_status_of_the_county_is_in_english(app: Flask, english: SignIn, world: World, data: list[str]) -> None:
    with app.app_context():
        process = db.session.get_one(m.Proceeding, world.case_id).process_key
    status = f"/processes/{process}/status"
    steps = tuple(f"/steps?standing={standing}" for standing in ("TASK", "HELD", "WAITING"))
    addresses = ("/processes/status", status, f"{status}?sort=-open&span=ever", *steps, "/steps?text=x", *RANKINGS)
    browser = english("north.director")

    found = {address: found for address in addresses if (found := chinese_in(read(browser, address), data))}

    assert found == {}
    assert chinese_in(read(english("south.director"), "/bottlenecks"), data) == []
    assert chinese_in(browser.client.get(f"{status}.json").get_data(as_text=True), data) == []


def test_the_overview_is_in_english(english: SignIn, data: list[str]) -> None:
    for person in ("north.director", "south.director"):
        assert chinese_in(read(english(person), "/overview"), data) == []


def test_the_timeline_is_in_english(english: SignIn, world: World, data: list[str]) -> None:
    assert chinese_in(read(english("north.director"), f"/cases/{world.case_id}/timeline"), data) == []


def test_operations_are_in_english(english: SignIn, world: World, data: list[str]) -> None:
    operator = english("north.administrator")

    assert chinese_in(read(operator, "/operations"), data) == []
    assert chinese_in(read(operator, f"/operations/proceedings/{world.case_id}"), data) == []


def test_people_and_permissions_are_in_english(english: SignIn, data: list[str]) -> None:
    administrator = english("north.administrator")
    addresses = (
        "/administration",
        "/administration/people/north.reporter",
        "/administration/organs",
        "/administration/organs/north.zjj",
        "/administration/security",
        "/me/password",
        "/me/second-factor",
    )

    found = {address: found for address in addresses if (found := chinese_in(read(administrator, address), data))}

    assert found == {}


def test_the_journal_is_in_english(app: Flask, english: SignIn, world: World, data: list[str]) -> None:
    now = datetime.now(UTC)
    with app.app_context(), transaction():
        person = db.session.get_one(m.Account, "north.administrator").person_id
        db.session.execute(delete(m.RoleAssignment).where(m.RoleAssignment.person_id == person))
        db.session.add(m.RoleAssignment(person_id=person, role="audit.admin", organ_id=None))
        for act in LABELS:
            journal.write_administrative("x", actor="north.reporter", act=act, object_="", payload={}, now=now)
        breaks = [[flaw, "x", 1, "1"] for flaw in Flaw]
        db.session.add(m.JournalCheck(id="x", asked_by="system", asked_at=now, done_at=now, found=200, breaks=breaks))
    auditor = english("north.administrator")

    for address in ("/audit", "/audit?who=nobody", "/audit/readers", "/audit/readers?name=Nobody"):
        assert chinese_in(read(auditor, address), data) == [], address


def test_the_words_around_a_previewed_document_are_in_english(
    app: Flask, english: SignIn, world: World, data: list[str]
) -> None:
    step = add_legal_step(app, world)
    page = read(english("north.leader"), f"/tasks/{step}/letters/docket_approval")

    around = re.sub(r'<(?:article|div) class="letter\b.*?</(?:article|div)>(?=\s*</)', "", page, flags=re.DOTALL)

    assert chinese_in(around, data) == []


@pytest.mark.parametrize("step", ["T_draft", "T_supplement", "T_register", "T_statement"])
def test_task_pages_with_their_forms_are_in_english(english: SignIn, world: World, data: list[str], step: str) -> None:
    browser = english("north.subject" if step == "T_statement" else "north.reporter")

    assert chinese_in(read(browser, f"/tasks/{world.tasks[step]}"), data) == []


def test_a_refused_form_says_in_english_what_to_change(english: SignIn, world: World, data: list[str]) -> None:
    browser = english("north.reporter")
    body = {"csrf_token": browser.token(), "key": "0" * 32, "data": "{}"}

    answer = browser.client.post(f"/tasks/{world.tasks['T_draft']}", data=body)

    assert answer.status_code == 422
    assert "Places to be changed" in answer.get_data(as_text=True)
    assert chinese_in(answer.get_data(as_text=True), data) == []


@pytest.mark.parametrize("story", ["", "?story=all"])
def test_the_case_page_is_in_english(english: SignIn, world: World, data: list[str], story: str) -> None:
    assert chinese_in(read(english("north.director"), f"/cases/{world.case_id}{story}"), data) == []


@pytest.mark.parametrize("story", ["", "?story=all"])
def test_the_meeting_page_is_in_english(english: SignIn, world: World, data: list[str], story: str) -> None:
    assert chinese_in(read(english("north.director"), f"/meetings/{world.meeting_id}{story}"), data) == []


def test_countersigning_is_in_english(english: SignIn, world: World, data: list[str]) -> None:
    assert chinese_in(read(english("north.signatory_czj"), f"/tasks/{world.votes['czj']}"), data) == []


def test_the_diagram_has_english_names(english: SignIn, world: World, data: list[str]) -> None:
    browser = english("north.director")

    answer = browser.client.get(f"/proceedings/{world.case_id}/diagram.json").get_json()

    assert chinese_in(read(browser, f"/proceedings/{world.case_id}/diagram"), data) == []
    for drawing in answer["diagrams"].values():
        names = [words for words in re.findall(r'name="([^"]*)"', drawing["xml"]) if CHINESE.search(words)]
        assert names == []


def test_the_front_door_is_in_english(app: Flask, english: SignIn, data: list[str]) -> None:
    browser = Browser(app.test_client())
    browser.client.set_cookie("wenze_locale", "en")

    refused = browser.client.post("/sign-in", data={"csrf_token": browser.token(), "username": "x", "password": "x"})

    assert chinese_in(read(browser, "/sign-in"), data) == []
    assert chinese_in(read(browser, "/accessibility"), data) == []
    assert chinese_in(refused.get_data(as_text=True), data) == []


def test_problems_are_told_in_english(english: SignIn, data: list[str]) -> None:
    browser = english("north.reporter")

    assert chinese_in(read(browser, "/cases/nothing", status=404), data) == []
    assert chinese_in(read(browser, "/no-such-page", status=404), data) == []


def test_a_refused_act_is_told_in_english(english: SignIn, world: World, data: list[str]) -> None:
    browser = english("north.reporter2")

    page = browser.client.post(
        f"/tasks/{world.tasks['T_draft']}/release",
        data={"csrf_token": browser.token(), "reason": "later"},
        follow_redirects=True,
    )

    assert chinese_in(page.get_data(as_text=True), data) == []


def test_every_role_has_an_english_name(english: SignIn, app: Flask) -> None:
    from flask_babel import force_locale, gettext  # noqa: PLC0415  (only this test translates by itself)

    with app.test_request_context(), force_locale("en"):
        assert [role.id for role in ROLES.values() if CHINESE.search(gettext(role.label))] == []


def test_the_same_page_is_chinese_without_the_choice(app: Flask, english: SignIn) -> None:
    browser = english("north.reporter")
    browser.client.delete_cookie("wenze_locale")

    page = browser.get("/inbox/todo")

    assert page.headings == ["待办"]
