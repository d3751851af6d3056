"""The studio in English: drafts, editors, try-outs, scenarios, comparisons, versions and packs."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.services.studio import drafts, review
from app.storage import models as m
from tests.conftest import application_on
from tests.keepers import end_keepers
from tests.services.conftest import PASSWORD, Office, settle_world
from tests.translations.test_screens import chinese_in, read
from tests.web.pages import Browser
from tests.web.pages import read as page_of
from tests.web.test_studio_tryout import play_in

OTHER = "查核"
SMALL = {OTHER, "等待W_decided", "备忘", "收到文书后应当登记"}
"""Names and readings of the small procedure."""
PERSON = re.compile(r"<option[^>]*>([^<·]+?) · ([^<]+?)</option>")
"""Invented people of a try-out, with their organs."""
EXAMPLE = re.compile(r"<option[^>]*>([^<·]+)</option>")
"""Matters of published cases."""


@pytest.fixture(scope="module")
def studio(compiled: None, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The small county with a publication, a case from before it, an open draft and a submitted one."""
    folder = tmp_path_factory.mktemp("studio")
    file = folder / "wenze.db"
    shutil.copyfile(sqlite_template, file)
    for app in application_on(f"sqlite:///{file}", folder):
        settle_world(app, folder)
        with app.app_context():
            made = _drafts(Office(app))
        yield SimpleNamespace(app=app, **made)
    end_keepers()


def _drafts(office: Office) -> dict[str, str]:
    office.open_case()
    owner = office.actor("owner1")

    def renamed(title: str, by: str) -> str:
        draft = drafts.open_draft(title, actor=owner, now=office.now)
        before = drafts.candidate_files(draft, actor=owner)["small.bpmn"]
        after = before.replace(b'name="T_check"', f'name="{by}"'.encode()).replace(OTHER.encode(), by.encode())
        drafts.save_file(draft, "small.bpmn", after, base=0, actor=owner, now=office.now)
        return draft

    published = renamed("draft one", OTHER)
    review.submit(published, "clearer", actor=owner, now=office.now)
    review.approve(published, "no scenario", actor=office.actor("owner2"), now=office.later(minutes=1))
    submitted = renamed("draft two", "Check")
    review.submit(submitted, "clearer still", actor=owner, now=office.now)
    edited = renamed("draft three", "Look")
    scenario = "title: shown\nshows: [S-1]\ncounty: beishan\nbegins: 2026-03-02\nacts:\n- {look: A}\n"
    drafts.save_file(edited, "scenarios/small/a.yml", scenario.encode(), base=0, actor=owner, now=office.now)
    made = db.session.scalars(select(m.Publication.id).order_by(m.Publication.published_at.desc())).first()
    return {"submitted": submitted, "edited": edited, "publication": str(made)}


@pytest.fixture
def owner(studio: Any) -> Browser:
    return english(studio.app, "owner1")


def english(app: Flask, name: str) -> Browser:
    browser = Browser(app.test_client())
    browser.client.set_cookie("wenze_locale", "en")
    browser.sign_in(f"beishan.{name}", PASSWORD)
    return browser


@pytest.fixture(scope="module")
def data(studio: Any) -> list[str]:
    """What people named, and the names of the small procedure, which no catalogue knows."""
    with studio.app.app_context():
        columns = (m.County.name, m.Organ.name, m.Organ.short_name, m.Person.name, m.Proceeding.number)
        found = {text for column in columns for text in db.session.scalars(select(column)) if text}
        found |= set(db.session.scalars(select(m.Regulation.title)))
        found |= {text for text in db.session.scalars(select(m.Regulation.document_no)) if text}
    return sorted(found | SMALL, key=len, reverse=True)


def test_the_desk_of_the_studio_is_in_english(studio: Any, owner: Browser, data: list[str]) -> None:
    tabs = ("", "/findings", "/approval", "/history/small.bpmn", "/compare", "/try", "/scenarios")
    addresses = ["/studio", f"/studio/publications/{studio.publication}"]
    addresses += [f"/studio/drafts/{draft}{tab}" for draft in (studio.submitted, studio.edited) for tab in tabs]

    found = {address: found for address in addresses if (found := chinese_in(read(owner, address), data))}

    assert found == {}


def test_who_approves_reads_english(studio: Any, data: list[str]) -> None:
    browser = english(studio.app, "owner2")

    assert chinese_in(read(browser, f"/studio/drafts/{studio.submitted}/approval"), data) == []


@pytest.mark.parametrize("name", ["small.bpmn", "options.yml", "scenarios/small/a.yml"])
def test_the_frame_of_an_editor_is_in_english(studio: Any, owner: Browser, data: list[str], name: str) -> None:
    assert chinese_in(read(owner, f"/studio/drafts/{studio.edited}/edit/{name}"), data) == []


def test_findings_tell_in_english_what_is_wrong_and_how_to_mend_it(
    studio: Any, owner: Browser, data: list[str]
) -> None:
    rules = owner.client.get("/studio/rules.json").get_data(as_text=True)
    findings = owner.client.get(f"/studio/drafts/{studio.edited}/findings.json").get_data(as_text=True)

    assert chinese_in(rules, data) == []
    assert chinese_in(findings, data) == []


def test_versions_and_their_comparison_are_in_english(studio: Any, owner: Browser, data: list[str]) -> None:
    with studio.app.app_context():
        new, old = db.session.scalars(
            select(m.Release.id).where(m.Release.process_key == "small").order_by(m.Release.number.desc())
        ).all()[:2]
    compared = f"process=small&old=r-{old}&new=r-{new}"
    addresses = ("/studio/versions", "/studio/versions/small", f"/studio/compare?{compared}", "/studio/packs")

    found = {address: found for address in addresses if (found := chinese_in(read(owner, address), data))}

    assert found == {}


def test_a_try_out_is_in_english_at_each_turn(studio: Any, owner: Browser, data: list[str]) -> None:
    def sent(address: str, form: dict[str, str]) -> str:
        body = {"csrf_token": owner.token(), **form}
        return owner.client.post(address, data=body, follow_redirects=True).get_data(as_text=True)

    tries = f"/studio/drafts/{studio.edited}/try"
    begun = sent(tries, {"begins": "2026-03-02"})
    play = play_in(page_of(begun))
    turns = [
        begun,
        sent(f"{play}/open", {"what": "case", "by": "beishan.organ.reporter.zjj"}),
        sent(f"{play}/clock", {"move": "week", "of": "A"}),
        sent(f"{play}/scenario", {"title": "", "name": "x", "of": "A"}),
    ]
    wrong = sent(tries, {"begins": "gestern"})
    sent(f"{play}/end", {})

    invented = {words for page in turns for pair in PERSON.findall(page) for words in pair}
    said = sorted(invented | set(data), key=len, reverse=True)
    said += EXAMPLE.findall("".join(turns))
    assert [found for page in (*turns, wrong) if (found := chinese_in(page, said))] == []
