"""Diagrams with one thing wrong: a condition that says the opposite, a boundary event that never happens."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from app.engine import views
from app.engine.joins import StrictCondition
from app.engine.parse import Definition


@dataclass(frozen=True, slots=True)
class Mutation:
    name: str
    """The sequence flow or boundary event, as coverage writes it."""
    touches: str
    """The element that a scenario must reach in order to notice: the gateway, or the event."""
    applied: Callable[[], AbstractContextManager[None]]


def definitions_in_database() -> list[Definition]:
    """The parsed definition of every release, the very objects that proceedings run on."""
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.services.definitions import definition_of  # noqa: PLC0415
    from app.storage.models import Release  # noqa: PLC0415

    return [definition_of(release.id, release.process_key) for release in db.session.scalars(select(Release)).all()]


def mutations_of(definitions: list[Definition]) -> list[Mutation]:
    """Every condition and boundary event once, in whatever many definitions its diagram is used."""
    conditions: dict[tuple[str, str, str], list[StrictCondition]] = {}
    events: dict[tuple[str, str], None] = {}
    for definition in definitions:
        for (process, step_id), step in definition.steps_by_process.items():
            if step.kind == "boundaryEvent":
                events[process, step_id] = None
        for process, gateway, target, condition in _conditions_of(definition):
            conditions.setdefault((process, gateway, target), []).append(condition)
    negated = [
        Mutation(f"{process}/{gateway} -> {target}", f"{process}/{gateway}", _negation(found))
        for (process, gateway, target), found in conditions.items()
    ]
    removed = [Mutation(f"{process}/{step}", f"{process}/{step}", _removal(step)) for process, step in events]
    return sorted(negated + removed, key=lambda mutation: mutation.name)


def _conditions_of(definition: Definition) -> Iterator[tuple[str, str, str, StrictCondition]]:
    for name, spec in [(definition.process_key, definition.spec), *definition.called.items()]:
        for task_spec in spec.task_specs.values():
            for condition, target in getattr(task_spec, "cond_task_specs", None) or ():
                if isinstance(condition, StrictCondition):
                    drawn = spec.task_specs[target]
                    target_id = getattr(drawn, "bpmn_id", None) or _behind(drawn)
                    yield definition.process_of[name], task_spec.bpmn_id, target_id, condition


def _behind(spec: Any) -> str:
    """The drawn step behind the library's own split before a step with boundary events."""
    return next(
        (output.bpmn_id for output in spec.outputs if output.bpmn_id and not hasattr(output, "event_definition")),
        spec.name,
    )


def _negation(conditions: list[StrictCondition]) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def applied() -> Iterator[None]:
        before = [condition.args for condition in conditions]
        for condition in conditions:
            condition.args = [f"not({condition.args[0].lstrip('= ')})", *condition.args[1:]]
        try:
            yield
        finally:
            for condition, args in zip(conditions, before, strict=True):
                condition.args = args

    return applied


def _removal(step_id: str) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def applied() -> Iterator[None]:
        waiting = views.waiting_events
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                views,
                "waiting_events",
                lambda workflow: [task for task in waiting(workflow) if task.task_spec.bpmn_id != step_id],
            )
            yield

    return applied
