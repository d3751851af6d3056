"""New diagrams and tables: the smallest that pass the linter, and copies under another name."""

from lxml import etree

from app.engine.canonical import canonical
from app.engine.sources import DMN, bpmn, local_name, read_source

_ACTIVITIES = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions {names} id="Definitions_{id}" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:collaboration id="Collaboration_{id}">
    <bpmn:participant id="Pool_{id}" name="" processRef="{key}" />
  </bpmn:collaboration>
  <bpmn:process id="{key}" name="" isExecutable="true">
    <bpmn:extensionElements>
      <spiffworkflow:properties>
        <spiffworkflow:property name="variable.case_no" value="string" />
      </spiffworkflow:properties>
    </bpmn:extensionElements>
    <bpmn:laneSet id="Lanes_{id}">
      <bpmn:lane id="Lane_{id}" name="">
        <bpmn:flowNodeRef>Begin_{id}</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>T_{id}</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Done_{id}</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="Begin_{id}" name="开始">
      <bpmn:outgoing>Flow_{id}_1</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="T_{id}" name="办理">
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="formKey" value="" />
          <spiffworkflow:property name="candidateRole" value="" />
        </spiffworkflow:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_{id}_1</bpmn:incoming>
      <bpmn:outgoing>Flow_{id}_2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="Done_{id}" name="办结">
      <bpmn:incoming>Flow_{id}_2</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="Flow_{id}_1" sourceRef="Begin_{id}" targetRef="T_{id}" />
    <bpmn:sequenceFlow id="Flow_{id}_2" sourceRef="T_{id}" targetRef="Done_{id}" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1">
    <bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="Collaboration_{id}">
      <bpmndi:BPMNShape id="Pool_{id}_di" bpmnElement="Pool_{id}" isHorizontal="true">
        <dc:Bounds x="160" y="80" width="600" height="200" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Lane_{id}_di" bpmnElement="Lane_{id}" isHorizontal="true">
        <dc:Bounds x="190" y="80" width="570" height="200" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Begin_{id}_di" bpmnElement="Begin_{id}">
        <dc:Bounds x="252" y="162" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="259" y="205" width="22" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="T_{id}_di" bpmnElement="T_{id}">
        <dc:Bounds x="395" y="140" width="110" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Done_{id}_di" bpmnElement="Done_{id}">
        <dc:Bounds x="612" y="162" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="619" y="205" width="22" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="Flow_{id}_1_di" bpmnElement="Flow_{id}_1">
        <di:waypoint x="288" y="180" />
        <di:waypoint x="395" y="180" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="Flow_{id}_2_di" bpmnElement="Flow_{id}_2">
        <di:waypoint x="505" y="180" />
        <di:waypoint x="612" y="180" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
_TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" \
id="Definitions_{id}" name="" namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="{key}" name="">
    <decisionTable id="Table_{id}" hitPolicy="FIRST">
      <input id="{id}_in_1" label="条件">
        <inputExpression id="{id}_in_1_expression" typeRef="string">
          <text>case.title</text>
        </inputExpression>
      </input>
      <output id="{id}_out_1" label="结论" name="{id}_result" typeRef="string" />
      <annotation name="依据条款" />
      <annotation name="说明" />
      <rule id="{id}_row_1">
        <inputEntry id="{id}_row_1_in1">
          <text />
        </inputEntry>
        <outputEntry id="{id}_row_1_out1">
          <text>null</text>
        </outputEntry>
        <annotationEntry>
          <text />
        </annotationEntry>
        <annotationEntry>
          <text />
        </annotationEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram>
      <dmndi:DMNShape id="Shape_{id}" dmnElementRef="{key}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def new_diagram(key: str, title: str, *, form: str, role: str, role_label: str) -> bytes:
    """One lane with one human step, done by the role with the form."""
    id_ = key.replace("-", "_")
    root = read_source(_DIAGRAM.format(names=_ACTIVITIES, id=id_, key=key).encode())
    for name in ("participant", "process"):
        next(root.iter(bpmn(name))).set("name", title)
    next(root.iter(bpmn("lane"))).set("name", role_label)
    for prop in root.iter("{*}property"):
        if prop.get("name") in ("formKey", "candidateRole"):
            prop.set("value", form if prop.get("name") == "formKey" else role)
    return canonical(etree.tostring(root))


def new_table(key: str, title: str, *, clause: str) -> bytes:
    """One condition, one conclusion, one row that cites the clause."""
    root = read_source(_TABLE.format(id=key.replace("-", "_"), key=key).encode())
    root.set("name", title)
    next(root.iter(f"{{{DMN}}}decision")).set("name", title)
    next(root.iter(f"{{{DMN}}}annotationEntry"))[0].text = clause
    return canonical(etree.tostring(root))


def renamed(content: bytes, key: str, *, title: str = "") -> bytes:
    """The same diagram or table with another id, and another title where one is given.

    Only what names the whole is changed: the process and what refers to it, or the decision. Raises SourceError.
    """
    root = read_source(content)
    kind = "process" if root.tag == bpmn("definitions") else "decision"
    whole = [element for element in root if isinstance(element.tag, str) and local_name(element) == kind]
    if len(whole) != 1:
        return canonical(content)  # which one is meant? the findings say what is wrong with several
    old = whole[0].get("id", "")
    whole[0].set("id", key)
    for element in root.iter():
        for name in ("processRef", "bpmnElement", "dmnElementRef"):
            if isinstance(element.tag, str) and old and element.get(name) == old:
                element.set(name, key)
        if title and isinstance(element.tag, str) and local_name(element) == "participant":
            element.set("name", title)
    if title:
        whole[0].set("name", title)
    return canonical(etree.tostring(root))


def id_in(content: bytes) -> str:
    """Id of the one process or decision of a file; "" where it has none or several. Raises SourceError."""
    root = read_source(content)
    kind = "process" if root.tag == bpmn("definitions") else "decision"
    found = [element for element in root if isinstance(element.tag, str) and local_name(element) == kind]
    return found[0].get("id", "") if len(found) == 1 else ""


def processes_in(content: bytes) -> tuple[str, ...]:
    """What the processes of a diagram are called: by their names, their pools, or their ids. Raises SourceError."""
    root = read_source(content)
    pools = {
        pool.get("processRef"): pool.get("name")
        for pool in root.iterfind(f"{bpmn('collaboration')}/{bpmn('participant')}")
    }
    found = ((process.get("id", ""), process.get("name")) for process in root.iterfind(bpmn("process")))
    return tuple(name or pools.get(id_) or id_ for id_, name in found)


def names_in(content: bytes) -> dict[str, str]:
    """Element id -> name, of everything in a diagram or table that has both. Raises SourceError.

    A row of a table has no name: it is called by its description, or else by its last annotation.
    """
    root = read_source(content)
    return {
        element.get("id", ""): name
        for element in root.iter()
        if isinstance(element.tag, str)
        and element.get("id")
        and (name := element.get("name") or element.get("label") or _of_row(element))
    }


def _of_row(element: etree._Element) -> str:
    if local_name(element) != "rule":
        return ""
    notes = [text for note in element.iterfind("{*}annotationEntry/{*}text") if (text := (note.text or "").strip())]
    return (element.findtext("{*}description") or "").strip() or (notes[-1] if notes else "")


def title_in(content: bytes) -> str:
    """What a diagram or table is called: as its pool, its process or its decision; "" where it says nothing."""
    root = read_source(content)
    for kind in ("participant", "process", "decision"):
        for element in root.iter(f"{{*}}{kind}"):
            if name := element.get("name", "").strip():
                return str(name)
    return ""
