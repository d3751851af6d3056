"""Diagrams of other tools: each comes into a draft, and what cannot run is named element by element, in sentences."""

import pytest
from lxml import etree

from app.domain.errors import ConflictError, InvalidDefinitionError
from app.engine import foreign
from app.engine.canonical import canonical
from app.services.studio import drafts, review
from config import ROOT
from tests.pace import is_quick, watched
from tests.services import foreign_diagrams
from tests.services.conftest import Office
from tests.services.vendor_diagrams import DIAGRAMS

SECONDS = 2.0
"""Of processor time, for one file."""


def test_diagrams_of_other_tools_come_in_and_every_element_that_cannot_run_is_named(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415  (see tests.conftest)

    owner = office.actor("owner1")
    draft = drafts.open_draft("导入", actor=owner, now=office.now)

    uploads = {name: content for name, (content, _) in DIAGRAMS.items()}
    names = from_files.import_files(draft, uploads, actor=owner, now=office.now)

    told = review.findings_of(draft, actor=owner)
    for name, (_, wanted) in DIAGRAMS.items():
        wrong = {one.element_id for one in told if one.file == name and one.severity == "error"}
        assert wanted <= wrong, name
    assert all(any("一" <= sign <= "鿿" for sign in one.sentence % one.values) for one in told)
    assert set(names) == set(DIAGRAMS)
    assert set(names) <= set(drafts.candidate_files(draft, actor=owner))


def test_every_kind_of_foreign_diagram_is_opened_or_refused_element_by_element_in_two_seconds(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415  (see tests.conftest)

    owner = office.actor("owner1")
    slow, untold = [], {}
    for name, (content, wanted) in foreign_diagrams.DIAGRAMS.items():
        draft = drafts.open_draft(name, actor=owner, now=office.now)
        with watched() as watch:
            try:
                from_files.import_files(draft, {name: content}, actor=owner, now=office.now)
                told = [one for one in review.findings_of(draft, actor=owner) if one.file == name]
            except InvalidDefinitionError as refusal:
                told = list(refusal.findings)
        if watch.seconds > SECONDS:
            slow.append(name)
        assert all(any("一" <= sign <= "鿿" for sign in one.sentence % one.values) for one in told), name
        wrong = {one.element_id or "" for one in told}
        if not wanted <= wrong:
            untold[name] = (wanted - wrong, [str(one) for one in told])

    assert slow == []
    assert untold == {}
    assert len(foreign_diagrams.DIAGRAMS) >= 20


def test_what_came_without_a_drawing_is_drawn_and_ids_that_no_editor_reads_are_given_anew(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415  (see tests.conftest)

    owner = office.actor("owner1")
    draft = drafts.open_draft("导入", actor=owner, now=office.now)
    body = (
        '<b:startEvent id="开始"/><b:subProcess id="内"><b:task id="内一"/></b:subProcess><b:endEvent id="e"/>'
        '<b:boundaryEvent id="到期" attachedToRef="内"><b:timerEventDefinition id="t"/></b:boundaryEvent>'
    )
    flows = (
        '<b:sequenceFlow id="f" sourceRef="开始" targetRef="内"/><b:sequenceFlow id="g" sourceRef="内" targetRef="e"/>'
    )

    uploads = {"drawn.bpmn": foreign_diagrams.process_alone(body + flows)}
    from_files.import_files(draft, uploads, actor=owner, now=office.now)

    root = etree.fromstring(drafts.candidate_files(draft, actor=owner)["drawn.bpmn"])
    drawn = {one.get("bpmnElement") for one in root.iter("{*}BPMNShape", "{*}BPMNEdge", "{*}BPMNPlane")}
    ids = {one.get("id", "") for one in root.iter() if one.get("id")}
    ends = {one.get("sourceRef") for one in root.iter("{*}sequenceFlow")}
    host = next(root.iter("{*}boundaryEvent")).get("attachedToRef")
    assert all(id_.isascii() for id_ in ids)
    assert ends | {host} <= ids
    assert {one.get("id") for one in root.find("{*}process").iter() if one.get("id") not in (None, "t")} == drawn


@pytest.mark.parametrize("bounds", ['x="NaN" y="0" width="9" height="9"', 'x="0" y="0" width="-5" height="9"', ""])
def test_a_drawing_that_no_editor_can_show_is_drawn_anew(bounds: str) -> None:
    shape = f'<bpmndi:BPMNShape id="h" bpmnElement="a"><dc:Bounds {bounds}/></bpmndi:BPMNShape>'
    plane = f'<bpmndi:BPMNPlane id="l" bpmnElement="Process_1">{shape}</bpmndi:BPMNPlane>'
    content = foreign_diagrams.process_alone('<b:task id="a"/><b:boundaryEvent id="lost" attachedToRef="nowhere"/>')
    given = content.replace(
        b"</bpmn:definitions>", f"<bpmndi:BPMNDiagram>{plane}</bpmndi:BPMNDiagram></bpmn:definitions>".encode()
    )

    made = foreign.openable(given)

    assert made.count(b"<bpmndi:BPMNDiagram") == made.count(b"<bpmndi:BPMNShape") == 1
    assert b'width="100"' in made


def test_only_what_could_be_published_is_drawn() -> None:
    def content(steps: int) -> bytes:
        parts = (
            f'<b:task id="t{n}"/><b:sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n // 2}"/>'
            for n in range(steps)
        )
        return foreign_diagrams.process_alone("".join(parts))

    assert foreign.openable(content(500)).count(b"<bpmndi:BPMNShape") == 500
    assert b"BPMNShape" not in foreign.openable(content(3500))
    assert is_quick(lambda: foreign.openable(content(500)), within=SECONDS)
    assert is_quick(lambda: foreign.openable(content(3500)), within=SECONDS)


def test_what_another_tool_calls_bpmn2_or_xml_comes_in_as_a_diagram(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415  (see tests.conftest)

    owner = office.actor("owner1")
    draft = drafts.open_draft("导入", actor=owner, now=office.now)
    content = foreign_diagrams.DIAGRAMS["partners.bpmn"][0]

    uploads = {"Hiring.bpmn2": content, "leave.bpmn20.xml": content}
    names = from_files.import_files(draft, uploads, actor=owner, now=office.now)

    assert names == ("hiring.bpmn", "leave-bpmn20.bpmn")


def test_our_own_diagrams_come_back_as_they_were() -> None:
    for path in sorted((ROOT / "processes").glob("*.bpmn")):
        content = path.read_bytes()
        assert foreign.openable(content) == canonical(content), path.name


def test_what_other_tools_wrote_beside_the_procedure_is_taken_off_at_once_and_every_step_stays(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415  (see tests.conftest)
    from app.services.studio import trimming  # noqa: PLC0415

    owner = office.actor("owner1")
    draft = drafts.open_draft("导入", actor=owner, now=office.now)
    uploads = {"strange.bpmn": foreign_diagrams.STRANGE}
    from_files.import_files(draft, uploads, actor=owner, now=office.now)

    counted = trimming.strange_in(draft, actor=owner)
    taken = trimming.take_off(draft, "strange.bpmn", base=1, actor=owner, now=office.now)

    told = {one.rule for one in review.findings_of(draft, actor=owner) if one.file == "strange.bpmn"}
    content = drafts.candidate_files(draft, actor=owner)["strange.bpmn"]
    root = etree.fromstring(content)
    assert taken == {"http://vendor.example": 2, "dataInputAssociation": 1} | dict.fromkeys(
        ("colour", "ioSpecification", "itemDefinition", "potentialOwner", "signal", "import"), 1
    )
    assert counted == {"strange.bpmn": sum(taken.values())}
    assert not told & {"namespace", "element", "attribute", "refused_import", "refused_signal"}
    assert {"refused_dataObject", "refused_task"} <= told
    assert {one.get("id") for one in root.iter("{*}task", "{*}userTask", "{*}dataObjectReference")} == {"t", "u", "r"}
    assert b"spiffworkflow:property " in content
    assert b"biocolor" in content
    assert not root.xpath("//*[@bpmnElement='a'] | //@itemRef")
    with pytest.raises(ConflictError, match="没有其他工具的附加内容"):
        trimming.take_off(draft, "strange.bpmn", base=2, actor=owner, now=office.now)


def test_a_form_of_another_tool_is_read_in_its_encoding_and_under_a_name_of_its_own(office: Office) -> None:
    from app.services.studio import files as from_files  # noqa: PLC0415  (see tests.conftest)

    owner = office.actor("owner1")
    draft = drafts.open_draft("导入", actor=owner, now=office.now)
    form = '{"type":"default","schemaVersion":8,"id":"Form_1","components":[]}'

    uploads = {
        "My Form (1).form": b"\xef\xbb\xbf" + form.encode(),
        "page.json": form.encode("utf-16"),
        "report/amount.form": form.encode(),
    }
    names = from_files.import_files(draft, uploads, actor=owner, now=office.now)

    assert names == ("my-form-1.form", "page.form", "report/amount.form")
