"""One computer of a county in the middle of a day, and what people do with the pages that they see there."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from app.queries import open_steps
from app.scenarios.performance import Performance
from app.scenarios.world import PAPER
from tests.e2e.browser_hands import BrowserHands
from tests.e2e.sight import photograph, shift, too_wide, violations


@dataclass
class Day:
    """One computer, the people who use it one after the other, and what was wrong with any page."""

    stage: Performance
    hands: BrowserHands
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    """Kinds of pages looked at."""

    def at(self, who: str, path: str = "") -> Page:
        """The person at his work list, or where the path leads."""
        page = self.hands.inbox(self.stage.actor(who), self.stage.world.now)
        if path:
            page.goto(f"{self.address}{path}")
            if page.locator("#task-form").count():
                page.wait_for_selector("form[data-ready]")
        return page

    @property
    def address(self) -> str:
        return re.match(r"https?://[^/]+", self.hands.page.url)[0]  # type: ignore[index]

    def step(self, name: str, key: str) -> str:
        """The address of an open step."""
        self.hands.settle()
        found = [step for step in open_steps.of_proceeding(self.id_of(name)) if step.key.endswith(f"/{key}")]
        assert found, self.stage.player_of(name).standing()
        return f"/tasks/{found[0].task_id}"

    def id_of(self, name: str) -> str:
        return self.stage.player_of(name).proceeding_id

    def number(self, name: str) -> str:
        return self.stage.player_of(name).number

    def name_of(self, who: str) -> str:
        return self.stage.actor(who).name

    def tab_to(self, where: str, *, most: int = 60) -> None:
        """Press Tab until the focus stands there, as somebody without a mouse does."""
        page = self.hands.page
        for _ in range(most):
            if page.evaluate("(where) => document.activeElement.matches(where)", where):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{page.url}: no Tab leads to {where}")

    def look(self, page: Page, kind: str) -> None:
        """Everybody can use it, nothing sticks out, nothing jumped. Once for each kind of page."""
        if kind in self.seen:
            return
        self.seen.add(kind)
        photograph(page, f"day-{kind}")
        self.wrong += [f"{kind}: {found}" for found in violations(page)]
        self.wrong += [f"{kind}: {found}" for found in too_wide(page)]
        if (moved := shift(page)) > 0.01:
            self.wrong.append(f"{kind}: the page moved by {moved:.3f}")


def follow(link: Locator) -> None:
    """Click the link and wait for the page behind it: what is looked at next is not the page that was left."""
    page, target = link.page, link.evaluate("(link) => link.href")
    link.click()
    page.wait_for_url(lambda url: url.split("#")[0] == target.split("#")[0])


def claim(page: Page) -> None:
    """Take the step, where nobody has it, and wait for the page on which it can be written."""
    if (button := page.locator("#claim")).count():
        button.click()
        expect(button).to_have_count(0)
    page.wait_for_selector("form[data-ready]")


def told(page: Page, sentence: str) -> None:
    expect(page.locator(".told").first).to_contain_text(sentence)


def verb(page: Page, title: str) -> Locator:
    """The form of a verb in the menu 其他办理, opened."""
    menu = page.locator("details.menu", has=page.locator(".verbs"))
    if menu.get_attribute("open") is None:
        menu.locator("> summary").click()
    block = menu.locator("details.verb", has=page.get_by_text(title, exact=True)).first
    block.locator("> summary").click()
    return block


def pick(form: Locator, name: str) -> None:
    """Somebody from a long list, found by typing."""
    if (search := form.locator("input[type=search]")).count():
        search.fill(name)
    chosen = form.locator("option", has_text=name).first.get_attribute("value")
    form.locator("select").last.select_option(chosen)


def written(where: Page | Locator, label: str) -> Locator:
    """A line or an area to write into, by how its label begins."""
    return where.get_by_role("textbox", name=re.compile("^" + re.escape(label)))


def submit(page: Page) -> None:
    page.locator("#submit").click()


def drop(page: Page, place: str, name: str) -> None:
    """A file let go over a place of the page."""
    script = """([bytes, name]) => {
      const moved = new DataTransfer();
      moved.items.add(new File([new Uint8Array(bytes)], name, { type: 'application/pdf' }));
      return moved;
    }"""
    moved = page.evaluate_handle(script, [list(PAPER + name.encode()), name])
    target = page.locator(place).first
    for event in ("dragover", "drop"):
        target.dispatch_event(event, {"dataTransfer": moved})
