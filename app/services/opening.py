"""From an opened step to a row in somebody's inbox: to whom, until when, and who is shut out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.domain.access import is_subject_role
from app.domain.advance import OpenTask
from app.domain.counted import Grounds, due_at, record_of
from app.domain.deadlines import DayCount, DeadlineKind, count, office_day
from app.domain.errors import N_, ConflictError
from app.domain.powers import is_apart_from_remedies, judges
from app.domain.switches import DEADLINE_PREFIX
from app.domain.tasks import PARENT, TaskStatus
from app.law.calendar import legal_calendar
from app.services.proposals import proposals_for
from app.storage.agendas import files_by_item, item_no_of
from app.storage.loading import new_row
from app.storage.models import Task
from app.storage.organisation import Holder
from app.storage.procedures import PROCEDURES, REMEDIED, handlers_of_remedies
from app.storage.tasks import newest_deadline

if TYPE_CHECKING:
    from app.services.command import Command


def rows_of(command: "Command", opened: Iterable[OpenTask]) -> list[Task]:
    """The rows of newly opened steps. A step with one possible performer is that person's at once; one for an organ
    that was dissolved is for who goes on."""
    tasks = [replace(task, candidate_organ=command.surroundings.heir_of(task.candidate_organ)) for task in opened]
    if not tasks:
        return []
    roles = {task.properties.get("candidateRole", "") for task in tasks}
    holders = command.surroundings.holders_in(roles)
    known = _KeptOut(command, {item_no_of(task.element) for task in tasks} - {0})
    return [_row(command, task, holders, known=known) for task in tasks]


class _KeptOut:
    """Who has no part in a step by what is known of the cases that it is about: for an item of a meeting those on it,
    else the case itself. What is asked of the database is asked once for all steps that opened."""

    def __init__(self, command: "Command", items: set[int]) -> None:
        self._own = command.proceeding
        self._about = command.file.about.file.proceeding.waiting if command.file.about else {}
        self._items = files_by_item(self._own.id, items) if items else {}
        self._handlers: dict[int, frozenset[str]] = {}

    def people(self, role: str, item_no: int) -> set[str]:
        """Who has stepped aside; from judging, who answers himself; and from its judging, who handled the remedy."""
        files = [self._own.waiting, *self._items.get(item_no, ())]
        names = ("recused", *(("subjects",) if judges(role) else ()))
        people = {person for file in files for name in names for person in file.get(name, ())}
        return people | self._handlers_for(item_no) if is_apart_from_remedies(role) else people

    def _handlers_for(self, item_no: int) -> frozenset[str]:
        """Who has handled a remedy in the case, or here in the remedy itself."""
        if item_no not in self._handlers:
            files = [self._own.waiting, self._about, *self._items.get(item_no, ())]
            others = {id_ for file in files for id_ in file.get(PROCEDURES, ())} - {self._own.id}
            noted = {person for file in files for person in file.get(REMEDIED, ())}
            self._handlers[item_no] = handlers_of_remedies(others) | noted
        return self._handlers[item_no]


def _row(command: "Command", task: OpenTask, holders: list[Holder], *, known: _KeptOut) -> Task:
    properties = by_own_rules(command, task)
    role = properties.get("candidateRole", "")
    apart = properties.get("excludes", "").split()
    _ensure_not_named(command, task, apart)
    excluded = sorted(_performers_of(command, apart) | known.people(role, item_no_of(task.element)))
    record = deadline_of(command, task, properties, arrival=command.now)
    row = new_row(
        Task,
        id=task.id,
        proceeding_id=command.proceeding.id,
        county_id=command.proceeding.county_id,
        process_key=task.process_key,
        step_id=task.step_id,
        name=task.name,
        lane=task.lane,
        form_key=properties.get("formKey", ""),
        status=TaskStatus.OPEN,
        candidate_role=role,
        candidate_organ=task.candidate_organ,
        candidate_person=task.candidate_person,
        excluded_people=excluded,
        element=dict(task.element),
        clauses=properties.get("clauses", "").split(),
        source=properties.get("source", "regulation"),
        countersigns=0,
        opened_at=command.now,
        due_at=due_at(record) if record else None,
        deadline=record,
        proposals=proposals_for(command, task, properties.get("formKey", "")),
        lead_organ_id=command.file.case.lead_organ_id if command.file.case else None,
    )
    row.assignee_id = _only_performer(task, role, excluded, holders)
    row.claimed_at = command.now if row.assignee_id else None
    return row


def by_own_rules(command: "Command", task: OpenTask) -> Mapping[str, str]:
    """The step's properties with the internal deadline that the office or the organ has set for itself."""
    own = command.switches.get(f"{DEADLINE_PREFIX}{task.process_key}/{task.step_id}")
    is_internal = task.properties.get("deadlineKind", "internal") == DeadlineKind.INTERNAL.value
    return {**task.properties, "deadline": own} if own and is_internal else task.properties


def _ensure_not_named(command: "Command", task: OpenTask, apart: list[str]) -> None:
    """Raises ConflictError where somebody was named for a step from which he is kept apart by what he did before."""
    if command.actor is not None and task.candidate_person in _who_did(command, apart):
        name = command.surroundings.people_names([task.candidate_person]).get(str(task.candidate_person), "")
        sentence = N_("%(name)s办理过本案应当分离的环节，不能再办理“%(step)s”，请另选人员。")
        raise ConflictError(sentence, name=name, step=task.name)


def _who_did(command: "Command", steps: list[str]) -> set[str]:
    performers = command.proceeding.waiting.get("performers", {})
    return {person for step in steps for person in performers.get(step, ())}


def _performers_of(command: "Command", steps: list[str]) -> set[str]:
    """People who did one of the steps in this proceeding (four eyes), or any step of the case that it is about."""
    people = _who_did(command, steps)
    return people | command.parent_performers if PARENT in steps else people


def _only_performer(task: OpenTask, role: str, excluded: list[str], holders: list[Holder]) -> str | None:
    if task.candidate_person:
        known = is_subject_role(role) or any(h.person_id == task.candidate_person for h in holders)
        return task.candidate_person if known else None
    candidates = {
        holder.person_id
        for holder in holders
        if holder.role == role and task.candidate_organ in (None, holder.organ_id) and holder.person_id not in excluded
    }
    return candidates.pop() if len(candidates) == 1 else None


def deadline_of(
    command: "Command", task: OpenTask, properties: Mapping[str, str], *, arrival: datetime
) -> dict[str, Any]:
    """The counted deadline of a step as its task keeps it; empty without one.

    A step that shares the deadline of others takes over that of the one that opened last, as it was extended.
    Otherwise the day that `deadlineFrom` gave begins it, or the day of arrival. How the days of a regulation's own
    period are counted is a rule setting (`dayCount`); every other period says it at its step.
    """
    shared = properties.get("deadlineSharedWith", "").split()
    taken_over = newest_deadline(command.proceeding.id, shared, element=task.element) if shared else {}
    return taken_over or _counted(properties, task.deadline_from, arrival=arrival, switches=command.switches)


def _counted(
    properties: Mapping[str, str], anchor: str | None, *, arrival: datetime, switches: Mapping[str, Any]
) -> dict[str, Any]:
    if not properties.get("deadline"):
        return {}
    kind = DeadlineKind(properties.get("deadlineKind") or "internal")
    acting = {name: str(switches[name]) for name in _switches_of(properties, kind) if switches.get(name)}
    deadline = count(
        date.fromisoformat(anchor[:10]) if anchor else office_day(arrival),
        properties["deadline"],
        calendar=legal_calendar(),
        day_count=DayCount(acting.get("dayCount") or properties.get("dayCount") or "CALENDAR"),
        kind=kind,
    )
    grounds = Grounds(
        clauses=tuple(properties.get("clauses", "").split()),
        switches=acting,
        extension_max=properties.get("deadlineExtension", ""),
    )
    return record_of(deadline, properties["deadline"], grounds)


def _switches_of(properties: Mapping[str, str], kind: DeadlineKind) -> tuple[str, ...]:
    """Names of the rule settings that act on a step's deadline."""
    of_anchor = ("filingAnchor",) if "filing_anchor" in properties.get("deadlineFrom", "") else ()
    return ("dayCount", *of_anchor) if kind is DeadlineKind.REGULATION else of_anchor
