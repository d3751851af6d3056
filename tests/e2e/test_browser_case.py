"""A published case from registration to archive in the real browser, and what a clerk sees whose form is refused."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from tests.e2e import cases_on_screen
from tests.e2e.browser_hands import BrowserHands

pytestmark = pytest.mark.browser


@pytest.mark.slow
def test_a_case_with_two_people_runs_from_judgment_to_archive(county: Flask, hands: BrowserHands) -> None:
    with county.app_context():
        stage = cases_on_screen.on_screen(hands, "C01")

        cases_on_screen.play(stage)

        cases_on_screen.the_case_page_tells_it_all(stage, "C01")


def test_a_refused_form_tells_where_and_loses_nothing(county: Flask, hands: BrowserHands) -> None:
    with county.app_context():
        stage = cases_on_screen.on_screen(hands)
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
