"""What pages say about where a case stands, held against the stored procedure itself and against the drawing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.engine import views
from app.engine.expressions import ScriptEngine
from app.engine.state import load
from app.extensions import db
from app.queries import open_steps, rehearsals
from app.queries.diagrams import diagram_page
from app.queries.flows import callers_of
from app.queries.heads import get_proceeding
from app.queries.outlines import OutlineStep, State, outline_of
from app.queries.predictions import next_steps
from app.queries.whereabouts import Place, Whereabouts, signs_of
from app.services.definitions import definition_of
from app.storage.models import Proceeding, Task

NOW = datetime(2028, 1, 1, tzinfo=UTC)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def overseer(county_id: str) -> Actor:
    """Somebody who may read all of a county's cases."""
    person = rehearsals.overseer_of(county_id)
    actor = open_steps.actor_of_person(person) if person else None
    assert actor is not None
    return actor


def running_proceedings() -> list[Proceeding]:
    return list(db.session.scalars(select(Proceeding).where(Proceeding.status == ProceedingStatus.RUNNING)))


def calls_inside(proceeding: Proceeding) -> set[Place]:
    """The calls above everything that waits for a person, as the stored procedure has them."""
    definition = definition_of(proceeding.release_id, proceeding.process_key)
    workflow = load(definition, proceeding.state, engine=ScriptEngine(now=_LONG_AGO, context={}))
    found: set[Place] = set()
    for task in views.live_tasks(workflow):
        current = task if views.is_open(task) else None
        while current is not None:
            above = current.workflow.parent_task_id
            current = workflow.get_task_from_id(above) if above is not None else None
            if current is not None:
                found.add((views.process_key_of(definition, current), current.task_spec.bpmn_id))
    return found


def calls_told(places: Whereabouts, proceeding: Proceeding) -> set[Place]:
    """The same as pages tell it."""
    standing = signs_of(proceeding.id).standing
    return places.with_callers(standing) - standing.keys()


def differences(actor: Actor, proceeding: Proceeding) -> list[str]:
    """What the outline says otherwise than the drawing, and either otherwise than the procedure."""
    found = get_proceeding(actor, proceeding.id, proceeding.kind, locale="zh")
    told: dict[State, set[Place]] = {state: set() for state in State}
    for step in _all(outline_of(actor, found, automatic=True, now=NOW).steps):
        told[step.state].add((step.process_key, step.step_id))
    drawings = diagram_page(actor, proceeding.id, now=NOW).drawings
    drawn = {
        name: {(key, id_) for key, drawing in drawings.items() for id_ in getattr(drawing, name)}
        for name in ("done", "current", "next")
    }
    known = {place for places in told.values() for place in places}
    pairs = (
        ("current", told[State.CURRENT], drawn["current"] & known),
        ("next", told[State.NEXT], drawn["next"] & known),
        ("done", told[State.DONE], drawn["done"] & known - drawn["next"]),
        (
            "calls",
            calls_inside(proceeding),
            calls_told(Whereabouts(proceeding.release_id, signs_of(proceeding.id)), proceeding),
        ),
    )
    return [
        f"{proceeding.number} {name}: {sorted(one - other)} only in the first, {sorted(other - one)} in the second"
        for name, one, other in pairs
        if one != other
    ]


def _all(steps: Iterable[OutlineStep]) -> Iterator[OutlineStep]:
    for step in steps:
        yield step
        yield from _all(step.children)


@dataclass(frozen=True)
class Foreseen:
    """What may follow a step, as its outline says before it is done."""

    proceeding_id: str
    places: set[Place]
    open: set[str]
    """Ids of the steps that stand open."""

    def surprises(self) -> set[Place]:
        """What has opened since and was not named."""
        rows = db.session.execute(
            select(Task.id, Task.process_key, Task.step_id).where(*_open(self.proceeding_id))
        ).all()
        return {(key, step) for id_, key, step in rows if id_ not in self.open} - self.places


def foreseen(task_id: str) -> Foreseen | None:
    """Of a step in a process that is called from several places; None for any other step.

    Asked by the overseer: who does the step may be its subject, who reads no outline.
    """
    task = db.session.get_one(Task, task_id)
    proceeding = db.session.get_one(Proceeding, task.proceeding_id)
    if len(callers_of(proceeding.release_id, task.process_key)) < 2:
        return None
    actor = overseer(proceeding.county_id)
    found = get_proceeding(actor, proceeding.id, proceeding.kind, locale="zh")
    places = Whereabouts(proceeding.release_id, signs_of(proceeding.id))
    named = {(step.process_key, step.step_id) for step in next_steps(actor, found, places)[task_id]}
    open_ = set(db.session.scalars(select(Task.id).where(*_open(proceeding.id))))
    return Foreseen(proceeding.id, named, open_)


def _open(proceeding_id: str) -> tuple[ColumnElement[bool], ...]:
    return Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN
