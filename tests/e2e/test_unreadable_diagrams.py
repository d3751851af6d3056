"""What an editor cannot hold whole is not lost silently: it stays closed, or the page says what a save leaves out."""

import json

import pytest
from playwright.sync_api import Error, expect

from tests.e2e.conftest import BEFORE
from tests.e2e.pages import DIST
from tests.e2e.studio_desk import SHOW_AND_READ, Studio
from tests.e2e.test_studio_editors import studio  # noqa: F401  (two owners at their browsers)
from tests.services.foreign_diagrams import process_alone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "modeler.js").exists(), reason="the editors' bundles are not built"),
]
DRAWN = (
    '<bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="l" bpmnElement="odd"><bpmndi:BPMNShape id="h" bpmnElement="s">'
    '<dc:Bounds x="0" y="0" width="36" height="36"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
)


@pytest.mark.parametrize(
    ("drawing", "step", "told"),
    [("", "a", "文件里没有画出任何元素"), (DRAWN, "环节", "编辑器读不出 1 处内容")],
    ids=["nothing drawn", "an id that it does not read"],
)
def test_what_the_editor_cannot_hold_is_said_beside_its_findings(
    studio: Studio,  # noqa: F811
    drawing: str,
    step: str,
    told: str,
) -> None:
    from app.services.studio import drafts  # noqa: PLC0415  (see tests.conftest)
    from app.storage.accounts import actor_of  # noqa: PLC0415

    content = process_alone(f'<b:startEvent id="s"/><b:task id="{step}"/>').decode().replace("Process_1", "odd")
    content = content.replace("</bpmn:definitions>", f"{drawing}</bpmn:definitions>")
    with studio.app.app_context():
        owner = actor_of("jinzhai.owner")
        assert owner is not None
        draft = drafts.open_draft("读不出", actor=owner, now=BEFORE)
        drafts.save_file(
            draft, "odd.bpmn", content.encode(), base=0, automatic=False, touched=frozenset(), actor=owner, now=BEFORE
        )

    page = studio.first.new_page()
    page.goto(f"{studio.live.address}/studio/drafts/{draft}/edit/odd.bpmn")

    expect(page.get_by_text(told)).to_be_visible(timeout=20_000)
    expect(page.locator("#desk-finds[data-shown]")).to_contain_text(step)
    page.evaluate("() => document.querySelector('#desk').wenzeDrawing.desk.save({ automatic: false })")
    kept = studio.first.request.get(f"{studio.live.address}/studio/drafts/{draft}/files/odd.bpmn").json()
    assert kept["revision"] == 1
    assert f'<bpmn:task id="{step}"' in kept["content"]
    page.close()


ANOTHER = (
    '<bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="l" bpmnElement="Pools">'
    '<bpmndi:BPMNShape id="p" bpmnElement="Pool" isHorizontal="true">'
    '<dc:Bounds x="0" y="0" width="300" height="100"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNShape id="h" bpmnElement="s"><dc:Bounds x="90" y="30" width="36" height="36"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNShape id="k" bpmnElement="a"><dc:Bounds x="0" y="200" width="100" height="80"/></bpmndi:BPMNShape>'
    "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
)
POOLS = '<bpmn:collaboration id="Pools"><bpmn:participant id="Pool" processRef="odd"/></bpmn:collaboration>'
ALONE = '<bpmn:process id="even"><bpmn:task id="a" name="池外的环节"/></bpmn:process>'
BOXED = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
    '<decision id="t" name="定级"><conditional><if/></conditional></decision></definitions>'
)


def test_an_editor_says_what_a_save_leaves_out_of_a_diagram_of_another_tool(
    studio: Studio,  # noqa: F811
) -> None:
    page = studio.page("filing.bpmn")
    page.evaluate("() => { document.querySelector('#desk').wenzeDrawing.desk.editable = false; }")
    drawn = process_alone('<b:startEvent id="s"/>').decode().replace("Process_1", "odd")
    drawn = drawn.replace("</bpmn:definitions>", f"{POOLS}{ALONE}{ANOTHER}</bpmn:definitions>")

    page.evaluate(SHOW_AND_READ, ["wenzeDrawing", drawn])

    expect(page.locator("[data-note=unshown]")).to_contain_text("池外的环节")
    page.evaluate(SHOW_AND_READ, ["wenzeDrawing", studio.file("filing.bpmn")])
    expect(page.locator("[data-note=unshown]")).to_have_count(0)


def test_a_table_editor_does_not_open_what_it_would_lose(studio: Studio) -> None:  # noqa: F811
    page = studio.page("jinzhai-scope.dmn")
    page.evaluate("() => { document.querySelector('#desk').wenzeTable.desk.editable = false; }")

    with pytest.raises(Error, match="编辑器读不出 1 处内容"):
        page.evaluate(SHOW_AND_READ, ["wenzeTable", BOXED])


def test_a_form_with_fields_of_other_tools_opens_and_says_which_to_replace(studio: Studio) -> None:  # noqa: F811
    inner = {"type": "textfield", "id": "Inner", "key": "inner", "label": "内"}
    parts = [
        {"type": "taglist", "id": "Tags", "key": "tags", "label": "标签"},
        {"type": "dynamiclist", "id": "Rows", "path": "rows", "label": "逐行", "components": [inner]},
        {"type": "textarea", "id": "Told", "key": "told", "label": "说明"},
    ]
    form = {"type": "default", "id": "x", "schemaVersion": 19, "components": parts}
    page = studio.page("filing/analysis_report.form")
    page.evaluate("() => { document.querySelector('#desk').wenzeSheet.desk.editable = false; }")

    written = page.evaluate(SHOW_AND_READ, ["wenzeSheet", json.dumps(form)])

    assert json.loads(written)["components"] == parts
    expect(page.locator("#desk-canvas")).to_contain_text("这里没有“taglist”这种字段")
    expect(page.locator("#desk-palette")).not_to_contain_text("taglist")
