"""What one move of a proceeding did: the only thing that leaves the engine.

`engine.run` takes the stored state and returns an `Advance`; `storage.proceedings.record_advance` writes all of it.
Every instant is an aware datetime; every id is the engine's own task id as 32 hex digits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A step that now waits for a person."""

    id: str
    step_id: str
    """BPMN id of the step."""
    process_key: str
    """Id of the diagram that draws the step (a called diagram, not its caller)."""
    name: str
    lane: str | None
    properties: Mapping[str, str]
    """Extension properties as drawn: formKey, candidateRole, clauses, deadline ..."""
    candidate_organ: str | None
    """Value of `candidateOrgan`, evaluated once when the step opened."""
    candidate_person: str | None
    """Value of `candidatePerson`, evaluated once when the step opened."""
    deadline_from: str | None
    """ISO date or date-time that `deadlineFrom` pointed at; None means the step's arrival."""
    element: Values
    """Multi-instance elements in scope, under their own names, e.g. {"member": "..."}."""
    variables: Values
    """Declared process variables in scope."""


@dataclass(frozen=True, slots=True)
class ClosedTask:
    """A step that no longer waits for a person."""

    id: str
    completed: bool
    """False: the procedure withdrew it (boundary event, terminate end, cancellation)."""


@dataclass(frozen=True, slots=True)
class WaitingTimer:
    task_id: str
    step_id: str
    process_key: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """A step that waits for a message. `correlation` is the key and value a message must carry."""

    task_id: str
    step_id: str
    process_key: str
    message: str
    correlation: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ThrownMessage:
    message: str
    step_id: str
    payload: Values
    correlation: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DecisionTaken:
    """A decision table that was evaluated: its rows are proposals, a person decides."""

    table: str
    hits: tuple[str, ...]
    """Ids of the rows that matched, in table order."""
    outputs: Values


@dataclass(frozen=True, slots=True)
class StepTaken:
    """An automatic step or event that the procedure passed, for the history."""

    step_id: str
    process_key: str
    name: str
    kind: str
    """BPMN element name: scriptTask, serviceTask, businessRuleTask, boundaryEvent, endEvent ..."""
    clauses: tuple[str, ...] = ()
    element: Values = field(default_factory=dict)
    decision: DecisionTaken | None = None


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """The procedure asks for a registered operation; it goes on when `resume` brings the result."""

    id: str
    step_id: str
    process_key: str
    name: str
    operation: str
    parameters: Values
    element: Values


@dataclass(frozen=True, slots=True)
class Incident:
    """A step that failed and is held; everything else of the proceeding stands and goes on."""

    task_id: str
    step_id: str
    process_key: str
    name: str
    sentence: str
    """Chinese message id with %(name)s placeholders."""
    values: Values = field(default_factory=dict)
    detail: str = ""
    """For the technical administrator: expression, row, library message. Never a traceback."""


@dataclass(frozen=True, slots=True)
class Advance:
    """One move of one proceeding, from rest to rest."""

    state: bytes
    """Compact state at rest. Empty while `requests` wait for their results: such an advance is never saved."""
    opened: tuple[OpenTask, ...] = ()
    """Human steps that opened during this move and are still open."""
    closed: tuple[ClosedTask, ...] = ()
    """Human steps that were open in the stored state (or opened in between) and are not any more."""
    timers: tuple[WaitingTimer, ...] = ()
    """All timers that wait now (the whole set, not the difference)."""
    subscriptions: tuple[Subscription, ...] = ()
    """All message subscriptions that wait now (the whole set)."""
    messages: tuple[ThrownMessage, ...] = ()
    steps: tuple[StepTaken, ...] = ()
    incidents: tuple[Incident, ...] = ()
    """All steps held by a failure now (the whole set)."""
    requests: tuple[ServiceRequest, ...] = ()
    completed: bool = False
    pending: Any = None
    """The engine's own handle while requests wait; opaque, in memory only."""
