"""The corrected engine as one parser: every element of the profile gets our spec, through the library's own hook."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.parser.event_parsers import EventBasedGatewayParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimerEventDefinition,
)
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.event_parsers import (
    SpiffBoundaryEventParser,
    SpiffEndEventParser,
    SpiffEventDefinitionParser,
    SpiffIntermediateCatchEventParser,
    SpiffIntermediateThrowEventParser,
    SpiffReceiveTaskParser,
    SpiffSendTaskParser,
    SpiffStartEventParser,
)
from SpiffWorkflow.spiff.parser.task_spec import (
    CallActivityParser,
    ScriptTaskParser,
    ServiceTaskParser,
    SpiffTaskParser,
    SubWorkflowParser,
    UserTaskParser,
)

from app.engine import events, instances, joins, steps
from app.engine.decisions import DecisionTable
from app.engine.timers import as_expression


class Instanced(SpiffTaskParser):
    """Mixin of every activity parser: our multi-instance specs."""

    PARALLEL_MI_CLASS = instances.ParallelInstances
    SEQUENTIAL_MI_CLASS = instances.SequentialInstances

    def _copy_task_attrs(self, original: Any, loop_characteristics: Any) -> None:
        """Scripts stay on the instances: a postScript reads the answers of its own instance."""
        TaskParser._copy_task_attrs(self, original)

    def _add_boundary_event(self, children: Any) -> Any:
        """As stock, with our join."""
        split = BoundaryEventSplit(self.spec, f"{self.bpmn_id}.BoundaryEventSplit", lane=self.task.lane)
        name, lane = f"{self.bpmn_id}.BoundaryEventJoin", self.task.lane
        join = joins.BoundaryJoin(self.spec, name, lane=lane, split_task=split.name, cancel=True)
        split.connect(self.task)
        self.task.connect(join)
        for event in children:
            child = self.process_parser.parse_node(event)
            split.connect(child)
            child.connect(join)
        return split


class UserParser(Instanced, UserTaskParser):
    def create_task(self) -> Any:
        extensions = self.parse_extensions()
        return steps.User(
            self.spec,
            self.bpmn_id,
            prescript=extensions.get("preScript"),
            postscript=extensions.get("postScript"),
            **self.bpmn_attributes,
        )


class ManualParser(Instanced):
    pass


class ScriptParser(Instanced, ScriptTaskParser):
    pass


class ServiceParser(Instanced, ServiceTaskParser):
    pass


class CallParser(Instanced, CallActivityParser):
    pass


class EmbeddedParser(Instanced, SubWorkflowParser):
    pass


class RuleParser(Instanced):
    def create_task(self) -> Any:
        extensions = self.parse_extensions()
        return steps.BusinessRule(
            self.spec,
            self.bpmn_id,
            table=self.process_parser.parser.tables[extensions["calledDecisionId"]],
            prescript=extensions.get("preScript"),
            postscript=extensions.get("postScript"),
            **self.bpmn_attributes,
        )


class Eventful(SpiffEventDefinitionParser):
    """Mixin of every event parser: our messages and timers."""

    def parse_message_event(self, message_event: Any) -> events.Message:
        stock = super().parse_message_event(message_event)
        return events.Message(
            stock.name,
            list({prop.name: prop for prop in stock.correlation_properties}.values()),
            stock.expression,
            stock.message_var,
            stock.process_correlations,
        )

    def parse_timer_event(self, event: Any) -> TimerEventDefinition:
        stock = super().parse_timer_event(event)
        ours: type[TimerEventDefinition] = events.DateTimer
        if isinstance(stock, DurationTimerEventDefinition):
            ours = events.DurationTimer
        elif isinstance(stock, CycleTimerEventDefinition):
            ours = events.CycleTimer
        return ours(stock.name, as_expression(stock.expression), description=stock.description)


class StartParser(Eventful, SpiffStartEventParser):
    pass


class EndParser(Eventful, SpiffEndEventParser):
    pass


class BoundaryParser(Eventful, SpiffBoundaryEventParser):
    pass


class CatchParser(Eventful, SpiffIntermediateCatchEventParser):
    pass


class ThrowParser(Eventful, SpiffIntermediateThrowEventParser):
    pass


class SendParser(Eventful, SpiffSendTaskParser):
    pass


class ReceiveParser(Eventful, SpiffReceiveTaskParser):
    pass


class CorrectedParser(SpiffBpmnParser):
    OVERRIDE_PARSER_CLASSES: Mapping[str, tuple[type, type]] = {
        **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        full_tag("userTask"): (UserParser, steps.User),
        full_tag("manualTask"): (ManualParser, steps.Manual),
        full_tag("scriptTask"): (ScriptParser, steps.Script),
        full_tag("serviceTask"): (ServiceParser, steps.Service),
        full_tag("businessRuleTask"): (RuleParser, steps.BusinessRule),
        full_tag("callActivity"): (CallParser, steps.Call),
        full_tag("subProcess"): (EmbeddedParser, steps.Embedded),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, joins.ExclusiveChoice),
        full_tag("parallelGateway"): (GatewayParser, joins.ParallelJoin),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, joins.InclusiveJoin),
        full_tag("eventBasedGateway"): (EventBasedGatewayParser, events.Gateway),
        full_tag("startEvent"): (StartParser, events.Start),
        full_tag("endEvent"): (EndParser, events.End),
        full_tag("boundaryEvent"): (BoundaryParser, events.Boundary),
        full_tag("intermediateCatchEvent"): (CatchParser, events.Catch),
        full_tag("intermediateThrowEvent"): (ThrowParser, events.Throw),
        full_tag("sendTask"): (SendParser, events.Send),
        full_tag("receiveTask"): (ReceiveParser, events.Receive),
    }

    def __init__(self, tables: Mapping[str, DecisionTable]) -> None:
        super().__init__()
        self.tables = tables

    def _find_dependencies(self, process: Any) -> None:
        """Called diagrams and tables are chosen by app.engine.parse, before the library sees anything."""


def prepare(spec: Any, called: Mapping[str, Any]) -> None:
    """Make specs safe to share between proceedings and threads: nothing connects itself to them at run time.

    Without this, a multi-instance activity whose state was loaded from outside would never complete.
    """
    for process in [spec, *called.values()]:
        for task_spec in process.task_specs.values():
            if isinstance(task_spec, instances.Instances):
                child = process.task_specs[task_spec.task_spec]
                if not child.completed_event.is_connected(task_spec.merge_child):
                    child.completed_event.connect(task_spec.merge_child)
