"""Everything that the tables say of some proceedings, read in bulk to be held against their procedures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, select

from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage import examined_answers, journal
from app.storage.examined_answers import Answer
from app.storage.models import (
    AgendaItem,
    Attachment,
    Case,
    CaseFact,
    CaseSubject,
    Erasure,
    HistoryEntry,
    IncidentRow,
    JournalLine,
    Notice,
    OutboxRow,
    Procedure,
    Proceeding,
    SearchText,
    Submission,
    SubscriptionRow,
    Task,
    TaskDraft,
    TimerRow,
)
from app.storage.outbox import OVER
from app.storage.searching import Source

BATCH = 100
"""Proceedings read at once: a few megabytes, a dozen statements."""


@dataclass(slots=True)
class Record:
    """What the tables say of one proceeding. Rows are plain tuples with names."""

    proceeding: Any
    tasks: list[Any] = field(default_factory=list)
    timers: list[Any] = field(default_factory=list)
    subscriptions: list[Any] = field(default_factory=list)
    incidents: list[Any] = field(default_factory=list)
    letters: list[Any] = field(default_factory=list)
    """Undelivered rows of the outbox, each with `awaited`: whether somebody waits, and `suspended`."""
    drafts: list[Any] = field(default_factory=list)
    facts: list[Any] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    """Of the accounts in the journal: the person of each."""
    searchable: bool = True
    """Whether the search has it, as far as the row of the proceeding says that it must."""
    submissions: dict[str, int] = field(default_factory=dict)
    """Task id -> number of submissions."""
    lines: tuple[int, int, int] = (0, 0, 0)
    """Lines of the history: how many, the first position, the last."""
    journal: list[Any] = field(default_factory=list)
    papers: list[Any] = field(default_factory=list)
    left_meeting: str | None = None
    """Number of the closed meeting that still has the case on its agenda."""
    undecided: list[Any] = field(default_factory=list)
    """Items of a closed meeting that were never decided."""


def ids_to_examine(ids: Sequence[str] = ()) -> Iterator[list[str]]:
    """Ids of proceedings in batches: those named (id or number), else all that run or have something left open."""
    last = ""
    while True:
        query = select(Proceeding.id).where(Proceeding.id > last).order_by(Proceeding.id).limit(BATCH)
        if ids:
            query = query.where(Proceeding.id.in_(ids) | Proceeding.number.in_(ids))
        else:
            query = query.where((Proceeding.status == ProceedingStatus.RUNNING) | _has_left_something())
        batch = list(db.session.scalars(query))
        if not batch:
            return
        last = batch[-1]
        yield batch


def _has_left_something() -> Any:
    """Of a closed proceeding: rows that only a running one may have, or an agenda that never let go of it."""
    rows: list[Any] = [exists().where(row.proceeding_id == Proceeding.id) for row in (TimerRow, SubscriptionRow)]
    rows.append(exists().where(IncidentRow.proceeding_id == Proceeding.id))
    rows.append(exists().where(Task.proceeding_id == Proceeding.id, Task.status == TaskStatus.OPEN))
    rows.append(exists().where(OutboxRow.proceeding_id == Proceeding.id, OutboxRow.status.not_in(OVER)))
    rows.append(exists().where(AgendaItem.meeting_id == Proceeding.id, AgendaItem.status == "SCHEDULED"))
    rows.append(_is_lost_to_search())
    found = rows[0]
    for row in rows[1:]:
        found |= row
    return found


def _is_lost_to_search() -> Any:
    """Of a proceeding that the search knows: every such one has its number there."""
    head = exists().where(SearchText.proceeding_id == Proceeding.id, SearchText.source == Source.HEAD)
    return (Proceeding.searched_length > 0) & ~head


def read(ids: Sequence[str]) -> dict[str, Record]:
    """The records of some proceedings."""
    query = select(*Proceeding.__table__.columns).where(Proceeding.id.in_(ids))
    records = {row.id: Record(row) for row in db.session.execute(query)}
    for name, model in (("timers", TimerRow), ("subscriptions", SubscriptionRow), ("incidents", IncidentRow)):
        for row in _rows(model, ids):
            getattr(records[row.proceeding_id], name).append(row)
    _read_tasks(records)
    _read_letters(records)
    _read_evidence(records)
    _read_facts(records)
    _read_papers(records)
    _read_agendas(records)
    _read_answers(records)
    for id_ in db.session.scalars(select(Proceeding.id).where(Proceeding.id.in_(ids), _is_lost_to_search())):
        records[id_].searchable = False
    return records


def _rows(model: type[Any], ids: Sequence[str]) -> Any:
    return db.session.execute(select(*model.__table__.columns).where(model.proceeding_id.in_(ids)))


def _read_tasks(records: dict[str, Record]) -> None:
    columns = (Task.id, Task.proceeding_id, Task.process_key, Task.step_id, Task.name, Task.status, Task.element)
    done = (Task.completed_by, Task.completed_at)
    for row in db.session.execute(select(*columns, *done).where(Task.proceeding_id.in_(records)).order_by(Task.id)):
        records[row.proceeding_id].tasks.append(row)
    drafts = (
        select(Task.proceeding_id, Task.process_key, Task.step_id, Task.name, TaskDraft.task_id, TaskDraft.person_id)
        .join(Task, Task.id == TaskDraft.task_id)
        .where(Task.proceeding_id.in_(records), Task.status != TaskStatus.OPEN)
    )
    for row in db.session.execute(drafts):
        records[row.proceeding_id].drafts.append(row)
    given = (
        select(Submission.proceeding_id, Submission.task_id, func.count().label("given"))
        .where(Submission.proceeding_id.in_(records))
        .group_by(Submission.proceeding_id, Submission.task_id)
    )
    for row in db.session.execute(given):
        records[row.proceeding_id].submissions[row.task_id] = row.given


def _read_letters(records: dict[str, Record]) -> None:
    waiting = (
        select(func.count())
        .select_from(SubscriptionRow)
        .where(SubscriptionRow.message == OutboxRow.name, SubscriptionRow.correlation == OutboxRow.correlation)
        .correlate(OutboxRow)
        .scalar_subquery()
    )
    held_up = (
        exists()
        .where(
            SubscriptionRow.message == OutboxRow.name,
            SubscriptionRow.correlation == OutboxRow.correlation,
            SubscriptionRow.proceeding_id == Proceeding.id,
            Proceeding.suspended_at.is_not(None),
        )
        .correlate(OutboxRow)
    )
    query = select(*OutboxRow.__table__.columns, waiting.label("awaited"), held_up.label("suspended")).where(
        OutboxRow.proceeding_id.in_(records), OutboxRow.status.not_in(OVER)
    )
    for row in db.session.execute(query):
        records[row.proceeding_id].letters.append(row)


def _read_evidence(records: dict[str, Record]) -> None:
    position = HistoryEntry.position
    lines = (
        select(HistoryEntry.proceeding_id, func.count(), func.min(position), func.max(position))
        .where(HistoryEntry.proceeding_id.in_(records))
        .group_by(HistoryEntry.proceeding_id)
    )
    for proceeding_id, count, first, last in db.session.execute(lines):
        records[proceeding_id].lines = (count, first, last)
    chain = (
        select(*JournalLine.__table__.columns)
        .where(JournalLine.scope.in_(records))
        .order_by(JournalLine.scope, JournalLine.position)
    )
    for row in db.session.execute(chain):
        records[row.scope].journal.append(row)


def _read_answers(records: dict[str, Record]) -> None:
    people = examined_answers.people_of({line.actor for record in records.values() for line in record.journal})
    for record in records.values():
        record.people = people
    for answer in examined_answers.of_proceedings(records):
        records[answer.proceeding_id].answers.append(answer)


def _read_facts(records: dict[str, Record]) -> None:
    """Facts about somebody, and facts that another proceeding stated: all that can be wrong about their place."""
    query = (
        select(
            CaseFact.proceeding_id,
            CaseFact.scope,
            CaseFact.name,
            Submission.proceeding_id.label("stated_in"),
            Procedure.parent_id.label("stated_about"),
            Task.element,
            _is_subject(CaseFact.proceeding_id, CaseFact.scope).label("of_subject"),
        )
        .join(Submission, Submission.id == CaseFact.submission_id)
        .outerjoin(Procedure, Procedure.proceeding_id == Submission.proceeding_id)
        .join(Task, Task.id == Submission.task_id)
        .where(
            CaseFact.proceeding_id.in_(records),
            (CaseFact.scope != "") | (Submission.proceeding_id != CaseFact.proceeding_id),
        )
    )
    for row in db.session.execute(query):
        records[row.proceeding_id].facts.append(row)


def _is_subject(proceeding_id: Any, id_: Any) -> Any:
    return exists().where(CaseSubject.proceeding_id == proceeding_id, CaseSubject.id == id_)


def _read_papers(records: dict[str, Record]) -> None:
    columns = (Attachment.proceeding_id, Attachment.id, Attachment.file_name, Attachment.sha256, Attachment.size)
    there = Attachment.id.not_in(select(Erasure.object_id).where(Erasure.kind == "PAPER"))
    for row in db.session.execute(select(*columns).where(Attachment.proceeding_id.in_(records), there)):
        records[row.proceeding_id or ""].papers.append(row)


def _read_agendas(records: dict[str, Record]) -> None:
    left = (
        select(Case.proceeding_id, Proceeding.number)
        .join(Proceeding, Proceeding.id == Case.on_agenda)
        .where(Case.proceeding_id.in_(records), Proceeding.status != ProceedingStatus.RUNNING)
    )
    for case_id, number in db.session.execute(left):
        records[case_id].left_meeting = number
    undecided = (
        select(AgendaItem.meeting_id, AgendaItem.item_no, AgendaItem.title)
        .join(Proceeding, Proceeding.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.meeting_id.in_(records),
            AgendaItem.status == "SCHEDULED",
            Proceeding.kind == ProceedingKind.MEETING,
            Proceeding.status == ProceedingStatus.CLOSED,
        )
    )
    for row in db.session.execute(undecided):
        records[row.meeting_id].undecided.append(row)


def first_gap(proceeding_id: str) -> int:
    """The first position that the history lacks."""
    query = (
        select(HistoryEntry.position).where(HistoryEntry.proceeding_id == proceeding_id).order_by(HistoryEntry.position)
    )
    expected = 1
    for position in db.session.scalars(query):
        if position != expected:
            break
        expected += 1
    return expected


def first_bad_link(record: Record) -> int | None:
    """The first position at which the journal chain of a proceeding does not verify, None when all of it does."""
    previous, expected = "", 0
    for line in record.journal:
        expected += 1
        if line.position != expected or line.previous != previous or line.digest != journal.chain(line):
            return expected
        previous = line.digest
    kept = int(record.proceeding.waiting.get("journal", 0))
    if record.proceeding.journal_digest != previous or kept != expected:
        return expected + 1
    return None


def orphaned_rows() -> dict[str, int]:
    """Table name -> rows that belong to a proceeding which does not exist."""
    models = (Task, TimerRow, SubscriptionRow, IncidentRow, OutboxRow, HistoryEntry, Submission, CaseFact, Notice)
    found = {}
    for model in models:
        gone = ~exists().where(Proceeding.id == model.proceeding_id)
        count = db.session.scalar(select(func.count()).select_from(model).where(gone)) or 0
        if count:
            found[model.__tablename__] = count
    drafts = select(func.count()).select_from(TaskDraft).where(~exists().where(Task.id == TaskDraft.task_id))
    if without_task := db.session.scalar(drafts):
        found[TaskDraft.__tablename__] = without_task
    return found


def unbound_papers() -> Iterator[Any]:
    """Papers that no proceeding names (yet)."""
    columns = (Attachment.id, Attachment.file_name, Attachment.sha256, Attachment.size)
    yield from db.session.execute(select(*columns).where(Attachment.proceeding_id.is_(None)))


def claimed(digests: Sequence[str]) -> set[str]:
    """Those contents of the store that some paper has."""
    return set(db.session.scalars(select(Attachment.sha256).where(Attachment.sha256.in_(digests)).distinct()))
