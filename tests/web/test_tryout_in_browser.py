"""试运行 and 情景 in the real browser: an owner plays every role of a draft and keeps the play as a scenario."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.scenarios import plays, scenario_runs
from app.services.studio import drafts
from tests.e2e import conftest as of_county
from tests.e2e.live_server import LiveServer, serving
from tests.e2e.pages import DIST
from tests.e2e.sight import photograph, violations, wide
from tests.keepers import end_keepers

county, county_template = of_county.county, of_county.county_template
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
PATIENT = 120_000
"""Milliseconds: a play starts in one or two seconds, on a machine with nothing else to do."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "form.js").exists(), reason="the form bundle is not built"),
]


@pytest.fixture
def live(county: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    with serving(county, now=NOW, monkeypatch=monkeypatch) as served:
        yield served
    end_keepers()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(PATIENT)
    yield context.new_page()
    context.close()


def draft_in(county: Flask) -> str:
    from app.storage.accounts import actor_of  # noqa: PLC0415  (see tests.conftest)

    with county.app_context():
        owner = actor_of("jinzhai.owner")
        assert owner is not None
        return drafts.open_draft("加快登记", actor=owner, now=NOW)


def sign_in(page: Page, live: LiveServer) -> None:
    page.goto(f"{live.address}/sign-in")
    page.get_by_label("账号").fill("jinzhai.owner")
    page.get_by_label("密码").fill(of_county.PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/inbox/**")


def ensure_sound(page: Page) -> None:
    assert violations(page) == []
    assert wide(page) == 0


def test_an_owner_plays_a_draft_keeps_it_as_a_scenario_and_lets_it_run(
    county: Flask, live: LiveServer, page: Page
) -> None:
    draft = draft_in(county)
    sign_in(page, live)

    # given a play that begins with a published case
    page.goto(f"{live.address}/studio/drafts/{draft}/try")
    expect(page.get_by_text("没有进行中的试运行")).to_be_visible()
    ensure_sound(page)
    page.get_by_role("button", name="开始", exact=True).click()
    page.wait_for_url("**/studio/tryouts/*")
    page.get_by_label("示例文书").select_option("C13")
    page.get_by_role("button", name="开立").first.click()
    page.wait_for_selector("form[data-ready]")
    page.wait_for_selector(".viewer[data-ready] .tok-now")

    # when the form is sent empty, as the wrong person, and then as it should be
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("处需要修改")
    page.get_by_label("以谁的身份办理").select_option("jinzhai.finance.officer")
    expect(page.locator(".note-late")).to_be_visible()
    page.get_by_label("以谁的身份办理").select_option(index=0)
    page.wait_for_selector("form[data-ready]")
    page.get_by_role("button", name="填入示例答案").click()
    page.wait_for_selector("form[data-ready]")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("确认适用范围")

    # then the way is drawn, the table explained, and the clock can be moved and the step taken back
    page.wait_for_selector(".viewer[data-ready] .tok-way", state="attached")
    page.get_by_role("tab", name="决策表").click()
    expect(page.locator("tr.hit .fits").first).to_be_visible()
    page.get_by_role("tab", name="等待").click()
    expect(page.get_by_role("button", name="送达").first).to_be_visible()
    ensure_sound(page)
    page.locator("summary", has_text="2026-03-02").click()
    page.get_by_role("button", name="后七日").click()
    expect(page.locator("summary", has_text="2026-03-09")).to_be_visible()
    page.get_by_role("button", name="退回一步").click()
    expect(page.locator("summary", has_text="2026-03-02")).to_be_visible()

    # and it is kept as a scenario of the draft, which runs
    page.locator("summary", has_text="保存为情景").click()
    page.get_by_label("演示什么").fill("登记后确认适用范围")
    page.get_by_label("文件名").fill("registered_soon")
    page.get_by_role("button", name="复演一遍并保存").click()
    page.wait_for_url("**/scenarios")
    page.get_by_role("button", name="运行涉及改动的 1 个").click()
    _work(county)
    expect(page.locator(".tag-ok").first).to_have_text("已完成", timeout=PATIENT)
    expect(page.get_by_role("status").last).to_contain_text("通过 1 个，未通过 0 个")
    page.set_viewport_size({"width": 1920, "height": 1080})
    assert wide(page) == 0

    # and the page of whoever approves tells it
    page.goto(f"{live.address}/studio/drafts/{draft}/approval")
    expect(page.get_by_role("status").first).to_contain_text("通过 1 个，未通过 0 个")
    page.locator("summary", has_text="没有运行的情景").click()
    ensure_sound(page)
    photograph(page, "studio-approval")

    # and nothing is left once it ends
    page.goto(f"{live.address}/studio/drafts/{draft}/try")
    page.get_by_role("button", name="结束").click()
    expect(page.get_by_text("没有进行中的试运行")).to_be_visible()
    assert not list((plays.root() / "plays").iterdir())


def _work(county: Flask) -> None:
    """What the worker does every second."""
    until = time.monotonic() + PATIENT / 1000
    with county.app_context():
        scenario_runs.tend(NOW)
        while scenario_runs._running and time.monotonic() < until:
            time.sleep(0.3)
            scenario_runs.tend(NOW)
