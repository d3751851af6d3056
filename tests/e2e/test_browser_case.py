"""A published case from registration to archive in the real browser, with everything that the clerks see on the way."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from app.extensions import db
from app.queries import open_steps
from app.scenarios.demo import Stage
from app.scenarios.hands import ServiceHands
from app.storage.models import CaseSubject, HistoryEntry, Proceeding
from config import ROOT
from tests.e2e.browser_hands import BrowserHands
from tests.e2e.conftest import PASSWORD
from tests.e2e.live_server import LiveServer, serving
from tests.e2e.pages import DIST

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "form.js").exists(), reason="the form bundle is not built"),
]

SUBJECTS = [
    {"kind": "ORGAN", "organ": "scj", "role": "IMPLEMENTING_AND_NOMINAL"},
    {"kind": "PERSON", "organ": "scj", "person": "jinzhai.subject.person.scj", "role": "HANDLER"},
    {"kind": "PERSON", "organ": "scj", "person": "jinzhai.subject.person.scj3", "role": "APPROVER"},
]


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T01:00:00+00:00")


@pytest.fixture
def live(county: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    with serving(county, now=day("2026-09-22"), monkeypatch=monkeypatch) as served:
        yield served


@pytest.fixture
def hands(browser: Browser, live: LiveServer) -> Iterator[BrowserHands]:
    made = BrowserHands(browser, live, password=PASSWORD)
    yield made
    made.close()


@pytest.fixture
def stage(county: Flask) -> Stage:
    made = Stage(ROOT / "demo", county="jinzhai", begins=day("2026-09-22"), ends=datetime(2027, 6, 1, tzinfo=UTC))
    made.world.pace = timedelta(minutes=5)
    return made


@pytest.mark.slow
def test_a_case_runs_from_judgment_to_archive_in_the_browser(county: Flask, stage: Stage, hands: BrowserHands) -> None:
    with county.app_context():
        others_wait_for_the_meeting(stage)

        stage.world.hands = hands
        returned_once = [{"review_result": "RETURNED", "review_opinion": "原因分析过于笼统，请补充。"}, {}]
        said = {"filing-report/T_review": returned_once, "investigation/T_subjects": {"subjects": SUBJECTS}}
        stage.perform({"open": "C01", "answers": said})
        the_meeting_decides(stage, hands)
        stage.world.hands = hands
        stage.perform({"play": "C01"})

        assert the_case(stage).outcome == "CONCLUDED", stage.players["C01"].standing()
        the_subjects_were_decided_separately(stage)
        the_case_page_tells_it_all(stage, hands)
        the_meeting_page_tells_its_items(stage, hands)


def test_a_refused_form_tells_where_and_loses_nothing(county: Flask, stage: Stage, hands: BrowserHands) -> None:
    with county.app_context():
        reporter = stage.world.actor("jinzhai.organ.reporter.scj")
        hands.open_case(reporter, stage.world.now)
        page = hands.page_of(reporter.username)
        line(page, "事由").fill("未告知听证即没收电脑主机")
        line(page, "作出日期").fill("2026-02-30")

        page.locator("#submit").click()
        the_summary_leads_to(page, "作出日期", sentence="“作出日期”应为有效的日期。", kept="2026-02-30")
        the_summary_leads_to(page, "案号/文号", sentence="请填写", kept="")
        hands.photograph(page, "refused")
        assert hands.faults == []

        # the same past the browser's own check: the server says it, and the page comes back as it was
        page.evaluate("() => HTMLFormElement.prototype.submit.call(document.querySelector('#task-form'))")
        page.wait_for_load_state()
        page.wait_for_selector("form[data-ready]")
        the_summary_leads_to(page, "作出日期", sentence="“作出日期”应为有效的日期。", kept="2026-02-30")
        the_summary_leads_to(page, "案号/文号", sentence="请填写", kept="")
        expect(line(page, "事由")).to_have_value("未告知听证即没收电脑主机")
        hands.photograph(page, "refused-by-server")
        assert all("422" in fault for fault in hands.faults), hands.faults


def the_summary_leads_to(page: Page, label: str, *, sentence: str, kept: str) -> None:
    summary = page.locator("#error-summary")
    expect(summary).to_be_visible()
    link = summary.get_by_role("link").filter(has_text=label).filter(has_text=sentence).first
    link.click()
    expect(line(page, label)).to_be_focused()
    expect(line(page, label)).to_have_value(kept)
    expect(line(page, label)).to_have_attribute("aria-invalid", "true")


def line(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^" + re.escape(label).replace("/", r"\/")))


def others_wait_for_the_meeting(stage: Stage) -> None:
    """Through the services, to save time."""
    stage.perform({"open": "C05"})
    stage.perform({"open": "C15"})


def the_meeting_decides(stage: Stage, hands: BrowserHands) -> None:
    """Item 1 is pursued, item 2 deferred, item 3 disputed by one of seven members; item 1 waits for neither."""
    said = {
        "agenda-item/T_discuss#2": {"resolution": "DEFER"},
        "agenda-item/T_countersign#3/jinzhai.czj": [{"decision": "DISAGREE"}, {"decision": "AGREE"}],
    }
    stage.perform({"meet": "M1", "cases": ["C01", "C05", "C15"], "answers": said, "until": "agenda-item/T_discuss"})
    player = stage.players["M1"]
    services = ServiceHands()
    while steps := [step for step in open_steps.of_proceeding(player.proceeding_id) if not of_dispute(step)]:
        stage.world.hands = hands if item_of(steps[0]) in (None, 1) else services
        signing = [step for step in steps if step.key == "agenda-item/T_countersign" and item_of(step) == 1]
        if len(signing) > 1:  # the members sign at the same moment, each at a desk of their own
            stage.world.hands = hands
            with hands.together():
                for step in signing:
                    player.do(step)
            continue
        player.do(steps[0])
    assert [step.key for step in open_steps.of_proceeding(player.proceeding_id)] == ["agenda-item/T_mediate"]


def item_of(step: open_steps.OpenStep) -> Any:
    return (step.element.get("agenda_item") or {}).get("item_no")


def of_dispute(step: open_steps.OpenStep) -> bool:
    return step.key == "agenda-item/T_mediate"


def the_case(stage: Stage) -> Proceeding:
    db.session.expire_all()
    return db.session.get_one(Proceeding, stage.world.proceedings["C01"])


def the_subjects_were_decided_separately(stage: Stage) -> None:
    of_case = CaseSubject.proceeding_id == stage.world.proceedings["C01"]
    subjects = db.session.scalars(select(CaseSubject).where(of_case)).all()

    assert sorted(subject.kind for subject in subjects) == ["ORGAN", "PERSON", "PERSON"]
    assert all(subject.status == "CONCLUDED" for subject in subjects)
    assert len({subject.decision_no for subject in subjects}) == len(subjects)


def the_case_page_tells_it_all(stage: Stage, hands: BrowserHands) -> None:
    """As the reporter of the organ sees it, from his own register."""
    actor = stage.world.actor("jinzhai.jmo.officer")
    page = hands.inbox(actor, stage.world.now)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="案件", exact=True).click()
    hands.photograph(page, "register", full=False)
    page.locator(f'.rows a[href$="{stage.world.proceedings["C01"]}"]').click()

    expect(page.locator(".casehead, .casetop, header").get_by_text("已办结").first).to_be_visible()
    expect(page.locator(".steps li.now")).to_have_count(0)
    the_diagram_is_drawn(page)
    hands.photograph(page, "case")
    story = page.locator("#story").inner_text()
    names = select(HistoryEntry.person_name).where(HistoryEntry.proceeding_id == stage.world.proceedings["C01"])
    assert {name for name in db.session.scalars(names) if name and name not in story} == set()
    assert hands.faults == []


def the_meeting_page_tells_its_items(stage: Stage, hands: BrowserHands) -> None:
    page = hands.inbox(stage.world.actor("jinzhai.jmo.director"), stage.world.now)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="联席会议", exact=True).click()
    hands.photograph(page, "meetings", full=False)
    page.locator(f'.rows a[href$="{stage.world.proceedings["M1"]}"]').click()

    for result in ("拟问责移送", "补充材料"):
        expect(page.locator("#main").get_by_text(result).first).to_be_visible()
    hands.photograph(page, "meeting")
    assert hands.faults == []


def the_diagram_is_drawn(page: Page) -> None:
    expect(page.locator("#diagram .djs-container svg .djs-shape").first).to_be_visible()
