"""Where the panel of the diagram editor offers each property that the profile knows, or why it offers none."""

from collections.abc import Mapping

DRAWN = "it is drawn: from the palette, with the wrench or by connecting two shapes"
HELD = "it only holds what has a field of its own"
WRITTEN = "the panel writes it together with the field that asks for it"
FOLLOWS = "the modeler keeps it in step with the drawing"

FIELDS: Mapping[str, str] = {
    # ---- properties of a step
    "formKey": "form/formKey",
    "candidateRole": "performer/candidateRole",
    "candidateOrgan": "performer/candidateOrgan",
    "candidatePerson": "performer/candidatePerson",
    "excludes": "performer/excludes",
    "deadline": "deadline/deadline",
    "deadlineFrom": "deadline/deadlineFrom",
    "deadlineKind": "deadline/deadlineKind",
    "deadlineExtension": "deadline/deadlineExtension",
    "deadlineSharedWith": "deadline/deadlineSharedWith",
    "dayCount": "deadline/dayCount",
    "clauses": "law/clauses",
    "source": "law/source",
    "legalEffect": "letter/legalEffect",
    "letter": "letter/letter",
    # ---- extensions
    "preScript": "scripts/pre",
    "postScript": "scripts/post",
    "serviceTaskOperator": "operation/operator",
    "resultVariable": "operation/result",
    "parameter": "operation/parameter-*",
    "calledDecisionId": "decision/table",
    "messagePayload": "message/messagePayload",
    "messageVariable": "message/messageVariable",
    "propertyId": "message/key",
    "expression": "message/correlation",
    # ---- elements and attributes
    "documentation": "documentation/text",
    "isExecutable": "general/executable",
    "calledElement": "called/calledElement",
    "conditionExpression": "condition/expression",
    "default": "condition/default",
    "timeDate": "timer/kind",
    "timeDuration": "timer/kind",
    "timeCycle": "timer/value",
    "script": "scripts/script",
    "message": "message/new",
    "messageRef": "message/message",
    "error": "outcome/new",
    "errorCode": "outcome/code",
    "errorRef": "outcome/code",
    "escalation": "outcome/new",
    "escalationCode": "outcome/code",
    "escalationRef": "outcome/code",
    "multiInstanceLoopCharacteristics": "instances/repeated",
    "isSequential": "instances/sequential",
    "loopDataInputRef": "instances/loopDataInputRef",
    "loopDataOutputRef": "instances/loopDataOutputRef",
    "inputDataItem": "instances/inputDataItem",
    "outputDataItem": "instances/outputDataItem",
    "completionCondition": "instances/completion",
}
"""Name -> group and field of the panel, which the browser test changes and undoes."""

BY_HAND: Mapping[str, str] = {"id": "general/id", "name": "general/name", "text": "general/text"}
"""Fields that the browser test leaves alone: of these bpmn-js keeps a note of its own after an undo."""

_DRAWN_TEXT = """
    process collaboration participant laneSet lane sequenceFlow textAnnotation association group startEvent endEvent
    boundaryEvent intermediateCatchEvent intermediateThrowEvent messageEventDefinition timerEventDefinition
    errorEventDefinition escalationEventDefinition terminateEventDefinition userTask manualTask scriptTask
    serviceTask businessRuleTask sendTask receiveTask callActivity subProcess exclusiveGateway inclusiveGateway
    parallelGateway eventBasedGateway cancelActivity
"""
_HELD_TEXT = "definitions extensionElements properties parameters processVariableCorrelation"
_WRITTEN_TEXT = """
    property category categoryValue correlationKey correlationPropertyRef correlationProperty value
    correlationPropertyRetrievalExpression messagePath formalExpression
"""
_FOLLOWS_TEXT = "flowNodeRef incoming outgoing sourceRef targetRef attachedToRef processRef"
REASONS: Mapping[str, str] = {
    **dict.fromkeys(_DRAWN_TEXT.split(), DRAWN),
    **dict.fromkeys(_HELD_TEXT.split(), HELD),
    **dict.fromkeys(_WRITTEN_TEXT.split(), WRITTEN),
    **dict.fromkeys(_FOLLOWS_TEXT.split(), FOLLOWS),
    "triggeredByEvent": "an event sub-process is refused, so it is not offered",
}
