"""`docs/how-to-add-a-regulation.md` followed to the letter in the browser: a third county, from pack to first case."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.documents import packs as zips
from app.scenarios import scenario_runs
from app.services import organisation, packs, settings
from config import ROOT
from tests.e2e.conftest import PASSWORD
from tests.e2e.live_server import serving
from tests.e2e.pages import DIST
from tests.e2e.sight import violations

NOW = datetime(2026, 3, 3, 1, tzinfo=UTC)
PATIENCE_MS = 30_000
HEADINGS = re.findall(r"^## Step (\d+): (.+)$", (ROOT / "docs" / "how-to-add-a-regulation.md").read_text("utf-8"), re.M)
Step = Callable[["Walk"], None]
STEPS: dict[str, Step] = {}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "compare.js").exists(), reason="the bundles are not built"),
]


class Walk:
    """One computer at which one person after the other sits down."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self._browser, self._address, self.folder = browser, address, folder
        self.faults: list[str] = []
        self.draft = ""
        self.page = self._new_page()

    def _new_page(self) -> Page:
        page = self._browser.new_page(viewport={"width": 1366, "height": 768}, base_url=self._address)
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def sits_down(self, username: str) -> Page:
        self.page.close()
        self.page = self._new_page()
        self.page.goto("/sign-in")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)
        return self.page

    def opens(self, menu: str, line: str = "") -> None:
        """From the main navigation; `line` names the line of a menu that unfolds."""
        navigation = self.page.get_by_role("navigation", name="主导航")
        if line:
            navigation.get_by_text(menu, exact=True).click()
            navigation.get_by_role("link", name=re.compile(f"^{line}")).click()
        else:
            navigation.get_by_role("link", name=menu, exact=True).click()

    def tab(self, name: str) -> None:
        self.page.get_by_role("navigation", name="改动稿").get_by_role("link", name=name, exact=True).click()
        tabs = self.page.get_by_role("navigation", name="改动稿")
        expect(tabs.locator("[aria-current=page]")).to_have_text(name)

    def looks_well(self) -> None:
        assert violations(self.page) == []


def step(heading: str) -> Callable[[Step], Step]:
    def register(function: Step) -> Step:
        STEPS[heading] = function
        return function

    return register


@step("Make a pack")
def make(walk: Walk) -> None:
    (walk.folder / "shifan.zip").write_bytes(packs.made_of(ROOT / "packs" / "shifan"))


@step("Look through the pack")
def look_through(walk: Walk) -> None:
    page = walk.sits_down("system.admin")
    walk.opens("制度", "制度包")
    page.set_input_files("[name=file]", walk.folder / "shifan.zip")
    page.get_by_role("button", name="查看与现行内容的差别").click()
    expect(page.get_by_text("本系统没有这个县")).to_be_visible()
    expect(page.get_by_text("没有发现问题")).to_be_visible()
    walk.looks_well()


@step("Set up the county")
def set_up(walk: Walk) -> None:
    page = walk.page
    page.set_input_files("[name=file]", walk.folder / "shifan.zip")
    page.get_by_role("button", name="建立新的县").click()
    expect(page.get_by_text("新增账号14个")).to_be_visible()


@step("Open the draft")
def open_draft(walk: Walk) -> None:
    page = walk.sits_down("shifan.owner")
    walk.opens("流程设计")
    page.get_by_role("link", name=re.compile("示范县行政败诉案件责任追究办法")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("示范县行政败诉案件责任追究办法")
    walk.draft = page.url.rsplit("/", 1)[-1]


@step("Change what is yours")
def change(walk: Walk) -> None:
    """A diagram is opened in its editor; a clause gets another reading by taking in a changed register."""
    page = walk.page
    page.get_by_role("row", name=re.compile("shifan-case.bpmn")).get_by_role("link").first.click()
    expect(page.locator(".djs-container svg").first).to_be_visible(timeout=PATIENCE_MS)
    page.goto(f"/studio/drafts/{walk.draft}")
    page, name = walk.page, "shifan-2025-1.law.yml"
    content = (ROOT / "packs" / "shifan" / "processes" / name).read_text("utf-8")
    (walk.folder / name).write_text(
        content.replace("情节简单的可以由办公室提出意见", "简单的可由办公室提出意见"), "utf-8"
    )
    page.get_by_text("导入文件", exact=True).first.click()
    page.set_input_files("[name=files]", walk.folder / name)
    page.get_by_role("button", name="导入文件").click()
    expect(page.get_by_role("row", name=re.compile(name))).to_be_visible()


@step("Mend the findings")
def findings(walk: Walk) -> None:
    walk.tab("检查")
    expect(walk.page.get_by_text(re.compile("没有发现|没有错误"))).to_be_visible()


@step("Compare")
def compare(walk: Walk) -> None:
    page = walk.page
    walk.tab("对比")
    page.get_by_role("navigation", name="有差别的文件").get_by_role("link", name=re.compile("shifan-case.bpmn")).click()
    expect(page.locator(".compare-view[data-shown]")).to_be_visible()
    walk.looks_well()


@step("Play the scenarios")
def play(walk: Walk) -> None:
    page = walk.page
    walk.tab("情景")
    page.get_by_role("button", name=re.compile("运行全部")).click()
    count = len(list((ROOT / "packs" / "shifan" / "scenarios").glob("*/*.yml")))
    told = f"共 {count} 个，已运行 {count} 个，通过 {count} 个，未通过 0 个。"
    expect(page.get_by_text(told)).to_be_visible(timeout=5 * PATIENCE_MS)  # it plays every scenario of the pack
    expect(page.get_by_text("已完成", exact=True).first).to_be_visible(timeout=PATIENCE_MS)


@step("Hand it in")
def hand_in(walk: Walk) -> None:
    page = walk.page
    walk.tab("审批")
    page.get_by_label("改了什么、为什么改").fill("按本县办法建立全部流程。")
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_text("等待没有参与编写的另一位流程管理者审批")).to_be_visible()


@step("Have a second person approve")
def approve(walk: Walk) -> None:
    page = walk.sits_down("shifan.owner2")
    page.goto(f"/studio/drafts/{walk.draft}")
    walk.tab("审批")
    expect(page.get_by_label(re.compile("仍要发布的理由"))).to_have_count(0)
    page.get_by_role("button", name="审批发布").click()
    expect(page.get_by_text("已发布。新开的案件按新版本办理")).to_be_visible(timeout=PATIENCE_MS)
    walk.opens("制度", "流程版本")
    expect(page.get_by_role("link", name="行政败诉案件责任追究", exact=True)).to_be_visible()
    walk.looks_well()


@step("Open the first case")
def first_case(walk: Walk) -> None:
    page = walk.sits_down("shifan.organ.reporter.cgj")
    walk.opens("案件")
    page.get_by_role("button", name="新建案件").click()
    page.wait_for_selector("form[data-ready]")
    expect(page.get_by_text("示败诉〔2026〕001号").first).to_be_visible()
    expect(page.get_by_text("第二条").first).to_be_visible()


@step("Take it along")
def take_along(walk: Walk) -> None:
    page = walk.sits_down("shifan.owner")
    walk.opens("制度", "制度包")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("导出制度包")).click()
    taken = zips.read(Path(download.value.path()).read_bytes())
    assert taken.regulation_id == "shifan-2025-1"
    assert set(taken.files) == set(zips.files_in(ROOT / "packs" / "shifan"))


@contextmanager
def worker(app: Flask) -> Iterator[None]:
    """What the worker does for the scenarios of drafts, beside the screens."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.5):
            with app.app_context():
                scenario_runs.tend(datetime.now(UTC))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_the_steps_of_the_document_are_those_that_are_followed() -> None:
    assert [heading for _, heading in HEADINGS] == list(STEPS)
    assert [int(number) for number, _ in HEADINGS] == list(range(1, len(STEPS) + 1))


def test_a_third_county_is_added_as_the_document_says(
    county: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config: dict[str, Any] = county.config
    config["WENZE_DEMO"], config["WENZE_DEMO_PASSWORD"] = True, PASSWORD
    settings.configure(data_folder=settings.data_folder(), root=ROOT, demo=True)
    with county.app_context():
        organisation.import_file(ROOT / "demo" / "administrators.yml", password=PASSWORD, demo=True, now=NOW)

    with serving(county, now=NOW, monkeypatch=monkeypatch) as live, worker(county):
        walk = Walk(browser, live.address, tmp_path)
        for _, heading in HEADINGS:
            STEPS[heading](walk)
        walk.page.close()

    assert walk.faults == []
