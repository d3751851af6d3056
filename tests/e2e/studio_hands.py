"""An owner's hands in the studio: mouse and keyboard on the canvas, the panel, the pages of a draft."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.scenarios import scenario_runs
from tests.e2e.sight import LARGE, photograph, violations, wide

PATIENCE_MS = 40_000
FOREIGN = re.compile(r"djs-|tjs-|dms-|fjs-|bjs-|cm-")
"""Classes of the editors' own libraries."""


class StudioHands:
    """One person at his own browser. `faults` is what the browser complained of."""

    def __init__(self, browser: Browser, address: str, username: str, *, password: str) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": LARGE[0], "height": LARGE[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=address,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.faults: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda problem: self.faults.append(str(problem)))
        self.page.on("console", lambda one: self._heard(one.text) if one.type == "error" else None)
        self.page.goto("/sign-in")
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def _heard(self, text: str) -> None:
        if "status of 422" not in text:  # a form that was refused in words
            self.faults.append(text)

    def close(self) -> None:
        self.context.close()

    def opens(self, area: str) -> Page:
        """An area of the main navigation."""
        self.page.get_by_role("navigation", name="主导航").get_by_role("link", name=area, exact=True).click()
        return self.page

    def tab(self, name: str) -> Page:
        """A tab of the draft at hand."""
        tabs = self.page.get_by_role("navigation", name="改动稿")
        tabs.get_by_role("link", name=name, exact=True).click()
        expect(tabs.locator("[aria-current=page]")).to_have_text(name)
        return self.page

    def shows(self, name: str) -> None:
        """Photographed (with WENZE_SHOTS), and not wider than the screen."""
        photograph(self.page, f"day-{name}")
        assert wide(self.page) == 0

    def looks_well(self, name: str) -> None:
        """The same, and usable for everybody."""
        self.shows(name)
        own = [one for one in violations(self.page) if not FOREIGN.search(one)]
        assert own == []

    # ---- at the canvas

    def at_desk(self) -> Page:
        """An editor is open and has told its findings."""
        self.page.wait_for_selector("#desk[data-ready=true]")
        self.page.wait_for_selector("#desk-finds[data-shown]")
        return self.page

    def finds(self, name: str) -> None:
        """A shape, by the search of the canvas."""
        self.page.get_by_role("button", name="查找", exact=True).click()
        self.page.locator(".djs-search-input input").fill(name)
        self.page.keyboard.press("End")  # the pad listens to keys; what an input method commits ends with one too
        self.page.locator(".djs-search-result").first.click()
        expect(self.page.locator("#desk-element strong")).to_have_text(name)

    def scrolls(self, by: float) -> None:
        """The canvas, sideways."""
        self.page.locator("#desk-canvas").hover()
        self.page.mouse.wheel(by, 0)
        self.page.wait_for_timeout(100)

    def middle(self, element: str) -> tuple[float, float]:
        """Where a shape or a flow stands on the screen."""
        box = self.page.locator(f'#desk-canvas [data-element-id="{element}"] .djs-visual').bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drags(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(start[0] - 5, start[1])
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.wait_for_timeout(150)  # the space tool begins once the press is over
        for part in (0.2, 0.5, 0.8, 1):
            self.page.mouse.move(*(a + (b - a) * part for a, b in zip(start, end, strict=True)))
        self.page.mouse.up()

    def makes_room(self, at: tuple[float, float], by: float) -> None:
        """With the space tool: everything to the right moves `by` pixels."""
        self.page.locator('.djs-palette [data-action="space-tool"]').click()
        self.drags(at, (at[0] + by, at[1]))

    def drops_task(self, at: tuple[float, float], name: str) -> str:
        """From the palette onto the canvas, named where it stands, made a user task. Returns its id."""
        self.page.locator('.djs-palette [data-action="create.task"]').click()
        self.page.mouse.move(at[0] + 20, at[1] + 20)
        self.page.mouse.move(*at)
        self.page.mouse.click(*at)
        self.page.locator(".djs-direct-editing-content").wait_for()
        self.page.keyboard.type(name)
        self.page.keyboard.press("Control+Enter")
        self.page.locator('.djs-context-pad [data-action="replace"]').click()
        self.page.locator('.djs-popup [data-id="replace-with-user-task"]').click()
        expect(self.page.locator("#desk-element strong")).to_have_text(name)
        return self.page.locator("#desk-element .mono").inner_text()

    def saves(self) -> None:
        self.page.keyboard.press("Control+s")
        expect(self.page.locator("#desk-state[data-state=saved]")).to_contain_text("已保存", timeout=PATIENCE_MS)


@contextmanager
def worker(app: Flask, now: Callable[[], datetime]) -> Iterator[None]:
    """What the worker does for the scenarios of drafts, beside the screens."""
    over = Event()

    def work() -> None:
        while not over.wait(0.3):
            with app.app_context():
                scenario_runs.tend(now())

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
