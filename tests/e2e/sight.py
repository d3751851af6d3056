"""What can be seen of a page in the browser: whether everybody can use it, whether it fits, what it weighs."""

import os
import re
from pathlib import Path

from playwright.sync_api import Page, Response

from config import ROOT
from tests.conftest import needs

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LARGE, ZOOMED, PHONE = (1366, 768), (683, 384), (390, 844)
"""The small screen of an office; the same at 200 %; a phone."""


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    if not AXE.exists():
        needs("axe (npm)")
    page.wait_for_load_state()
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", STANDARD)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]


def photograph(page: Page, name: str) -> None:
    """With WENZE_SHOTS=folder, for people to look at."""
    if folder := os.environ.get("WENZE_SHOTS"):
        page.screenshot(path=Path(folder) / f"{re.sub('[^a-z0-9-]', '_', name)[:60]}.png")


def wide(page: Page) -> int:
    """Pixels that the page as a whole would have to be scrolled sideways."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def sticking_out(page: Page) -> list[str]:
    """The innermost elements that reach beyond the right edge."""
    script = """() => [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map((one) => `${one.tagName}.${one.getAttribute('class') ?? ''}`).slice(-6)"""
    found: list[str] = page.evaluate(script)
    return found


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def too_wide(page: Page) -> list[str]:
    """What would have to be scrolled sideways at 200 % and on a phone. The page is large again afterwards."""
    found = []
    for size in (ZOOMED, PHONE):
        resize(page, size)
        if over := wide(page):
            found.append(f"{page.url} {over} px too wide at {size[0]}: {sticking_out(page)}")
        photograph(page, f"{page.url.rsplit('/', 2)[-2]}-{page.url.rsplit('/', 1)[-1]}-{size[0]}")
    resize(page, LARGE)
    return found


def shift(page: Page) -> float:
    """How much of the page has moved by itself since it began to show (Cumulative Layout Shift)."""
    script = """() => new Promise((told) => {
      let sum = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => told(sum), 300);
    })"""
    return float(page.evaluate(script))


def weight(page: Page, address: str) -> int:
    """Bytes that come over the wire, compressed as they are, until the page is quiet."""
    answers: list[Response] = []

    def heard(answer: Response) -> None:
        answers.append(answer)

    page.on("response", heard)
    page.goto(address, wait_until="networkidle")
    page.remove_listener("response", heard)
    return sum(_size(answer) for answer in answers)


def _size(answer: Response) -> int:
    return 0 if answer.from_service_worker else int(answer.request.sizes()["responseBodySize"])
