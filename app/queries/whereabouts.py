"""Where a proceeding was and where it stands, the calls above included: one reading, for the words and for the drawing.

The rows name steps, not the calls around them. Where several steps call one process, the one whose step before was done
last for the same subject is taken to have called it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select

from app.domain.history import Act
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries.drawings import places_of
from app.queries.flows import CALL, PEOPLE, WAITS, callers_of, graph_of
from app.storage.facts import scope_of
from app.storage.models import HistoryEntry, IncidentRow, SubscriptionRow, Task, TimerRow

Place = tuple[str, str]
"""Process key and id of a step."""
Moment = tuple[datetime, str]
"""An instant, and the scope (storage.facts) in which something happened; empty where it is none or nobody knows."""
AUTOMATIC = frozenset({"businessRuleTask", "serviceTask"})
TOLD = PEOPLE | WAITS | AUTOMATIC | {CALL}
EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
NOW: Moment = (LATEST, "")
DEEPEST = 5
"""Calls inside of calls, and before calls, that are looked through for when a step was done."""
PASSED = (Act.SUBMITTED, Act.STEP, Act.DECISION, Act.MESSAGE_RECEIVED, Act.TIMER)
"""Lines of the history after which a step is done; what people do around a step leaves it open."""


@dataclass(slots=True)
class Signs:
    """What the rows say, by process and step."""

    times: dict[Place, list[Moment]] = field(default_factory=dict)
    """When each was done or passed, in the order of the history."""
    standing: dict[Place, list[Moment]] = field(default_factory=dict)
    """Since when it waits for a person."""
    held: dict[Place, list[Moment]] = field(default_factory=dict)
    """Since when a failure holds it."""
    waiting: frozenset[str] = frozenset()
    """Ids of events that wait, in whatever process."""


def signs_of(proceeding_id: str) -> Signs:
    """Of a proceeding that the reader may see."""
    signs = Signs()
    told = (
        select(HistoryEntry.process_key, HistoryEntry.step_id, HistoryEntry.at, HistoryEntry.details, Task.element)
        .outerjoin(Task, Task.id == HistoryEntry.task_id)
        .where(HistoryEntry.proceeding_id == proceeding_id, HistoryEntry.step_id != "", HistoryEntry.act.in_(PASSED))
        .order_by(HistoryEntry.position)
    )
    for key, step_id, at, details, element in db.session.execute(told):
        scope = scope_of(element) if element else str(details.get("scope") or "")
        signs.times.setdefault((key, step_id), []).append((at, scope))
    is_open = (Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN)
    standing = select(Task.process_key, Task.step_id, Task.opened_at, Task.element).where(*is_open)
    for key, step_id, at, element in db.session.execute(standing.order_by(Task.opened_at, Task.id)):
        signs.standing.setdefault((key, step_id), []).append((at, scope_of(element)))
    held = select(IncidentRow.process_key, IncidentRow.step_id, IncidentRow.since)
    for key, step_id, at in db.session.execute(held.where(IncidentRow.proceeding_id == proceeding_id)):
        signs.held.setdefault((key, step_id), []).append((at, ""))
    waiting = (
        db.session.scalars(select(table.step_id).where(table.proceeding_id == proceeding_id)).all()
        for table in (TimerRow, SubscriptionRow)
    )
    signs.waiting = frozenset(id_ for ids in waiting for id_ in ids)
    return signs


class Whereabouts:
    """Steps and calls that were passed or stand open."""

    def __init__(self, release_id: str, signs: Signs) -> None:
        self._release_id = release_id
        self._times = signs.times
        self._found: dict[tuple[str, Moment, int], Place] = {}
        known = places_of(release_id)
        self.waiting = {
            (known[id_].process_key, id_) for id_ in signs.waiting if id_ in known and known[id_].kind in WAITS
        }
        """Events on the procedure's own way that wait; those on a step's border are not among them."""
        here = {**signs.standing, **signs.held}
        here |= {place: [NOW] for place in self.waiting if place not in here}
        self.held = self.with_callers(signs.held)
        self.active = self.with_callers(here)
        self.entered = self.with_callers(signs.times) | self.active
        self.visits = self._visits([*signs.times.items(), *here.items()])
        """By process: its steps in the order in which the procedure came to them first."""

    @property
    def done(self) -> set[Place]:
        """Passed, and not open again."""
        return self.entered - self.active

    def with_callers(self, places: Mapping[Place, Sequence[Moment]]) -> set[Place]:
        """The places, and the calls above each as they were at its moments."""
        return {here for place, moments in places.items() for moment in moments for here in self._upward(place, moment)}

    def caller(self, process_key: str, moment: Moment = NOW) -> Place | None:
        """Who called a process that was at work then. Of several callers the one that was reached last."""
        return self._caller(process_key, moment, 0)

    def _caller(self, process_key: str, moment: Moment, depth: int) -> Place | None:
        callers = callers_of(self._release_id, process_key)
        if len(callers) < 2:
            return callers[0] if callers else None
        if (known := (process_key, moment, depth)) not in self._found:
            self._found[known] = max(callers, key=lambda caller: self._reached(caller, moment, depth))
        return self._found[known]

    def _upward(self, place: Place, moment: Moment) -> Iterator[Place]:
        here: Place | None = place
        while here is not None:
            yield here
            here = self.caller(here[0], moment)

    def _visits(self, places: Sequence[tuple[Place, Sequence[Moment]]]) -> dict[str, list[str]]:
        """What happens inside a called process is a visit to the call above it."""
        found: dict[str, dict[str, None]] = {}
        told = [(moment, place) for place, moments in places for moment in moments]
        for moment, place in sorted(told, key=lambda one: one[0][0]):  # of one instant as the history has them
            for key, id_ in self._upward(place, moment):
                found.setdefault(key, {})[id_] = None
        return {key: list(ids) for key, ids in found.items()}

    def _reached(self, call: Place, moment: Moment, depth: int) -> datetime:
        """When the procedure came to a call for the last time until then; EARLIEST where it never did.

        A call that its process begins with was reached when the process was.
        """
        before = graph_of(self._release_id, call[0]).before(call[1], TOLD)
        times = [at for step in before for at, _ in self._done_inside((call[0], step), moment, depth)]
        if not before and depth < DEEPEST:
            times = [self._reached(above, moment, depth + 1) for above in callers_of(self._release_id, call[0])]
        return max(times, default=EARLIEST)

    def _done_inside(self, place: Place, moment: Moment, depth: int) -> Iterator[Moment]:
        """When a step was done until then; of a call, when the steps inside were, as far as it had called them."""
        for at, scope in self._times.get(place, ()):
            if at <= moment[0] and _alike(scope, moment[1]):
                yield at, scope
        node = graph_of(self._release_id, place[0]).nodes[place[1]]
        if node.kind != CALL or depth >= DEEPEST:
            return
        for inner in graph_of(self._release_id, node.calls).nodes:
            for done in self._done_inside((node.calls, inner), moment, depth + 1):
                if self._caller(node.calls, done, depth + 1) == place:
                    yield done


def _alike(one: str, other: str) -> bool:
    """Whether two scopes may lie on one way: the same, or one inside the other."""
    inner, outer = (one, other) if len(one) >= len(other) else (other, one)
    return not outer or inner == outer or inner.startswith(f"{outer}/")


def ids_in(places: set[Place], process_key: str) -> tuple[str, ...]:
    """The steps of one process among some places, in a fixed order."""
    return tuple(sorted(id_ for key, id_ in places if key == process_key))
