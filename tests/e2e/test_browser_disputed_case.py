"""A meeting on three cases in the real browser, and the case on which its members do not agree at first."""

import pytest
from flask import Flask

from app.queries.open_steps import OpenStep
from app.scenarios.player import Player
from tests.e2e import cases_on_screen
from tests.e2e.browser_hands import BrowserHands

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_meeting_and_its_disputed_case_run_from_judgment_to_archive(county: Flask, hands: BrowserHands) -> None:
    def together(player: Player, steps: list[OpenStep]) -> None:
        """The members sign at the same moment, each at a desk of their own."""
        with hands.together():
            for step in steps:
                player.do(step)

    with county.app_context():
        stage = cases_on_screen.on_screen(hands, "C15", "M1")

        cases_on_screen.play(stage, sign=together)

        cases_on_screen.the_case_page_tells_it_all(stage, "C15")
        cases_on_screen.the_meeting_page_tells(stage, "M1", "拟问责移送", "补充材料")
