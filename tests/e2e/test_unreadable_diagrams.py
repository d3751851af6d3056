"""A diagram that the editor cannot hold whole is never half opened: the page says why, and lists what to mend."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import BEFORE
from tests.e2e.pages import DIST
from tests.e2e.studio_desk import Studio
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
