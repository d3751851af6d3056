"""Diagrams and tables as text, in few words. What the linter demands of every step is filled in."""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

_NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def diagram(*parts: str) -> bytes:
    """A .bpmn file of processes, messages, errors and correlations."""
    body = "".join(parts)
    head = f'<definitions {_NAMESPACES} id="D" targetNamespace="t">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}{body}</definitions>'.encode()


def process(
    key: str,
    *nodes: str,
    variables: Mapping[str, str] | None = None,
    collections: str = "",
    lanes: Mapping[str, str] | None = None,
    executable: bool = True,
) -> str:
    """A process. `variables`: name -> FEEL type; `collections`: lists of multi-instance steps; `lanes`: name -> ids."""
    declared = properties({f"variable.{name}": type_ for name, type_ in (variables or {}).items()})
    lists = "".join(f'<property id="{name}" name="{name}"/>' for name in collections.split())
    return (
        f'<process id="{key}" name="{key}" isExecutable="{str(executable).lower()}">'
        f"{extensions(declared)}{lists}{_lanes(key, lanes or {})}{''.join(nodes)}</process>"
    )


def _lanes(key: str, lanes: Mapping[str, str]) -> str:
    if not lanes:
        return ""
    inner = "".join(
        f'<lane id="lane_{key}_{number}" name="{name}">'
        + "".join(f"<flowNodeRef>{step}</flowNodeRef>" for step in steps.split())
        + "</lane>"
        for number, (name, steps) in enumerate(lanes.items())
    )
    return f'<laneSet id="lanes_{key}">{inner}</laneSet>'


def properties(values: Mapping[str, str]) -> str:
    if not values:
        return ""
    inner = "".join(f"<spiffworkflow:property name={quoteattr(n)} value={quoteattr(v)}/>" for n, v in values.items())
    return f"<spiffworkflow:properties>{inner}</spiffworkflow:properties>"


def extensions(*parts: str) -> str:
    body = "".join(parts)
    return f"<extensionElements>{body}</extensionElements>" if body else ""


def element(tag: str, id: str, body: str = "", **attributes: str) -> str:
    given = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<{tag} id="{id}"{given}>{body}</{tag}>'


def start(id: str = "begin", body: str = "") -> str:
    return element("startEvent", id, body)


def end(id: str = "done", body: str = "") -> str:
    return element("endEvent", id, body)


def terminate(id: str = "done") -> str:
    return end(id, f'<terminateEventDefinition id="{id}_terminate"/>')


def user(id: str, loop: str = "", *, pre: str = "", post: str = "", name: str = "", **given: str) -> str:
    """A human step with everything that the linter wants; keyword arguments are extension properties."""
    values = {"formKey": f"forms/{id}", "candidateRole": "clerk", **given}
    body = extensions(_script("preScript", pre), _script("postScript", post), properties(values)) + loop
    return element("userTask", id, body, name=name or f"办理{id}")


def _script(tag: str, text: str) -> str:
    return f"<spiffworkflow:{tag}>{escape(text)}</spiffworkflow:{tag}>" if text else ""


def script(id: str, text: str) -> str:
    return element("scriptTask", id, f"<script>{escape(text)}</script>", name=f"计算{id}")


def service(id: str, operation: str, result: str, **parameters: str) -> str:
    inner = "".join(
        f'<spiffworkflow:parameter id="{name}" type="any" value={quoteattr(value)}/>'
        for name, value in parameters.items()
    )
    operator = (
        f'<spiffworkflow:serviceTaskOperator id="{operation}" resultVariable="{result}">'
        f"<spiffworkflow:parameters>{inner}</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
    )
    return element("serviceTask", id, extensions(operator), name=f"调用{id}")


def rule(id: str, table: str) -> str:
    body = extensions(f"<spiffworkflow:calledDecisionId>{table}</spiffworkflow:calledDecisionId>")
    return element("businessRuleTask", id, body, name=f"判断{id}")


def call(id: str, called: str, loop: str = "") -> str:
    return element("callActivity", id, loop, name=f"调用{id}", calledElement=called)


def sub(id: str, *nodes: str, loop: str = "") -> str:
    return element("subProcess", id, "".join(nodes) + loop, name=f"子流程{id}")


def exclusive(id: str, default: str = "") -> str:
    """An exclusive gateway; `default` is the id of the step that the default flow leads to."""
    return element("exclusiveGateway", id, **({"default": f"{id}_to_{default}"} if default else {}))


def inclusive(id: str, default: str = "") -> str:
    return element("inclusiveGateway", id, **({"default": f"{id}_to_{default}"} if default else {}))


def parallel(id: str) -> str:
    return element("parallelGateway", id)


def flows(*chains: str) -> str:
    """Sequence flows along each chain of step ids: flows("begin a b done", "g c done")."""
    pairs = [pair for chain in chains for pair in zip(chain.split(), chain.split()[1:], strict=False)]
    return "".join(f'<sequenceFlow id="{a}_to_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs)


def when(source: str, target: str, condition: str) -> str:
    return (
        f'<sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">'
        f'<conditionExpression xsi:type="tFormalExpression">{escape(condition)}</conditionExpression></sequenceFlow>'
    )


def many(
    collection: str,
    item: str,
    output: str = "results",
    result: str = "result",
    *,
    sequential: bool = False,
    until: str = "",
) -> str:
    """Multi-instance over a collection."""
    condition = (
        f'<completionCondition xsi:type="tFormalExpression">{escape(until)}</completionCondition>' if until else ""
    )
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<loopDataInputRef>{collection}</loopDataInputRef><loopDataOutputRef>{output}</loopDataOutputRef>"
        f'<inputDataItem id="{item}" name="{item}"/><outputDataItem id="{result}" name="{result}"/>'
        f"{condition}</multiInstanceLoopCharacteristics>"
    )


def timer(kind: str, expression: str, id: str = "timer") -> str:
    """kind: Date, Duration or Cycle."""
    return (
        f'<timerEventDefinition id="{id}_definition"><time{kind} xsi:type="tFormalExpression">{escape(expression)}'
        f"</time{kind}></timerEventDefinition>"
    )


def boundary(id: str, host: str, body: str, *, interrupting: bool = True) -> str:
    return element("boundaryEvent", id, body, attachedToRef=host, cancelActivity=str(interrupting).lower())


def catch(id: str, body: str) -> str:
    return element("intermediateCatchEvent", id, body)


def throw(id: str, body: str) -> str:
    return element("intermediateThrowEvent", id, body)


def event_gateway(id: str) -> str:
    return element("eventBasedGateway", id)


def awaits(message: str, variable: str = "", key: str = "case_no", value: str = "case_no") -> str:
    """A message definition that catches: `variable` takes the payload, `key` must have the value of `value`."""
    inner = (
        f"<spiffworkflow:messageVariable>{variable}</spiffworkflow:messageVariable>" if variable else ""
    ) + correlated(key, value)
    return element("messageEventDefinition", f"awaits_{message}_{variable}", extensions(inner), messageRef=message)


def correlated(key: str, value: str) -> str:
    if not key:
        return ""
    return (
        "<spiffworkflow:processVariableCorrelation>"
        f"<spiffworkflow:propertyId>{key}</spiffworkflow:propertyId>"
        f"<spiffworkflow:expression>{escape(value)}</spiffworkflow:expression>"
        "</spiffworkflow:processVariableCorrelation>"
    )


def sends(message: str, payload: str) -> str:
    inner = f"<spiffworkflow:messagePayload>{escape(payload)}</spiffworkflow:messagePayload>"
    return element("messageEventDefinition", f"sends_{message}", extensions(inner), messageRef=message)


def receive(id: str, message: str, variable: str = "", key: str = "case_no", value: str = "case_no") -> str:
    inner = (
        f"<spiffworkflow:messageVariable>{variable}</spiffworkflow:messageVariable>" if variable else ""
    ) + correlated(key, value)
    return element("receiveTask", id, extensions(inner), name=f"等待{id}", messageRef=message)


def messages(*names: str, key: str = "case_no") -> str:
    """Message declarations with one correlation key that every payload carries. id = name."""
    retrievals = "".join(
        f'<correlationPropertyRetrievalExpression messageRef="{name}"><messagePath>{key}</messagePath>'
        "</correlationPropertyRetrievalExpression>"
        for name in names
    )
    return (
        f'<collaboration id="C"><correlationKey id="CK" name="matter">'
        f"<correlationPropertyRef>{key}</correlationPropertyRef></correlationKey></collaboration>"
        + element("correlationProperty", key, retrievals, name=key)
        + "".join(f'<message id="{name}" name="{name}"/>' for name in names)
    )


def table(
    key: str,
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    rows: list[list[str]],
    *,
    hit: str = "UNIQUE",
    aggregation: str = "",
    order: str = "",
) -> bytes:
    """A .dmn file. Each row: a test per input, an expression per output, then optional annotations.

    `order`: the values of the first output, the most important first.
    """
    heads = "".join(
        f'<input id="in{n}" label="{e}"><inputExpression id="ie{n}" typeRef="{t}">'
        f"<text>{escape(e)}</text></inputExpression></input>"
        for n, (e, t) in enumerate(inputs.items())
    ) + "".join(
        f'<output id="out{n}" label="{e}" name="{e}" typeRef="{t}"/>' for n, (e, t) in enumerate(outputs.items())
    )
    wide = len(inputs) + len(outputs)
    if order:
        values = f'<outputValues id="order"><text>{escape(order)}</text></outputValues></output>'
        heads = heads.replace(f'typeRef="{next(iter(outputs.values()))}"/>', f'typeRef="number">{values}', 1)
    heads += '<annotation name="依据"/>' if any(len(row) > wide for row in rows) else ""
    attribute = f' aggregation="{aggregation}"' if aggregation else ""
    return (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d_{key}" name="{key}" namespace="n">'
        f'<decision id="{key}" name="{key}表"><decisionTable id="t_{key}" hitPolicy="{hit}"{attribute}>{heads}'
        + "".join(_row(number, row, len(inputs), len(outputs)) for number, row in enumerate(rows, 1))
        + "</decisionTable></decision></definitions>"
    ).encode()


def _row(number: int, row: list[str], inputs: int, outputs: int) -> str:
    cells = ""
    for place, text in enumerate(row):
        tag = "inputEntry" if place < inputs else "outputEntry" if place < inputs + outputs else "annotationEntry"
        id_ = f' id="c{number}_{place}"' if tag != "annotationEntry" else ""
        cells += f"<{tag}{id_}><text>{escape(text)}</text></{tag}>"
    return f'<rule id="row{number}">{cells}</rule>'
