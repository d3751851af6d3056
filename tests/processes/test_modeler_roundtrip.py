"""Opening and saving a shipped diagram in the real modeler loses nothing, and it still runs the same."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Browser

from app.engine.canonical import canonical
from app.engine.lost_extensions import losses
from app.engine.parse import parse
from app.engine.profile import findings
from authoring import geometry
from tests.processes.offices import FOLDER, Walk, files

BUNDLE = Path(__file__).parents[2] / "app" / "static" / "dist" / "modeler.js"
PAGE = '<!doctype html><meta charset="utf-8"><div id="canvas" style="width: 1600px; height: 800px"></div>'
OPEN_AND_SAVE = """async (xml) => {
  const { modeler, warnings } = await wenzeModeler.open(document.getElementById('canvas'), xml);
  const saved = await wenzeModeler.save(modeler);
  modeler.destroy();
  return { saved, warnings };
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not BUNDLE.exists(), reason="the modeler bundle is not built"),
]


@pytest.fixture(scope="module")
def saved(browser: Browser) -> Iterator[dict[str, bytes]]:
    """Every shipped diagram as the modeler writes it, and the tables as they are."""
    page = browser.new_page()
    page.set_content(PAGE)
    page.add_script_tag(path=BUNDLE)
    result = files()
    for name, content in files().items():
        if name.endswith(".bpmn"):
            answer = page.evaluate(OPEN_AND_SAVE, content.decode())
            assert answer["warnings"] == [], name
            result[name] = answer["saved"].encode()
    yield result
    page.close()


def elements(content: bytes) -> Counter[tuple[str, tuple[tuple[str, str], ...], str]]:
    """Every element with its attributes and text; the order does not matter, nor does the type of an expression.

    The modeler calls a message path by its type; the engine reads either.
    """
    return Counter(
        (
            etree.QName(node).localname.replace("formalExpression", "messagePath"),
            tuple(sorted((key, value) for key, value in node.attrib.items() if not key.endswith("}type"))),
            (node.text or "").strip(),
        )
        for node in etree.fromstring(content).iter()
        if isinstance(node.tag, str)
    )


def test_every_element_attribute_and_text_is_still_there(saved: dict[str, bytes]) -> None:
    for name, content in files().items():
        assert elements(saved[name]) == elements(content), name


def test_the_modeler_changes_no_more_than_a_few_lines(saved: dict[str, bytes]) -> None:
    for name, content in files().items():
        before, after = Counter(content.decode().splitlines()), Counter(saved[name].decode().splitlines())
        assert (before - after).total() <= 5, (name, list((before - after).elements())[:5])


def test_what_the_modeler_saves_is_stored_as_it_was(saved: dict[str, bytes]) -> None:
    for name, content in files().items():
        if name.endswith(".bpmn"):
            assert canonical(saved[name]) == content, name
            assert losses(content, saved[name]) == (), name


def test_the_picture_is_as_clean_as_before(saved: dict[str, bytes]) -> None:
    for path in FOLDER.glob("*.bpmn"):
        assert geometry.findings(geometry.read(saved[path.name])) == []


def test_the_saved_diagrams_have_no_findings(saved: dict[str, bytes]) -> None:
    assert [str(finding) for finding in findings(saved)] == []


def test_a_case_on_saved_diagrams_takes_the_same_route(saved: dict[str, bytes]) -> None:
    routes = []
    for definition in (parse(files(), "jinzhai-case"), parse(saved, "jinzhai-case")):
        walk = Walk("jinzhai-case", definition=definition, case_no="0001", lead_organ="demo.zjj").go_on()
        walk.deliver("AgendaDecided", case_no="0001", resolution="PURSUE", opinion_ref="M1-1")
        routes.append((walk.go_on().done, walk.passed, walk.last.completed))

    assert routes[0] == routes[1]
    assert routes[0][2]


def test_a_meeting_on_saved_diagrams_takes_the_same_route(saved: dict[str, bytes]) -> None:
    item = {"item_no": 1, "kind": "CASE", "case_no": "0001", "title": "议题", "recused": []}
    operations = {"meeting/lock_agenda": lambda _: [item]}
    routes = []
    for definition in (parse(files(), "joint-meeting"), parse(saved, "joint-meeting")):
        walk = Walk("joint-meeting", definition=definition, operations=operations, meeting_no="M1").go_on()
        routes.append((walk.done, walk.passed, walk.messages, walk.last.completed))

    assert routes[0] == routes[1]
    assert routes[0][3]
