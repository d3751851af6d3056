"""Write a diagram as BPMN 2.0 with full diagram interchange, in the order bpmn-js writes."""

from collections.abc import Iterator
from pathlib import Path

from authoring import extensions as ext
from authoring.diagram import HEADER, LEFT, TOP, Diagram, Node
from authoring.geometry import Box, Edge, Picture, Shape, findings
from authoring.labels import place_labels
from authoring.routing import route_flows
from authoring.xml import Element, document, element

NAMESPACES = {
    "xmlns:bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:spiffworkflow": "http://spiffworkflow.org/bpmn/schema/1.0/core",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
KEYS = {"case_no": ("Key_case", "案件", "案号"), "subject_id": ("Key_subject", "责任对象", "责任对象编号")}
"""Variable that messages are found by -> id and name of the key, name of the property."""
EXPRESSION = {"xsi:type": "bpmn:tFormalExpression"}


def write(diagram: Diagram, folder: Path) -> list[str]:
    """Write `<process>.bpmn` into the folder and return what is wrong with its picture."""
    picture = draw(diagram)
    (folder / f"{diagram.process}.bpmn").write_text(document(_definitions(diagram, picture)), encoding="utf-8")
    return findings(picture)


def draw(diagram: Diagram) -> Picture:
    diagram.place_nodes()
    route_flows(diagram)
    picture = Picture()
    for lane in diagram.lanes.values():
        box = Box(LEFT + HEADER, lane.y, diagram.width - HEADER, lane.height)
        picture.lanes[f"Lane_{lane.id}"] = Shape(f"Lane_{lane.id}", "lane", lane.name, box)
    for node in diagram.nodes.values():
        picture.nodes[node.id] = Shape(node.id, node.type, node.name, Box(node.x, node.y, *node.size), host=node.host)
        picture.lane_of[node.id] = f"Lane_{node.lane}"
    for flow in diagram.flows:
        picture.edges[flow.id] = Edge(flow.id, flow.name, flow.source, flow.target, tuple(flow.points))
    place_labels(diagram, picture)
    return picture


def _definitions(diagram: Diagram, picture: Picture) -> Element:
    process = diagram.process
    return element(
        "bpmn:definitions",
        _collaboration(diagram),
        *_correlation(diagram),
        *(element("bpmn:message", id=ext.message_id(name), name=name) for name in diagram.messages),
        _process(diagram),
        _drawing(diagram, picture),
        **NAMESPACES,
        id=f"Definitions_{process}",
        targetNamespace="http://bpmn.io/schema/bpmn",
    )


def _collaboration(diagram: Diagram) -> Element:
    participant = element(
        "bpmn:participant", id=f"Pool_{diagram.process}", name=diagram.name, processRef=diagram.process
    )
    key, name, _ = KEYS[diagram.message_key]
    reference = element("bpmn:correlationPropertyRef", text=diagram.message_key)
    keys = [element("bpmn:correlationKey", reference, id=key, name=name)] if diagram.messages else []
    return element("bpmn:collaboration", participant, *keys, id=f"Collaboration_{diagram.process}")


def _correlation(diagram: Diagram) -> Iterator[Element]:
    if diagram.messages:
        expressions = (
            element(
                "bpmn:correlationPropertyRetrievalExpression",
                element("bpmn:messagePath", text=diagram.message_key, **EXPRESSION),
                messageRef=ext.message_id(name),
            )
            for name in diagram.messages
        )
        yield element(
            "bpmn:correlationProperty", *expressions, id=diagram.message_key, name=KEYS[diagram.message_key][2]
        )


def _process(diagram: Diagram) -> Element:
    variables = ext.properties({f"variable.{name}": kind for name, kind in diagram.variables.items()})
    # Without a property as their target the modeler drops a loop's references on save.
    collections = (element("bpmn:property", id=name, name=name) for name in diagram.collections)
    lanes = (_lane(diagram, lane_id) for lane_id in diagram.lanes)
    return element(
        "bpmn:process",
        *ext.extension_elements(*variables),
        *collections,
        element("bpmn:laneSet", *lanes, id=f"Lanes_{diagram.process}"),
        *(_node(diagram, node) for node in diagram.nodes.values()),
        *_flows(diagram),
        id=diagram.process,
        name=diagram.name,
        isExecutable="true",
    )


def _lane(diagram: Diagram, lane_id: str) -> Element:
    members = (element("bpmn:flowNodeRef", text=node.id) for node in diagram.nodes.values() if node.lane == lane_id)
    return element("bpmn:lane", *members, id=f"Lane_{lane_id}", name=diagram.lanes[lane_id].name)


def _node(diagram: Diagram, node: Node) -> Element:
    default = next((flow.id for flow in diagram.flows if flow.source == node.id and flow.default), None)
    return element(
        f"bpmn:{node.type}",
        *ext.extension_elements(*node.extension),
        *(element("bpmn:incoming", text=flow.id) for flow in diagram.flows if flow.target == node.id),
        *(element("bpmn:outgoing", text=flow.id) for flow in diagram.flows if flow.source == node.id),
        *node.inner,
        id=node.id,
        name=node.name or None,
        default=default,
        **node.attributes,
    )


def _flows(diagram: Diagram) -> Iterator[Element]:
    for flow in diagram.flows:
        condition = (element("bpmn:conditionExpression", text=flow.when, **EXPRESSION),) if flow.when else ()
        yield element(
            "bpmn:sequenceFlow",
            *condition,
            id=flow.id,
            name=flow.name or None,
            sourceRef=flow.source,
            targetRef=flow.target,
        )


def _drawing(diagram: Diagram, picture: Picture) -> Element:
    pool = Box(LEFT, TOP, diagram.width, diagram.height)
    plane = element(
        "bpmndi:BPMNPlane",
        _shape(f"Pool_{diagram.process}", pool, isHorizontal="true"),
        *(_shape(lane.id, lane.box, isHorizontal="true") for lane in picture.lanes.values()),
        *(_node_shape(node) for node in sorted(picture.nodes.values(), key=lambda node: bool(node.host))),
        *(_edge(edge) for edge in picture.edges.values()),
        id="BPMNPlane_1",
        bpmnElement=f"Collaboration_{diagram.process}",
    )
    return element("bpmndi:BPMNDiagram", plane, id="BPMNDiagram_1")


def _node_shape(node: Shape) -> Element:
    marker = {"isMarkerVisible": "true"} if node.type == "exclusiveGateway" else {}
    return _shape(node.id, node.box, label=node.label, **marker)


def _shape(id_: str, box: Box, *, label: Box | None = None, **attributes: str) -> Element:
    return element("bpmndi:BPMNShape", _bounds(box), *_label(label), id=f"{id_}_di", bpmnElement=id_, **attributes)


def _edge(edge: Edge) -> Element:
    points = (element("di:waypoint", x=f"{x:g}", y=f"{y:g}") for x, y in edge.points)
    return element("bpmndi:BPMNEdge", *points, *_label(edge.label), id=f"{edge.id}_di", bpmnElement=edge.id)


def _label(box: Box | None) -> tuple[Element, ...]:
    return () if box is None else (element("bpmndi:BPMNLabel", _bounds(box)),)


def _bounds(box: Box) -> Element:
    return element("dc:Bounds", x=f"{box.x:g}", y=f"{box.y:g}", width=f"{box.width:g}", height=f"{box.height:g}")
