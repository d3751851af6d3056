"""Three published cases from registration to archive in the real browser, and what the clerks see on the way."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from app.queries.open_steps import OpenStep
from app.scenarios.demo import Stage
from app.scenarios.player import Player
from app.storage import journal
from tests.e2e import three_cases
from tests.e2e.browser_hands import BrowserHands

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(county: Flask, hands: BrowserHands) -> Stage:
    made = three_cases.empty_stage()
    made.world.hands = hands
    return made


@pytest.mark.slow
def test_three_cases_run_from_judgment_to_archive_in_the_browser(
    county: Flask, stage: Stage, hands: BrowserHands
) -> None:
    def together(player: Player, steps: list[OpenStep]) -> None:
        """The members sign at the same moment, each at a desk of their own."""
        with hands.together():
            for step in steps:
                player.do(step)

    with county.app_context():
        three_cases.before_the_meeting(stage, few_subjects=True)
        three_cases.the_meeting(stage, sign=together)
        three_cases.the_first_is_archived(stage)
        three_cases.the_others_follow(stage)

        three_cases.everything_is_closed(stage)
        three_cases.the_meeting_decided_each_item_by_itself(stage)
        three_cases.the_late_filing_is_on_record(stage)
        three_cases.the_subjects_were_decided_separately(stage)
        three_cases.the_history_tells_the_whole_story(stage)
        assert journal.broken_links() == []
        for name in three_cases.NAMES:
            the_case_page_tells_it_all(stage, hands, name=name)
        the_meeting_page_tells_its_items(stage, hands)


def test_a_refused_form_tells_where_and_loses_nothing(county: Flask, stage: Stage, hands: BrowserHands) -> None:
    with county.app_context():
        reporter = stage.world.actor("jinzhai.organ.reporter.scj")
        hands.open_case(reporter, stage.world.now)
        page = hands.page
        line(page, "事由").fill("未告知听证即没收电脑主机")
        line(page, "作出日期").fill("2026-02-30")

        page.locator("#submit").click()
        the_summary_leads_to(page, "作出日期", sentence="“作出日期”应为有效的日期，如 2026-11-23。", kept="2026-02-30")
        the_summary_leads_to(page, "案号/文号", sentence="请填写", kept="")
        hands.photograph(page, "refused")
        assert hands.faults == []

        # the same past the browser's own check: the server says it, and the page comes back as it was
        page.evaluate("() => HTMLFormElement.prototype.submit.call(document.querySelector('#task-form'))")
        page.wait_for_load_state()
        page.wait_for_selector("form[data-ready]")
        the_summary_leads_to(page, "作出日期", sentence="“作出日期”应为有效的日期，如 2026-11-23。", kept="2026-02-30")
        the_summary_leads_to(page, "案号/文号", sentence="请填写", kept="")
        expect(line(page, "事由")).to_have_value("未告知听证即没收电脑主机")
        hands.photograph(page, "refused-by-server")
        assert all("422" in fault for fault in hands.faults), hands.faults

        # the refused page is the window it was: nobody tells its writer that another one wrote meanwhile
        line(page, "案号/文号").fill("（2026）皖1524行初7号")
        expect(page.locator("#saved[data-state=saved]")).to_be_visible()
        expect(page.locator("#kept-changed")).to_be_hidden()
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


def the_case_page_tells_it_all(stage: Stage, hands: BrowserHands, *, name: str) -> None:
    """As the office sees it, from its register: closed, every person and every step in order."""
    page = hands.visit(stage.world.actor("jinzhai.jmo.officer"), stage.world.now, area="案件")
    hands.photograph(page, "register", full=False)
    page.locator(f'.rows a[href$="{stage.world.proceedings[name]}"]').click()

    expect(page.locator(".casehead").get_by_text("已办结").first).to_be_visible()
    expect(page.locator(".steps li.now")).to_have_count(0)
    expect(page.locator("#diagram .djs-container svg .djs-shape").first).to_be_visible()
    hands.photograph(page, f"case-{name}")
    story = page.locator("#story").inner_text()
    people = {line.person_name for line in three_cases.history(stage, name) if line.person_name}
    assert {person for person in people if person not in story} == set()
    places = [story.index(step) for step in three_cases.ORDER]
    assert places == sorted(places)
    assert hands.faults == []


def the_meeting_page_tells_its_items(stage: Stage, hands: BrowserHands) -> None:
    page = hands.visit(stage.world.actor("jinzhai.jmo.director"), stage.world.now, area="联席会议")
    hands.photograph(page, "meetings", full=False)
    page.locator(f'.rows a[href$="{stage.world.proceedings["M1"]}"]').click()

    for result in ("拟问责移送", "补充材料"):
        expect(page.locator("#main").get_by_text(result).first).to_be_visible()
    hands.photograph(page, "meeting")
    assert hands.faults == []
