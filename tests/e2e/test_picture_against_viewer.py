"""Every shipped diagram drawn on the server beside the viewer's own drawing: same elements, places, words, and look."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page

from app.documents.pictures import Frame, draw
from tests.e2e.pages import DIST, ROOT, serving, viewer_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "viewer.js").exists(), reason="the viewer bundle is not built"),
]
FILES = sorted((ROOT / "processes").rglob("*.bpmn"))
LOOKED_AT = ("jinzhai-case", "filing", "joint-meeting", "subject-course")
FRAME = Frame("图")
EVERYTHING = ROOT / "tests" / "data" / "every-element.bpmn"

IN_BROWSER = """async ([xml, svg]) => {
  const viewer = document.querySelector('#diagram').wenzeDiagram;
  await viewer.importXML(xml);
  const registry = viewer.get('elementRegistry');
  const said = (node) => [...node.querySelectorAll('tspan')].map((line) => line.textContent).filter(Boolean);
  const theirs = {};
  const drawn = registry.filter((one) => one.parent && one.type !== 'label' && !one.hidden);
  for (const one of drawn) {
    const visual = registry.getGraphics(one).querySelector('.djs-visual');
    const box = (visual.querySelector(':scope > rect, :scope > circle, :scope > polygon, :scope > path')).getBBox();
    const moved = one.waypoints ? { x: 0, y: 0 } : one;
    const label = registry.get(`${one.id}_label`);
    const lines = label ? said(registry.getGraphics(label).querySelector('.djs-visual')) : said(visual);
    theirs[one.id] = { type: one.type, box: [box.x + moved.x, box.y + moved.y, box.width, box.height], lines };
  }
  const holder = document.createElement('div');
  holder.innerHTML = svg.replace(/^<\\?xml[^>]*>/, '');
  document.body.append(holder);
  const ours = {};
  for (const group of holder.querySelectorAll('[data-element]')) {
    const box = group.firstElementChild.getBBox();
    const label = holder.querySelector(`[data-label="${group.dataset.element}"]`);
    const lines = [...(label ?? group).querySelectorAll('text')].map((line) => line.textContent);
    ours[group.dataset.element] = { box: [box.x, box.y, box.width, box.height], lines };
  }
  holder.remove();
  return { theirs, ours };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with serving() as site:
        xml = (ROOT / "processes" / "filing.bpmn").read_text("utf-8")
        site.pages["/case"], site.pages["/diagram.json"] = viewer_page({"main": "x", "diagrams": {"x": {"xml": xml}}})
        shown = browser.new_page(viewport={"width": 1366, "height": 768}, bypass_csp=True)
        shown.goto(f"{site.address}/case")
        shown.wait_for_selector("#diagram[data-ready]")
        yield shown
        shown.close()


def both(page: Page, xml: str) -> tuple[dict[str, Any], dict[str, Any]]:
    told = page.evaluate(IN_BROWSER, [xml, draw(xml, FRAME).decode()])
    return told["theirs"], told["ours"]


def differences(theirs: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    """What is drawn elsewhere, or says something else."""
    found = []
    for key in sorted(theirs.keys() & ours.keys()):
        mine, other = ours[key], theirs[key]
        if max(abs(a - b) for a, b in zip(mine["box"], other["box"], strict=True)) > 1:
            found.append(f"{key}: {mine['box']} instead of {other['box']}")
        if "".join(mine["lines"]).replace(" ", "") != "".join(other["lines"]).replace(" ", ""):
            found.append(f"{key}: {mine['lines']} instead of {other['lines']}")
    return found


def test_every_shipped_diagram_has_the_elements_places_and_words_of_the_viewer(page: Page) -> None:
    wrong, broken, texts = [], 0, 0
    for file in FILES:
        theirs, ours = both(page, file.read_text("utf-8"))

        wrong += [f"{file.stem}: {key} is only in one of them" for key in sorted(theirs.keys() ^ ours.keys())]
        wrong += [f"{file.stem}: {said}" for said in differences(theirs, ours)]
        texts += sum(1 for one in theirs.values() if one["lines"])
        broken += sum(1 for key, one in theirs.items() if key in ours and ours[key]["lines"] != one["lines"])

    assert wrong == []
    assert texts > 1000
    assert broken <= texts * 0.02, "nearly every label is broken into the same lines"


def test_every_element_that_a_diagram_may_be_made_of_is_drawn(page: Page) -> None:
    theirs, ours = both(page, EVERYTHING.read_text("utf-8"))

    assert theirs.keys() ^ ours.keys() == set()
    assert differences(theirs, ours) == []


@pytest.mark.parametrize("name", LOOKED_AT)
def test_from_afar_both_drawings_look_the_same(page: Page, name: str) -> None:
    xml = next(file for file in FILES if file.stem == name).read_text("utf-8")
    theirs = page.evaluate(
        "async (xml) => { const v = document.querySelector('#diagram').wenzeDiagram; await v.importXML(xml);"
        " return (await v.saveSVG()).svg; }",
        xml,
    )
    beside = page.context.browser.new_page(viewport={"width": 1200, "height": 600})  # type: ignore[union-attr]

    pictures = [photographed(beside, svg, box_of(theirs)) for svg in (theirs, draw(xml, FRAME).decode())]
    beside.close()

    assert ImageStat.Stat(ImageChops.difference(*pictures)).mean[0] < 4
    assert max(ImageChops.difference(*pictures).tobytes()) < 110


def box_of(svg: str) -> str:
    return svg.split('viewBox="', 1)[1].split('"', 1)[0]


def photographed(page: Page, svg: str, view: str) -> Image.Image:
    """The same part of a drawing, in squares of twenty pixels."""
    page.set_content(f"<body style='margin:0;background:#fff'>{svg[svg.index('<svg') :]}</body>")
    page.evaluate(
        "(view) => { const s = document.querySelector('svg'); s.setAttribute('viewBox', view);"
        " s.setAttribute('width', 1200); s.setAttribute('height', 600); }",
        view,
    )
    return Image.open(io.BytesIO(page.screenshot())).convert("L").resize((60, 30), Image.Resampling.BOX)
