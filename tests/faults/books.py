"""Holds what is stored against what was answered."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.services import examination
from app.storage import journal
from app.storage.models import HistoryEntry, JournalLine, OutboxRow, Proceeding, Submission, Task
from tests.faults.hands import Outcome


@dataclass(frozen=True)
class Count:
    lost: int
    doubled: int


def of_acts(outcomes: Iterable[Outcome]) -> Count:
    """How many acts with a successful answer left no trace, and how many acts left more than one."""
    outcomes = list(outcomes)
    ids = [outcome.act.task_id for outcome in outcomes]
    answered = {outcome.act.task_id for outcome in outcomes if outcome.status == 200}
    db.session.rollback()
    traces = [
        Counter(db.session.scalars(select(Submission.task_id).where(Submission.task_id.in_(ids)))),
        Counter(
            db.session.scalars(
                select(HistoryEntry.task_id).where(HistoryEntry.task_id.in_(ids), HistoryEntry.act == "SUBMITTED")
            )
        ),
        Counter(
            db.session.scalars(
                select(JournalLine.object).where(JournalLine.object.in_(ids), JournalLine.act == "complete")
            )
        ),
    ]
    lost = sum(any(not trace[task_id] for trace in traces) for task_id in answered)
    doubled = sum(any(trace[task_id] > 1 for trace in traces) for task_id in set(ids))
    return Count(lost, doubled)


def faults(now: datetime) -> list[str]:
    """Everything that is wrong at rest: broken chains, gaps, letters that were lost or came twice, and all that the
    examination of `wenze doctor` finds in any proceeding (unsettled, diverging, orphaned, overdue)."""
    db.session.rollback()
    found = [f"journal {link}" for link in journal.broken_links()]
    found += _gaps()
    found += _letters()
    ids = list(db.session.scalars(select(Proceeding.id)))
    for finding in examination.examine_many(ids, now=now):
        found.append(f"{finding.code} {finding.number} {finding.place} {dict(finding.values)}")
    return found


def _gaps() -> list[str]:
    """Histories whose positions are not 1, 2, 3 …"""
    lines = select(HistoryEntry.proceeding_id, func.count(), func.max(HistoryEntry.position))
    rows = db.session.execute(lines.group_by(HistoryEntry.proceeding_id))
    return [f"history of {id_}: {number} lines, last {last}" for id_, number, last in rows if number != last]


def _letters() -> list[str]:
    """RC-8: each letter is in the journal of its receiver as often as it is done: once; none waits, none is dead."""
    told = Counter(db.session.scalars(select(JournalLine.object).where(JournalLine.act == "message")))
    found = []
    for id_, kind, status in db.session.execute(select(OutboxRow.id, OutboxRow.kind, OutboxRow.status)):
        if status != "DONE":
            found.append(f"outbox {id_} {status}")
        elif kind == "MESSAGE" and told[id_] != 1:
            found.append(f"outbox {id_} delivered {told[id_]} times")
    return found + [f"message {id_} was never sent" for id_ in told.keys() - _sent()]


def _sent() -> set[str]:
    return set(db.session.scalars(select(OutboxRow.id)))


def letters() -> int:
    return db.session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def tasks_of(step: str, proceedings: Sequence[str]) -> list[int]:
    """How often each proceeding has met a step, in the order given."""
    met = select(Task.proceeding_id, func.count()).where(Task.step_id == step, Task.proceeding_id.in_(proceedings))
    found = {row[0]: row[1] for row in db.session.execute(met.group_by(Task.proceeding_id))}
    return [found.get(id_, 0) for id_ in proceedings]


def names_of(step: str, cases: Sequence[str]) -> list[str]:
    """What a step is called in each proceeding."""
    db.session.rollback()
    found = dict(
        db.session.execute(
            select(Task.proceeding_id, Task.name).where(Task.step_id == step, Task.proceeding_id.in_(cases))
        ).all()
    )
    return [found.get(case, "") for case in cases]


def proceedings() -> int:
    return db.session.scalar(select(func.count()).select_from(Proceeding)) or 0


def chains() -> list[str]:
    return [f"journal {link}" for link in journal.broken_links()]
