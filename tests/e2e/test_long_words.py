"""Titles, organs, names and file names of the longest: every staff page holds them at every size."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.scenarios.hands import ServiceHands
from app.services import accounts
from tests.e2e.busy_county import Busy, copied, stage_in
from tests.e2e.conftest import PASSWORD
from tests.e2e.contact_sheet import PAGES, account_of, shots_in
from tests.e2e.contact_world import LONG_NAME, LONG_ORGAN, LONG_TITLE, Places, furnish, lengthen
from tests.e2e.live_server import LiveServer, serving
from tests.e2e.sight import LARGE, PHONE, ZOOMED, photograph, resize, sticking_out, wide

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = (LARGE, (1920, 1080), ZOOMED, PHONE)
OWNERS = ("editor-", "draft", "play", "studio", "versions", "packs", "diagram")
"""Pages of process owners, and the drawing, which is moved and not scrolled."""
CUT = """() => [...document.querySelectorAll('main *, aside *, header *')].filter((one) => {
  if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
  const own = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()).join('');
  if (!own || one.clientWidth < 2 || one.closest('svg, select, .visually-hidden, .viewer')) return false;
  const style = getComputedStyle(one), hides = (value) => ['hidden', 'clip'].includes(value);
  const wide = hides(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
  const tall = hides(style.overflowY) && one.scrollHeight > one.clientHeight + 3;
  if (!wide && !tall) return false;
  const told = one.closest('[title]')?.title ?? '';
  return !told.includes(own) && !one.closest('a[href], summary'); // a link or a summary opens the whole
}).map((one) => `${one.tagName}.${one.getAttribute('class') ?? ''}: ${one.textContent.trim().slice(0, 40)}`)"""


@pytest.fixture
def live(busy: Busy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[LiveServer, Places]]:
    for limit in ("IDLE", "ABSOLUTE"):
        monkeypatch.setattr(accounts, limit, timedelta(days=1000))
    with copied(busy, tmp_path / "long") as app:
        with app.app_context():
            stage = stage_in(busy, ServiceHands())
            furnish(stage)
            lengthen(stage)
            places = Places.of(stage)
        with serving(app, now=stage.world.now, monkeypatch=monkeypatch) as live:
            yield live, places


def test_nothing_sticks_out_and_nothing_is_cut_without_a_way_to_the_whole(
    live: tuple[LiveServer, Places], browser: Browser
) -> None:
    server, places = live
    desks: dict[str, BrowserContext] = {}
    wrong: list[str] = []
    seen: set[tuple[str, str]] = set()
    for shot in shots_in(PAGES):
        if (shot.who, shot.path) in seen or not shot.who or shot.page.startswith(OWNERS):
            continue
        seen.add((shot.who, shot.path))
        if shot.who not in desks:
            desks[shot.who] = desk_of(browser, server, account_of(shot.who))
        page = desks[shot.who].pages[0]
        resize(page, LARGE)
        page.goto(server.address + places.filled(shot.path), wait_until="load")
        if page.locator("#task-form").count():
            page.wait_for_selector("form[data-ready]")
        wrong += [f"{shot.page} {shot.path} {found}" for found in judged(page, shot.page)]

    assert len(seen) > 70
    assert "\n".join(wrong) == ""


def judged(page: Page, name: str) -> list[str]:
    found = []
    for size in SIZES:
        resize(page, size)
        if over := wide(page):
            found.append(f"at {size[0]}: {over} px too wide: {sticking_out(page)}")
        found += [f"at {size[0]}: cut {one}" for one in page.evaluate(CUT)[:4]]
        photograph(page, f"long-{name}-{size[0]}")
    return found


def desk_of(browser: Browser, server: LiveServer, account: str) -> BrowserContext:
    """Where the person is signed in."""
    made = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    made.set_default_timeout(60_000)
    page = made.new_page()
    page.goto(f"{server.address}/sign-in")
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return made


def test_the_longest_are_as_long_as_they_should_be() -> None:
    assert (len(LONG_TITLE[:140]), len(LONG_ORGAN[:40]), len(LONG_NAME)) == (140, 40, 12)
