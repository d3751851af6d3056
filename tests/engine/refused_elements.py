"""Diagrams whose elements the engine would drop, misread or run for ever: (file, rule, element)."""

from tests.engine import diagrams as d


def simple(*nodes: str, flow: str = "begin x done", variables: dict[str, str] | None = None, more: str = "") -> bytes:
    """begin -> the node x -> done."""
    return d.diagram(d.process("p", d.start(), *nodes, d.end(), d.flows(flow), variables=variables), more)


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


ELEMENTS = {
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
                d.element("standardLoopCharacteristics", "sl", "<loopCondition>true</loopCondition>"),
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
}
