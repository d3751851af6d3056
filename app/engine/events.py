"""Events, corrected: timers on the caller's clock, correlation per waiting step, boundaries that arm again."""

from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    StartEvent,
)
from SpiffWorkflow.bpmn.specs.event_definitions import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
    TimerEventDefinition,
)
from SpiffWorkflow.spiff.specs.defaults import ReceiveTask, SendTask
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.domain.errors import N_
from app.engine.failures import StepError
from app.engine.guards import GuardedSpec
from app.engine.timers import read_cycle, read_instant, read_span

DUE = "event_value"
LATE = "late"
"""Set on a timer whose instant had passed before its activity began."""
CORRELATION = "correlation"


def _now(my_task: Task) -> datetime:
    return my_task.workflow.script_engine.now


def _may_fire(my_task: Task) -> bool:
    return my_task.workflow.script_engine.firing == my_task.id


class OneShot:
    """Mixin of timers that fire once: the due instant is computed when the step begins and kept as ISO text.

    A timer at the boundary of an activity may be given no instant (null): then it never fires. On the main path that
    would wait for ever, so there it is a failure.
    """

    expression: str

    def has_fired(self, my_task: Task) -> bool:
        if DUE not in my_task.internal_data:
            self._arm(my_task)
        due = my_task.internal_data[DUE]
        if due is not None and _may_fire(my_task) and read_instant(due) <= _now(my_task):
            my_task.internal_data["event_fired"] = True
        return bool(my_task.internal_data.get("event_fired", False))

    def _arm(self, my_task: Task) -> None:
        value = my_task.workflow.script_engine.evaluate(my_task, self.expression)
        if value is None and isinstance(my_task.task_spec, BoundaryEvent):
            my_task.internal_data[DUE] = None
            return
        due = self.due(value, _now(my_task))
        my_task.internal_data[DUE] = due.isoformat()
        if due <= _now(my_task):
            my_task.internal_data[LATE] = True

    def due(self, value: Any, now: datetime) -> datetime:
        raise NotImplementedError


class DateTimer(OneShot, TimeDateEventDefinition):
    def due(self, value: Any, now: datetime) -> datetime:
        return read_instant(value)


class DurationTimer(OneShot, DurationTimerEventDefinition):
    def due(self, value: Any, now: datetime) -> datetime:
        return read_span(value).after(now)


def put_off(my_task: Task, due: datetime) -> None:
    """Let a waiting timer fire at another instant; a cycle goes on from there."""
    kept = my_task.internal_data[DUE]
    text = due.isoformat()
    my_task.internal_data[DUE] = {**kept, "next": text} if isinstance(kept, dict) else text


def superseded(my_task: Task) -> bool:
    """Whether a reminder had passed before its activity began, and a later one at the same activity had too.

    Of reminders that come too late only the latest is worth sending; a timer that ends its activity always counts.
    """
    if not _is_late(my_task) or my_task.task_spec.cancel_activity:
        return False
    due = read_instant(my_task.internal_data[DUE])
    return any(
        _is_late(other) and read_instant(other.internal_data[DUE]) > due
        for other in my_task.parent.children
        if other is not my_task
    )


def _is_late(my_task: Task) -> bool:
    data = my_task.internal_data
    return isinstance(my_task.task_spec, BoundaryEvent) and bool(data.get(LATE)) and data.get(DUE) is not None


class CycleTimer(CycleTimerEventDefinition):
    """Fires again and again. After an outage the missed firings collapse into one."""

    def cycle_complete(self, my_task: Task) -> bool:
        value = my_task.internal_data.get(DUE)
        if value is None:
            value = my_task.internal_data[DUE] = self._begin(my_task)
        if not _may_fire(my_task) or value["cycles"] == 0 or read_instant(value["next"]) > _now(my_task):
            return False
        value = my_task.internal_data[DUE] = self._next(value, _now(my_task))
        my_task.internal_data["event_fired"] = value["cycles"] == 0
        return True

    def _begin(self, my_task: Task) -> dict[str, Any]:
        text = my_task.workflow.script_engine.evaluate(my_task, self.expression)
        cycle = read_cycle(text)
        first = cycle.start or cycle.span.after(_now(my_task))
        return {"cycles": cycle.count, "next": first.isoformat(), "every": text.rpartition("/")[2]}

    def _next(self, value: dict[str, Any], now: datetime) -> dict[str, Any]:
        """The first instant after now; firings that were missed are gone, and counted."""
        span, due, fired = read_span(value["every"]), read_instant(value["next"]), 0
        if not span.months:
            fired = (now - due) // span.exact + 1
            due += fired * span.exact
        while due <= now:
            due, fired = span.after(due), fired + 1
        left = value["cycles"]
        return {**value, "next": due.isoformat(), "cycles": max(left - fired, 0) if left > 0 else left}


class Message(MessageEventDefinition):
    """A message is caught by the step whose own correlation it carries: not by whoever knows the name."""

    def subscribe(self, my_task: Task) -> None:
        engine = my_task.workflow.script_engine
        keys = {
            prop.name: _key(engine.evaluate(my_task, prop.retrieval_expression), prop.name)
            for prop in self.process_correlations
        }
        my_task.internal_data.setdefault(CORRELATION, {})[self.name] = keys

    def update_task(self, my_task: Task) -> None:
        self.subscribe(my_task)

    def catches(self, my_task: Task, event: BpmnEvent) -> bool:
        keys = my_task.internal_data.get(CORRELATION, {}).get(self.name, {})
        return self == event.event_definition and all(event.correlations.get(k) == v for k, v in keys.items())

    def catch(self, my_task: Task, event: BpmnEvent | None = None) -> None:
        if event is not None:
            my_task.internal_data[self.name] = event.payload
        my_task.internal_data["event_fired"] = True

    def throw(self, my_task: Task) -> None:
        payload = {}
        if self.expression is not None:
            payload = my_task.workflow.script_engine.evaluate(my_task, self.expression)
            if not isinstance(payload, dict):
                raise StepError(N_("消息“%(message)s”的内容必须是上下文 {…}。"), message=self.name)
        event = BpmnEvent(self, payload=payload, correlations=self.correlation_of(my_task, payload))
        event.step_id = my_task.task_spec.bpmn_id
        my_task.workflow.top_workflow.catch(event)

    def correlation_of(self, my_task: Task, payload: dict[str, Any]) -> dict[str, str]:
        """Keys that a payload carries, by the retrieval expressions of the message."""
        environment = my_task.workflow.script_engine.environment
        return {
            prop.name: _key(environment.evaluate(prop.retrieval_expression, payload), prop.name)
            for prop in self.correlation_properties
        }

    def update_task_data(self, my_task: Task) -> None:
        payload = my_task.internal_data.pop(self.name, None)
        if self.message_var is not None:
            my_task.data[self.message_var] = payload

    def reset(self, my_task: Task) -> None:
        my_task.internal_data["event_fired"] = False


def _key(value: Any, name: str) -> str:
    if value is None or value == "" or isinstance(value, dict | list):
        raise StepError(N_("消息关联键 `%(name)s` 尚无内容。"), name=name)
    return str(value)


def definitions_of(my_task: Task) -> list[Any]:
    """Event definitions that a waiting task waits for."""
    definition = my_task.task_spec.event_definition
    return definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]


class Gateway(GuardedSpec, EventBasedGateway):
    """Stock never computes the correlation of the messages behind an event gateway: it took any case's message."""

    def _update_hook(self, my_task: Task) -> Any:
        my_task.internal_data.setdefault("seen_events", [])
        if CORRELATION not in my_task.internal_data:
            my_task._inherit_data()
            for definition in self.event_definition.event_definitions:
                if isinstance(definition, Message):
                    definition.subscribe(my_task)
        return super()._update_hook(my_task)

    def _run_hook(self, my_task: Task) -> bool:
        done = super()._run_hook(my_task)
        my_task.internal_data.pop("seen_events", None)
        return done


class Boundary(GuardedSpec, BoundaryEvent):
    """A non-interrupting message or signal boundary arms again each time it fires, while its activity is open."""

    def _run_hook(self, my_task: Task) -> Any:
        done = super()._run_hook(my_task)
        if not self.cancel_activity and not isinstance(self.event_definition, TimerEventDefinition):
            self._arm_again(my_task)
        return done

    def _arm_again(self, my_task: Task) -> None:
        siblings = [task for task in my_task.parent.children if not isinstance(task.task_spec, BoundaryEvent)]
        if all(task.has_state(TaskState.FINISHED_MASK) for task in siblings):
            return
        again = my_task.parent._add_child(self, TaskState.WAITING)
        again.triggered = True
        again.data = dict(my_task.parent.data)
        self._predict(again, mask=TaskState.NOT_FINISHED_MASK)
        self._update(again)


class Start(GuardedSpec, StartEvent):
    pass


class End(GuardedSpec, EndEvent):
    pass


class Catch(GuardedSpec, IntermediateCatchEvent):
    pass


class Throw(GuardedSpec, IntermediateThrowEvent):
    pass


class Receive(GuardedSpec, ReceiveTask):
    pass


class Send(GuardedSpec, SendTask):
    pass
