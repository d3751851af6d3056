"""More diagrams as strangers draw them: kinds of BPMN that the profile knows, refuses, or never heard of.

Each is a whole file with the elements about which an owner has to be told; a process is called as its file.
"""

from tests.services.vendor_diagrams import BIZAGI, CAMUNDA, DRAWN, END, MODEL, SIGNAVIO, START, ZEEBE, _diagram, _flow


def _whole(body: str, *, more: str = "") -> bytes:
    """A file whose root is written out: pools, choreographies, signals stand beside the process."""
    inner = body.replace("<b:", "<bpmn:").replace("</b:", "</bpmn:")
    head = f'<bpmn:definitions xmlns:bpmn="{MODEL}" {DRAWN} {more} id="D" targetNamespace="http://stranger.example">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}{inner}</bpmn:definitions>'.encode()


def _process(body: str, *, key: str = "Process_1") -> str:
    return f'<b:process id="{key}" isExecutable="true">{body}</b:process>'


def process_alone(body: str) -> bytes:
    """A file with a process and no drawing; `body` is written with the prefix b: ."""
    return _whole(_process(body))


FLOWABLE = 'xmlns:flowable="http://flowable.org/bpmn" xmlns:activiti="http://activiti.org/bpmn"'
TRISOTECH = (
    'xmlns:tri="http://www.trisotech.com/2015/triso/modeling" xmlns:feel="https://www.omg.org/spec/FEEL/20140401"'
)
MODELER = 'xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform="Camunda Cloud"'
TASK = '<b:userTask id="u" name="审核"/>'

DIAGRAMS: dict[str, tuple[bytes, set[str]]] = {
    "default-template.bpmn": (
        _whole(
            '<b:process id="Process_0x1" isExecutable="false"><b:startEvent id="StartEvent_1"/></b:process>'
            '<bpmndi:BPMNDiagram id="B"><bpmndi:BPMNPlane id="P" bpmnElement="Process_0x1">'
            '<bpmndi:BPMNShape id="S" bpmnElement="StartEvent_1"><dc:Bounds x="1" y="1" width="36" height="36"/>'
            "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
        ),
        {"default-template", "StartEvent_1"},
    ),
    "two-pools.bpmn": (
        _whole(
            '<b:collaboration id="C"><b:participant id="A" processRef="Pa"/><b:participant id="B" processRef="Pb"/>'
            '<b:messageFlow id="M" sourceRef="ua" targetRef="sb"/></b:collaboration>'
            + _process('<b:startEvent id="sa"/><b:task id="ua"/>' + _flow("sa", "ua"), key="Pa")
            + _process('<b:startEvent id="sb"/><b:task id="ub"/>' + _flow("sb", "ub"), key="Pb")
        ),
        {"ua", "ub"},
    ),
    "black-box-pool.bpmn": (
        _whole(
            '<b:collaboration id="C"><b:participant id="Citizen" name="当事人"/>'
            '<b:participant id="Own" processRef="Process_1"/><b:messageFlow id="M" sourceRef="Citizen" targetRef="s"/>'
            "</b:collaboration>" + _process(START + TASK + END + _flow("s", "u", "e"))
        ),
        {"u"},
    ),
    "nested-lanes.bpmn": (
        _diagram(
            '<b:laneSet id="L"><b:lane id="L1"><b:flowNodeRef>u</b:flowNodeRef>'
            f'<b:childLaneSet id="L2"><b:lane id="L3"/></b:childLaneSet></b:lane></b:laneSet>{START}{TASK}{END}'
            + _flow("s", "u", "e")
        ),
        {"L2"},
    ),
    "data-objects.bpmn": (
        _diagram(
            f'{START}<b:userTask id="u" name="x"><b:ioSpecification id="io"><b:dataInput id="di"/><b:inputSet id="is"/>'
            '<b:outputSet id="os"/></b:ioSpecification><b:dataInputAssociation id="dia"><b:sourceRef>ref</b:sourceRef>'
            '<b:targetRef>di</b:targetRef></b:dataInputAssociation></b:userTask><b:dataObject id="do"/>'
            f'<b:dataObjectReference id="ref" dataObjectRef="do"/><b:dataStoreReference id="ds"/>{END}'
            + _flow("s", "u", "e")
        ),
        {"do", "ref", "ds", "io", "dia"},
    ),
    "escalation.bpmn": (
        _whole(
            '<b:escalation id="Esc" escalationCode="LATE"/>'
            + _process(
                f'{START}<b:intermediateThrowEvent id="t"><b:escalationEventDefinition id="d" escalationRef="Esc"/>'
                f"</b:intermediateThrowEvent>{END}" + _flow("s", "t", "e")
            )
        ),
        {"t"},
    ),
    "error-boundary-on-a-task.bpmn": (
        _whole(
            '<b:error id="Err" errorCode="404"/>'
            + _process(
                f'{START}{TASK}<b:boundaryEvent id="b" attachedToRef="u">'
                f'<b:errorEventDefinition id="d" errorRef="Err"/></b:boundaryEvent><b:endEvent id="e2"/>{END}'
                + _flow("s", "u", "e")
                + _flow("b", "e2")
            )
        ),
        {"u"},
    ),
    "complex-gateway.bpmn": (
        _diagram(
            f'{START}<b:complexGateway id="g"><b:activationCondition id="ac">x &gt; 2</b:activationCondition>'
            f"</b:complexGateway>{END}" + _flow("s", "g", "e")
        ),
        {"g", "ac"},
    ),
    "transaction.bpmn": (
        _diagram(
            f'{START}<b:transaction id="tx"><b:startEvent id="s2"/><b:endEvent id="e2">'
            f'<b:cancelEventDefinition id="c1"/></b:endEvent>{_flow("s2", "e2")}</b:transaction>'
            f'<b:boundaryEvent id="b" attachedToRef="tx">'
            f'<b:cancelEventDefinition id="c2"/></b:boundaryEvent>{END}' + _flow("s", "tx", "e")
        ),
        {"tx", "c1", "c2"},
    ),
    "choreography.bpmn": (
        _whole(
            '<b:choreography id="Ch"><b:participant id="A"/><b:participant id="B"/><b:startEvent id="s"/>'
            '<b:choreographyTask id="ct" initiatingParticipantRef="A"><b:participantRef>A</b:participantRef>'
            "<b:participantRef>B</b:participantRef></b:choreographyTask></b:choreography>"
        ),
        {""},
    ),
    "conversation.bpmn": (
        _whole(
            '<b:collaboration id="C"><b:participant id="A"/><b:conversation id="cv">'
            "<b:participantRef>A</b:participantRef></b:conversation>"
            '<b:conversationLink id="cl" sourceRef="A" targetRef="cv"/></b:collaboration>'
        ),
        {""},
    ),
    "event-sub-process.bpmn": (
        _diagram(
            f'{START}{TASK}<b:subProcess id="es" triggeredByEvent="true"><b:startEvent id="s2" isInterrupting="false">'
            '<b:timerEventDefinition id="td"><b:timeDuration>PT5M</b:timeDuration></b:timerEventDefinition>'
            f'</b:startEvent><b:endEvent id="e2"/>{_flow("s2", "e2")}</b:subProcess>{END}' + _flow("s", "u", "e")
        ),
        {"es"},
    ),
    "compensation.bpmn": (
        _diagram(
            f'{START}{TASK}<b:boundaryEvent id="b" attachedToRef="u"><b:compensateEventDefinition id="cd"/>'
            '</b:boundaryEvent><b:serviceTask id="undo" name="撤销" isForCompensation="true"/>'
            f'<b:association id="a" sourceRef="b" targetRef="undo" associationDirection="One"/>{END}'
            + _flow("s", "u", "e")
        ),
        {"cd", "undo"},
    ),
    "loops.bpmn": (
        _diagram(
            f'{START}<b:userTask id="u" name="x"><b:standardLoopCharacteristics id="sl" loopMaximum="3"/></b:userTask>'
            '<b:userTask id="v" name="y"><b:multiInstanceLoopCharacteristics id="mi"><b:loopCardinality id="lc">5'
            f"</b:loopCardinality></b:multiInstanceLoopCharacteristics></b:userTask>{END}" + _flow("s", "u", "v", "e")
        ),
        {"sl", "lc", "v"},
    ),
    "signals-and-links.bpmn": (
        _whole(
            '<b:signal id="Sig" name="停止"/>'
            + _process(
                f'{START}<b:intermediateThrowEvent id="l1"><b:linkEventDefinition id="ld" name="A"/>'
                '</b:intermediateThrowEvent><b:intermediateCatchEvent id="l2"><b:linkEventDefinition id="le" name="A"/>'
                '</b:intermediateCatchEvent><b:intermediateCatchEvent id="sc"><b:signalEventDefinition id="sd" '
                f'signalRef="Sig"/></b:intermediateCatchEvent>{END}' + _flow("s", "l1") + _flow("l2", "sc", "e")
            )
        ),
        {"Sig", "ld", "le", "sd"},
    ),
    "conditional-event.bpmn": (
        _diagram(
            '<b:startEvent id="s"><b:conditionalEventDefinition id="ce"><b:condition xsi:type="b:tFormalExpression">'
            f"${{x}}</b:condition></b:conditionalEventDefinition></b:startEvent>{TASK}{END}" + _flow("s", "u", "e")
        ),
        {"ce", "u"},
    ),
    "global-task.bpmn": (
        _whole(
            '<b:globalUserTask id="G" name="通用签字"/><b:globalBusinessRuleTask id="H"/>'
            + _process(f'{START}<b:callActivity id="c" name="x" calledElement="G"/>{END}' + _flow("s", "c", "e"))
        ),
        {"G", "H", "c"},
    ),
    "interfaces-and-items.bpmn": (
        _whole(
            '<b:itemDefinition id="I" structureRef="xsd:string"/><b:interface id="If" name="n"><b:operation id="Op" '
            'name="o"><b:inMessageRef>Msg</b:inMessageRef></b:operation></b:interface><b:message id="Msg" itemRef="I"/>'
            + _process(f'{START}<b:serviceTask id="x" name="n" operationRef="Op"/>{END}' + _flow("s", "x", "e"))
        ),
        {"I", "If", "Op", "x"},
    ),
    "resources.bpmn": (
        _whole(
            '<b:resource id="R" name="经办"/>'
            + _process(
                f'{START}<b:userTask id="u" name="x"><b:potentialOwner id="po"><b:resourceRef>R</b:resourceRef>'
                "<b:resourceAssignmentExpression id='ra'><b:formalExpression>group(a)</b:formalExpression>"
                f"</b:resourceAssignmentExpression></b:potentialOwner></b:userTask>{END}" + _flow("s", "u", "e")
            )
        ),
        {"R", "po", "ra"},
    ),
    "unified-expressions.bpmn": (
        _diagram(
            f'{START}<b:exclusiveGateway id="g" default="f_g_e"/><b:scriptTask id="j" name="n" scriptFormat="groovy">'
            "<b:script>execution.setVariable('a', 1)</b:script></b:scriptTask>"
            f'<b:sequenceFlow id="c" sourceRef="g" targetRef="j"><b:conditionExpression xsi:type="b:tFormalExpression" '
            f'language="juel">${{a == 1}}</b:conditionExpression></b:sequenceFlow>{END}'
            + _flow("s", "g", "e")
            + _flow("j", "e"),
            more=CAMUNDA,
        ),
        {"c", "j"},
    ),
    "flowable.bpmn": (
        _diagram(
            f'{START}<b:userTask id="u" name="x" flowable:candidateGroups="a"><b:extensionElements>'
            '<flowable:taskListener event="create" class="com.example.L"/></b:extensionElements></b:userTask>'
            f'<b:serviceTask id="x" name="m" flowable:type="mail" activiti:async="true"/>{END}'
            + _flow("s", "u", "x", "e"),
            more=FLOWABLE,
        ),
        {"u", "x"},
    ),
    "cloud-modeler.bpmn": (
        _diagram(
            f'{START}<b:userTask id="u" name="x"><b:extensionElements><zeebe:formDefinition formId="f"/>'
            '<zeebe:assignmentDefinition candidateGroups="=roles"/></b:extensionElements></b:userTask>'
            '<b:callActivity id="c" name="y"><b:extensionElements><zeebe:calledElement processId="other"/>'
            f"</b:extensionElements></b:callActivity>{END}" + _flow("s", "u", "c", "e"),
            more=f"{ZEEBE} {MODELER}",
        ),
        {"u", "c", "D"},
    ),
    "trisotech.bpmn": (
        _diagram(
            f'{START}<b:businessRuleTask id="r" name="n" implementation="##unspecified"><b:extensionElements>'
            f'<tri:reuse href="x"/></b:extensionElements></b:businessRuleTask>{END}' + _flow("s", "r", "e"),
            more=TRISOTECH,
        ),
        {"r"},
    ),
    "academic-signavio.bpmn": (
        _diagram(
            f'<b:extensionElements><signavio:signavioDiagramMetaData metaKey="revisionid" metaValue="1"/>'
            f'</b:extensionElements>{START}<b:task id="sid-A" name=""/>'
            f'<b:group id="sid-G" categoryValueRef="none"/>{END}' + _flow("s", "sid-A", "e"),
            prefix="",
            more=SIGNAVIO,
        ),
        {"sid-A", "academic-signavio"},
    ),
    "monitored.bpmn": (
        _diagram(
            '<b:auditing id="au"/><b:monitoring id="mo"/><b:extensionElements><bizagi:BizagiProcess/>'
            f"</b:extensionElements>{START}{TASK}{END}" + _flow("s", "u", "e"),
            more=BIZAGI,
        ),
        {"au", "mo", "u"},
    ),
    "two-starts-and-no-end.bpmn": (
        _diagram(f'{START}<b:startEvent id="s2"/>{TASK}' + _flow("s", "u") + _flow("s2", "u")),
        {"two-starts-and-no-end"},
    ),
    "parallel-multiple.bpmn": (
        _diagram(
            f'{START}<b:intermediateCatchEvent id="m" parallelMultiple="true"><b:timerEventDefinition id="t1"/>'
            '<b:messageEventDefinition id="m1"/></b:intermediateCatchEvent>'
            f'<b:eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>{END}'
            + _flow("s", "m", "g", "e")
        ),
        {"m", "g"},
    ),
    "must-understand.bpmn": (
        _whole(
            '<b:import importType="http://www.w3.org/2001/XMLSchema" location="http://evil.example/x.xsd" '
            'namespace="http://evil.example"/><b:extension mustUnderstand="true" definition="x:y"/>'
            '<b:relationship id="re" type="t"><b:source>a</b:source><b:target>b</b:target></b:relationship>'
            + _process(START + TASK + END + _flow("s", "u", "e"))
        ),
        {"D", "re", "u"},
    ),
    "wide-characters.bpmn": (
        _diagram(START + TASK + END + _flow("s", "u", "e")).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        {"u"},
    ),
    "one-byte.bpmn": (
        _diagram(START + '<b:task id="t" name="Prüfen"/>' + END + _flow("s", "t", "e"))
        .decode()
        .replace("UTF-8", "windows-1252")
        .encode("cp1252"),
        {"t"},
    ),
    "national.bpmn": (
        _diagram(f'{START}<b:userTask id="审批" name="审批"/>{END}' + _flow("s", "审批", "e"))
        .decode()
        .replace("UTF-8", "GB18030")
        .encode("gb18030"),
        {"userTask_1"},
    ),
    "unknown-characters.bpmn": ('<?xml version="1.0" encoding="cp037"?><d/>'.encode("cp037"), {""}),
    "partners.bpmn": (
        _whole(
            '<b:collaboration id="c"><b:participant id="a" name="甲"/><b:participant id="b" name="乙"/>'
            '<b:messageFlow id="m" sourceRef="a" targetRef="b"/></b:collaboration>'
        ),
        {"", "m"},
    ),
}
"""File -> content, and the elements about which an owner has to be told; "" where it is refused as a whole."""

STRANGE = _whole(
    '<b:import importType="http://x" location="x.xsd" namespace="urn:x"/><b:itemDefinition id="i"/>'
    '<b:signal id="left" name="旧"/><b:message id="m" name="答复" itemRef="i"/>'
    '<b:process id="strange" isExecutable="true" v:colour="red"><b:startEvent id="s"/><b:task id="t"/>'
    '<b:userTask id="u"><b:extensionElements><v:deep><v:inner/></v:deep><v:other/><spiffworkflow:properties>'
    '<spiffworkflow:property name="formKey" value="f"/></spiffworkflow:properties></b:extensionElements>'
    '<b:ioSpecification><b:dataInput id="di"/><b:inputSet/></b:ioSpecification>'
    '<b:dataInputAssociation id="a"><b:sourceRef>r</b:sourceRef><b:targetRef>di</b:targetRef></b:dataInputAssociation>'
    '<b:potentialOwner id="p"/></b:userTask><b:dataObject id="o"/><b:dataObjectReference id="r" dataObjectRef="o"/>'
    "</b:process>"
    '<bpmndi:BPMNDiagram id="B"><bpmndi:BPMNPlane id="P" bpmnElement="strange">'
    + "".join(
        f'<bpmndi:BPMNShape id="{id_}_di" bpmnElement="{id_}" bioc:fill="#fff">'
        f'<dc:Bounds x="{100 * number}" y="80" width="50" height="50"/></bpmndi:BPMNShape>'
        for number, id_ in enumerate("stur")
    )
    + '<bpmndi:BPMNEdge id="a_di" bpmnElement="a"><di:waypoint x="1" y="1"/><di:waypoint x="9" y="9"/>'
    "</bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>",
    more='xmlns:v="http://vendor.example" xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"',
)
"""What an editor cannot show beside steps, a data object, and an extension and a colour of ours."""
