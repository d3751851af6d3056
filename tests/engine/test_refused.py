"""The conformance suite, second half: what the engine would drop, misread or run for ever is refused before publication."""

import pytest

from app.domain.definitions import Finding
from app.engine.profile import findings
from tests.engine import diagrams as d


def simple(*nodes: str, flow: str = "begin x done", variables: dict[str, str] | None = None, more: str = "") -> bytes:
    """begin -> the node x -> done."""
    return d.diagram(d.process("p", d.start(), *nodes, d.end(), d.flows(flow), variables=variables), more)


def refusal(file: bytes, rule: str) -> Finding:
    found = findings({"p.bpmn": file})
    matching = [finding for finding in found if finding.rule == rule]
    assert matching, [str(finding) for finding in found]
    return matching[0]


MESSAGE = d.messages("M")
EVENT_SUB = d.element(
    "subProcess",
    "es",
    d.element("startEvent", "s2", d.awaits("M", key=""), isInterrupting="{}")
    + d.user("h")
    + d.end("e2")
    + d.flows("s2 h e2"),
    triggeredByEvent="true",
)


REFUSED = {
    "link events are silently dropped": (
        simple(
            d.throw("x", '<linkEventDefinition id="l1" name="L"/>'),
            d.catch("y", '<linkEventDefinition id="l2" name="L"/>'),
            flow="begin x",
        ),
        "refused_linkEventDefinition",
        "l1",
    ),
    "a condition on a flow out of a task is silently ignored": (
        simple(d.user("x"), d.when("x", "done", "true"), flow="begin x"),
        "condition",
        "x_to_done",
    ),
    "the second of two timers at an event gateway never fires": (
        simple(
            d.event_gateway("x"),
            d.catch("a", d.timer("Duration", '"P1D"', "a")),
            d.catch("b", d.timer("Duration", '"P2D"', "b")),
            flow="begin x a done",
        ).replace(b"</process>", d.flows("x b done").encode() + b"</process>"),
        "two_timers",
        "x",
    ),
    "an interrupting event sub-process does not interrupt": (
        simple(d.user("x"), EVENT_SUB.format("true"), more=MESSAGE),
        "event_subprocess",
        "es",
    ),
    "an event sub-process in a called process is never triggered": (
        d.diagram(
            MESSAGE,
            d.process("p", d.start(), d.call("x", "q"), d.end(), d.flows("begin x done")),
            d.process("q", d.start("q1"), d.user("a"), d.end("q2"), d.flows("q1 a q2"), EVENT_SUB.format("false")),
        ),
        "event_subprocess",
        "es",
    ),
    "a timer event sub-process keeps the instance open": (
        simple(
            d.user("x"),
            d.element(
                "subProcess",
                "es",
                d.element("startEvent", "s2", d.timer("Duration", '"P1D"')) + d.end("e2") + d.flows("s2 e2"),
                triggeredByEvent="true",
            ),
        ),
        "event_subprocess",
        "es",
    ),
    "a boundary event attached to nothing is dropped": (
        simple(d.user("x"), d.boundary("b", "nowhere", d.timer("Duration", '"P1D"')), flow="begin x done").replace(
            b"</process>", d.flows("b done").encode() + b"</process>"
        ),
        "host",
        "b",
    ),
    "compensation": (
        simple(d.user("x"), d.boundary("b", "x", '<compensateEventDefinition id="c"/>'), d.flows("b done")),
        "refused_compensateEventDefinition",
        "c",
    ),
    "a complex gateway": (simple(d.element("complexGateway", "x")), "refused_complexGateway", "x"),
    "an ad-hoc sub-process": (simple(d.element("adHocSubProcess", "x", d.user("a"))), "refused_adHocSubProcess", "x"),
    "a transaction": (simple(d.element("transaction", "x")), "refused_transaction", "x"),
    "a data store": (simple(d.user("x"), more='<dataStore id="ds" name="台账"/>'), "refused_dataStore", "ds"),
    "a data object": (simple(d.user("x"), '<dataObject id="do"/>'), "refused_dataObject", "do"),
    "a signal": (
        simple(d.throw("x", '<signalEventDefinition id="sd" signalRef="S"/>'), more='<signal id="S" name="s"/>'),
        "refused_signal",
        "S",
    ),
    "a conditional event": (
        simple(
            d.user("x"),
            d.boundary(
                "b", "x", '<conditionalEventDefinition id="cd"><condition>true</condition></conditionalEventDefinition>'
            ),
            d.flows("b done"),
        ),
        "refused_conditionalEventDefinition",
        "cd",
    ),
    "a task without a type waits like a person's": (simple(d.element("task", "x", name="任务")), "refused_task", "x"),
    "a standard loop": (
        simple(
            d.user(
                "x",
                '<standardLoopCharacteristics id="sl"><loopCondition>true</loopCondition></standardLoopCharacteristics>',
            )
        ),
        "refused_standardLoopCharacteristics",
        "sl",
    ),
    "a fixed number of instances": (
        simple(
            d.user(
                "x",
                "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>",
            )
        ),
        "refused_loopCardinality",
        "x",
    ),
    "a multi-instance without outputs merges its children into its parent": (
        simple(
            d.user(
                "x",
                '<multiInstanceLoopCharacteristics><loopDataInputRef>ms</loopDataInputRef><inputDataItem id="m"/>'
                "</multiInstanceLoopCharacteristics>",
            ),
            variables={"ms": "list"},
        ),
        "instances",
        "x",
    ),
    "a collection that the modeler would delete on saving": (
        simple(d.user("x", d.many("ms", "m")), variables={"ms": "list", "results": "list"}),
        "collection",
        "x",
    ),
    "two flows out of a task": (
        simple(d.user("x"), d.user("y"), d.flows("x y done")),
        "outgoing",
        "x",
    ),
    "a node that nothing reaches": (simple(d.user("x"), d.user("y"), d.flows("y done")), "unreachable", "y"),
    "a node from which no end is reached": (
        simple(d.parallel("x"), d.user("y"), d.flows("x y y2"), d.user("y2"), d.flows("y2 y")),
        "endless",
        "y",
    ),
    "no start event": (d.diagram(d.process("p", d.user("x"), d.end(), d.flows("x done"))), "start", "p"),
    "no end event": (
        d.diagram(d.process("p", d.start(), d.user("x"), d.flows("begin x"))),
        "end",
        "p",
    ),
    "a flow to a node that does not exist": (simple(d.user("x"), flow="begin x gone"), "flow_end", "x_to_gone"),
    "a flow that leaves its sub-process": (
        simple(d.sub("x", d.start("s2"), d.user("a"), d.end("e2"), d.flows("s2 a done"))),
        "flow_end",
        "a_to_done",
    ),
    "a call of nothing": (simple(d.call("x", "gone")), "unknown_process", "x"),
    "a process that calls itself": (simple(d.call("x", "p")), "call_cycle", "x"),
    "two processes that call each other": (
        d.diagram(
            d.process("p", d.start(), d.call("x", "q"), d.end(), d.flows("begin x done")),
            d.process("q", d.start("q1"), d.call("y", "p"), d.end("q2"), d.flows("q1 y q2")),
        ),
        "call_cycle",
        "x",
    ),
    "a table that does not exist": (simple(d.rule("x", "gone")), "unknown_table", "x"),
    "a message that is not declared": (
        simple(d.catch("x", d.awaits("Gone"))),
        "message_ref",
        "x",
    ),
    "a catching step that takes any case's message": (
        simple(d.catch("x", d.awaits("M", key="")), more=MESSAGE),
        "correlation",
        "x",
    ),
    "a correlation at a message start rejects the message that should start it": (
        d.diagram(
            MESSAGE,
            d.process(
                "p", d.start("begin", d.awaits("M")), d.end(), d.flows("begin done"), variables={"case_no": "string"}
            ),
        ),
        "start_correlation",
        "begin",
    ),
    "a message whose payload lacks what identifies its receiver": (
        simple(d.throw("x", d.sends("M", "{result: 1}")), more=MESSAGE),
        "retrieval",
        "x",
    ),
    "a message without payload": (
        simple(d.throw("x", '<messageEventDefinition id="m1" messageRef="M"/>'), more=MESSAGE),
        "payload",
        "x",
    ),
    "an error that nobody catches": (
        d.diagram(
            '<error id="E" name="e" errorCode="1"/>',
            d.process(
                "p",
                d.start(),
                d.user("x"),
                d.end("done", '<errorEventDefinition id="ed" errorRef="E"/>'),
                d.flows("begin x done"),
            ),
        ),
        "uncaught",
        "done",
    ),
    "an automatic loop": (
        simple(
            d.exclusive("m"),
            d.script("x", "n = n + 1"),
            d.exclusive("g", "done"),
            d.flows("m x g done"),
            d.when("g", "m", "n < 3"),
            flow="begin m",
            variables={"n": "number"},
        ),
        "automatic_loop",
        "x",
    ),
    "parallel branches that merge without a join run twice": (
        simple(d.parallel("x"), d.user("a"), d.user("b"), d.user("c"), d.flows("x a c done", "x b c"), flow="begin x"),
        "unjoined",
        "c",
    ),
    "a join that waits for a branch of a choice": (
        simple(
            d.exclusive("x", "b"),
            d.user("a"),
            d.user("b"),
            d.parallel("j"),
            d.flows("x b j done", "a j"),
            d.when("x", "a", "n = 1"),
            flow="begin x",
            variables={"n": "number"},
        ),
        "unsplit",
        "j",
    ),
    "a side branch with a person blocks the end": (
        simple(
            d.user("x"),
            d.boundary("b", "x", d.timer("Duration", '"P1D"'), interrupting=False),
            d.user("urge"),
            d.end("e2"),
            d.flows("b urge e2"),
        ),
        "side_blocks",
        "b",
    ),
    "a side branch that returns to the main path": (
        simple(
            d.user("x"),
            d.user("y"),
            d.boundary("b", "x", d.timer("Duration", '"P1D"'), interrupting=False),
            d.flows("b y"),
            flow="begin x y done",
        ),
        "side_returns",
        "b",
    ),
    "a cycle timer that interrupts": (
        simple(d.user("x"), d.boundary("b", "x", d.timer("Cycle", '"R/P1D"')), d.flows("b done")),
        "cycle",
        "b",
    ),
    "an intermediate cycle spawns a token per tick": (
        simple(d.catch("x", d.timer("Cycle", '"R3/P1D"'))),
        "cycle",
        "x",
    ),
    "a timer literal without quotes": (simple(d.catch("x", d.timer("Duration", "P1D"))), "feel_unknown_name", "x"),
    "a timer literal that is no duration": (simple(d.catch("x", d.timer("Duration", '"15天"'))), "timer_literal", "x"),
    "a negative timer": (simple(d.catch("x", d.timer("Duration", '"-P1D"'))), "timer_literal", "x"),
    "a timer of millions of years": (simple(d.catch("x", d.timer("Duration", '"P99999999Y"'))), "timer_literal", "x"),
    "a condition that is no condition": (
        simple(
            d.exclusive("x", "done"),
            d.user("a"),
            d.flows("x done", "a done"),
            d.when("x", "a", '"yes"'),
            flow="begin x",
        ),
        "feel_result",
        "x_to_a",
    ),
    "a misspelt name in a condition": (
        simple(
            d.exclusive("x", "done"),
            d.user("a"),
            d.flows("x done", "a done"),
            d.when("x", "a", 'outcom = "A"'),
            flow="begin x",
            variables={"outcome": "string"},
        ),
        "feel_unknown_name",
        "x_to_a",
    ),
    "a gateway flow without a condition": (
        simple(d.exclusive("x"), d.user("a"), d.flows("x done", "x a done"), flow="begin x"),
        "condition",
        "x_to_a",
    ),
    "a service task without an operation": (simple(d.element("serviceTask", "x", name="调用")), "operator", "x"),
    "a human step without a form": (
        simple(d.element("userTask", "x", d.extensions(d.properties({"candidateRole": "r"})), name="办理")),
        "form",
        "x",
    ),
    "a human step without a role": (
        simple(d.element("userTask", "x", d.extensions(d.properties({"formKey": "f"})), name="办理")),
        "role",
        "x",
    ),
    "a human step without a name": (
        simple(d.element("userTask", "x", d.extensions(d.properties({"formKey": "f", "candidateRole": "r"})))),
        "unnamed",
        "x",
    ),
    "an id that collides with the engine's own": (simple(d.user("End"), flow="begin End done"), "reserved_id", "End"),
    "an id that would break an XPath": (simple(d.user("x&quot;y"), flow="begin done"), "id", 'x"y'),
    "a duplicate id": (simple(d.user("x"), d.user("x")), "duplicate_id", "x"),
    "a misspelt property": (simple(d.user("x", candidateRol="r")), "property", "x"),
    "a deadline that is no duration": (simple(d.user("x", deadline="10天", deadlineKind="internal")), "deadline", "x"),
    "an assignment to an undeclared variable": (simple(d.script("x", "n = 1")), "undeclared", "x"),
    "a variable named like FEEL's own word": (simple(d.user("x"), variables={"item": "string"}), "variable_name", "p"),
    "a process that is not executable": (
        d.diagram(d.process("p", d.start(), d.user("x"), d.end(), d.flows("begin x done"), executable=False)),
        "executable",
        "p",
    ),
    "an unknown extension element": (
        simple(d.element("userTask", "x", d.extensions("<spiffworkflow:unitTests/>"), name="n")),
        "extension",
        "x",
    ),
    "an attribute of another engine": (
        simple(d.user("x")).replace(
            b'<userTask id="x"', b'<userTask xmlns:camunda="c" camunda:expression="${1}" id="x"'
        ),
        "attribute",
        "x",
    ),
    "an element of another engine": (
        simple(d.element("userTask", "x", d.extensions('<camunda:formData xmlns:camunda="c"/>'), name="n")),
        "namespace",
        "x",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_with_the_element_and_a_sentence(what: str) -> None:
    file, rule, element = REFUSED[what]

    finding = next(
        (found for found in findings({"p.bpmn": file}) if (found.rule, found.element_id) == (rule, element)), None
    )

    assert finding is not None, [str(found) for found in findings({"p.bpmn": file})]
    sentence = finding.sentence % finding.values if finding.values else finding.sentence
    assert any("\u4e00" <= letter <= "\u9fff" for letter in sentence)


def test_a_diagram_of_everything_the_profile_allows_is_accepted() -> None:
    file = simple(d.user("x", deadline="-P3D", deadlineKind="regulation", dayCount="WORKING", source="higher_law"))

    assert findings({"p.bpmn": file}) == ()


def test_a_gateway_without_default_is_only_a_warning() -> None:
    file = simple(
        d.exclusive("x"),
        d.user("a"),
        d.user("b"),
        d.flows("a done", "b done"),
        d.when("x", "a", "ok"),
        d.when("x", "b", "not(ok)"),
        flow="begin x",
        variables={"ok": "boolean"},
    )

    assert [(f.rule, f.severity) for f in findings({"p.bpmn": file})] == [("default_flow", "warning")]


def test_three_hundred_nodes_are_enough_for_one_diagram() -> None:
    ids = [f"u{number}" for number in range(301)]
    file = simple(*[d.user(id_) for id_ in ids], flow=f"begin {' '.join(ids)} done")

    assert refusal(file, "size").element_id == "p"


def test_eighteen_unjoined_splits_in_a_row_are_refused_at_once() -> None:
    nodes, chains = [], []
    for number in range(18):
        nodes += [d.parallel(f"g{number}"), d.user(f"a{number}"), d.user(f"b{number}"), d.exclusive(f"m{number}")]
        chains += [f"g{number} a{number} m{number}", f"g{number} b{number} m{number}"]
        chains += [f"m{number} g{number + 1}"] if number < 17 else ["m17 done"]
    file = d.diagram(d.process("p", d.start(), *nodes, d.end(), d.flows("begin g0", *chains)))

    assert refusal(file, "unjoined").element_id == "m0"
