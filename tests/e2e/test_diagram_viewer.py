"""The read-only diagram in the real browser: state in rings and words, called diagrams, the mark of its makers."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.pages import DIST, ROOT, serving, viewer_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "viewer.js").exists(), reason="the viewer bundle is not built"),
]


def drawing(key: str, **marks: Any) -> dict[str, Any]:
    xml = (ROOT / "processes" / f"{key}.bpmn").read_text(encoding="utf-8")
    return {"xml": xml, "done": [], "current": [], "late": [], "held": [], **marks}


CLAUSE = {"article": "第十八条第一句", "reading": "十日内报送备案。", "href": "/regulations/x#X-18"}
DRAWINGS = {
    "main": "jinzhai-case",
    "diagrams": {
        "jinzhai-case": drawing(
            "jinzhai-case", done=["C_intake", "no_such_step"], current=["C_filing"], clauses={"C_filing": [CLAUSE]}
        ),
        "filing": drawing("filing", done=["C_report"], current=["T_urge"], late=["T_urge"], held=["T_check"]),
    },
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with serving() as site:
        site.pages["/case"], site.pages["/diagram.json"] = viewer_page(DRAWINGS)
        shown = browser.new_page(viewport={"width": 1010, "height": 420})
        said: list[str] = []
        shown.on("console", lambda message: said.append(message.text))
        shown.on("pageerror", lambda problem: said.append(str(problem)))
        shown.goto(f"{site.address}/case")
        shown.wait_for_selector("#diagram[data-ready]")
        yield shown
        shown.close()
        assert said == [], "the console stays empty: no script error, nothing against the content security policy"


def test_steps_show_their_state_in_rings_and_words(page: Page) -> None:
    expect(page.locator("[data-element-id=C_intake].tok-done")).to_have_count(1)
    expect(page.locator("[data-element-id=C_filing].tok-now")).to_have_count(1)
    expect(page.get_by_text("当前环节", exact=True)).to_be_visible()


def test_on_paper_it_stands_whole_and_the_screen_goes_on_where_it_was(page: Page) -> None:
    seen = "() => document.querySelector('#diagram').wenzeDiagram.get('canvas').viewbox()"
    before = page.evaluate(seen)

    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    frame = page.locator("#diagram").bounding_box()
    paper = page.evaluate(seen)
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    after = page.evaluate(seen)

    assert frame is not None
    assert frame["width"] <= 660
    drawn = paper["inner"]
    for start, size in (("x", "width"), ("y", "height")):
        assert paper[start] <= drawn[start]
        assert paper[start] + paper[size] >= drawn[start] + drawn[size]
    for name in ("x", "y", "scale"):
        assert after[name] == pytest.approx(before[name], abs=1)


def test_it_starts_readable_with_the_current_step_in_view(page: Page) -> None:
    scale = page.evaluate("() => document.querySelector('#diagram').wenzeDiagram.get('canvas').zoom()")
    step = page.locator("[data-element-id=C_filing] .djs-hit").bounding_box()
    frame = page.locator("#diagram").bounding_box()

    assert scale >= 0.8
    assert step is not None
    assert frame is not None
    assert frame["x"] < step["x"]
    assert step["x"] + step["width"] < frame["x"] + frame["width"]
    assert frame["y"] < step["y"]
    assert step["y"] + step["height"] < frame["y"] + frame["height"]


def test_of_a_closed_case_the_whole_is_shown_from_start_to_end(browser: Browser) -> None:
    closed = {
        "main": "jinzhai-case",
        "diagrams": {"jinzhai-case": drawing("jinzhai-case", done=["C_intake", "C_filing"])},
    }
    with serving() as site:
        site.pages["/case"], site.pages["/diagram.json"] = viewer_page(closed)
        page = browser.new_page(viewport={"width": 1010, "height": 420})
        page.goto(f"{site.address}/case")
        page.wait_for_selector("#diagram[data-ready]")
        frame = page.locator("#diagram .wz-canvas").bounding_box()
        shapes = [shape.bounding_box() for shape in page.locator("#diagram .djs-shape").all()]
        page.close()

    assert frame is not None
    assert all(frame["x"] <= s["x"] and s["x"] + s["width"] <= frame["x"] + frame["width"] for s in shapes if s)


def test_a_called_diagram_opens_on_double_click_and_the_path_leads_back(page: Page) -> None:
    page.dblclick("[data-element-id=C_filing] .djs-hit")
    page.wait_for_selector("[data-shown=filing]")
    expect(page.locator("[data-element-id=T_urge].tok-late")).to_have_count(1)
    expect(page.get_by_text("超期", exact=True)).to_be_visible()
    expect(page.locator("[data-element-id=T_check].tok-held")).to_have_count(1)

    back = page.get_by_role("navigation", name="流程图位置").get_by_role("button", name="败诉案件过错责任追究")
    back.focus()
    page.keyboard.press("Enter")

    page.wait_for_selector("[data-shown=jinzhai-case]")


def test_a_called_diagram_opens_by_keyboard(page: Page) -> None:
    page.get_by_role("button", name="打开“").first.focus()
    page.keyboard.press("Enter")

    page.wait_for_selector("[data-shown=filing]")


def test_the_bpmn_io_mark_is_visible_and_uncovered(page: Page) -> None:
    mark = page.locator(".bjs-powered-by")

    expect(mark).to_be_visible()
    covered = page.evaluate(
        "() => { const mark = document.querySelector('.bjs-powered-by').getBoundingClientRect();"
        " return !document.elementFromPoint(mark.x + mark.width / 2, mark.y + mark.height / 2)"
        ".closest('.bjs-powered-by'); }"
    )
    assert covered is False


def test_labels_are_drawn_in_the_products_chinese_font(page: Page) -> None:
    font = page.locator("[data-element-id=C_filing] text").first.evaluate("node => getComputedStyle(node).fontFamily")

    assert "Noto Sans CJK SC" in font


def test_a_chosen_step_names_its_clauses_with_a_way_to_each(page: Page) -> None:
    page.locator("[data-element-id=C_filing] .djs-hit").first.click()

    law = page.locator(".wz-law")
    expect(law).to_contain_text("十日内报送备案。")
    expect(law.get_by_role("link", name="第十八条第一句")).to_have_attribute("href", "/regulations/x#X-18")
    expect(page.locator("[data-element-id=C_filing].wz-chosen")).to_have_count(1)

    page.get_by_role("button", name="关闭").click()

    expect(law).to_have_count(0)
    expect(page.locator(".wz-chosen")).to_have_count(0)


def test_a_step_without_clauses_says_so(page: Page) -> None:
    page.locator("[data-element-id=C_intake] .djs-hit").first.click()

    expect(page.locator(".wz-law")).to_contain_text("本环节没有登记条款")
