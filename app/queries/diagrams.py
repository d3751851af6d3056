"""The diagram of a proceeding as the viewer draws it: the released drawing, and which steps are done, open or late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.handling import SheetStatus, SideStatus
from app.domain.tasks import TaskStatus
from app.domain.ways import way_taken
from app.extensions import db
from app.law.clauses import Clause
from app.queries.drawings import caller_of
from app.queries.flows import flows_of
from app.queries.processes import clauses_of_steps
from app.storage.models import HistoryEntry, IncidentRow, Proceeding, SideTask, SupervisionSheet, Task
from app.storage.releases import files_of
from app.storage.visibility import visible_proceedings


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
    """By process key: the main process and every called one of the release that has been entered."""


def diagram_page(actor: Actor, proceeding_id: str, *, now: datetime) -> DiagramPage:
    """Raises NotFoundError where the proceeding is missing or hidden."""
    row = db.session.execute(
        select(Proceeding.release_id, Proceeding.process_key).where(
            Proceeding.id == proceeding_id, visible_proceedings(actor)
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return drawn(row.release_id, row.process_key, proceeding_id, now=now)


def drawn(release_id: str, main: str, proceeding_id: str, *, now: datetime) -> DiagramPage:
    """The same for who may see the proceeding anyway."""
    marks = _Marks(release_id)
    _mark_history(marks, proceeding_id)
    _mark_open(marks, proceeding_id, now)
    beside = _beside(proceeding_id)
    visited = _visited(release_id, proceeding_id)
    files = files_of(release_id)
    law = clauses_of_steps(release_id, main)
    keys = {main} | {key for key, _ in (*marks.done, *marks.current)}
    drawings = {
        key: Drawing(
            process_key=key,
            xml=files[f"{key}.bpmn"].decode(),
            done=marks.of(marks.done - marks.current, key),
            current=marks.of(marks.current, key),
            late=marks.of(marks.late, key),
            held=marks.of(marks.held, key),
            way=tuple(sorted(way_taken(*flows_of(release_id, key), visited.get(key, ())))),
            beside={step: tuple(found) for (process, step), found in beside.items() if process == key},
            clauses=law.get(key, {}),
        )
        for key in sorted(keys)
        if f"{key}.bpmn" in files
    }
    return DiagramPage(main, drawings)


class _Marks:
    """Pairs of process key and element id; a mark inside a called process also marks the call activity above it."""

    def __init__(self, release_id: str) -> None:
        self._release_id = release_id
        self.done: set[tuple[str, str]] = set()
        self.current: set[tuple[str, str]] = set()
        self.late: set[tuple[str, str]] = set()
        self.held: set[tuple[str, str]] = set()

    def put(self, marks: set[tuple[str, str]], process_key: str, step_id: str) -> None:
        place: tuple[str, str] | None = (process_key, step_id)
        while place is not None and place not in marks:
            marks.add(place)
            place = caller_of(self._release_id, place[0])

    def of(self, marks: set[tuple[str, str]], process_key: str) -> tuple[str, ...]:
        return tuple(sorted(step for key, step in marks if key == process_key))


def _mark_history(marks: _Marks, proceeding_id: str) -> None:
    rows = db.session.execute(
        select(HistoryEntry.process_key, HistoryEntry.step_id)
        .where(HistoryEntry.proceeding_id == proceeding_id, HistoryEntry.step_id != "")
        .distinct()
    )
    for process_key, step_id in rows:
        marks.put(marks.done, process_key, step_id)


def _mark_open(marks: _Marks, proceeding_id: str, now: datetime) -> None:
    rows = db.session.execute(
        select(Task.process_key, Task.step_id, Task.due_at).where(
            Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN
        )
    )
    for process_key, step_id, due_at in rows:
        marks.put(marks.current, process_key, step_id)
        if due_at is not None and due_at < now:
            marks.put(marks.late, process_key, step_id)
    for process_key, step_id in db.session.execute(
        select(IncidentRow.process_key, IncidentRow.step_id).where(IncidentRow.proceeding_id == proceeding_id)
    ):
        marks.put(marks.held, process_key, step_id)
        marks.put(marks.current, process_key, step_id)


def _visited(release_id: str, proceeding_id: str) -> dict[str, list[str]]:
    """The steps of each process in the order in which they were first told, then those that are open.

    What happens inside a called process is a visit to the call activity above it.
    """
    told = select(HistoryEntry.process_key, HistoryEntry.step_id).where(
        HistoryEntry.proceeding_id == proceeding_id, HistoryEntry.step_id != ""
    )
    is_open = (Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN)
    standing = select(Task.process_key, Task.step_id).where(*is_open).order_by(Task.opened_at, Task.id)
    places = [*db.session.execute(told.order_by(HistoryEntry.position)), *db.session.execute(standing)]
    found: dict[str, list[str]] = {}
    for process_key, step_id in places:
        place: tuple[str, str] | None = (process_key, step_id)
        while place is not None and place[1] not in found.setdefault(place[0], []):
            found[place[0]].append(place[1])
            place = caller_of(release_id, place[0])
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
