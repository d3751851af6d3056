"""The hands of a scenario at the screens: every act is done by the person, signed in, in the real browser."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from app.domain.actors import Actor
from app.extensions import db
from tests.e2e.live_server import LiveServer
from tests.e2e.page_filling import Paper, fill_page

OPEN_PAGES = 8
"""Pages kept open; every one is a process of the browser."""
SCREEN = {"width": 1366, "height": 768}
STAYS = timedelta(minutes=25)
"""Whoever goes on within this time is still signed in."""


class BrowserHands:
    """One browser context, with its own cookies, per person. `faults` is what the browser complained of.

    With WENZE_SHOTS=folder every form is photographed before it is submitted.
    """

    def __init__(self, browser: Browser, live: LiveServer, *, password: str) -> None:
        self._browser, self._live, self._password = browser, live, password
        self._contexts: dict[str, BrowserContext] = {}
        self._pages: dict[str, Page] = {}
        self._papers: dict[str, Paper] = {}
        self._seen: dict[str, datetime] = {}
        self._filled: list[Page] | None = None
        """Pages whose forms wait to be submitted together."""
        self._shots = Path(os.environ["WENZE_SHOTS"]) if os.environ.get("WENZE_SHOTS") else None
        self.faults: list[str] = []
        self.acts = 0
        self.told: list[str] = []

    def close(self) -> None:
        for context in self._contexts.values():
            context.close()

    def open_case(self, actor: Actor, now: datetime) -> str:
        return self._open(actor, now, area="案件", button="新建案件")

    def open_meeting(self, actor: Actor, now: datetime) -> str:
        return self._open(actor, now, area="联席会议", button="发起会议")

    def _open(self, actor: Actor, now: datetime, *, area: str, button: str) -> str:
        page = self.inbox(actor, now)
        page.get_by_role("navigation", name="主导航").get_by_role("link", name=area, exact=True).click()
        page.get_by_role("button", name=button).click()
        page.wait_for_selector("form[data-ready]")
        self._settle()
        link = page.locator(".casehead a.title").get_attribute("href") or ""
        return link.rsplit("/", 1)[-1]

    def upload(self, actor: Actor, now: datetime, *, content: bytes, name: str) -> str:
        """Only taken from the shelf here: the file input of the form uploads it."""
        ticket = f"paper-{len(self._papers) + 1}"
        self._papers[ticket] = Paper(name, content)
        return ticket

    def complete(self, actor: Actor, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None:
        page = self.page_of(actor.username)
        if not page.url.endswith(f"/tasks/{task_id}") or now - self._seen[actor.username] > STAYS:
            page = self.inbox(actor, now)
            page = self._find(page, task_id)
        self._live.now = self._seen[actor.username] = now
        self._take(page)
        hidden = fill_page(page, answers, papers=self._papers)
        self.photograph(page, re.sub(r"\W", "", page.locator("h1").inner_text()))
        if self._filled is not None:
            self._filled.append(page)
            return
        page.locator("#submit").click()
        self._see_it_done(page, actor.username, f"not shown: {hidden}")
        self._settle()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Forms that are filled inside the block wait, and are submitted at the same moment at its end."""
        self._filled = []
        yield
        pages, self._filled = self._filled, None
        assert 1 < len(pages) <= OPEN_PAGES
        for page in pages:
            page.evaluate("() => { setTimeout(() => document.querySelector('#submit').click(), 100) }")
        for page in pages:
            page.bring_to_front()
            self._see_it_done(page, page.url)
        self._settle()

    def _see_it_done(self, page: Page, *about: str) -> None:
        page.wait_for_selector(".told, .fjs-has-errors, .errsum")
        said = page.locator(".told, .fjs-form-field-error, .errsum").all_inner_texts()
        assert page.locator(".told").count() == 1, (page.url, said, about)
        assert said[0].strip().startswith("已提交"), said
        self.told.append(said[0].strip())
        self.acts += 1

    def inbox(self, actor: Actor, now: datetime) -> Page:
        """The person's own work list, signed in again when the session has ended."""
        self._live.now = self._seen[actor.username] = now
        page = self.page_of(actor.username)
        page.goto(f"{self._live.address}/inbox/todo")
        if "/sign-in" in page.url:
            page.get_by_label("账号").fill(actor.username)
            page.get_by_label("密码").fill(self._password)
            page.get_by_role("button", name="登录", exact=True).click()
            page.wait_for_url("**/inbox/todo*")
        expect(page.locator(".who summary")).to_contain_text(actor.name)
        return page

    def _find(self, page: Page, task_id: str) -> Page:
        """In 待办, else in 待领."""
        line = page.locator(f'.rows a[href$="/tasks/{task_id}"]')
        if not line.count():
            page.goto(f"{self._live.address}/inbox/pool")
        line.click()
        return page

    def _take(self, page: Page) -> None:
        """What nobody holds has to be taken first."""
        page.wait_for_selector("form[data-ready]")
        claim = page.locator("#claim")
        if claim.count():
            claim.click()
            page.wait_for_selector("#submit")

    def page_of(self, username: str) -> Page:
        if username not in self._contexts:
            made = self._browser.new_context(viewport=SCREEN, locale="zh-CN", timezone_id="Asia/Shanghai")  # type: ignore[arg-type]
            made.set_default_timeout(20_000)
            made.on("console", self._heard)
            made.on("weberror", lambda problem: self.faults.append(f"{username}: {problem.error}"))
            made.on("response", self._answered)
            self._contexts[username] = made
        page = self._pages.pop(username, None) or self._contexts[username].new_page()
        self._pages[username] = page
        page.bring_to_front()  # a page in the background draws no frames, and the form waits for one
        while len(self._pages) > OPEN_PAGES:
            self._pages.pop(next(iter(self._pages))).close()
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")

    def photograph(self, page: Page, name: str, *, full: bool = True) -> None:
        if self._shots:
            self._shots.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=self._shots / f"{self.acts:03d}-{name}.png")
            if full:
                self._whole(page, name)

    def _whole(self, page: Page, name: str) -> None:
        """The form column scrolls in itself; a tall window shows all of it."""
        page.set_viewport_size({"width": SCREEN["width"], "height": 2400})
        page.screenshot(path=self._shots / f"{self.acts:03d}-{name}-whole.png")  # type: ignore[operator]
        page.set_viewport_size(SCREEN)  # type: ignore[arg-type]

    def _settle(self) -> None:
        """The test's own session forgets what it read before the browser wrote."""
        db.session.rollback()
        assert self.faults == []
