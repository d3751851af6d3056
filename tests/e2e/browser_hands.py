"""The hands of a scenario at the screens: every act is done by the person, signed in, in the real browser."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from app.domain.actors import Actor
from app.extensions import db
from app.storage.models import Task
from tests.conftest import PATIENCE_MS
from tests.e2e.live_server import EMPTY, LiveServer
from tests.e2e.page_filling import Paper, fill_page

SCREEN = {"width": 1366, "height": 768}
MOST_TOGETHER = 8
"""Contexts open at the same time; every one is a process of the browser."""


class BrowserHands:
    """One computer that people use one after the other, each with his own cookies; `together`, one for each.

    `faults` is what the browser complained of. With WENZE_SHOTS=folder every form is photographed first.
    """

    def __init__(self, browser: Browser, live: LiveServer, *, password: str) -> None:
        self._browser, self._live, self._password = browser, live, password
        self.page = self._new_page()
        self._sitting = ""
        """Who sits at the computer."""
        self._cookies: dict[str, Any] = {}
        """Those of whoever has left it."""
        self._apart: dict[str, Page] | None = None
        """Pages whose forms wait to be submitted together, by person."""
        self._papers: dict[str, Paper] = {}
        self._shots = Path(os.environ["WENZE_SHOTS"]) if os.environ.get("WENZE_SHOTS") else None
        self.faults: list[str] = []
        self.acts = 0
        self.told: list[str] = []
        self.reads: Callable[[Page], None] | None = None
        """What somebody does on the page before a legal effect."""

    def close(self) -> None:
        self.page.context.close()

    def open_case(self, actor: Actor, now: datetime) -> str:
        return self._open(actor, now, area="案件", button="新建案件")

    def open_meeting(self, actor: Actor, now: datetime) -> str:
        return self._open(actor, now, area="联席会议", button="发起会议")

    def _open(self, actor: Actor, now: datetime, *, area: str, button: str) -> str:
        page = self.visit(actor, now, area=area)
        page.get_by_role("button", name=button).click()
        return self._opened(page)

    def open_procedure(
        self, actor: Actor, now: datetime, *, kind: str, about: str | None, subject_id: str | None
    ) -> str:
        """By the button beside the decision served on the actor, or the one of officials."""
        page = self.visit(actor, now, area="关联程序")
        form = page.locator("form", has=page.locator(f'input[name="kind"][value="{kind}"]'))
        if subject_id:
            form = form.filter(has=page.locator(f'input[name="subject"][value="{subject_id}"]'))
        assert about is None or form.locator(f'input[name="about"][value="{about}"]').count() == 1
        self.photograph(page, "procedures", full=False)
        form.get_by_role("button").click()
        return self._opened(page)

    def _opened(self, page: Page) -> str:
        """The id of the proceeding whose first form is shown now."""
        page.wait_for_selector("form[data-ready]")
        self.settle()
        return db.session.get_one(Task, page.url.rsplit("/", 1)[-1]).proceeding_id

    def visit(self, actor: Actor, now: datetime, *, area: str) -> Page:
        """An area of the main navigation, by its name."""
        page = self.inbox(actor, now)
        page.get_by_role("navigation", name="主导航").get_by_role("link", name=area, exact=True).click()
        expect(page.locator("h1")).to_have_text(area)
        return page

    def upload(self, actor: Actor, now: datetime, *, content: bytes, name: str) -> str:
        """Only taken from the shelf here: the file input of the form uploads it."""
        ticket = f"paper-{len(self._papers) + 1}"
        self._papers[ticket] = Paper(name, content)
        return ticket

    def complete(self, actor: Actor, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None:
        page = self.show(actor, now, task_id=task_id)
        hidden = fill_page(page, answers, papers=self._papers)
        if page.evaluate("() => document.scrollingElement.scrollHeight > innerHeight"):
            self.faults.append(f"{page.url}: the window scrolls, not the form inside it")
        self.photograph(page, re.sub(r"\W", "", page.locator("h1").inner_text()))
        if self._apart is not None:
            return
        page.locator("#submit").click()
        self._see_it_done(page, actor.username, f"not shown: {hidden}")
        self.settle()

    def show(self, actor: Actor, now: datetime, *, task_id: str) -> Page:
        """The form of a step, taken over by the actor where nobody holds it."""
        page = self._at_desk_of(actor.username)
        self._live.now = now
        if not page.url.endswith(f"/tasks/{task_id}"):
            page = self._find(self.inbox(actor, now), task_id)
        self._take(page)
        return page

    @contextmanager
    def together(self) -> Iterator[None]:
        """Forms that are filled inside the block wait, and are submitted at the same moment at its end."""
        self._leave()
        self._apart = {}
        yield
        pages, self._apart = self._apart, None
        assert 1 < len(pages) <= MOST_TOGETHER
        for page in pages.values():
            page.evaluate("() => { setTimeout(() => document.querySelector('#submit').click(), 100) }")
        for username, page in pages.items():
            page.bring_to_front()
            self._see_it_done(page, username)
            self._cookies[username] = page.context.cookies()
            page.context.close()
        self.page.bring_to_front()
        self.settle()

    def _see_it_done(self, page: Page, *about: str) -> None:
        """What has a legal effect is read again first, and submitted there."""
        page.wait_for_selector(".told, .fjs-has-errors, .errsum, #confirm")
        if page.locator("#confirm").count():
            self.photograph(page, "check", full=False)
            if self.reads is not None:
                self.reads(page)
            page.locator("#confirm").click()
            page.wait_for_selector(".told, .errsum")
        said = page.locator(".told, .fjs-form-field-error, .errsum").all_inner_texts()
        assert page.locator(".told").count() == 1, (page.url, said, about)
        assert said[0].strip().startswith("已提交"), said
        self.told.append(said[0].strip())
        self.acts += 1

    def inbox(self, actor: Actor, now: datetime) -> Page:
        """The person's own work list, after signing in where there is no session."""
        self._live.now = now
        page = self._at_desk_of(actor.username)
        page.goto(f"{self._live.address}/inbox/todo", wait_until="domcontentloaded")
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
            page.goto(f"{self._live.address}/inbox/pool", wait_until="domcontentloaded")
        line.click()
        return page

    def _take(self, page: Page) -> None:
        """What nobody holds has to be taken first."""
        page.wait_for_selector("form[data-ready]")
        claim = page.locator("#claim")
        if claim.count():
            claim.click()
            page.wait_for_selector("#submit")
            page.wait_for_selector("form[data-ready]")

    def _at_desk_of(self, username: str) -> Page:
        if self._apart is not None:
            if username not in self._apart:
                self._apart[username] = self._new_page()
                self._apart[username].context.add_cookies(self._cookies.get(username, []))
            self._apart[username].bring_to_front()  # one in the background draws no frames, and the form waits for one
            return self._apart[username]
        if self._sitting != username:
            self._leave()
            self.page.context.add_cookies(self._cookies.get(username, []))
            self._sitting = username
        return self.page

    def _leave(self) -> None:
        """Whoever sits there takes his cookies with him."""
        self.page.goto(f"{self._live.address}{EMPTY}")  # what the page still has to say it says in his name
        if self._sitting:
            self._cookies[self._sitting] = self.page.context.cookies()
        self.page.context.clear_cookies()
        self._sitting = ""

    def _new_page(self) -> Page:
        made: BrowserContext = self._browser.new_context(
            viewport=SCREEN,  # type: ignore[arg-type]
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        made.set_default_timeout(PATIENCE_MS)
        made.on("console", self._heard)
        made.on("weberror", lambda problem: self.faults.append(f"{problem.error}"))
        made.on("response", self._answered)
        return made.new_page()

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

    def settle(self) -> None:
        """The test's own session forgets what it read before the browser wrote."""
        db.session.rollback()
        assert self.faults == []
