"""What a proceeding has left behind, for the checks of a scenario. Not for screens: nothing is filtered by an actor."""

from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select

from app.domain.subjects import SERVED_ON
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage import facts as fact_rows
from app.storage.models import (
    Attachment,
    Case,
    CaseFact,
    CaseSubject,
    Counter,
    HistoryEntry,
    IncidentRow,
    Meeting,
    OutboxRow,
    Person,
    Procedure,
    Proceeding,
    SeriesItem,
    Submission,
    SubscriptionRow,
    Task,
    TimerRow,
)
from app.storage.runs import WAITING


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the story."""

    key: str
    """`<process>/<step>`; the process alone where the line belongs to no step."""
    act: str
    name: str
    person: str | None
    organ: str | None
    role: str | None
    clauses: tuple[str, ...]
    details: Mapping[str, Any]


def history_of(proceeding_id: str) -> list[Line]:
    """The story so far, oldest line first."""
    query = select(HistoryEntry).where(HistoryEntry.proceeding_id == proceeding_id).order_by(HistoryEntry.position)
    return [
        Line(
            key=f"{row.process_key}/{row.step_id}" if row.step_id else row.process_key,
            act=row.act,
            name=row.name,
            person=row.person_id,
            organ=row.organ_id,
            role=row.role,
            clauses=tuple(row.clauses),
            details=row.details,
        )
        for row in db.session.scalars(query)
    ]


def submitted_last(proceeding_id: str, key: str) -> str | None:
    """Id of the newest step of that name that was submitted; None when it never was."""
    process_key, _, step_id = key.partition("/")
    query = (
        select(Task.id)
        .where(Task.proceeding_id == proceeding_id, Task.process_key == process_key, Task.step_id == step_id)
        .where(Task.completed_at.is_not(None))
        .order_by(Task.completed_at.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def deadline_of(proceeding_id: str, key: str) -> Mapping[str, Any] | None:
    """How the newest step of that name was given its deadline; None when it never opened, empty without a deadline."""
    process_key, _, step_id = key.partition("/")
    query = (
        select(Task.deadline)
        .where(Task.proceeding_id == proceeding_id, Task.process_key == process_key, Task.step_id == step_id)
        .order_by(Task.opened_at.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def facts_of(proceeding_id: str) -> dict[str, dict[str, Any]]:
    """Facts by scope and name, core facts of the case or meeting among those without scope; dates as ISO text."""
    facts = fact_rows.read(proceeding_id)
    for model, names in ((Case, fact_rows.CASE_COLUMNS), (Meeting, fact_rows.MEETING_COLUMNS)):
        row = db.session.get(model, proceeding_id)
        if row is not None:
            facts[""].update({name: _plain(getattr(row, name)) for name in names})
    return facts


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def subjects_of(proceeding_id: str) -> list[CaseSubject]:
    """Responsible subjects in the order of their names."""
    query = select(CaseSubject).where(CaseSubject.proceeding_id == proceeding_id).order_by(CaseSubject.name)
    return list(db.session.scalars(query))


def served_people(county_id: str) -> list[tuple[CaseSubject, date]]:
    """Civil servants with the day on which the decision on them was served, the last one first, as long as nobody has
    opened a procedure about them."""
    query = (
        select(CaseSubject, CaseFact.value)
        .join(CaseFact, and_(CaseFact.scope == CaseSubject.id, CaseFact.name == SERVED_ON))
        .join(Person, Person.id == CaseSubject.person_id)
        .where(Person.county_id == county_id, Person.person_category == "CIVIL_SERVANT")
        .where(~exists().where(Procedure.subject_id == CaseSubject.id))
        .order_by(CaseSubject.decision_no)
    )
    found = [(row, date.fromisoformat(str(day)[:10])) for row, day in db.session.execute(query) if day]
    return sorted(found, key=lambda pair: pair[1], reverse=True)


def dues_of(proceeding_id: str) -> list[datetime]:
    """Until when the open steps are due, of those that have a deadline which runs."""
    query = select(Task.due_at).where(
        Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN, Task.due_at.is_not(None)
    )
    return [due for due in db.session.scalars(query) if due is not None]


def papers_of(proceeding_id: str) -> Tally[str]:
    """How many papers came in at each step, by `<process>/<step>`."""
    query = (
        select(Task.process_key, Task.step_id, func.count())
        .join(Submission, Submission.task_id == Task.id)
        .join(Attachment, Attachment.submission_id == Submission.id)
        .where(Submission.proceeding_id == proceeding_id)
        .group_by(Task.process_key, Task.step_id)
    )
    return Tally({f"{process}/{step}": count for process, step, count in db.session.execute(query)})


def waiting_of(proceeding_id: str) -> dict[str, datetime | None]:
    """Events that are waited for by step id: a timer's instant, None for a message."""
    timers = select(TimerRow.step_id, TimerRow.due_at).where(TimerRow.proceeding_id == proceeding_id)
    messages = select(SubscriptionRow.step_id).where(SubscriptionRow.proceeding_id == proceeding_id)
    return {
        **dict.fromkeys(db.session.scalars(messages)),
        **{row.step_id: row.due_at for row in db.session.execute(timers)},
    }


def sent_by(proceeding_id: str) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Messages and notices that left the proceeding: kind (MESSAGE, NOTICE), name, payload."""
    query = select(OutboxRow).where(OutboxRow.proceeding_id == proceeding_id).order_by(OutboxRow.created_at)
    return [(row.kind, row.name, row.payload) for row in db.session.scalars(query)]


def incidents_of(proceeding_id: str) -> list[str]:
    """Steps that are held, as `<process>/<step>`."""
    query = select(IncidentRow).where(IncidentRow.proceeding_id == proceeding_id)
    return [f"{row.process_key}/{row.step_id}" for row in db.session.scalars(query)]


def issued_in(county_id: str) -> dict[str, int]:
    """How many numbers of each kind the county has issued, over all years."""
    query = select(Counter.kind, func.sum(Counter.value)).where(Counter.county_id == county_id).group_by(Counter.kind)
    return {kind: int(total) for kind, total in db.session.execute(query)}


# asked after every act of a played year: the statements are made once
_NEXT_TIMER = select(func.min(TimerRow.due_at)).where(TimerRow.due_at > bindparam("after"))
_NEXT_DELIVERY = select(func.min(OutboxRow.due_at)).where(
    OutboxRow.status == "PENDING", OutboxRow.due_at > bindparam("after")
)
_ANYTHING_DUE = select(
    or_(
        exists().where(
            TimerRow.due_at <= bindparam("now"),
            Proceeding.id == TimerRow.proceeding_id,
            Proceeding.suspended_at.is_(None),
        ),
        exists().where(OutboxRow.status == "PENDING", OutboxRow.due_at <= bindparam("now")),
        exists().where(SeriesItem.status == WAITING),
    )
)


def next_event(after: datetime) -> datetime | None:
    """When the next timer fires or the next delivery is tried, looking beyond `after`."""
    found = (db.session.scalar(statement, {"after": after}) for statement in (_NEXT_TIMER, _NEXT_DELIVERY))
    return min((moment for moment in found if moment is not None), default=None)


def anything_due(now: datetime) -> bool:
    """Whether a timer, a delivery or a row of a series waits to be done at this moment."""
    return bool(db.session.scalar(_ANYTHING_DUE, {"now": now}))
