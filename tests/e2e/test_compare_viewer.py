"""Two versions of a diagram in the real browser: what changed is marked in both, and they move together."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.engine.comparing import compare
from tests.e2e.pages import DIST, ROOT, compare_page, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "compare.js").exists(), reason="the bundle is not built"),
]
OLD = (ROOT / "processes" / "filing.bpmn").read_text("utf-8")
NEW = (
    OLD.replace("End_urged", "End_told")
    .replace('name="催报并记录逾期"', 'name="<img src=x onerror=alert(1)>"'.replace("<", "&lt;"))
    .replace('value="P3D"', 'value="P5D"', 1)
)


def answer() -> dict[str, Any]:
    marks = compare({"filing.bpmn": OLD.encode()}, {"filing.bpmn": NEW.encode()}).marks["filing.bpmn"]
    return {"old": OLD, "new": NEW, "marks": {key: mark.value for key, mark in marks.items()}}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with serving() as site:
        site.pages["/compare"], site.pages["/compare.json"] = compare_page(answer(), ["T_urge", "End_urged", "none"])
        shown = browser.new_page(viewport={"width": 1366, "height": 768})
        said: list[str] = []
        shown.on("console", lambda message: said.append(message.text))
        shown.on("pageerror", lambda problem: said.append(str(problem)))
        shown.goto(f"{site.address}/compare")
        shown.wait_for_selector(".compare-view[data-shown]")
        yield shown
        shown.close()
        assert said == [], "no script error, nothing against the content security policy"


def marked(page: Page, half: str, mark: str) -> set[str]:
    found: list[str] = page.evaluate(
        "([half, mark]) => [...document.querySelectorAll(`[data-half=${half}] .cmp-${mark}`)]"
        ".map((one) => one.dataset.elementId)",
        [half, mark],
    )
    return set(found)


def test_steps_and_arrows_that_came_went_and_changed_are_marked_with_words(page: Page) -> None:
    assert "End_urged" in marked(page, "old", "removed")
    assert "Flow_T_urge_End_urged" in marked(page, "old", "removed")
    assert marked(page, "old", "added") == set()
    assert "End_told" in marked(page, "new", "added")
    assert "Flow_T_urge_End_told" in marked(page, "new", "added")
    assert {"T_urge"} == marked(page, "new", "changed") & marked(page, "old", "changed")
    expect(page.locator("[data-half=old] .cmp-word-removed").first).to_have_text("删除")


def test_both_drawings_show_the_same_part(page: Page) -> None:
    page.get_by_role("button", name="End_urged").click()

    boxes = page.evaluate("() => wenzeCompare.halves.map((half) => half.viewer.get('canvas').viewbox())")

    assert [boxes[0][key] for key in ("x", "y", "scale")] == pytest.approx(
        [boxes[1][key] for key in ("x", "y", "scale")]
    )
    expect(page.get_by_role("button", name="none")).to_be_disabled()


def test_names_are_drawn_as_text_and_the_mark_of_the_makers_is_visible_in_both(page: Page) -> None:
    assert page.locator("[data-half=new] img[src=x]").count() == 0
    assert page.locator(".bjs-powered-by:visible").count() == 2
