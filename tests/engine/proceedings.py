"""A proceeding driven through app.engine.run, state by state, with a clock that tests move."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.advance import Advance, OpenTask
from app.engine import run
from app.engine.parse import Definition, parse
from app.engine.profile import findings
from tests.engine import diagrams as d

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""Noon of a Monday in the office."""


def definition_of(*files: bytes, key: str = "p", tables: Mapping[str, bytes] | None = None) -> Definition:
    named = {f"file{n}.bpmn": data for n, data in enumerate(files)}
    return parse({**named, **{f"{name}.dmn": data for name, data in (tables or {}).items()}}, key)


class Proceeding:
    """One proceeding at rest; every verb stores the new state and returns the advance."""

    def __init__(
        self,
        definition: Definition,
        *,
        context: Mapping[str, Any] | None = None,
        now: datetime = NOON,
        message: str | None = None,
        payload: Mapping[str, Any] | None = None,
        **variables: Any,
    ) -> None:
        self.definition = definition
        self.context = dict(context or {"case": {}})
        self.now = now
        self.last = run.start(
            definition, variables=variables, context=self.context, now=now, message=message, payload=payload
        )
        self.state = self.last.state

    @property
    def open(self) -> list[str]:
        return sorted(task.step_id for task in self.tasks)

    @property
    def tasks(self) -> tuple[OpenTask, ...]:
        return run.open_tasks(self.definition, self.state)

    @property
    def waiting(self) -> list[str]:
        return sorted({timer.step_id for timer in self.last.timers} | {s.step_id for s in self.last.subscriptions})

    @property
    def held(self) -> list[str]:
        return sorted(incident.step_id for incident in self.last.incidents)

    def task(self, step_id: str, **element: Any) -> OpenTask:
        return next(
            task
            for task in self.tasks
            if task.step_id == step_id and all(task.element.get(name) == value for name, value in element.items())
        )

    def keep(self, advance: Advance) -> Advance:
        self.last = advance
        self.state = advance.state
        return advance

    def do(self, step_id: str, _of: Mapping[str, Any] | None = None, /, **answers: Any) -> Advance:
        return self.complete(self.task(step_id, **(_of or {})).id, **answers)

    def complete(self, task_id: str, **answers: Any) -> Advance:
        return self.keep(
            run.complete_task(self.definition, self.state, task_id, answers=answers, context=self.context, now=self.now)
        )

    def wait(self, **span: float) -> Advance:
        self.now += timedelta(**span)
        return self.keep(run.fire_due(self.definition, self.state, context=self.context, now=self.now))

    def deliver(self, message: str, to: str | None = None, **payload: Any) -> Advance:
        keys = {key: str(value) for key, value in payload.items() if key.endswith("_no")}
        target = next((s.task_id for s in self.last.subscriptions if s.step_id == to), None) if to else None
        return self.keep(
            run.deliver_message(
                self.definition,
                self.state,
                subscription_task_id=target,
                message=message,
                payload=payload,
                correlation=keys,
                context=self.context,
                now=self.now,
            )
        )

    def retry(self, step_id: str) -> Advance:
        incident = next(incident for incident in self.last.incidents if incident.step_id == step_id)
        return self.keep(run.retry(self.definition, self.state, incident.task_id, context=self.context, now=self.now))

    def add(self, step_id: str, element: Any) -> Advance:
        return self.keep(
            run.add_instance(
                self.definition, self.state, step_id=step_id, element=element, context=self.context, now=self.now
            )
        )

    def cancel(self) -> Advance:
        return self.keep(run.cancel(self.definition, self.state, now=self.now))


def started(
    *parts: str, tables: Mapping[str, bytes] | None = None, context: Mapping[str, Any] | None = None, **variables: Any
) -> Proceeding:
    """A proceeding of the process "p" in a diagram of these parts, which the linter accepts."""
    return begun(d.diagram(*parts), tables=tables, context=context, **variables)


def begun(
    *files: bytes, tables: Mapping[str, bytes] | None = None, context: Mapping[str, Any] | None = None, **variables: Any
) -> Proceeding:
    """The same over several files."""
    named = {f"file{n}.bpmn": data for n, data in enumerate(files)}
    named |= {f"{name}.dmn": data for name, data in (tables or {}).items()}
    assert [str(finding) for finding in findings(named) if finding.severity == "error"] == []
    return Proceeding(definition_of(*files, tables=tables), context=context, **variables)
