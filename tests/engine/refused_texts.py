"""Diagrams whose references, loops, properties or expressions are wrong: (file, rule, element)."""

from tests.engine import diagrams as d
from tests.engine.refused_elements import simple

MESSAGE = d.messages("M")
TEXTS = {
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
    "a word without quotes for a timer": (simple(d.catch("x", d.timer("Duration", "soon"))), "feel_unknown_name", "x"),
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
    "a deadline in hours, which nobody counts": (
        simple(d.user("x", deadline="PT5H", deadlineKind="internal")),
        "deadline",
        "x",
    ),
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
