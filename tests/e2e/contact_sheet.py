"""Contact sheet: every page in every state at three sizes, as pictures for people to look at.

    python -m tests.e2e.contact_sheet --out FOLDER [--pages FILE.yml] [--only NAME ...]

Makes FOLDER/NAME/STATE-SIZE.png, FOLDER/NAME.html and NAME.png with all pictures of a page side by side,
FOLDER/index.html, and FOLDER/findings.txt: what the browser complained of, what sticks out sideways, what is cut.
Pages come from a file (contact_pages.yml beside this one); pictures are not kept in the repository.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from app import yamlfiles
from app.scenarios.hands import ServiceHands
from app.services import accounts
from tests.conftest import CHROMIUM_FLAGS, PATIENCE_MS, application_on, chromium, migrate
from tests.e2e.busy_county import COUNTY, Busy, build, stage_in
from tests.e2e.conftest import PASSWORD, settle_county
from tests.e2e.contact_world import Places, furnish
from tests.e2e.live_server import LiveServer, serving
from tests.e2e.sight import sticking_out, wide

PAGES = Path(__file__).with_name("contact_pages.yml")
SIZES = ((1366, 768), (1920, 1080), (390, 844))
NO_COUNTY = ("jinzhai.", "yiyuan.", "system.", "security.", "audit.")
"""How accounts begin whose name is whole; all others are of the county."""
STATES = ("empty", "normal", "error", "long")
CUT = """() => [...document.querySelectorAll('body *')].filter((one) => {
  const style = getComputedStyle(one);
  const hides = ['hidden', 'clip'].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
  const shown = one.clientWidth > 1 && one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  return hides && shown && own && !one.closest('svg, .visually-hidden');
}).map((one) => `${one.tagName}.${one.getAttribute('class') ?? ''}: ${one.textContent.trim().slice(0, 40)}`)"""


@dataclass(frozen=True)
class Shot:
    """One page in one state."""

    page: str
    state: str
    who: str
    path: str
    fill: Mapping[str, str] = field(default_factory=dict)
    click: str = ""


def shots_in(file: Path) -> Iterator[Shot]:
    """Every page in every state of the file; a state takes over what it does not say from the one before it."""
    for page, states in yamlfiles.read(file.read_text("utf-8")).items():
        said: dict[str, Any] = {}
        for state in sorted(states, key=STATES.index):
            kept = {name: value for name, value in said.items() if name in ("who", "path")}
            said = {**kept, **states[state]}
            yield Shot(page, state, **said)


def account_of(who: str) -> str:
    return who if who.startswith(NO_COUNTY) else f"{COUNTY}.{who}"


class Camera:
    """Photographs pages as the people who look at them."""

    def __init__(self, browser: Browser, live: LiveServer, places: Places, out: Path) -> None:
        self._browser, self._live, self._places, self._out = browser, live, places, out
        self._contexts: dict[str, BrowserContext] = {}
        self._here = ""
        self.findings: list[str] = []

    def take(self, shot: Shot) -> None:
        """At each size, in one go: the page is opened anew for each."""
        for size in SIZES:
            self._here = f"{shot.page} {shot.state} {size[0]}"
            page = self._of(shot.who).new_page()
            page.set_viewport_size({"width": size[0], "height": size[1]})
            self._listen(page)
            try:
                self._show(page, shot)
                folder = self._out / shot.page
                folder.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=folder / f"{shot.state}-{size[0]}.png")
                self._judge(page)
            except (Error, LookupError) as error:
                self.findings.append(f"{self._here}: NOT TAKEN {str(error).splitlines()[0]}")
            page.close()

    def _of(self, who: str) -> BrowserContext:
        if who not in self._contexts:
            made = self._browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
            made.set_default_timeout(PATIENCE_MS)
            if who:
                name = account_of(who)
                page = made.new_page()
                page.goto(f"{self._live.address}/sign-in")
                page.get_by_label("账号").fill(name)
                page.get_by_label("密码").fill(PASSWORD)
                page.get_by_role("button", name="登录", exact=True).click()
                page.wait_for_url(lambda url: "sign-in" not in url)
                page.close()
            self._contexts[who] = made
        return self._contexts[who]

    def _show(self, page: Page, shot: Shot) -> None:
        page.goto(self._live.address + self._places.filled(shot.path), wait_until="load")
        if page.locator("#task-form").count():
            page.wait_for_selector("form[data-ready]")
        if page.locator(".viewer").count():
            page.wait_for_timeout(800)
        for label, text in shot.fill.items():
            page.get_by_label(label).first.fill(text)
        if shot.click:
            page.locator(shot.click).first.click()
            page.wait_for_timeout(600)
        page.wait_for_timeout(150)

    def _listen(self, page: Page) -> None:
        page.on("console", lambda said: said.type in ("error", "warning") and self._note(f"console: {said.text[:200]}"))
        page.on("pageerror", lambda error: self._note(f"script: {error}"))

    def _note(self, finding: str) -> None:
        self.findings.append(f"{self._here}: {finding}")

    def _judge(self, page: Page) -> None:
        if over := wide(page):
            self._note(f"{over} px too wide: {sticking_out(page)}")
        for cut in page.evaluate(CUT)[:5]:
            self._note(f"cut: {cut}")


def overview(out: Path, browser: Browser) -> None:
    """A sheet for each page, and one list of all sheets."""
    names = sorted(folder.name for folder in out.iterdir() if folder.is_dir())
    page = browser.new_page(viewport={"width": 1500, "height": 900})
    for name in names:
        rows = ""
        for state in STATES:
            pictures = [out / name / f"{state}-{size[0]}.png" for size in SIZES]
            shown = "".join(f'<img src="{name}/{one.name}" alt="{one.stem}">' for one in pictures if one.exists())
            rows += f"<h2>{state}</h2><div>{shown}</div>" if shown else ""
        style = "body{font:14px sans-serif;margin:16px}div{display:flex;gap:12px;align-items:start}"
        style += "img{border:1px solid #999;width:620px}img:last-child{width:190px}"
        text = f'<!doctype html><meta charset="utf-8"><title>{name}</title><style>{style}</style><h1>{name}</h1>{rows}'
        (out / f"{name}.html").write_text(text, "utf-8")
        page.goto((out / f"{name}.html").resolve().as_uri())
        page.screenshot(path=out / f"{name}.png", full_page=True)
    links = "".join(f'<li><a href="{name}.html">{escape(name)}</a></li>' for name in names)
    (out / "index.html").write_text(f'<!doctype html><meta charset="utf-8"><ul>{links}</ul>', "utf-8")
    page.close()


@contextmanager
def busy_server(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[tuple[LiveServer, Places]]:
    """The busy county, furnished for pictures, behind a port."""
    template, days = folder / "template", folder / "county"
    template.mkdir()
    days.mkdir()
    migrate(f"sqlite:///{template / 'wenze.db'}", template)
    for app in application_on(f"sqlite:///{template / 'wenze.db'}", template):
        settle_county(app)
    busy: Busy = build(template / "wenze.db", days)
    for limit in ("IDLE", "ABSOLUTE"):
        patch.setattr(accounts, limit, timedelta(days=1000))
    for app in application_on(f"sqlite:///{days / 'wenze.db'}", days):
        with app.app_context():
            stage = stage_in(busy, ServiceHands())
            furnish(stage)
            places = Places.of(stage)
        with serving(app, now=stage.world.now, monkeypatch=patch) as live:
            yield live, places


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--only", nargs="*", default=(), help="names of pages")
    said = parser.parse_args()
    wanted = [shot for shot in shots_in(said.pages) if not said.only or shot.page in said.only]
    said.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        sync_playwright() as playwright,
        busy_server(Path(folder), patch) as (live, places),
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        camera = Camera(browser, live, places, said.out)
        for shot in wanted:
            camera.take(shot)
        overview(said.out, browser)
        browser.close()
    (said.out / "findings.txt").write_text("\n".join(camera.findings) + "\n", "utf-8")
    sys.stdout.write("\n".join(camera.findings) + f"\n{said.out / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
