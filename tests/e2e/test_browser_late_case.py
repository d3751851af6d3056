"""A case that was filed late and deferred in the real browser, with the second meeting that decides it."""

import pytest
from flask import Flask

from tests.e2e import cases_on_screen
from tests.e2e.browser_hands import BrowserHands

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_late_and_deferred_case_runs_from_judgment_to_archive(county: Flask, hands: BrowserHands) -> None:
    with county.app_context():
        stage = cases_on_screen.on_screen(hands, "C05", "M2")

        cases_on_screen.play(stage)

        cases_on_screen.the_case_page_tells_it_all(stage, "C05")
        cases_on_screen.the_meeting_page_tells(stage, "M2", "拟问责移送")
