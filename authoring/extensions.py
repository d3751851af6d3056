"""The inner elements of BPMN nodes: extension properties, scripts, operations, loops and event definitions."""

from collections.abc import Mapping

from authoring.xml import Element, element


def properties(values: Mapping[str, str]) -> tuple[Element, ...]:
    """Extension properties in the order given; empty ones are left out."""
    kept = {name: value for name, value in values.items() if value}
    if not kept:
        return ()
    items = (element("spiffworkflow:property", name=name, value=value) for name, value in kept.items())
    return (element("spiffworkflow:properties", *items),)


def post_script(code: str) -> tuple[Element, ...]:
    return (element("spiffworkflow:postScript", text=code),) if code else ()


def extension_elements(*parts: Element) -> tuple[Element, ...]:
    return (element("bpmn:extensionElements", *parts),) if parts else ()


def operator(operation: str, parameters: Mapping[str, tuple[str, str]], *, result: str) -> Element:
    """A service operation; each parameter has a FEEL type and a FEEL expression."""
    items = (
        element("spiffworkflow:parameter", id=name, type=kind, value=expression)
        for name, (kind, expression) in parameters.items()
    )
    inner = (element("spiffworkflow:parameters", *items),) if parameters else ()
    return element("spiffworkflow:serviceTaskOperator", *inner, id=operation, resultVariable=result)


def called_decision(table: str) -> Element:
    return element("spiffworkflow:calledDecisionId", text=table)


def loop(collection: str, item: str, *, outputs: str, output: str) -> Element:
    """A parallel multi-instance. It always has outputs: without them the instances' data leak into the caller.

    For a human step `output` is the form field whose answers are collected.
    """
    return element(
        "bpmn:multiInstanceLoopCharacteristics",
        element("bpmn:loopDataInputRef", text=collection),
        element("bpmn:loopDataOutputRef", text=outputs),
        element("bpmn:inputDataItem", id=item, name=item),
        element("bpmn:outputDataItem", id=output, name=output),
    )


def timer(event_id: str, kind: str, expression: str) -> Element:
    """A timer definition; `kind` is timeDate, timeDuration or timeCycle, the expression is FEEL."""
    value = element(f"bpmn:{kind}", text=expression, **{"xsi:type": "bpmn:tFormalExpression"})
    return element("bpmn:timerEventDefinition", value, id=f"Timer_{event_id}")


def terminate(event_id: str) -> Element:
    return element("bpmn:terminateEventDefinition", id=f"Terminate_{event_id}")


def received(variable: str, key: str) -> tuple[Element, ...]:
    """What a catching step needs: the variable that takes the payload and the correlation it insists on."""
    return (
        element("spiffworkflow:messageVariable", text=variable),
        element(
            "spiffworkflow:processVariableCorrelation",
            element("spiffworkflow:propertyId", text=key),
            element("spiffworkflow:expression", text=key),
        ),
    )


def message_caught(event_id: str, message: str, *, variable: str, key: str) -> Element:
    inner = extension_elements(*received(variable, key))
    return element("bpmn:messageEventDefinition", *inner, id=f"Message_{event_id}", messageRef=message_id(message))


def message_thrown(event_id: str, message: str, *, payload: str) -> Element:
    inner = extension_elements(element("spiffworkflow:messagePayload", text=payload))
    return element("bpmn:messageEventDefinition", *inner, id=f"Message_{event_id}", messageRef=message_id(message))


def message_id(message: str) -> str:
    return f"M_{message}"
