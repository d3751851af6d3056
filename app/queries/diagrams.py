"""The diagram of a proceeding as the viewer draws it: the released drawing, and which steps are done, open or late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.handling import SheetStatus, SideStatus
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.domain.ways import way_out, way_taken
from app.extensions import db
from app.law.clauses import Clause
from app.queries.flows import flows_of, graph_of
from app.queries.heads import get_proceeding
from app.queries.predictions import next_steps
from app.queries.processes import clauses_of_steps
from app.queries.whereabouts import TOLD, Moment, Place, Whereabouts, ids_in, signs_of
from app.storage.facts import scope_of
from app.storage.models import Proceeding, SideTask, SupervisionSheet, Task
from app.storage.releases import files_of


@dataclass(frozen=True, slots=True)
class Beside:
    """A side box at a step."""

    kind: str
    """COUNTERSIGN, OPINION, DELEGATION, URGED, SHEET_YELLOW or SHEET_RED."""
    person: str
    """Who is asked or responsible; empty where the kind says all."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One diagram of the proceeding. Steps are element ids; a call activity shows what happens inside it."""

    process_key: str
    xml: str
    done: tuple[str, ...]
    current: tuple[str, ...]
    late: tuple[str, ...]
    held: tuple[str, ...]
    """Steps held by an incident."""
    next: tuple[str, ...]
    """Steps and events that may be the very next, and calls that are entered on the way to them, as far as the reader
    may know; the outline names the same steps."""
    way: tuple[str, ...]
    """Sequence flows that were taken, as the order of the history tells."""
    beside: Mapping[str, tuple[Beside, ...]]
    """By open step: what people do around it without a change of the diagram, e.g. 加签."""
    clauses: Mapping[str, tuple[Clause, ...]]
    """By step."""


@dataclass(frozen=True, slots=True)
class DiagramPage:
    main: str
    drawings: Mapping[str, Drawing]
    """By process key: the main process and every called one of the release that was entered, or may be next."""


def diagram_page(actor: Actor, proceeding_id: str, *, now: datetime) -> DiagramPage:
    """Raises NotFoundError where the proceeding is missing or hidden."""
    kind = db.session.scalar(select(Proceeding.kind).where(Proceeding.id == proceeding_id))
    if kind is None:
        raise NotFoundError
    found = get_proceeding(actor, proceeding_id, kind, locale="zh")
    proceeding = found.proceeding
    places = Whereabouts(proceeding.release_id, signs_of(proceeding_id))
    running = proceeding.status is ProceedingStatus.RUNNING
    following = next_steps(actor, found, places) if running else {}
    coming = {place for steps in following.values() for step in steps for place in step.places}
    return _page(proceeding.release_id, proceeding.process_key, proceeding_id, places=places, coming=coming, now=now)


def drawn(release_id: str, main: str, proceeding_id: str, *, now: datetime) -> DiagramPage:
    """The same for who may see the proceeding anyway, without what may come next."""
    places = Whereabouts(release_id, signs_of(proceeding_id))
    return _page(release_id, main, proceeding_id, places=places, coming=set(), now=now)


def _page(
    release_id: str, main: str, proceeding_id: str, *, places: Whereabouts, coming: set[Place], now: datetime
) -> DiagramPage:
    late = places.with_callers(_late(proceeding_id, now))
    beside, halted = _beside(proceeding_id), _halted(proceeding_id)
    files = files_of(release_id)
    law = clauses_of_steps(release_id, main)
    drawings = {
        key: Drawing(
            process_key=key,
            xml=files[f"{key}.bpmn"].decode(),
            done=ids_in(places.done, key),
            current=ids_in(places.active, key),
            late=ids_in(late, key),
            held=ids_in(places.held, key),
            next=ids_in(coming - places.active, key),
            way=_way(release_id, key, places, halted=halted),
            beside={step: tuple(found) for (process, step), found in beside.items() if process == key},
            clauses=law.get(key, {}),
        )
        for key in sorted({main} | {key for key, _ in places.entered | coming})
        if f"{key}.bpmn" in files
    }
    return DiagramPage(main, drawings)


def _way(release_id: str, key: str, places: Whereabouts, *, halted: set[Place]) -> tuple[str, ...]:
    """Flows that were taken; of a diagram at which nothing stands any more to the end that it came to."""
    flows, starts = flows_of(release_id, key)
    visited = places.visits.get(key, [])
    taken = way_taken(flows, starts, visited)
    if not ids_in(places.active, key):
        between = [id_ for id_, node in graph_of(release_id, key).nodes.items() if node.kind not in TOLD]
        taken |= way_out(flows, taken, visited, between=between, halted=ids_in(halted, key))
    return tuple(sorted(taken))


def _halted(proceeding_id: str) -> set[Place]:
    """Steps that were withdrawn while they were open."""
    withdrawn = (Task.proceeding_id == proceeding_id, Task.status == TaskStatus.WITHDRAWN)
    rows = db.session.execute(select(Task.process_key, Task.step_id).where(*withdrawn).distinct())
    return {(key, step_id) for key, step_id in rows}


def _late(proceeding_id: str, now: datetime) -> dict[Place, list[Moment]]:
    """Open steps whose deadline has passed."""
    rows = db.session.execute(
        select(Task.process_key, Task.step_id, Task.opened_at, Task.element).where(
            Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN, Task.due_at < now
        )
    )
    found: dict[Place, list[Moment]] = {}
    for key, step_id, at, element in rows:
        found.setdefault((key, step_id), []).append((at, scope_of(element)))
    return found


def _beside(proceeding_id: str) -> dict[tuple[str, str], list[Beside]]:
    """What waits around the open steps, by process and step: what presses most first."""
    here = (Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN)
    at = (Task.process_key, Task.step_id)
    found: dict[tuple[str, str], list[Beside]] = {}

    def put(process_key: str, step_id: str, side: Beside) -> None:
        found.setdefault((process_key, step_id), []).append(side)

    sheets = select(*at, SupervisionSheet.colour).join(SupervisionSheet, SupervisionSheet.task_id == Task.id)
    open_sheets = (SupervisionSheet.status != SheetStatus.CLOSED,)
    for process_key, step_id, colour in db.session.execute(sheets.where(*here, *open_sheets).distinct()):
        put(process_key, step_id, Beside(f"SHEET_{colour.value}", ""))
    urged = select(*at).where(*here, Task.urged_at.is_not(None)).distinct()
    for process_key, step_id in db.session.execute(urged):
        put(process_key, step_id, Beside("URGED", ""))
    asked = select(*at, SideTask.kind, SideTask.person_name).join(SideTask, SideTask.task_id == Task.id)
    waiting = (SideTask.status == SideStatus.OPEN,)
    for process_key, step_id, kind, person in db.session.execute(asked.where(*here, *waiting).order_by(SideTask.id)):
        put(process_key, step_id, Beside(kind.value, person))
    return found
