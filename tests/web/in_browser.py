"""A served small world and a person's browser at it, for the tests of pages in the real browser."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.e2e.live_server import LiveServer, serving
from tests.web.counties import PASSWORD
from tests.web.world import World

SCREEN: ViewportSize = {"width": 1366, "height": 768}


@pytest.fixture
def live(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    with serving(app, now=datetime.now(UTC), monkeypatch=monkeypatch) as served:
        yield served


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=SCREEN, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield made
    made.close()


def sign_in(page: Page, live: LiveServer, username: str) -> None:
    page.goto(f"{live.address}/sign-in")
    fill_sign_in(page, username)
    page.wait_for_url("**/inbox/**")


def fill_sign_in(page: Page, username: str) -> None:
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
