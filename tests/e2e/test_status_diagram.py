"""流程状态 in the real browser: badges and heat that hide nothing, polls without flicker, called diagrams."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.pages import DIST, ROOT, Site, serving, status_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "status.js").exists(), reason="the status bundle is not built"),
]


def row(badge: str, *, open_: int = 0, late: int = 0, href: str = "") -> dict[str, Any]:
    lines = [{"label": "待办理", "number": open_, "href": href}] if open_ else []
    return {"badge": badge, "open": open_, "late": late, "held": 0, "lines": lines, "days": []}


def figures(late: int = 1) -> dict[str, Any]:
    main = {"C_filing": row(f"4 · 超期{late}", open_=4, late=late), "C_intake": row("1", open_=1)}
    inner = {"T_check": row("4", open_=4, href="/steps?step=T_check")}
    return {"running": 5, "late": late, "diagrams": {"jinzhai-case": main, "filing": inner}}


def drawings(*keys: str) -> dict[str, Any]:
    found = {key: {"xml": (ROOT / "processes" / f"{key}.bpmn").read_text("utf-8")} for key in keys}
    return {"main": keys[0], "diagrams": found}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.pages["/status"] = status_page(took={"filing": {"T_check": {"median": 2.0, "said": "中位2.0天"}}})
        site.pages["/drawings.json"] = json.dumps(drawings("jinzhai-case", "filing"), ensure_ascii=False)
        site.pages["/figures.json"] = json.dumps(figures(), ensure_ascii=False)
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    shown = browser.new_page(viewport={"width": 1366, "height": 768})
    said: list[str] = []
    shown.on("console", lambda message: said.append(message.text))
    shown.on("pageerror", lambda problem: said.append(str(problem)))
    shown.goto(f"{site.address}/status")
    shown.wait_for_selector("#status-diagram[data-ready]")
    yield shown
    shown.close()
    assert said == [], "the console stays empty"


def test_badges_stand_only_where_there_is_something_to_say_and_heat_lies_below_every_shape(page: Page) -> None:
    expect(page.locator(".wz-count")).to_have_text(["4 · 超期1", "1"])
    below = page.evaluate(
        """() => {
          const spot = document.querySelector('.wz-heat-spot');
          const shape = document.querySelector('[data-element-id=C_filing]');
          return Boolean(spot.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_FOLLOWING);
        }"""
    )
    assert below
    assert page.locator(".wz-heat-spot").count() == 2


def test_a_poll_changes_what_changed_and_leaves_the_drawing_where_it_is(page: Page, site: Site) -> None:
    page.evaluate("() => document.querySelector('#status-diagram').wenzeDiagram.get('canvas').zoom(1.3)")
    page.evaluate("() => { window.kept = document.querySelector('[data-element-id=C_filing]'); }")
    site.pages["/figures.json"] = json.dumps(figures(late=3), ensure_ascii=False)

    page.evaluate("() => document.querySelector('#status-diagram').dispatchEvent(new Event('wenze:look'))")

    expect(page.locator(".wz-count").filter(has_text="超期3")).to_have_count(1)
    assert page.evaluate("() => window.kept.isConnected")
    assert page.evaluate("() => document.querySelector('#status-diagram').wenzeDiagram.get('canvas').zoom()") == 1.3
    expect(page.locator("#status-sums")).to_have_text("5/3")


def test_a_called_diagram_opens_with_a_way_back_and_its_numbers_link_to_lists(page: Page) -> None:
    page.get_by_role("button", name="打开“报送备案”").click()
    expect(page.locator(".wz-path [aria-current]")).to_have_text("分析报告与报送备案")

    page.locator("[data-element-id=T_check] .djs-hit").first.click()

    panel = page.locator(".wz-figures")
    expect(panel.get_by_role("link", name="4")).to_have_attribute("href", "/steps?step=T_check")
    expect(panel).to_contain_text("中位2.0天")
    page.get_by_role("button", name="败诉案件过错责任追究").click()
    expect(page.locator(".wz-count")).to_have_count(2)


def test_heat_is_chosen_and_can_be_switched_off(page: Page) -> None:
    page.locator("[data-heat]").select_option("late")
    expect(page.locator(".wz-heat-spot")).to_have_count(1)
    page.locator("[data-heat]").select_option("")
    expect(page.locator(".wz-heat-spot")).to_have_count(0)


def test_a_diagram_of_150_steps_is_moved_without_stopping(browser: Browser, site: Site) -> None:
    """Of blocking time a move of the picture takes less than two frames, with every step saying something."""
    names = [f"T_{number}" for number in range(150)]
    site.pages["/drawings.json"] = json.dumps({"main": "long", "diagrams": {"long": {"xml": _long(names)}}})
    told = {name: row("3 · 超期1", open_=3, late=1) for name in names}
    site.pages["/figures.json"] = json.dumps({"running": 450, "late": 150, "diagrams": {"long": told}})
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{site.address}/status")
    page.wait_for_selector("#status-diagram[data-ready]")

    blocked = page.evaluate(
        """() => {
          const canvas = document.querySelector('#status-diagram').wenzeDiagram.get('canvas');
          const times = [];
          for (let n = 0; n < 20; n += 1) {
            const began = performance.now();
            canvas.scroll({ dx: n % 2 ? 40 : -40, dy: 0 });
            times.push(performance.now() - began);
          }
          return times.sort((one, other) => one - other)[10];
        }"""
    )

    assert page.locator(".wz-count").count() == 150
    page.close()
    assert blocked < 100, "milliseconds, on a machine that does other things too"


def _long(names: list[str]) -> str:
    """A drawing of many tasks in rows."""
    tasks = "".join(f'<bpmn:userTask id="{name}" name="第{name}步" />' for name in names)
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}">'
        f'<dc:Bounds x="{160 * (n % 15)}" y="{140 * (n // 15)}" width="100" height="80" /></bpmndi:BPMNShape>'
        for n, name in enumerate(names)
    )
    return (
        '<?xml version="1.0"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
        f' targetNamespace="x"><bpmn:process id="long" name="长流程" isExecutable="true">{tasks}</bpmn:process>'
        f'<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="p" bpmnElement="long">{shapes}</bpmndi:BPMNPlane>'
        "</bpmndi:BPMNDiagram></bpmn:definitions>"
    )
