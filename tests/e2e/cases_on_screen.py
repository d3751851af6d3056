"""Three published cases, some of them worked on at the screens: three tests together show every form of them once."""

from typing import Any

from playwright.sync_api import Page, expect

from app.scenarios.demo import Stage
from app.scenarios.hands import ServiceHands
from tests.e2e import three_cases
from tests.e2e.browser_hands import BrowserHands


class Screened(Stage):
    """What is `shown` (cases, meetings) is done in the browser, the rest of the county's work through the services."""

    screens: BrowserHands
    shown: tuple[str, ...]

    def perform(self, act: dict[str, Any]) -> str:
        name = act.get("open") or act.get("meet") or act.get("play")
        self.world.hands = self.screens if name in self.shown else ServiceHands()
        return super().perform(act)


def on_screen(hands: BrowserHands, *names: str) -> Screened:
    made = three_cases.empty_stage(Screened)
    made.screens, made.shown = hands, names
    return made


def play(stage: Screened, *, sign: three_cases.Signing = three_cases.one_after_the_other) -> None:
    """All three from registration to archive, the same whoever shows what."""
    three_cases.from_judgment_to_archive(stage, few_subjects=True, sign=sign)

    lines = [line for name in stage.shown for line in three_cases.history(stage, name)]
    assert stage.screens.acts == sum(line.act == "SUBMITTED" for line in lines)


def the_case_page_tells_it_all(stage: Screened, name: str) -> None:
    """As the office sees it, from its register: closed, every person and every step in order."""
    page = opened(stage, name, by="jinzhai.jmo.officer", area="案件", shot="register")

    expect(page.locator(".casehead").get_by_text("已办结").first).to_be_visible()
    expect(page.locator(".steps li.now")).to_have_count(0)
    expect(page.locator("#diagram .djs-container svg .djs-shape").first).to_be_visible()
    stage.screens.photograph(page, f"case-{name}")
    story = page.locator("#story").inner_text()
    people = {line.person_name for line in three_cases.history(stage, name) if line.person_name}
    assert {person for person in people if person not in story} == set()
    places = [story.index(step) for step in three_cases.ORDER]
    assert places == sorted(places)
    assert stage.screens.faults == []


def the_meeting_page_tells(stage: Screened, name: str, *results: str) -> None:
    page = opened(stage, name, by="jinzhai.jmo.director", area="联席会议", shot="meetings")

    for result in results:
        expect(page.locator("#main").get_by_text(result).first).to_be_visible()
    stage.screens.photograph(page, "meeting")
    assert stage.screens.faults == []


def opened(stage: Screened, name: str, *, by: str, area: str, shot: str) -> Page:
    """Its page, found in the register."""
    page = stage.screens.visit(stage.world.actor(by), stage.world.now, area=area)
    stage.screens.photograph(page, shot, full=False)
    page.locator(f'.rows a[href$="{stage.world.proceedings[name]}"]').click()
    return page
