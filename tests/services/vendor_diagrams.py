"""Small diagrams of our own, written the way other tools write theirs: names, prefixes, extensions and shapes."""

from itertools import pairwise

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DRAWN = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def _diagram(body: str, *, prefix: str = "bpmn", more: str = "", process: str = "Process_1") -> bytes:
    """`body` is written with the prefix b: ; an empty `prefix` makes BPMN the default namespace."""
    own, at = (f'xmlns:{prefix}="{MODEL}"', f"{prefix}:") if prefix else (f'xmlns="{MODEL}"', "")
    inner = body.replace("<b:", f"<{at}").replace("</b:", f"</{at}")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{at}definitions {own} {DRAWN} {more} id="D" '
        f'targetNamespace="http://vendor.example"><{at}process id="{process}" isExecutable="true">{inner}'
        f"</{at}process></{at}definitions>"
    ).encode()


def _flow(*nodes: str) -> str:
    pairs = pairwise(nodes)
    return "".join(f'<b:sequenceFlow id="f_{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs)


CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
SIGNAVIO = 'xmlns:signavio="http://www.signavio.com"'
BIZAGI = 'xmlns:bizagi="http://www.bizagi.com/bpmn20"'
START, END = '<b:startEvent id="s"/>', '<b:endEvent id="e"/>'

DIAGRAMS: dict[str, tuple[bytes, set[str]]] = {
    "camunda-seven.bpmn": (
        _diagram(
            f'{START}<b:userTask id="u" name="审核" camunda:assignee="demo" camunda:formKey="embedded:f.html"/>'
            f'<b:serviceTask id="j" camunda:class="com.example.Run"/>{END}' + _flow("s", "u", "j", "e"),
            more=CAMUNDA,
        ),
        {"u", "j"},
    ),
    "camunda-eight.bpmn": (
        _diagram(
            f'{START}<b:serviceTask id="z"><b:extensionElements><zeebe:taskDefinition type="pay" retries="3"/>'
            f"</b:extensionElements></b:serviceTask>{END}" + _flow("s", "z", "e"),
            more=ZEEBE,
        ),
        {"z"},
    ),
    "signavio.bpmn": (
        _diagram(
            f'{START}<b:task id="sid-1" name="Check"><b:extensionElements>'
            f'<signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffcc"/></b:extensionElements></b:task>'
            f'<b:dataObjectReference id="sid-2" dataObjectRef="sid-3"/><b:dataObject id="sid-3"/>{END}'
            + _flow("s", "sid-1", "e"),
            prefix="",
            more=SIGNAVIO,
        ),
        {"sid-1", "sid-2", "sid-3"},
    ),
    "bpmn-io.bpmn": (
        _diagram(f'{START}<b:task id="Activity_0" name="写"/>{END}' + _flow("s", "Activity_0", "e")),
        {"Activity_0"},
    ),
    "bizagi.bpmn": (
        _diagram(
            f'{START}<b:manualTask id="Id_1" name="Sign"><b:extensionElements><bizagi:BizagiExtensions>'
            f"<bizagi:BizagiProperties/></bizagi:BizagiExtensions></b:extensionElements></b:manualTask>{END}"
            + _flow("s", "Id_1", "e"),
            prefix="",
            more=BIZAGI,
        ),
        {"Id_1"},
    ),
    "a-one.bpmn": (
        _diagram(
            f'{START}<b:task id="_1"/><b:task id="_2"/><b:task id="_3"/>{END}' + _flow("s", "_1", "_2", "_3", "e"),
            prefix="semantic",
        ),
        {"_1", "_2", "_3"},
    ),
    "a-two.bpmn": (
        _diagram(
            f'{START}<b:inclusiveGateway id="_g"/><b:task id="_a"/><b:task id="_b"/>{END}'
            + _flow("s", "_g", "_a", "e")
            + _flow("_g", "_b", "e").replace("f__b_e", "f2"),
            prefix="",
        ),
        {"_a", "_b"},
    ),
    "a-three.bpmn": (
        _diagram(
            f'{START}<b:subProcess id="_sub"><b:startEvent id="_s2"/><b:task id="_t2"/><b:endEvent id="_e2"/>'
            + _flow("_s2", "_t2", "_e2")
            + f'</b:subProcess><b:boundaryEvent id="_esc" attachedToRef="_sub"><b:compensateEventDefinition id="_c"/>'
            f"</b:boundaryEvent>{END}" + _flow("s", "_sub", "e"),
            prefix="semantic",
        ),
        {"_t2", "_c"},
    ),
    "b-two.bpmn": (
        _diagram(
            f'{START}<b:adHocSubProcess id="_ad"><b:task id="_t"/></b:adHocSubProcess>'
            f'<b:transaction id="_tx"/><b:complexGateway id="_cg"/>{END}' + _flow("s", "_ad", "_tx", "_cg", "e"),
            prefix="",
        ),
        {"_ad", "_tx", "_cg"},
    ),
    "c-one.bpmn": (
        _diagram(
            '<b:ioSpecification><b:inputSet/><b:outputSet/></b:ioSpecification><b:startEvent id="s">'
            '<b:signalEventDefinition id="_sig"/></b:startEvent><b:sendTask id="_send" name="Invoice"/>'
            f'<b:textAnnotation id="_note"><b:text>x</b:text></b:textAnnotation>{END}' + _flow("s", "_send", "e"),
            prefix="bpmn2",
        ),
        {"s", "_send"},
    ),
}
"""File -> content, and the elements about which an owner has to be told."""
